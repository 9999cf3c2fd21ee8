"""质量的表 the rules in force, each run of them with what it counted, the rows that failed, and cells looked at."""

from __future__ import annotations

from django.db import models

from zhongshu.data.models.pack import Named


class QualityRule(Named):
    """质量规则: `indicator` is a sub-indicator of GB/T 36344, `kind` how `value`, `against`, `keys` are read."""

    dataset = models.TextField()
    item = models.TextField()
    indicator = models.TextField()
    kind = models.TextField()
    value = models.TextField(default="", blank=True)
    against = models.TextField(default="", blank=True)
    keys = models.TextField(default="", blank=True)
    condition = models.TextField(default="", blank=True)
    weight = models.FloatField()
    basis = models.TextField(default="", blank=True)
