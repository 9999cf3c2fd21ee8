"""埋设的真相 what is planted in the demo city, so that tests can ask whether it is found rather than shown."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Any

from zhongshu.cities.demo.rules import YEARS

Row = dict[str, Any]

LOCAL = timezone(timedelta(hours=8))

NIGHT_WORKS = "夜间超时施工"
DUPLICATES = (0.10, 0.25)
"""Share of duplicate reports that the stream keeps to (domain.md §10)."""

FORMS = tuple(f"F{number:02d}" for number in range(1, 11))
"""Ten forms of ten departments that ask one community worker for nearly the same elements of the same persons."""

SAME = (
    ("phone", "resident_mobile"),
    ("identity", "resident_id_number"),
    ("birth_date", "resident_born"),
    ("residence_address", "resident_home"),
    ("marriage", "resident_marital"),
    ("health", "resident_condition"),
    ("employment", "resident_job"),
    ("nation", "resident_folk"),
    ("organisation_name", "firm_full_name"),
    ("credit_code", "firm_code"),
)
"""Elements that mean the same under two names."""


def plant(places: list[Row], grids: list[tuple[Row, float, float]], sensors: list[Row], seed: int) -> Row:
    """Every planted truth, ready to be written as truths.json. `grids` come with a point inside each."""
    rng = Random(f"truths {seed}")
    grid, lon, lat = rng.choice([item for item in grids if item[0]["kind"] == "base"])
    return {
        "seed": seed,
        "night_works": night_works(places, rng),
        "bad_worker": {
            "grid": grid["code"],
            "division": grid["division"],
            "lon": lon,
            "lat": lat,
            "a_day": 2,
            "how": "每天上报同样的文字、同一个坐标 the same text and the same point every day",
        },
        "over_graded": {"dataset": "observations", "declared": "4", "derived": "1", "why": "应公开的积水读数被定为4级"},
        "forms": list(FORMS),
        "same": [list(pair) for pair in SAME],
        "duplicates": {"least": DUPLICATES[0], "most": DUPLICATES[1], "where": "truth.group of every report"},
        "floods": [flood for day in _all_days() for flood in floods_on(sensors, day, seed)],
    }


def night_works(places: list[Row], rng: Random) -> Row:
    """Three sites close together that work at night in some weeks of each year."""
    roads = [place for place in places if place["kind"] == "road"]
    first = rng.choice(roads)
    near = sorted(roads, key=lambda place: metres(first, place))[:3]
    sites = [{key: place[key] for key in ("name", "division", "lon", "lat")} for place in near]
    windows = [
        [date(year, month, 1).isoformat(), date(year, month, 28).isoformat()] for year in YEARS for month in (3, 7, 11)
    ]
    return {"category_name": NIGHT_WORKS, "sites": sites, "windows": windows, "nightly_per_site": 1.5}


def metres(a: Row, b: Row) -> float:
    """Distance between two rows with lon and lat, good enough within a city."""
    x = (a["lon"] - b["lon"]) * math.cos(math.radians(a["lat"])) * 111_320
    return math.hypot(x, (a["lat"] - b["lat"]) * 110_574)


def _all_days() -> list[date]:
    first = date(YEARS[0], 1, 1)
    return [first + timedelta(days=n) for n in range((date(YEARS[-1], 12, 31) - first).days + 1)]


def floods_on(sensors: list[Row], day: date, seed: int) -> list[Row]:
    """The floods of one local day: storms hit several points in the rainy months, a burst pipe one on any day.

    `at` is when the threshold is passed, `until` when the water is below `clear_below` again; both UTC.
    """
    rng = Random(f"flood {seed} {day}")
    storm = 4 <= day.month <= 9 and rng.random() < 0.07
    count = max(2, len(sensors) // 5) if storm else int(rng.random() < 0.6)
    found = []
    begin = rng.uniform(6, 20)
    for sensor in rng.sample(sensors, min(count, len(sensors))):
        start = datetime.combine(day, time(), LOCAL) + timedelta(hours=begin + rng.uniform(0, 1.5) * storm)
        peak = rng.uniform(20, 55)
        rise, fall = rng.uniform(10, 25), rng.uniform(30, 90)
        over = rise * sensor["threshold"] / peak
        calm = rise + fall * (1 - sensor["clear_below"] / peak)
        found.append(
            {
                "sensor": sensor["code"],
                "start": _iso(start),
                "at": _iso(start + timedelta(minutes=over)),
                "until": _iso(start + timedelta(minutes=calm)),
                "peak_cm": round(peak, 1),
                "rise_minutes": round(rise, 2),
                "fall_minutes": round(fall, 2),
                "storm": storm,
            }
        )
    return found


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
