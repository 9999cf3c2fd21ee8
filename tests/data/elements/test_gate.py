"""The gate: what can be got otherwise is refused by name, without ground or end nothing comes in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import collecting
from zhongshu.data.elements.gate import LONGEST, answer
from zhongshu.data.elements.shapes import Field, Form

BOOK = collecting.book()


def wanted(*elements: str, subject: str = "person", cycle: str = "quarter") -> Form:
    fields = tuple(Field(f"{n:02d}", one, one) for n, one in enumerate(elements, 1))
    until = collecting.DAY + timedelta(days=365)
    return Form("new", "新表", "elsewhere", subject, cycle, 5, fields, basis="某条例第三条", until=until)


def verdicts(form: Form) -> dict[str, tuple[str, str]]:
    return {item.element: (item.verdict, item.where) for item in answer(form, BOOK, collecting.DAY).items}


def test_each_element_gets_its_verdict() -> None:
    found = verdicts(wanted("person_name", "resident_mobile", "visit_result", "education", "floor_area", "ghost"))
    assert found == {
        "person_name": ("served", "population"),
        "resident_mobile": ("served", "population"),
        "visit_result": ("asked", "F11"),
        "education": ("asked", "F04"),
        "floor_area": ("strange", ""),
        "ghost": ("strange", ""),
    }


def test_what_others_ask_less_often_may_be_asked() -> None:
    assert verdicts(wanted("household_income", cycle="month"))["household_income"] == ("ask", "")
    assert verdicts(wanted("household_income", cycle="year"))["household_income"] == ("asked", "F12")


def test_the_unit_that_keeps_a_source_collects_for_it() -> None:
    own = replace(wanted("school"), asker=BOOK.elements["school"].unit, cycle="month")
    assert verdicts(own)["school"] == ("ask", "")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"basis": " "}, "no_basis"),
        ({"until": None}, "no_sunset"),
        ({"until": date(2025, 1, 1)}, "past"),
        ({"until": collecting.DAY + LONGEST + timedelta(days=1)}, "too_long"),
    ],
)
def test_ground_and_end_are_needed(change: dict[str, object], fault: str) -> None:
    form = replace(wanted("marriage", cycle="week"), **change)  # type: ignore[arg-type]
    told = answer(form, BOOK, collecting.DAY)
    assert (told.open, told.faults) == (False, (fault,))


def test_nothing_left_to_ask_is_no_form() -> None:
    told = answer(wanted("person_name", "sex"), BOOK, collecting.DAY)
    assert told.faults == ("nothing_left",)
    assert told.spared > 0
    assert told.minutes == 0


def test_what_passes_may_be_asked() -> None:
    form = wanted("person_name", "marriage", cycle="week")
    told = answer(form, BOOK, collecting.DAY)
    assert (told.allowed, told.open) == (("marriage",), True)
