"""A pack's courses: each fault with its place, and the demo's courses are sound."""

from __future__ import annotations

from pathlib import Path

from zhongshu.cities.check import check

COURSES = """course,name,name_en,text,forms,minutes,pass_share,valid_days,gates,basis
people,人口采集,,要点,,40,0.8,365,,
empty,没有题目,,要点,,40,0.8,365,,
"""
QUESTIONS = "course,question,text,options,right\npeople,1,对不对？,对|不对,3\npeople,2,只有一个？,对,1\n"
DEMANDS = "course,demand,kind,level,roles,basis\npeople,all,,,boss,\n"


def test_each_fault_of_a_course_is_named(own: Path) -> None:
    (own / "courses.csv").write_text(COURSES, "utf-8")
    (own / "course_questions.csv").write_text(QUESTIONS, "utf-8")
    (own / "course_demands.csv").write_text(DEMANDS, "utf-8")
    assert sorted((one.file, one.line, one.field) for one in check(own)) == [
        ("course_demands.csv", 2, "roles"),
        ("course_questions.csv", 2, "right"),
        ("course_questions.csv", 3, "right"),
        ("courses.csv", 3, "course"),
    ]
