"""What came back of what was reported; a flow that stopped is found, and no other is accused."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import town
from zhongshu.data.returning.rates import Entry, Flow, broken, dues, in_only, period_end, rates, up_only

UP = Flow("U", "参保核查", "up", "labour", "social", ("identity", "state", "paid"), "month", "form")
DOWN = Flow("D", "参保回流", "down", "labour", "social", ("identity", "state"), "month", "table", 10, ("U",))
LONELY = Flow("V", "低保走访", "up", "civil", "low", ("identity",), "month", "form")
MONTHS = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
NOW = datetime(2026, 4, 20, tzinfo=UTC)
STREETS = [f"9901010{n:02}000" for n in range(1, 6)]
COMMUNITIES = [street[:9] + f"{n:03}" for street in STREETS for n in range(1, 9)]


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def parents(place: str) -> list[str]:
    return [town.CITY, town.DISTRICT, place[:9] + "000", place]


def entry(flow: str, place: str, month: date, days: int) -> Entry:
    return Entry(flow, place, month, midnight(month) + timedelta(days=days), 5)


def test_the_rate_counts_distinct_items_by_place() -> None:
    entries = [entry("U", "a", MONTHS[0], 20), entry("U", "b", MONTHS[0], 20), entry("D", "a", MONTHS[0], 35)]
    by_unit = rates([UP, DOWN], entries, lambda flow, _place: flow.unit)["labour"]
    assert (by_unit.reported, by_unit.returned, by_unit.share) == (6, 2, 1 / 3)
    by_place = rates([UP, DOWN], entries, lambda _flow, place: place)
    assert (by_place["a"].share, by_place["b"].share) == (2 / 3, 0.0)


def test_what_only_goes_up_is_named_with_its_places() -> None:
    entries = [entry("U", "a", MONTHS[0], 20), entry("D", "a", MONTHS[0], 35), entry("V", "b", MONTHS[0], 20)]
    assert up_only([UP, DOWN, LONELY], entries) == {("U", "paid"): {"a"}, ("V", "identity"): {"b"}}


def test_who_takes_in_and_gives_nothing_out() -> None:
    assert in_only({"civil": {"low"}, "labour": {"social"}, "idle": set()}, {"labour": {"social"}}) == {
        "civil": ["low"]
    }


@pytest.mark.parametrize(
    ("start", "cycle", "end"),
    [
        (date(2026, 12, 1), "month", date(2027, 1, 1)),
        (date(2026, 10, 1), "quarter", date(2027, 1, 1)),
        (date(2026, 12, 31), "day", date(2027, 1, 1)),
        (date(2026, 7, 1), "half", date(2027, 1, 1)),
    ],
)
def test_periods_end_on_the_first_day_after(start: date, cycle: str, end: date) -> None:
    assert period_end(start, cycle) == end


def test_a_return_is_owed_only_for_what_was_reported_and_late_is_missed() -> None:
    entries = [entry("U", "a", MONTHS[0], 20), entry("D", "a", MONTHS[0], 50), entry("D", "b", MONTHS[0], 5)]
    (one,) = dues([UP, DOWN], entries, midnight)
    assert (one.place, one.due, one.missed(NOW)) == ("a", midnight(date(2026, 2, 11)), True)
    assert not one.missed(midnight(date(2026, 2, 1)))


def history(seed: int, lost: set[str], flows: int = 6) -> tuple[list[Flow], list[Entry]]:
    """Three months of pairs of flows; ordinary disorder loses 4 of 100; pair 0 stops in `lost` from February on."""
    rng = random.Random(seed)
    pairs = [
        flow
        for n in range(flows)
        for flow in (
            Flow(f"U{n}", "", "up", f"unit{n}", f"set{n}", ("a", "b"), "month", "form"),
            Flow(f"D{n}", "", "down", f"unit{n}", f"set{n}", ("a",), "month", "table", 10, (f"U{n}",)),
        )
    ]
    entries = []
    for month in MONTHS:
        for place in COMMUNITIES:
            for n in range(flows):
                entries.append(entry(f"U{n}", place, month, 25))
                stopped = n == 0 and month >= MONTHS[1] and place[:9] + "000" in lost
                if not stopped and rng.random() > 0.04:
                    entries.append(entry(f"D{n}", place, month, 33))
    return pairs, entries


@pytest.mark.parametrize("seed", range(4))
def test_the_flow_that_stopped_in_one_street_is_found_there_and_nothing_else_is_accused(seed: int) -> None:
    flows, entries = history(seed, {STREETS[2]})
    (found,) = broken(dues(flows, entries, midnight), NOW, parents)
    assert (found.flow, found.place, found.since) == ("D0", STREETS[2], MONTHS[1])
    assert found.missed == found.due == 16


def test_a_flow_that_stopped_everywhere_is_named_once_at_the_top() -> None:
    flows, entries = history(1, set(STREETS))
    (found,) = broken(dues(flows, entries, midnight), NOW, parents)
    assert (found.flow, found.place) == ("D0", town.CITY)


@pytest.mark.parametrize("seed", range(4))
def test_ordinary_disorder_accuses_nobody(seed: int) -> None:
    flows, entries = history(seed, set())
    assert broken(dues(flows, entries, midnight), NOW, parents) == []


def test_nothing_is_missed_before_it_is_due() -> None:
    flows, entries = history(1, set(STREETS))
    assert broken(dues(flows, entries, midnight), midnight(date(2026, 3, 5)), parents) == []
