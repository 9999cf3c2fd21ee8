"""志愿与积分的表 what acts are worth by the pack; volunteer tasks, who enrolled, neighbours' looks, lines of points."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Named, Version
from zhongshu.data.models.road import code_field


class PointRule(Named):
    """积分规则: what a confirmed act of a kind is worth, and how much of it counts for a household and month.

    A table of the pack. `law` is what binds the recording; `basis` and `basis_text` say where the number comes from.
    """

    act = models.TextField()
    points = models.IntegerField()
    month_ceiling = models.IntegerField()
    per_day = models.IntegerField()
    basis = models.TextField()
    basis_text = models.TextField()
    basis_text_en = models.TextField(default="", blank=True)
    law = models.TextField(default="", blank=True)
    law_en = models.TextField(default="", blank=True)
    author = models.TextField()
    author_en = models.TextField(default="", blank=True)
    since = models.DateField()

    class Meta(Version.Meta):
        abstract = False


class CommunityTask(models.Model):
    """志愿任务: what a community asks volunteers to do, when, where, and how many. A projection."""

    id = models.BigIntegerField(primary_key=True)
    place = code_field()
    rule = code_field()
    title = models.TextField()
    text = models.TextField(default="")
    spot = models.TextField(default="")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wanted = models.IntegerField()
    enrolled = models.IntegerField(default=0)
    by = models.BigIntegerField()
    unit = code_field(64)
    at = models.DateTimeField()
    state = code_field(16)
    reason = models.TextField(default="")

    class Meta:
        db_table = "community_task"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-begins_at"], name="community_task_place")
        ]


class CommunityVolunteer(models.Model):
    """报名: one member in one task, and what the post found afterwards. Key "task:member". A projection."""

    id = models.CharField(primary_key=True, max_length=64, db_collation="C")
    task = models.BigIntegerField()
    member = models.BigIntegerField()
    place = code_field()
    state = code_field(16)
    """enrolled, withdrawn, came or absent."""
    hours = models.FloatField(default=0)
    at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "community_volunteer"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["task"], name="community_volunteer_task")]


class CommunityLook(models.Model):
    """邻里核实: whether a member saw that a matter was really done. Key "topic:member". A projection."""

    id = models.CharField(primary_key=True, max_length=64, db_collation="C")
    topic = models.BigIntegerField()
    member = models.BigIntegerField()
    place = code_field()
    done = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()
    state = code_field(16)
    """said, accepted or declined."""
    reason = models.TextField(default="")
    settled_by = models.BigIntegerField(default=0)

    class Meta:
        db_table = "community_look"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["topic"], name="community_look_topic")]


class CommunityPoint(models.Model):
    """积分明细: one line of a member's account, with the act and the rule it came from. A projection.

    `entry` is earned, reversed, restored or used; `points` is what the line adds, `worth` what the rule would give,
    `why` what kept it from counting in full. `line` is the line that a reversal or restoring is about; `state` says
    what became of an earned one, in the words of topics: open, hidden (reversed), appealed, upheld.
    """

    id = models.BigIntegerField(primary_key=True)
    place = code_field()
    member = models.BigIntegerField()
    entry = code_field(16)
    rule = code_field()
    version = code_field(40)
    act = code_field(16)
    source = models.BigIntegerField(default=0)
    cause = models.BigIntegerField(default=0)
    day = code_field(10)
    amount = models.FloatField(default=1)
    worth = models.IntegerField(default=0)
    points = models.IntegerField()
    why = code_field(16)
    line = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    by = models.BigIntegerField(default=0)
    text = models.TextField(default="")
    ground = code_field(16)
    state = code_field(16)
    reason = models.TextField(default="")
    hidden_by = models.BigIntegerField(default=0)

    class Meta:
        db_table = "community_point"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["member", "-id"], name="community_point_member"),
            models.Index(fields=["place", "-id"], name="community_point_place"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Whatever two people confirm at once: one act of a member is reckoned once.
            models.UniqueConstraint(
                fields=["act", "source", "member"], name="community_point_once", condition=models.Q(entry="earned")
            )
        ]
