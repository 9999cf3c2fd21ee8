"""目录 the catalogue of a city pack: data sets, systems, sources, standards; what gathering and checking brought."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.pack import Named, Version
from zhongshu.data.models.road import code_field


class Dataset(Named):
    """数据资源: a data set with its core metadata; `stored` says where its rows are, `code` is its name in programs."""

    kind = models.TextField()
    branch = models.TextField(db_column="class")
    order_no = models.IntegerField(null=True, blank=True)
    provider = models.TextField()
    summary = models.TextField(default="", blank=True)
    format = models.TextField()
    cycle = models.TextField()
    stored = models.TextField(default="", blank=True)
    lead = models.BooleanField(default=False)
    published = models.DateField(null=True, blank=True)
    secret = models.TextField()
    retention_days = models.IntegerField(null=True, blank=True)
    basis = models.TextField(default="", blank=True)
    related = models.TextField(default="", blank=True)
    dated = models.TextField(default="", blank=True)


class DatasetItem(Version):
    """信息项: one column of a data set; `code` is "dataset/item"."""

    dataset = models.TextField()
    item = models.TextField()
    name = models.TextField()
    name_en = models.TextField(default="", db_default="", blank=True)
    element = models.TextField(default="", blank=True)
    type = models.TextField()
    key = models.BooleanField(default=False)
    share = models.TextField()
    condition = models.TextField(default="", blank=True)
    clause = models.TextField(default="", blank=True)
    open = models.BooleanField(default=False)
    grade = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)

    class Meta(Version.Meta):
        indexes: ClassVar[list[models.Index]] = [
            *Version.Meta.indexes,
            models.Index(fields=["dataset"], name="dataset_item_dataset"),
        ]


class System(Named):
    """业务系统: a system of a unit; `writes` and `reads` are names of data sets apart by ;"""

    owner = models.TextField()
    writes = models.TextField(default="", blank=True)
    reads = models.TextField(default="", blank=True)


class Source(Version):
    """数据源: where the rows of a data set are fetched from, when and how."""

    system = models.TextField(default="", blank=True)
    dataset = models.TextField()
    kind = models.TextField()
    location = models.TextField()
    relation = models.TextField(default="", blank=True)
    mode = models.TextField()
    watermark = models.TextField(default="", blank=True)
    schedule = models.TextField()
    mapping = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)


class Standard(Named):
    """标准: what it demands are its rules; whether it is in force is a proceeding's state."""

    number = models.TextField()
    scope = models.TextField()
    issuer = models.TextField()
    replaces = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)


class StandardRule(Version):
    """标准条款: one demand on a data set, or on items of it."""

    standard = models.TextField()
    dataset = models.TextField()
    item = models.TextField(default="", blank=True)
    demand = models.TextField()
    value = models.TextField(default="", blank=True)
    must = models.BooleanField(default=False)
    clause = models.TextField()


class GatherRun(models.Model):
    """一次归集: what one fetching from a source brought, or the sentence of why it failed; `id` is the fact's id."""

    id = models.BigIntegerField(primary_key=True)
    source = code_field(64)
    dataset = code_field(64)
    place = code_field()
    unit = code_field(64)
    at = models.DateTimeField()
    ok = models.BooleanField()
    sentence = models.TextField(default="")
    read = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    mark = models.TextField(default="")
    """The newest value of the watermark that was taken in; the next run begins after it."""
    rejects = models.TextField(default="")
    """Name of the file of bad rows; empty when there were none."""

    class Meta:
        db_table = "gather_run"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "-id"], name="gather_run_source"),
            models.Index(fields=["-id"], name="gather_run_newest"),
        ]


class FeedCheck(models.Model):
    """符合性检查: what one feed looked like by a standard; `id` is the fact's id."""

    id = models.BigIntegerField(primary_key=True)
    standard = code_field(64)
    dataset = code_field(64)
    place = code_field()
    unit = code_field(64)
    at = models.DateTimeField()
    file = models.TextField()
    rows = models.IntegerField()
    passed = models.BooleanField()
    findings: models.JSONField[Any, Any] = models.JSONField(default=list)
    report = models.TextField(default="")
    by = models.BigIntegerField(default=0)

    class Meta:
        db_table = "feed_check"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["dataset", "-id"], name="feed_check_dataset")]


class DatasetCount(models.Model):
    """在库情况: rows of a data set in one district (place "" is everywhere), counted last night or when gathered.

    Measured and replaced, not folded: the rows themselves are no facts.
    """

    id = models.BigAutoField(primary_key=True)
    dataset = code_field(64)
    place = code_field()
    rows = models.BigIntegerField()
    newest = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "dataset_count"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dataset", "place"], name="dataset_count_once")
        ]
