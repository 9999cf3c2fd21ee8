"""公布口径 figures as they were shown: kept when a period closes, never changed, and compared with the ledger."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.road import code_field


class ShownFigure(models.Model):
    """公布值: counters and values of one period and one key of one cut, with the ledger's head they were counted at.

    `head` is month -> facts in its chain; `place` "" is the whole city, which only a viewer of everything sees.
    """

    id = models.BigAutoField(primary_key=True)
    window = code_field()
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cut = code_field(16)
    key = code_field(64)
    place = code_field()
    rules = code_field(64)
    head: models.JSONField[Any, Any] = models.JSONField()
    counters: models.JSONField[Any, Any] = models.JSONField()
    rates: models.JSONField[Any, Any] = models.JSONField()
    shown_at = models.DateTimeField()

    class Meta:
        db_table = "shown_figure"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["window", "day", "cut", "key"], name="shown_figure_once")
        ]
