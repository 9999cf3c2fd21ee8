"""分级共享 the city's rows that grade, mask, limit and return data; grants, their uses, and the return ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Named, Version
from zhongshu.data.models.road import code_field


class GradeHarm(Version):
    """危害定级: the grade and the strictest share type of one harm; `code` is "object/degree"."""

    object = models.TextField()
    degree = models.TextField()
    grade = models.TextField()
    share = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class GradeRule(Named):
    """定级规则. Conditions hold words separated by ;"""

    classes = models.TextField(default="", blank=True)
    datasets = models.TextField(default="", blank=True)
    elements = models.TextField(default="", blank=True)
    subjects = models.TextField(default="", blank=True)
    types = models.TextField(default="", blank=True)
    masks = models.TextField(default="", blank=True)
    personal = models.TextField(default="", blank=True)
    sensitive = models.TextField(default="", blank=True)
    region = models.TextField(default="", blank=True)
    min_rows = models.BigIntegerField(null=True, blank=True)
    depth = models.TextField(default="", blank=True)
    coverage = models.TextField(default="", blank=True)
    object = models.TextField()
    degree = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class Mask(Named):
    """脱敏与降级措施."""

    how = models.TextField()
    head = models.IntegerField(null=True, blank=True)
    tail = models.IntegerField(null=True, blank=True)
    k = models.IntegerField(null=True, blank=True)
    days = models.IntegerField(null=True, blank=True)
    grade = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class ShareLimit(Named):
    """共享时限, in working days."""

    days = models.IntegerField()
    calendar = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class DataFlow(Named):
    """上报与回流: what a unit collects from below, and what it must give back. `items`, `answers` separated by ;"""

    direction = models.TextField()
    unit = models.TextField()
    dataset = models.TextField()
    items = models.TextField()
    grain = models.TextField()
    cycle = models.TextField()
    how = models.TextField()
    within_days = models.IntegerField(null=True, blank=True)
    answers = models.TextField(default="", blank=True)
    place = models.TextField(default="", blank=True)
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class ZoneSet(models.Model):
    """共享区的数据资源: when a data set was last landed, and how many rows it has there."""

    dataset = models.CharField(max_length=64, primary_key=True, db_collation="C")
    rows = models.BigIntegerField()
    landed_at = models.DateTimeField()
    seconds = models.FloatField()

    class Meta:
        db_table = "zone_set"


class ZoneRow(models.Model):
    """共享区的一行: raw. Only the share role reads it, and only inside `share_page`; `seq` grows with every change."""

    pk = models.CompositePrimaryKey("dataset", "key")
    dataset = code_field(64)
    key = code_field(200)
    place = code_field()
    subject = code_field(64)
    row = models.JSONField()
    digest = models.BinaryField()
    seq = models.BigIntegerField()
    changed_at = models.DateTimeField()
    gone = models.BooleanField(default=False)

    class Meta:
        db_table = "zone_row"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dataset", "place", "key"], name="zone_row_place"),
            models.Index(fields=["dataset", "seq"], name="zone_row_seq"),
        ]


class ShareGrant(models.Model):
    """授权: what a unit may read of a data set, masked how, for which purpose, until when. `id` is its proceeding's.

    `plan` lists the items with their masks; `lo` and `hi` bound the division codes that it reaches.
    """

    id = models.BigIntegerField(primary_key=True)
    number = code_field(32)
    dataset = code_field(64)
    kind = code_field(16)
    unit = code_field(64)
    reader = code_field(128)
    provider = code_field(64)
    place = code_field()
    provider_place = code_field()
    lo = code_field()
    hi = code_field()
    plan = models.JSONField(default=list)
    personal = models.BooleanField()
    purpose = models.TextField()
    basis = models.TextField(default="")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = code_field(16)
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(default="")

    class Meta:
        db_table = "share_grant"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "-id"], name="share_grant_unit"),
            models.Index(fields=["dataset", "-id"], name="share_grant_dataset"),
            models.Index(fields=["until"], name="share_grant_until", condition=models.Q(state="active")),
        ]


class ShareUse(models.Model):
    """一次使用: one page read under a grant, or one use that failed with the reason. `id` is the fact's id."""

    id = models.BigIntegerField(primary_key=True)
    grant = models.BigIntegerField()
    dataset = code_field(64)
    unit = code_field(64)
    place = code_field()
    provider_place = code_field()
    post = code_field(128)
    user = models.BigIntegerField()
    purpose = models.TextField(default="")
    form = code_field(16)
    at = models.DateTimeField()
    rows = models.IntegerField()
    bytes = models.BigIntegerField()
    personal = models.BooleanField()
    digest = code_field(64)
    failure = code_field(32)
    diagnosis = code_field(16)
    note = models.TextField(default="")

    class Meta:
        db_table = "share_use"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dataset", "-id"], name="share_use_dataset"),
            models.Index(fields=["unit", "-id"], name="share_use_unit"),
            models.Index(fields=["grant", "-id"], name="share_use_grant"),
            models.Index(fields=["-id"], name="share_use_failed", condition=~models.Q(failure="")),
        ]


class FlowEntry(models.Model):
    """回流台账: one data set of one period that went up from a place, or came back to it; `id` is "fact:n"."""

    id = models.CharField(max_length=64, primary_key=True, db_collation="C")
    flow = code_field(64)
    direction = code_field(8)
    unit = code_field(64)
    dataset = code_field(64)
    items = models.JSONField(default=list)
    how = code_field(16)
    place = code_field()
    period = models.DateField()
    ended = models.DateField()
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    rows = models.IntegerField()

    class Meta:
        db_table = "flow_entry"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "period"], name="flow_entry_place"),
            models.Index(fields=["flow", "period", "place"], name="flow_entry_flow"),
        ]


class GradeSet(models.Model):
    """改级: a field whose grade or share type a review changed; `id` is "dataset/item", what stands there counts."""

    id = models.CharField(max_length=200, primary_key=True, db_collation="C")
    dataset = code_field(64)
    item = code_field(64)
    grade = code_field(16)
    share = code_field(4)
    place = code_field()
    at = models.DateTimeField()
    by = models.BigIntegerField()
    reason = models.TextField()
    clause = models.TextField(default="")
    proceeding = models.BigIntegerField()

    class Meta:
        db_table = "grade_set"
