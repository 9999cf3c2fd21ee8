"""道路投影 what the road writes: projections of the ledger (案件, 诉求, 任务, 时限 …), all rebuildable from it.

Every table with a `place` is under row-level security (see migrations/0003_security.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models


def code_field(length: int = 32) -> models.CharField[str, str]:
    """A code compared byte by byte, as row-level security needs."""
    return models.CharField(max_length=length, default="", db_collation="C")


class Report(models.Model):
    """诉求/上报: what one person or device said once; never merged away."""

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField(null=True)
    channel = code_field()
    source = code_field()
    key = code_field(200)
    at = models.DateTimeField()
    text = models.TextField()
    address = models.TextField(default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    place = code_field()
    grid = code_field()
    contact = models.BigIntegerField(null=True)
    merged = models.BooleanField(default=False)
    called = models.BooleanField(default=False)

    class Meta:
        db_table = "report"
        indexes = [models.Index(fields=["case"], name="report_case"), BrinIndex(fields=["at"], name="report_at")]


def _few_open(name: str, **having: Any) -> models.Index:
    """The index of a list that holds few of the open cases, newest first."""
    condition = models.Q(**having) & models.Q(closed_at=None)
    return models.Index(fields=["-id"], name=name, include=["place"], condition=condition)


class Case(models.Model):
    """案件: the matter; many reports, one owner, one reply per reporter."""

    id = models.BigIntegerField(primary_key=True)
    number = code_field()
    title = models.TextField()
    text = models.TextField()
    category = code_field()
    confidence = models.FloatField(default=0)
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)
    others: models.JSONField[Any, Any] = models.JSONField(default=list)
    state = code_field()
    place = code_field()
    grid = code_field()
    address = models.TextField(default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True)
    channel = code_field()
    host = code_field(64)
    assists: models.JSONField[Any, Any] = models.JSONField(default=list)
    duty = code_field(64)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    urgency = models.SmallIntegerField(default=0)
    special = models.BooleanField(default=False)
    needs: models.JSONField[Any, Any] = models.JSONField(default=list)
    reports = models.IntegerField(default=1)
    returned = models.IntegerField(default=0)
    reworked = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    escalated = models.SmallIntegerField(default=0)
    overdue = models.BooleanField(default=False)
    stuck = models.BooleanField(default=False)
    proactive = models.BooleanField(default=False)
    handler = models.BigIntegerField(default=0)
    contact_unit = models.CharField(max_length=64, db_default="", db_collation="C")
    nature = models.CharField(max_length=16, db_default="", db_collation="C")
    dispatched = models.IntegerField(db_default=0)
    redone = models.IntegerField(db_default=0)
    extended = models.IntegerField(db_default=0)
    hung = models.IntegerField(db_default=0)
    urged = models.IntegerField(db_default=0)
    supervised = models.IntegerField(db_default=0)
    forbid_return = models.BooleanField(db_default=False)
    met = models.BooleanField(db_default=False)
    excluded = models.BooleanField(db_default=False)
    place_type = models.CharField(max_length=64, db_default="")
    ownership = models.CharField(max_length=64, db_default="")
    named = models.CharField(max_length=64, db_default="", db_collation="C")
    undecided: models.JSONField[Any, Any] = models.JSONField(null=True)
    claimed = models.BigIntegerField(db_default=0)
    grams = ArrayField(models.IntegerField(), default=list)

    class Meta:
        db_table = "case"
        indexes = [
            models.Index(fields=["place"], name="case_place", include=["id"]),
            models.Index(
                fields=["place", "-id"],
                name="case_open",
                include=["state", "host"],
                condition=models.Q(closed_at=None),
            ),
            models.Index(fields=["state", "-id"], name="case_state"),
            models.Index(fields=["host", "-id"], name="case_host"),
            models.Index(fields=["category", "-id"], name="case_category"),
            models.Index(
                "cell",
                # Not opened_at itself: for the latest days, which its statistics never know, the planner would hold a
                # search by time alone for the cheaper one. Nothing but this index can serve an expression.
                models.Func("opened_at", template="(%(expressions)s AT TIME ZONE 'UTC')"),
                "lat",
                "lon",
                name="case_cell",
                # Said of the state, as cases.neighbours does: of a table without statistics the planner believes that
                # hardly any row has no closed_at, and would read all open cases instead of this index. Other ends
                # are rare, or come long after the days that are searched.
                condition=~models.Q(state="closed"),
            ),
            GinIndex(fields=["grams"], name="case_grams"),
            models.Index(
                fields=["due_at"],
                name="case_due_soon",
                condition=models.Q(closed_at=None) & models.Q(due_at__isnull=False),
            ),
            models.Index(fields=["closed_at"], name="case_closed", condition=models.Q(closed_at__isnull=False)),
            models.Index(fields=["closed_at"], name="case_archivable", condition=models.Q(state="closed")),
            models.Index(fields=["opened_at"], name="case_opened"),
            _few_open("case_late", overdue=True),
            models.Index(fields=["-id"], name="case_stuck", condition=models.Q(stuck=True)),
            _few_open("case_urgent", urgency__gte=2),
            _few_open("case_twice", returned__gte=2),
            _few_open("case_unsolved", redone__gt=0),
            models.Index(
                fields=["claimed", "-id"],
                name="case_claimed",
                include=["place"],
                condition=models.Q(closed_at=None, claimed__gt=0),
            ),
            models.Index(
                fields=["escalated", "-id"],
                name="case_escalated",
                include=["place"],
                condition=models.Q(closed_at=None, escalated__gt=0),
            ),
        ]


class Task(models.Model):
    """任务: what one unit must do for a case; host 主办 or assist 协办. Key "case:unit"."""

    id = models.CharField(primary_key=True, max_length=96, db_collation="C")
    case = models.BigIntegerField()
    unit = code_field(64)
    role = code_field(16)
    place = code_field()
    state = code_field(16)
    given_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "task"
        indexes = [
            models.Index(fields=["case"], name="task_case"),
            models.Index(fields=["unit", "state"], name="task_unit"),
        ]


class Clock(models.Model):
    """时限: one clock of a case, which runs while it is neither stopped nor paused. Key "case:name".

    `wake_at` is when it must be looked at next: nearly overdue, overdue, or never (null).
    """

    id = models.CharField(primary_key=True, max_length=64, db_collation="C")
    case = models.BigIntegerField()
    name = code_field(16)
    place = code_field()
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    minutes = models.IntegerField()
    calendar = code_field()
    nearly = models.BooleanField(default=False)
    overdue = models.BooleanField(default=False)

    class Meta:
        db_table = "clock"
        indexes = [
            models.Index(fields=["case"], name="clock_case"),
            models.Index(
                fields=["due_at"],
                name="clock_tail",
                include=["case", "place"],
                condition=models.Q(name__in=["special", "rare"], stopped_at=None),
            ),
            models.Index(
                fields=["wake_at"],
                name="clock_wake",
                condition=models.Q(stopped_at=None, paused_at=None, wake_at__isnull=False),
            ),
            models.Index(
                fields=["case"],
                name="clock_supervise",
                include=["place"],
                condition=models.Q(stopped_at=None, name="supervise"),
            ),
            models.Index(
                fields=["case"],
                name="clock_nearly",
                include=["place"],
                condition=models.Q(stopped_at=None, nearly=True, overdue=False),
            ),
        ]


class Request(models.Model):
    """申请: what one person asked for and another must answer (延期, 挂账, 作废, 不纳入考核); `id` is the fact's id."""

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField()
    kind = code_field()
    place = code_field()
    unit = code_field(64)
    by = models.BigIntegerField()
    post = code_field(64)
    at = models.DateTimeField()
    asked: models.JSONField[Any, Any] = models.JSONField()
    answer = code_field()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(default=0)

    class Meta:
        db_table = "request"
        indexes = [
            models.Index(fields=["case"], name="request_case"),
            models.Index(fields=["place", "-id"], name="request_open", condition=models.Q(answer="")),
        ]


