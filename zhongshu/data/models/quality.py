"""质量的表 the rules in force, each run of them with what it counted, the rows that failed, and cells looked at."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.pack import Named
from zhongshu.data.models.road import code_field


class QualityRule(Named):
    """质量规则: `indicator` is a sub-indicator of GB/T 36344, `kind` how `value`, `against`, `keys` are read."""

    dataset = models.TextField()
    item = models.TextField()
    indicator = models.TextField()
    kind = models.TextField()
    value = models.TextField(default="", blank=True)
    against = models.TextField(default="", blank=True)
    keys = models.TextField(default="", blank=True)
    condition = models.TextField(default="", blank=True)
    weight = models.FloatField()
    basis = models.TextField(default="", blank=True)


class QualityRun(models.Model):
    """一次质量检查 of one data set. Not a projection: what a measurement found is no fact of the city.

    `read` is false when its rows could not be read, `said` then why. `shares` by dimension, `total` their weighted mean
    with the weights of the rules; both null where nothing was counted. `versions` digest of the rules.
    """

    id = models.BigIntegerField(primary_key=True)
    dataset = code_field(64)
    at = models.DateTimeField()
    rows = models.BigIntegerField(default=0)
    seconds = models.FloatField()
    read = models.BooleanField()
    said = models.TextField(default="")
    shares: models.JSONField[Any, Any] = models.JSONField(default=dict)
    total = models.FloatField(null=True)
    grade = code_field(1)
    versions: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        db_table = "quality_run"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["dataset", "-id"], name="quality_run_dataset")]


class QualityResult(models.Model):
    """一条规则的结果: `met` (A) of `checked` (B); `said` why it could not be applied; `kept` rows are evidence."""

    id = models.BigAutoField(primary_key=True)
    run = models.BigIntegerField()
    rule = models.TextField(db_collation="C")
    item = models.TextField()
    indicator = code_field(16)
    weight = models.FloatField()
    checked = models.BigIntegerField()
    met = models.BigIntegerField()
    kept = models.IntegerField(default=0)
    said = models.TextField(default="")

    class Meta:
        db_table = "quality_result"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["run"], name="quality_result_run")]


class QualityFail(models.Model):
    """不合格行: evidence of one rule of one run: the row's key, where it is, its value masked as its item is."""

    id = models.BigAutoField(primary_key=True)
    run = models.BigIntegerField()
    rule = models.TextField(db_collation="C")
    place = code_field()
    key = models.TextField(default="")
    value = models.TextField(default="")

    class Meta:
        db_table = "quality_fail"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["run", "rule", "id"], name="quality_fail_rule")]


class QualityCourse(models.Model):
    """一次找错: a steward looks through up to twenty rows of a sample; what was learned from them.

    `rows` are the keys of the sample, `labels` key -> items that are wrong, `suspects` what was found, without values.
    """

    id = models.BigIntegerField(primary_key=True)
    dataset = code_field(64)
    place = code_field()
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    items: models.JSONField[Any, Any] = models.JSONField(default=list)
    rows: models.JSONField[Any, Any] = models.JSONField(default=list)
    labels: models.JSONField[Any, Any] = models.JSONField(default=dict)
    suspects: models.JSONField[Any, Any] = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "quality_course"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["dataset", "-id"], name="quality_course_dataset")]


class QualityVisit(models.Model):
    """抽样核实: `size` rows of `of`, drawn at random with `seed`, to be held against what is there, item by item.

    A projection of SampleDrawn, whose id it bears.
    """

    id = models.BigIntegerField(primary_key=True)
    dataset = code_field(64)
    place = code_field()
    items: models.JSONField[Any, Any] = models.JSONField(default=list)
    size = models.IntegerField()
    of = models.BigIntegerField()
    seed = models.BigIntegerField()
    until = models.DateField(null=True)
    unit = code_field(64)
    by = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "quality_visit"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["dataset", "-id"], name="quality_visit_dataset")]


class QualityVisitRow(models.Model):
    """核实一行: `verdict` "" (open) | right | wrong (`wrong` items) | gone | unreached; by whom, when. No value.

    A projection of SampleDrawn and RowConfirmed; `id` is "sample:number". `corrections` are proceedings that followed.
    """

    id = models.CharField(max_length=40, primary_key=True, db_collation="C")
    visit = models.BigIntegerField()
    dataset = code_field(64)
    key = models.TextField()
    place = code_field()
    verdict = models.CharField(max_length=16, db_collation="C", db_default="")
    wrong: models.JSONField[Any, Any] = models.JSONField(db_default=models.Value([], models.JSONField()))
    note = models.TextField(db_default="")
    unit = models.CharField(max_length=64, db_collation="C", db_default="")
    by = models.BigIntegerField(db_default=0)
    at = models.DateTimeField(null=True)
    corrections: models.JSONField[Any, Any] = models.JSONField(db_default=models.Value([], models.JSONField()))

    class Meta:
        db_table = "quality_visit_row"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["visit", "place", "id"], name="quality_visit_row_visit")
        ]
