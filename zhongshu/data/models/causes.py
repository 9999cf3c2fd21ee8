"""病因的表 candidate causes with their places, and what each search for them found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.road import code_field


class CauseRun(models.Model):
    """一次找源头: the days searched, how, and what was counted. Not a projection: a search is no fact of the city.

    `parameters` are those of the search, `counts` events, classes, links …; `seconds` and `peak_mb` were measured.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    parameters: models.JSONField[Any, Any] = models.JSONField(default=dict)
    versions: models.JSONField[Any, Any] = models.JSONField(default=dict)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    seconds = models.FloatField()
    peak_mb = models.FloatField()

    class Meta:
        db_table = "cause_run"


class CauseLink(models.Model):
    """关联: `second` follows `first`, over the whole city. Names no place and no case."""

    id = models.BigAutoField(primary_key=True)
    run = models.BigIntegerField()
    first = code_field()
    second = code_field()
    distance = models.FloatField()
    lag = models.IntegerField()
    pairs = models.IntegerField()
    expected = models.FloatField()
    strength = models.FloatField()
    p = models.FloatField()
    q = models.FloatField()
    beaten = models.IntegerField()
    """Shuffles that brought as much."""
    participation = models.FloatField()
    median_distance = models.FloatField()
    median_lag = models.FloatField()

    class Meta:
        db_table = "cause_link"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["run"], name="cause_link_run")]


class CauseAlarm(models.Model):
    """聚集警报: more reports than usual in some cells on the last days, up to the end of the search."""

    id = models.BigAutoField(primary_key=True)
    run = models.BigIntegerField()
    place = code_field()
    category = code_field()
    """Top class that was scanned."""
    lon = models.FloatField()
    lat = models.FloatField()
    metres = models.FloatField()
    days = models.IntegerField()
    observed = models.IntegerField()
    expected = models.FloatField()
    p = models.FloatField()
    cases: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        db_table = "cause_alarm"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["run"], name="cause_alarm_run")]


class Cause(models.Model):
    """候选病因: one link in one district, and what people made of it. A projection."""

    id = models.BigIntegerField(primary_key=True)
    number = code_field()
    place = code_field()
    first = code_field()
    second = code_field()
    distance = models.FloatField()
    lag = models.IntegerField()
    strength = models.FloatField()
    p = models.FloatField()
    q = models.FloatField()
    state = code_field(16)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    run = models.BigIntegerField()
    finding = models.BigIntegerField()
    """Fact that found it last: its clusters are those that count."""
    clusters = models.IntegerField()
    cases = models.IntegerField()
    reason = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    matter = code_field(16)
    """call or directive, and its `task`."""
    task = models.BigIntegerField(default=0)
    tasked_at = models.DateTimeField(null=True)
    tasked_by = models.BigIntegerField(default=0)
    treated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cause"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-id"], name="cause_place"),
            models.Index(fields=["task"], name="cause_task", condition=models.Q(state="tasked")),
        ]


class CauseCluster(models.Model):
    """病因地点: one concrete place of a cause. Key "finding:n"; `place` the division that holds all its cases."""

    id = models.CharField(primary_key=True, max_length=64, db_collation="C")
    cause = models.BigIntegerField()
    finding = models.BigIntegerField()
    place = code_field()
    lon = models.FloatField()
    lat = models.FloatField()
    began = models.DateTimeField()
    ended = models.DateTimeField()
    pairs = models.IntegerField()
    cases: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        db_table = "cause_cluster"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["cause"], name="cause_cluster_cause"),
            models.Index(fields=["place"], name="cause_cluster_place"),
        ]
