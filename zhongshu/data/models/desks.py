"""工作台的表 what desks keep: a person's views, jobs of many cases, ringing telephone calls, shifts of duty desks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.road import code_field


class SavedView(models.Model):
    """我的视图: a list that somebody named; `query` is its query string. `shared` shows it to the whole unit."""

    id = models.BigAutoField(primary_key=True)
    user = models.BigIntegerField()
    post = code_field(64)
    unit = code_field(64)
    name = models.CharField(max_length=40)
    query = models.TextField()
    shared = models.BooleanField(default=False)
    main = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "saved_view"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "post", "name"], name="saved_view_name")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit"], name="saved_view_unit")]


class BulkJob(models.Model):
    """批量操作: one move on many cases, done some at a time. `undoes` is the job whose moves this one takes back."""

    id = models.BigAutoField(primary_key=True)
    user = models.BigIntegerField()
    post = code_field(64)
    kind = code_field(40)
    payload: models.JSONField[Any, Any] = models.JSONField(default=dict)
    total = models.IntegerField()
    undoes = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bulk_job"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-id"], name="bulk_job_user"),
            models.Index(fields=["undoes"], name="bulk_job_undoes", condition=~models.Q(undoes=0)),
        ]


class BulkItem(models.Model):
    """批量中的一件: `state` is waiting, done or failed; `fact` what it became, `undoes` what it takes back."""

    id = models.BigAutoField(primary_key=True)
    job = models.BigIntegerField()
    case = models.BigIntegerField()
    state = code_field(8)
    sentence = models.TextField(default="")
    fact = models.BigIntegerField(default=0)
    undoes = models.BigIntegerField(default=0)

    class Meta:
        db_table = "bulk_item"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["job", "state"], name="bulk_item_job")]


class RingingCall(models.Model):
    """来电: one telephone call that the exchange told of. Personal data: the number goes when the call is a day old."""

    id = models.BigAutoField(primary_key=True)
    source = code_field(64)
    key = code_field(200)
    user = models.BigIntegerField()
    phone = models.TextField(default="")
    caller = code_field()
    language = code_field(16)
    rung_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    report = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ringing_call"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "key"], name="ringing_call_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-id"], name="ringing_call_user"),
            models.Index(fields=["rung_at"], name="ringing_call_kept", condition=~models.Q(phone="")),
        ]


class DutyShift(models.Model):
    """班次: one shift of a unit's duty desk, from taking over to the next one's signature. A projection."""

    id = models.BigIntegerField(primary_key=True)
    unit = code_field(64)
    place = code_field()
    post = code_field(64)
    begun_by = models.BigIntegerField()
    begun_at = models.DateTimeField()
    before = models.BigIntegerField()
    handed_by = models.BigIntegerField(null=True)
    handed_at = models.DateTimeField(null=True)
    notes = models.TextField(default="")
    matters: models.JSONField[Any, Any] = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    taken_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "duty_shift"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "-begun_at"], name="duty_shift_unit")]


class DutyEntry(models.Model):
    """值班记事: one line of the duty log. A projection; the key is the fact's."""

    id = models.BigIntegerField(primary_key=True)
    shift = models.BigIntegerField()
    unit = code_field(64)
    place = code_field()
    by = models.BigIntegerField()
    at = models.DateTimeField()
    text = models.TextField()
    open = models.BooleanField(default=False)

    class Meta:
        db_table = "duty_entry"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["shift"], name="duty_entry_shift")]
