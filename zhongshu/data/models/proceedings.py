"""办理事项的表 applications, tickets, appeals, standards: what people do about data over days."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhongshu.data.models.road import code_field


class Proceeding(models.Model):
    """办理事项: one matter about data, of one `family`. A projection.

    `subject` is what it is about, as "dataset:X" or "element:Y"; `asker` the unit that began it, `providers` those
    that must answer; `given` what was said in all moves, `people` who made each move last.
    """

    id = models.BigIntegerField(primary_key=True)
    family = code_field(16)
    number = code_field()
    state = code_field(16)
    subject = models.TextField(default="", db_collation="C")
    title = models.TextField(default="")
    asker = code_field(64)
    providers: ArrayField[Any, Any] = ArrayField(models.CharField(max_length=64, db_collation="C"), default=list)
    place = code_field()
    """Of the asker; a viewer sees what he asked or may be asked."""
    provider_place = code_field()
    """Of the other side; "*" is everybody's."""
    given: models.JSONField[Any, Any] = models.JSONField(default=dict)
    people: models.JSONField[Any, Any] = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    overdue = models.BooleanField(default=False)
    times_overdue = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "proceeding"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["family", "state", "-id"], name="proceeding_family"),
            models.Index(fields=["subject"], name="proceeding_subject"),
            models.Index(fields=["wake_at"], name="proceeding_wake", condition=models.Q(wake_at__isnull=False)),
        ]
