"""呼应与指令的表 calls and directives, and each unit in them. Projections, as those of the road."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.road import code_field


class Convened(models.Model):
    """What a call and a directive have in common; `place` is where it is about, `units` how many it names."""

    id = models.BigIntegerField(primary_key=True)
    number = code_field()
    text = models.TextField()
    authority = models.TextField()
    urgent = models.BooleanField(default=False)
    post = code_field(64)
    by = models.BigIntegerField(default=0)
    place = code_field()
    owner_place = code_field()
    """Division of the unit that began it."""
    state = code_field(16)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cases: models.JSONField[Any, Any] = models.JSONField(default=list)
    units = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Call(Convened):
    """呼: who calls whom to which place, on what ground, and when they may leave."""

    kind = code_field(16)
    caller = code_field(64)
    on_behalf = models.TextField(default="")
    address = models.TextField(default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    leave = models.TextField(default="")
    raised = models.IntegerField(default=0)

    class Meta:
        db_table = "call"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-id"], name="call_place"),
            models.Index(fields=["caller", "-id"], name="call_caller"),
            models.Index(fields=["-id"], name="call_open", condition=models.Q(state="open")),
        ]


class Directive(Convened):
    """令: an order 令 or a ban 禁, who issued it on what ground, and the proof that it asks for."""

    form = code_field(16)
    issuer = code_field(64)
    proof = code_field(16)
    calls: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        db_table = "directive"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-id"], name="directive_place"),
            models.Index(fields=["issuer", "-id"], name="directive_issuer"),
        ]


class Part(models.Model):
    """One unit in a matter. Key "matter:unit"; `place` is the matter's, `unit_place` the unit's own.

    `limits` are moments by clock, `stopped` and `missed` clocks; `wake_at` is when it must be looked at next.
    `handler` is the person who did last what the other side judges.
    """

    id = models.CharField(primary_key=True, max_length=96, db_collation="C")
    matter = models.BigIntegerField()
    unit = code_field(64)
    place = code_field()
    unit_place = code_field()
    state = code_field(16)
    notified_at = models.DateTimeField()
    limits: models.JSONField[Any, Any] = models.JSONField(default=dict)
    stopped: models.JSONField[Any, Any] = models.JSONField(default=list)
    missed: models.JSONField[Any, Any] = models.JSONField(default=list)
    wake_at = models.DateTimeField(null=True)
    handler = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class CallUnit(Part):
    """应: what a called unit did, and what the caller thought of it."""

    role = code_field(16)
    raised_from = code_field(64)
    acknowledged_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    metres = models.FloatField(null=True)
    note = models.TextField(default="")
    acted_at = models.DateTimeField(null=True)
    result = models.TextField(default="")
    released_at = models.DateTimeField(null=True)
    excused = models.BooleanField(default=False)
    scored_at = models.DateTimeField(null=True)
    score = models.SmallIntegerField(null=True)
    word = models.TextField(default="")

    class Meta:
        db_table = "call_unit"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter"], name="call_unit_matter"),
            models.Index(fields=["unit", "state"], name="call_unit_unit"),
            models.Index(fields=["unit_place"], name="call_unit_place"),
            models.Index(fields=["wake_at"], name="call_unit_wake", condition=models.Q(wake_at__isnull=False)),
        ]


class DirectiveUnit(Part):
    """受令单位: receipt, proof or exception, and what was answered."""

    received_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)
    result = models.TextField(default="")
    reason = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    returned = models.IntegerField(default=0)
    accountable: models.JSONField[Any, Any] = models.JSONField(default=list)
    """问责: each {by, post, at, measure, reason}."""

    class Meta:
        db_table = "directive_unit"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter"], name="directive_unit_matter"),
            models.Index(fields=["unit", "state"], name="directive_unit_unit"),
            models.Index(fields=["unit_place"], name="directive_unit_place"),
            models.Index(fields=["wake_at"], name="directive_unit_wake", condition=models.Q(wake_at__isnull=False)),
        ]
