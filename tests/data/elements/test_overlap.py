"""Overlap: the ten planted forms and no other are found; the ratio and the minutes are those of the formula."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import collecting
from zhongshu.cities.demo import truths
from zhongshu.data.elements.overlap import jaccard, overlaps
from zhongshu.data.elements.shapes import Book, Element, Field, Form, minutes, same_by

NAME, PHONE, WISH = (
    Element(code, code, code, "text", "person", source=source, unit="u", seconds=seconds)
    for code, source, seconds in (("name", "population", 6), ("phone", "population", 10), ("wish", "", 44))
)


def form(code: str, asker: str, elements: str, cycle: str = "month", per: float = 10) -> Form:
    fields = tuple(Field(f"{n:02d}", one, one) for n, one in enumerate(elements.split(), 1))
    return Form(code, code, asker, "person", cycle, per, fields, basis="law")


def book_of(*forms: Form) -> Book:
    return Book({one.code: one for one in (NAME, PHONE, WISH)}, {one.code: one for one in forms})


@pytest.mark.parametrize("same", [False, True], ids=["names_apart", "names_joined"])
def test_the_planted_forms_are_found_and_no_other(same: bool) -> None:
    found = overlaps(collecting.book(same), collecting.DAY)
    assert found.forms == set(truths.FORMS)
    (group,) = found.groups
    assert group.askers == 10
    assert {"person_name", "identity", "sex"} <= set(group.shared)


def test_one_meaning_under_two_names_counts_as_the_same() -> None:
    apart, joined = (overlaps(collecting.book(same), collecting.DAY) for same in (False, True))
    assert joined.ratio > apart.ratio
    assert len(joined.pairs) == 45
    assert len(apart.pairs) < 45
    assert joined.groups[0].spared > apart.groups[0].spared


def test_the_ratio_counts_a_period_once() -> None:
    monthly, quarterly = form("a", "u", "name phone"), form("b", "v", "name wish", "quarter")
    found = overlaps(book_of(monthly, quarterly), collecting.DAY)
    assert found.requests == 2 * 12 + 2 * 4
    assert found.distinct == 12 + 12 + 4
    assert found.ratio == pytest.approx(1 - 28 / 32)


def test_forms_of_one_asker_are_no_pair_nor_those_asked_only_of_newcomers() -> None:
    own = overlaps(book_of(form("a", "u", "name phone"), form("b", "u", "name phone")), collecting.DAY)
    assert (own.pairs, own.ratio) == ((), 0.5)
    once = overlaps(book_of(form("a", "u", "name phone"), form("b", "v", "name phone", "once")), collecting.DAY)
    assert once.pairs == ()


def test_a_stopped_form_and_one_past_its_day_are_not_asked() -> None:
    stopped = replace(form("a", "u", "name phone"), state="stopped")
    past = replace(form("b", "v", "name phone"), until=collecting.DAY.replace(day=1, month=1))
    book = book_of(stopped, past, form("c", "w", "name phone"))
    assert [one.code for one in book.asked(collecting.DAY)] == ["c"]
    assert overlaps(book, collecting.DAY).pairs == ()


def test_minutes_are_seconds_times_frequency_times_subjects() -> None:
    asked = form("a", "u", "name phone wish", per=50)
    assert minutes(asked, asked.elements, book_of(asked)) == pytest.approx((6 + 10 + 44) / 60 * 12 * 50 / 250)


def test_nothing_is_asked() -> None:
    assert overlaps(book_of(), collecting.DAY).requests == 0


@given(st.lists(st.sets(st.sampled_from(["name", "phone", "wish"]), min_size=1), min_size=1, max_size=6))
def test_jaccard_is_that_of_the_sets(asked: list[set[str]]) -> None:
    forms = [form(str(n), str(n), " ".join(sorted(one))) for n, one in enumerate(asked)]
    found = jaccard(forms, book_of(*forms))
    for a, one in enumerate(asked):
        for b, other in enumerate(asked):
            expected = 0 if a == b else len(one & other) / len(one | other)
            assert found[a, b] == pytest.approx(expected)


def test_meanings_join_across_pairs_and_the_one_with_a_source_stands_for_all() -> None:
    same = same_by([("wish", "phone"), ("wish", "other")], {"phone": PHONE, "wish": WISH})
    assert same == {"wish": "phone", "other": "phone"}
