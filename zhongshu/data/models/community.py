"""社区与一线的表 check-ins and the roster of grid officers; members, topics, replies and votes of a community."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.pack import Named, Version
from zhongshu.data.models.road import code_field


class Officer(Named):
    """网格员: one line of the roster, in or out of service. `grids` separated by ; `kind` full or part (专职、兼职).

    A table of the pack: the line names a post's person by `account` only when there is one.
    """

    unit = models.TextField()
    grids = models.TextField(default="", blank=True)
    kind = models.TextField()
    duties = models.TextField(default="", blank=True)
    started = models.DateField()
    ended = models.DateField(null=True, blank=True)
    substitute = models.TextField(default="", blank=True)
    account = models.TextField(default="", blank=True)

    class Meta(Version.Meta):
        abstract = False


class CheckIn(models.Model):
    """签到: where a grid officer was, and when; `case` is 0 for a round. A projection of CheckedIn."""

    id = models.BigIntegerField(primary_key=True)
    place = code_field()
    grid = code_field()
    unit = code_field(64)
    by = models.BigIntegerField()
    at = models.DateTimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)
    """Metres, as the telephone said."""
    case = models.BigIntegerField(default=0)

    class Meta:
        db_table = "check_in"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["by", "-at"], name="check_in_by"),
            models.Index(fields=["case"], name="check_in_case", condition=~models.Q(case=0)),
        ]


class HelpedReport(models.Model):
    """代办: a report that somebody in a post made for another person, and why. A projection; its id is the report's."""

    id = models.BigIntegerField(primary_key=True)
    place = code_field()
    unit = code_field(64)
    by = models.BigIntegerField()
    at = models.DateTimeField()
    why = code_field(16)

    class Meta:
        db_table = "helped_report"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="helped_report_at")]


class CommunityMember(models.Model):
    """社区成员: whom a community's post met and gave a link; `serial` tells the link in force from lost ones.

    `name` is what others see: the name of a firm or a body, of a resident a number. A projection.
    """

    id = models.BigIntegerField(primary_key=True)
    place = code_field()
    kind = code_field(16)
    name = models.TextField()
    serial = models.IntegerField()
    admitted_at = models.DateTimeField()
    admitted_by = models.BigIntegerField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "community_member"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["place", "-id"], name="community_member_place")]


class CommunityMark(models.Model):
    """凭证印记: a keyed digest of the telephone a member showed: one number is one member. Not in the ledger.

    `household` is the same of the address where he lives, so that a household earns as one; "" when it was not given.
    """

    member = models.BigIntegerField(primary_key=True)
    place = code_field()
    digest = code_field(64)
    household = models.CharField(max_length=64, default="", db_default="", db_collation="C")

    class Meta:
        db_table = "community_mark"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "digest"], name="community_mark_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "household"], name="community_mark_household")
        ]


class CommunityTopic(models.Model):
    """社区话题: a notice, a topic or a vote, with what became of it. A projection.

    Said by a `member`, or by a person `by` of a `unit`; `report` and `case` when it became one.
    """

    id = models.BigIntegerField(primary_key=True)
    place = code_field()
    kind = code_field(16)
    title = models.TextField()
    text = models.TextField(default="")
    member = models.BigIntegerField(default=0)
    by = models.BigIntegerField(default=0)
    unit = code_field(64)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    options: models.JSONField[Any, Any] = models.JSONField(default=list)
    voters = code_field(16)
    state = code_field(16)
    reason = models.TextField(default="")
    hidden_by = models.BigIntegerField(default=0)
    replies = models.IntegerField(default=0)
    report = models.BigIntegerField(default=0)
    case = models.BigIntegerField(default=0)
    adoption = code_field(16)
    adopter = models.BigIntegerField(default=0)
    adopted_by = models.BigIntegerField(default=0)
    """Who of the community's post found that what was taken on is done."""

    class Meta:
        db_table = "community_topic"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["place", "-id"], name="community_topic_place")]


class CommunityReply(models.Model):
    """社区回帖. A projection; its id is its fact's."""

    id = models.BigIntegerField(primary_key=True)
    topic = models.BigIntegerField()
    place = code_field()
    member = models.BigIntegerField(default=0)
    by = models.BigIntegerField(default=0)
    unit = code_field(64)
    at = models.DateTimeField()
    text = models.TextField()
    state = code_field(16)
    reason = models.TextField(default="")
    hidden_by = models.BigIntegerField(default=0)

    class Meta:
        db_table = "community_reply"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["topic", "id"], name="community_reply_topic")]


class CommunityBallot(models.Model):
    """社区表决: the choice that counts of one member in one vote. Key "topic:member". A projection.

    Screens may count choices; whose they are is not theirs to read.
    """

    id = models.CharField(primary_key=True, max_length=64, db_collation="C")
    topic = models.BigIntegerField()
    place = code_field()
    member = models.BigIntegerField()
    option = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "community_ballot"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["topic"], name="community_ballot_topic")]
