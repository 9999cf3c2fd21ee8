"""分级共享 the city's rows that grade, mask, limit and return data; grants, their uses, and the return ledger."""

from __future__ import annotations

from django.db import models

from zhongshu.data.models.pack import Named, Version


class GradeHarm(Version):
    """危害定级: the grade and the strictest share type of one harm; `code` is "object/degree"."""

    object = models.TextField()
    degree = models.TextField()
    grade = models.TextField()
    share = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class GradeRule(Named):
    """定级规则. Conditions hold words separated by ;"""

    classes = models.TextField(default="", blank=True)
    datasets = models.TextField(default="", blank=True)
    elements = models.TextField(default="", blank=True)
    subjects = models.TextField(default="", blank=True)
    types = models.TextField(default="", blank=True)
    masks = models.TextField(default="", blank=True)
    personal = models.TextField(default="", blank=True)
    sensitive = models.TextField(default="", blank=True)
    region = models.TextField(default="", blank=True)
    min_rows = models.BigIntegerField(null=True, blank=True)
    depth = models.TextField(default="", blank=True)
    coverage = models.TextField(default="", blank=True)
    object = models.TextField()
    degree = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class Mask(Named):
    """脱敏与降级措施."""

    how = models.TextField()
    head = models.IntegerField(null=True, blank=True)
    tail = models.IntegerField(null=True, blank=True)
    k = models.IntegerField(null=True, blank=True)
    days = models.IntegerField(null=True, blank=True)
    grade = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class ShareLimit(Named):
    """共享时限, in working days."""

    days = models.IntegerField()
    calendar = models.TextField()
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)


class DataFlow(Named):
    """上报与回流: what a unit collects from below, and what it must give back. `items`, `answers` separated by ;"""

    direction = models.TextField()
    unit = models.TextField()
    dataset = models.TextField()
    items = models.TextField()
    grain = models.TextField()
    cycle = models.TextField()
    how = models.TextField()
    within_days = models.IntegerField(null=True, blank=True)
    answers = models.TextField(default="", blank=True)
    place = models.TextField(default="", blank=True)
    basis = models.TextField()
    clause = models.TextField(default="", blank=True)
