"""培训的表 courses of a city pack with their questions, who must hold them, and what people took."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Named, Version
from zhongshu.data.models.road import code_field


class Course(Named):
    """课程: what has to be known; `text` is its substance, `links` (;) pages of this platform to try it on.

    Passed with `pass_share` of its questions right; holds for `valid_days`. With `gates` nobody who must hold it fills
    in the `forms` (;) that it is about before he has passed. With `classroom` nobody passes who was not in a class.
    """

    text = models.TextField()
    forms = models.TextField(default="", blank=True)
    minutes = models.IntegerField()
    pass_share = models.FloatField()
    valid_days = models.IntegerField()
    gates = models.BooleanField(default=False)
    classroom = models.BooleanField(default=False, db_default=False)
    basis = models.TextField(default="", blank=True)


class CourseQuestion(Version):
    """考题: `options` apart by |, `right` the number of the right one from 1. `code` is "course/question"."""

    course = models.TextField()
    question = models.TextField()
    text = models.TextField()
    options = models.TextField()
    right = models.IntegerField()


class CourseDemand(Version):
    """培训要求: posts of units of a `kind` on a `level` with one of `roles` (;) must hold a course; empty means any."""

    course = models.TextField()
    kind = models.TextField(default="", blank=True)
    level = models.IntegerField(null=True, blank=True)
    roles = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)


class CourseTaken(models.Model):
    """培训记录: one attempt of one person: by examination, or as a trainer recorded it.

    A projection of CourseTaken, whose id it bears. `until` is empty when it was not passed.
    """

    id = models.BigIntegerField(primary_key=True)
    course = code_field(64)
    person = models.BigIntegerField()
    how = code_field(16)
    right = models.SmallIntegerField()
    asked = models.SmallIntegerField()
    passed = models.BooleanField()
    until = models.DateTimeField(null=True)
    note = models.TextField(default="")
    unit = code_field(64)
    place = code_field()
    by = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "course_taken"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "course", "-at"], name="course_taken_person"),
            models.Index(fields=["course", "-at"], name="course_taken_course"),
        ]


class ClassSeat(models.Model):
    """培训班座位: one person in one class. A projection of moves of `class` proceedings; `id` is "class:person".

    `state` enrolled | left | attended | absent; `by` put him on the list, `noted_by` said whether he was there.
    """

    id = models.CharField(primary_key=True, max_length=48, db_collation="C")
    taught = models.BigIntegerField()
    """The class: the id of its proceeding."""
    course = code_field(64)
    person = models.BigIntegerField()
    unit = code_field(64)
    place = code_field()
    state = code_field(16)
    by = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    noted_by = models.BigIntegerField(default=0, db_default=0)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "class_seat"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["taught", "state"], name="class_seat_class"),
            models.Index(fields=["person", "course", "state"], name="class_seat_person"),
        ]
