"""数据元与表单的表 elements, code lists and forms of a city pack."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Named


class CodeItem(Named):
    """代码表: one value of a list; `code` is "list/value"."""

    list = models.TextField()
    value = models.TextField()


class Element(Named):
    """数据元: what one field means, wherever it is asked. `source` is a data set, empty when nobody holds it."""

    definition = models.TextField()
    type = models.TextField()
    codes = models.TextField(default="", blank=True)
    subject = models.TextField()
    source = models.TextField(default="", blank=True)
    unit = models.TextField(default="", blank=True)
    cycle = models.TextField()
    grade = models.TextField()
    personal = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)
    mask = models.TextField()
    seconds = models.FloatField()


class Form(Named):
    """表单: who asks whom, how often, on what ground. `per_hundred` subjects are asked for each 100 households."""

    asker = models.TextField()
    subject = models.TextField()
    cycle = models.TextField()
    level = models.TextField()
    per_hundred = models.FloatField()
    basis = models.TextField(default="", blank=True)
    until = models.DateField(null=True, blank=True)
    return_promise = models.TextField(default="", blank=True)


class FormField(Named):
    """表单的项: what a form calls an element; `code` is "form/field"."""

    form = models.TextField()
    field = models.TextField()
    element = models.TextField()

    class Meta(Named.Meta):
        indexes: ClassVar[list[models.Index]] = [
            *Named.Meta.indexes,
            models.Index(fields=["element"], name="form_field_element"),
        ]
