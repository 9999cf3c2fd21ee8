"""热点的表 what is remembered of hot issues: the clusters themselves, their voices, and what people did about them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.road import code_field


class Issue(models.Model):
    """热点: one cluster of cases; `place` is the smallest division that holds them all. No projection: see ADR 0021.

    `days` are [local day, reports] of the last weeks, `places` and `classes` cases by code, `parts` those of the heat.
    """

    id = models.BigIntegerField(primary_key=True)
    number = code_field()
    place = code_field()
    title = models.TextField()
    typical = models.BigIntegerField()
    phrases: models.JSONField[Any, Any] = models.JSONField(default=list)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    cases = models.IntegerField()
    reports = models.IntegerField()
    people = models.IntegerField()
    heat = models.FloatField()
    parts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    trend = code_field(16)
    peak = models.FloatField()
    peak_at = models.DateTimeField()
    days: models.JSONField[Any, Any] = models.JSONField(default=list)
    places: models.JSONField[Any, Any] = models.JSONField(default=dict)
    classes: models.JSONField[Any, Any] = models.JSONField(default=dict)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    state = code_field(16)
    merged_into = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField()

    class Meta:
        db_table = "issue"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-heat"], name="issue_heat"),
            models.Index(fields=["place", "-id"], name="issue_place"),
        ]


class IssueVoice(models.Model):
    """一声: one report of an issue; `reporter` is one number per telephone, 0 unknown, -1 the city's staff."""

    id = models.BigIntegerField(primary_key=True)
    issue = models.BigIntegerField()
    case = models.BigIntegerField()
    place = code_field()
    at = models.DateTimeField()
    reporter = models.BigIntegerField(default=0)

    class Meta:
        db_table = "issue_voice"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["issue", "-case"], name="issue_voice_issue", include=["place"]),
            models.Index(fields=["place"], name="issue_voice_place", include=["issue"]),
        ]


def _plain(length: int = 32) -> models.CharField[str, str]:
    """A code that the database itself leaves empty: a turn is written column by column, as it happens."""
    return models.CharField(max_length=length, db_default="", db_collation="C")


class IssueTurn(models.Model):
    """热点处置: when an issue became hot and cooled, who took it up, knew of it or silenced it. Key: the issue."""

    id = models.BigIntegerField(primary_key=True)
    place = _plain()
    number = _plain()
    title = models.TextField(db_default="")
    hot_at = models.DateTimeField(null=True)
    cooled_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = _plain(64)
    matter = _plain(16)
    matter_id = models.BigIntegerField(null=True)
    known_at = models.DateTimeField(null=True)
    known_by = _plain(64)
    known_reason = models.TextField(db_default="")
    topic = _plain()
    silenced_at = models.DateTimeField(null=True)
    silenced_by = _plain(64)
    silenced_reason = models.TextField(db_default="")
    silenced_until = models.DateField(null=True)

    class Meta:
        db_table = "issue_turn"


class IssueLook(models.Model):
    """巡看: when the cases of a district were last gathered, how many they were, and how many more there were."""

    id = models.CharField(primary_key=True, max_length=32, db_collation="C")
    place = code_field()
    looked_at = models.DateTimeField()
    cases = models.IntegerField()
    left_out = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        db_table = "issue_look"
