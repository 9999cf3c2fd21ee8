"""研判规则表 tables of a city pack that the judge room reads beside its model."""

from __future__ import annotations

from django.db import models

from zhongshu.data.models.pack import Version


class KeywordRule(Version):
    """关键词规则: words (apart by ;, parts of one joined by +) that speak for a class, and how often they are right."""

    category = models.TextField()
    words = models.TextField()
    not_words = models.TextField(default="", blank=True)
    weight = models.FloatField()
    basis = models.TextField(default="", blank=True)


class Raise(Version):
    """加急规则: weather or days on which matters of a class, and of those below it, are more urgent."""

    on = models.TextField()
    what = models.TextField()
    category = models.TextField()
    step = models.SmallIntegerField()
    reason = models.TextField()
    begins = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    basis = models.TextField(default="", blank=True)
