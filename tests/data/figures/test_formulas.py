"""Formulas are read by a parser of their own, windows shift the calendar, intervals are Wilson's."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.data.figures.counting import COUNTERS
from zhongshu.data.figures.formulas import Formula, Window, add_months, names, parse, value, wilson
from zhongshu.data.figures.rules import defaults

COUNTED = {"a": 7.0, "b": 2.0, "c": 0.0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", 7.0),
        ("a + 0.9 * b", 8.8),
        ("(a + b) × 2 ÷ 3 − 1", 5.0),
        ("a - b - 1", 4.0),
        ("a / b / 2", 1.75),
        ("100 - 0.01 * a", 99.93),
        ("a / c", None),
        ("1 + a / c", None),
    ],
)
def test_formulas_combine_counters(text: str, expected: float | None) -> None:
    assert value(parse(text), COUNTED) == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    "text",
    ["", "a +", "(a", "a)", "a b", "a ** b", "__import__('os')", "a.b", "A", "1e9", "a;b", "(" * 90 + "a" + ")" * 90],
)
def test_nothing_else_is_read(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


@given(st.text(alphabet="ab01.+-*/() ", max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except ValueError:
        return
    assert names(tree) <= set(__import__("re").findall("[a-z][a-z0-9_]*", text))


def test_every_default_formula_counts_what_is_counted() -> None:
    formulas = [Formula(**row) for row in defaults("formulas")]
    assert {code.code: code.counters() - set(COUNTERS) for code in formulas if code.counters() - set(COUNTERS)} == {}
    assert {row["formula"] for row in defaults("weights")} <= {one.code for one in formulas}
    bases = {row["basis"] for table in ("formulas", "weights", "windows", "thresholds") for row in defaults(table)}
    assert bases <= {"law", "standard", "statistics", "expert", "default"}


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share(part: int, more: int) -> None:
    base = part + more
    found = wilson(part, base)
    assert found is not None
    assert 0 <= found[0] <= part / base <= found[1] <= 1
    wider = wilson(part / 10, base / 10)
    assert wider is not None
    assert wider[1] - wider[0] > found[1] - found[0], "fewer answers say less"


def test_wilson_against_the_published_figures() -> None:
    low, high = wilson(15, 20) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.5313, 0.8881)
    assert wilson(3, 0) is None
    assert wilson(8, 7) is None


def test_windows_of_the_trade() -> None:
    windows = {row["code"]: Window(**row) for row in defaults("windows")}
    day = windows["day"].bounds(date(2026, 6, 2))
    assert [f"{one:%m-%d %H:%M}" for one in day] == ["06-01 12:00", "06-02 12:00"]
    month = windows["month"].bounds(date(2026, 3, 30))
    assert [f"{one:%Y-%m-%d}" for one in month] == ["2026-02-19", "2026-03-19"]
    assert [f"{one:%Y-%m-%d}" for one in windows["month"].bounds(date(2026, 1, 5))] == ["2025-12-19", "2026-01-19"]
    assert [f"{one:%Y-%m-%d}" for one in windows["quarter"].bounds(date(2026, 6, 2))] == ["2026-04-01", "2026-07-01"]
    assert [f"{one:%Y-%m-%d}" for one in windows["natural_month"].bounds(date(2026, 12, 31))] == [
        "2026-12-01",
        "2027-01-01",
    ]
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


@given(
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    st.sampled_from(["natural_day", "natural_month", "quarter", "day", "month"]),
)
def test_periods_follow_one_another(day: date, code: str) -> None:
    from zhongshu.data.figures.formulas import first_day, next_first

    window = next(Window(**row) for row in defaults("windows") if row["code"] == code)
    first = first_day(window.unit, day)
    assert window.bounds(day)[1] == window.bounds(next_first(window.unit, first))[0]
