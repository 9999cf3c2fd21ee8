"""体征的表 the limits of the signs, what they say now, what they said before, and what was done when one was red."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Version
from zhongshu.data.models.road import code_field


class SignLimit(Version):
    """体征阈值, with the ground it stands on, who set it and since when; `code` is the sign's."""

    indicator = models.TextField()
    direction = models.TextField()
    how = models.TextField()
    amber = models.FloatField(null=True, blank=True)
    red = models.FloatField(null=True, blank=True)
    hysteresis = models.FloatField()
    minutes = models.IntegerField()
    category = models.TextField(default="", blank=True)
    basis = models.TextField()
    basis_text = models.TextField()
    basis_text_en = models.TextField(default="", db_default="", blank=True)
    author = models.TextField()
    author_en = models.TextField(default="", db_default="", blank=True)
    since = models.DateField()


class SignNow(models.Model):
    """体征现值 of one place: the newest number, how new it was, its colour, and the limits it was held against.

    Measured and replaced, not folded: a number is no fact. `next` waits for its least duration since `next_since`.
    """

    pk = models.CompositePrimaryKey("sign", "place")
    sign = code_field()
    place = code_field()
    at = models.DateTimeField()
    fresh_at = models.DateTimeField(null=True)
    value = models.FloatField(null=True)
    a = models.FloatField(default=0)
    b = models.FloatField(default=0)
    rows = models.BigIntegerField(default=0)
    colour = code_field(8)
    since = models.DateTimeField(null=True)
    next = code_field(8)
    next_since = models.DateTimeField(null=True)
    amber = models.FloatField(null=True)
    red = models.FloatField(null=True)

    class Meta:
        db_table = "sign_now"


class SignReading(models.Model):
    """体征历史: the number of a city or district at one moment."""

    pk = models.CompositePrimaryKey("sign", "place", "at")
    sign = code_field()
    place = code_field()
    at = models.DateTimeField()
    value = models.FloatField(null=True)

    class Meta:
        db_table = "sign_reading"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="sign_reading_at")]


class SignAlarm(models.Model):
    """体征告警: a sign turned red somewhere, until it eased; what a person said of it, and the case it became.

    A projection; `id` is the alarm's own number. `state` open | filed | dismissed; `eased_at` is beside it.
    """

    id = models.BigIntegerField(primary_key=True)
    sign = code_field()
    place = code_field()
    at = models.DateTimeField()
    value = models.FloatField()
    limit = models.FloatField()
    category = code_field()
    state = code_field(16)
    eased_at = models.DateTimeField(null=True)
    case = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(default=0)
    reason = models.TextField(default="")

    class Meta:
        db_table = "sign_alarm"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sign", "place"], name="sign_alarm_on", condition=models.Q(eased_at=None)),
            models.Index(fields=["-id"], name="sign_alarm_open", condition=models.Q(state="open")),
        ]
