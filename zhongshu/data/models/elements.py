"""数据元与表单的表 elements, code lists and forms of a city pack; what workers wrote, and what they filled in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Named
from zhongshu.data.models.road import code_field


class CodeItem(Named):
    """代码表: one value of a list; `code` is "list/value"."""

    list = models.TextField()
    value = models.TextField()


class Element(Named):
    """数据元: what one field means, wherever it is asked. `source` is a data set, empty when nobody holds it."""

    definition = models.TextField()
    definition_en = models.TextField(default="", db_default="", blank=True)
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


class ElementValue(models.Model):
    """采集的值: what a worker wrote or verified of one subject, once, for every form that asks it.

    Personal data: not a projection (ADR 0007). `subject` is person | house | organisation | place, `entity` its row;
    of a place it is 0 and `place` says which. `kind` is entry | verified, `source` the form it was written in.
    """

    id = models.BigAutoField(primary_key=True)
    subject = code_field(16)
    entity = models.BigIntegerField()
    place = code_field()
    element = code_field(64)
    kind = code_field(16)
    value = models.TextField()
    source = code_field(64)
    as_of = models.DateField()
    by = models.BigIntegerField(default=0)

    class Meta:
        db_table = "element_value"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject", "entity", "place", "element", "kind"], name="element_value_once")
        ]


class FormFill(models.Model):
    """填报: one form filled for one subject: how many fields it showed, had filled in, asked, and what was changed.

    A projection of FormFilled, whose id it bears; no value is in it. `seconds` are those of the burden formula.
    """

    id = models.BigIntegerField(primary_key=True)
    form = code_field(64)
    subject = code_field(16)
    entity = models.BigIntegerField()
    place = code_field()
    unit = code_field(64)
    by = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    shown = models.SmallIntegerField()
    filled = models.SmallIntegerField()
    asked = models.SmallIntegerField()
    changed = models.SmallIntegerField()
    seconds = models.FloatField()
    bare = models.FloatField()
    """Seconds that the form would take if nothing were filled in."""

    class Meta:
        db_table = "form_fill"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["form", "subject", "entity", "-at"], name="form_fill_form"),
            models.Index(fields=["at"], name="form_fill_at", include=["by", "shown", "filled", "seconds", "bare"]),
        ]


class FormTable(models.Model):
    """取表: a table of what a form collected, handed to its asker: how many rows, and the SHA-256 of the file.

    A projection of TableGiven, whose id it bears.
    """

    id = models.BigIntegerField(primary_key=True)
    form = code_field(64)
    rows = models.IntegerField()
    sha256 = code_field(64)
    unit = code_field(64)
    by = models.BigIntegerField(default=0)
    place = code_field()
    at = models.DateTimeField()

    class Meta:
        db_table = "form_table"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["form", "-id"], name="form_table_form")]
