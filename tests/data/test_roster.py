"""The roster of grid officers on a day: who serves, what nobody walks, who is alone, who left, who carries too much."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from zhongshu.data.last_metre import LastMetre, windows
from zhongshu.data.roster import Officer, roster

DAY = date(2026, 6, 1)


def officer(code: str, grids: tuple[str, ...], **more: object) -> Officer:
    told: dict[str, object] = {
        "kind": "full",
        "started": date(2025, 1, 1),
        "ended": None,
        "substitute": "",
        "lately": 1,
    }
    return Officer(code=code, name=code, place="P", unit="U", grids=grids, duties="", account="", **(told | more))  # type: ignore[arg-type]


def test_one_day_of_a_roster() -> None:
    lines = [
        officer("a", ("g1",), substitute="b"),
        officer("b", ("g2",), kind="part", substitute="gone"),
        officer("c", ("g1",), lately=9),
        officer("gone", ("g3",), ended=date(2026, 2, 1)),
        officer("long-gone", ("g3",), ended=date(2024, 2, 1)),
        officer("to-come", ("g4",), started=date(2026, 7, 1)),
    ]
    found = roster(lines, ["g1", "g2", "g3", "g4"], DAY)
    assert [one.code for one in found.serving] == ["a", "b", "c"]
    assert ([one.code for one in found.full], [one.code for one in found.part]) == (["a", "c"], ["b"])
    assert found.uncovered == ["g3", "g4"]
    assert [one.code for one in found.alone] == ["b", "c"]
    assert [one.code for one in found.left] == ["gone"]
    assert [one.code for one in found.heavy] == ["c"]
    assert found.turnover == 1 / 3


def test_nobody_and_nothing_have_no_shares() -> None:
    nobody = roster([], ["g1"], DAY)
    assert (nobody.turnover, nobody.heavy, nobody.uncovered) == (None, [], ["g1"])
    assert LastMetre(0, 0, 0, 0, None, 0, None, 0).share(0) is None


def test_thirty_days_those_before_and_the_same_a_year_ago() -> None:
    now = datetime(2028, 2, 29, 9, tzinfo=UTC)
    found = windows(now)
    assert found["now"] == (now - timedelta(days=30), now)
    assert found["before"] == (now - timedelta(days=60), now - timedelta(days=30))
    assert found["year"][1] == datetime(2027, 2, 28, 9, tzinfo=UTC)
    assert found["year"][1] - found["year"][0] == timedelta(days=30)
