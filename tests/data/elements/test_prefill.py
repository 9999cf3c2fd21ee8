"""Pre-filling: the source before the last verified value before an entry; only what is missing or old is asked."""

from __future__ import annotations

from datetime import timedelta

from tests import collecting
from zhongshu.data.elements import prefill
from zhongshu.data.elements.prefill import Value
from zhongshu.data.elements.shapes import Field

BOOK = collecting.book()
DAY = collecting.DAY


def value(kind: str, text: str, days: int, element: str = "phone") -> Value:
    return Value(element, text, kind, "population", DAY - timedelta(days=days))


def shown(element: str, account: str, *values: Value) -> prefill.Shown:
    (found,) = prefill.shown([(Field("01", element, element), account)], prefill.best(values, BOOK), BOOK, DAY)
    return found


def test_source_before_verified_before_entry_before_what_others_told() -> None:
    values = [value("record", "0", 0), value("entry", "1", 0), value("verified", "2", 9), value("source", "3", 900)]
    for count, best in ((4, "3"), (3, "2"), (2, "1"), (1, "0")):
        assert prefill.best(values[:count], BOOK)["phone"].value == best


def test_of_one_kind_the_newest_counts_under_whatever_name() -> None:
    values = [value("entry", "old", 9), value("entry", "new", 2, "resident_mobile")]
    assert prefill.best(values, BOOK)["phone"].value == "new"


def test_a_missing_value_is_asked_and_an_old_one_too() -> None:
    assert shown("phone", "F05").why == "empty"
    assert shown("phone", "F05", value("entry", "1", 185)).why == "old"
    fresh = shown("phone", "F05", value("entry", "1", 10))
    assert (fresh.asked, fresh.age) == (False, 10)


def test_a_late_source_is_asked_only_by_the_unit_that_collects_for_it() -> None:
    late = value("source", "1", 400)
    assert not shown("phone", "F05", late).asked
    assert shown("phone", "F02", late).why == "old"


def test_seconds_count_what_is_asked_and_a_glance_at_the_rest() -> None:
    there, missing = shown("phone", "F05", value("source", "1", 3)), shown("sex", "F05")
    assert prefill.seconds([there, missing], BOOK) == prefill.GLANCE + BOOK.seconds("sex")