class CallBack(models.Model):
    """回访: what one reporter answered; `id` is the fact's id."""

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField()
    report = models.BigIntegerField()
    place = code_field()
    at = models.DateTimeField()
    contacted = models.BooleanField()
    solved = models.BooleanField(null=True)
    satisfaction = models.SmallIntegerField(null=True)
    round = models.IntegerField(default=0)
    final = models.BooleanField(db_default=True)

    class Meta:
        db_table = "call_back"
        indexes = [models.Index(fields=["case"], name="call_back_case"), BrinIndex(fields=["at"], name="call_back_at")]


class MergeProposal(models.Model):
    """疑似重复: a report's case that may be the same matter as another; `id` is the fact's id."""

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField()
    report = models.BigIntegerField()
    other = models.BigIntegerField()
    place = code_field()
    score = models.FloatField()
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)
    settled = models.BooleanField(default=False)

    class Meta:
        db_table = "merge_proposal"
        indexes = [
            models.Index(fields=["case"], name="merge_proposal_case"),
            models.Index(fields=["other"], name="merge_proposal_other"),
        ]


class Stuck(models.Model):
    """卡住: a fact that a room could not take; `id` is the Stuck fact's id, `fact` the whole fact to send again."""

    id = models.BigIntegerField(primary_key=True)
    subject = models.BigIntegerField()
    kind = code_field()
    place = code_field()
    at = models.DateTimeField()
    sentence = models.TextField()
    trace = models.TextField()
    fact: models.JSONField[Any, Any] = models.JSONField()
    settled = models.BooleanField(default=False)

    class Meta:
        db_table = "stuck"


class Warning(models.Model):
    """预警: one warning of one sensor or pattern, and the case it began; `id` is the case's id."""

    id = models.BigIntegerField(primary_key=True)
    sensor = code_field(64)
    place = code_field()
    at = models.DateTimeField()
    value = models.FloatField()
    threshold = models.FloatField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warning"
        indexes = [models.Index(fields=["sensor"], name="warning_active", condition=models.Q(cleared_at=None))]


class Precedent(models.Model):
    """裁定先例: how a ruling decides the next like case. Key: the fact of the ruling."""

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField()
    number = code_field()
    category = code_field()
    place = code_field()
    wrong = code_field(64)
    was = code_field(64)
    to = code_field(64)
    host = code_field(64)
    clause = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)
    """The fact that withdrew it."""

    class Meta:
        db_table = "precedent"
