"""答复评分 the city's rows of the rubric, and how each reply that was sent scored."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Version
from zhongshu.data.models.road import code_field


class ReplyCriterion(Version):
    """评分项与标记: a weight, or the most that a reply with a flag may get."""

    zh = models.TextField()
    en = models.TextField()
    figure = models.FloatField()
    meaning_zh = models.TextField(default="", blank=True)
    meaning_en = models.TextField(default="", blank=True)
    holds = models.BooleanField(default=False)


class ReplyWord(Version):
    """评分词: a regular expression and what it earns; `code` is "criterion/part"."""

    criterion = models.TextField()
    part = models.TextField()
    points = models.FloatField()
    pattern = models.TextField()
    zh = models.TextField()
    en = models.TextField()


class Reply(models.Model):
    """一次答复: how one reply scored when it was sent; `id` is the fact's id, `flag` "" or the one that it bears."""

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField()
    place = code_field()
    unit = code_field(64)
    at = models.DateTimeField()
    total = models.FloatField()
    flag = code_field(16)
    held = models.BooleanField()

    class Meta:
        db_table = "reply"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"], name="reply_at", include=["place", "unit", "flag", "held", "total"]),
            models.Index(fields=["-id"], name="reply_flagged", condition=~models.Q(flag="")),
            models.Index(fields=["unit", "-id"], name="reply_unit"),
        ]
