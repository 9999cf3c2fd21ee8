"""培训的表 the tables of a city pack that say what has to be learned, what is asked at its end, who must know it."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

COURSES = Table(
    "courses",
    # 课程: what has to be known of some `forms`; with `gates` nobody who must hold it fills them before he has passed
    (
        required("course"),
        required("name"),
        optional("name_en"),
        required("text"),
        optional("forms", "words", refers="forms"),
        required("minutes", "int", low=1, high=10_000),
        required("pass_share", "float", low=0, high=1),
        required("valid_days", "int", low=1, high=3650),
        optional("gates", "flag"),
        # 须到课: nobody passes who was not in a class of it
        optional("classroom", "flag"),
        optional("basis"),
    ),
    key=("course",),
)
COURSE_QUESTIONS = Table(
    "course_questions",
    # 考题: `options` apart by |, `right` the number of the right one, from 1
    (
        required("course", refers="courses"),
        required("question"),
        required("text"),
        required("options"),
        required("right", "int", low=1, high=9),
    ),
    key=("course", "question"),
)
COURSE_DEMANDS = Table(
    "course_demands",
    # 培训要求: posts of units of a `kind` on a `level` with one of `roles` must hold a course; what is empty means any
    (
        required("course", refers="courses"),
        required("demand"),
        optional("kind"),
        optional("level", "int", low=1, high=4),
        optional("roles", "words"),
        optional("basis"),
    ),
    key=("course", "demand"),
)
TRAINING_TABLES = (COURSES, COURSE_QUESTIONS, COURSE_DEMANDS)
