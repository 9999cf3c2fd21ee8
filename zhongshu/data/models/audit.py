"""自查的表 what a city pack says of its spending: kept for the self-audit alone."""

from __future__ import annotations

from django.db import models

from zhongshu.data.models.pack import Version


class Spending(Version):
    """数字化支出: one project of one `year`, `amount` in yuan; `unit` paid, `place` is whom it serves."""

    unit = models.TextField()
    place = models.TextField()
    year = models.IntegerField()
    kind = models.TextField()
    project = models.TextField()
    project_en = models.TextField(default="", blank=True)
    amount = models.FloatField()
    source = models.TextField()
    source_en = models.TextField(default="", blank=True)
