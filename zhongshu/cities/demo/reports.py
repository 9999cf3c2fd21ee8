"""诉求流 the citizens of the demo city: a stream of reports with the truth of each beside it.

Each local day is drawn from a seed of its own, so the same day always has the same reports, wherever a stream begins.
The texts are synthetic (see `voice`): what is found in them shows that the machinery works, not how well it would
do with real people.
"""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from zhongshu.cities.demo.causes import planned
from zhongshu.cities.demo.content import Class, classes
from zhongshu.cities.demo.sites import FLOODED
from zhongshu.cities.demo.truths import LOCAL, NIGHT_WORKS, floods_on
from zhongshu.cities.demo.voice import follow_up, message, person, phone, words
from zhongshu.cities.read import Pack
from zhongshu.kernel.places import Datum, wgs84_to_gcj02

Row = dict[str, Any]

GROUPED = 0.09
"""Share of matters that more than one person reports."""

REGULARS = 0.17
"""Share of reports by the one caller in a hundred who calls again and again (domain.md §10)."""

SPECIAL = 0.03
"""Share of reporters whose own situation is special."""


COPIED = "暴露垃圾"
"""What the bad worker says of every day."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: its class, its place, when it is first reported; `group` is what its duplicates share."""

    klass: Class
    place: Row
    at: datetime
    group: str
    plant: str = ""


class City:
    """What the stream needs to know of a pack, prepared once."""

    def __init__(self, pack: Pack) -> None:
        self.seed = int(str(pack.about["version"]).rpartition(".")[2])
        self.places: list[Row] = pack.rows("places")
        self.sensors: list[Row] = pack.rows("sensors")
        self.truths: Row = json.loads((pack.folder / "truths.json").read_text("utf-8"))
        named = {row["code"]: row["name"] for row in pack.rows("divisions")}
        self.street = {row["code"]: named[f"{row['division'][:9]}000"] for row in self.places}
        self.classes = [c for c in classes() if c.kind == "appeal" and c.host]
        self.by_name = {c.name: c for c in reversed(classes()) if c.host}
        self.limits = list(accumulate(self._weights()))

    def _weights(self) -> list[float]:
        """Weight of each leaf: the mix of the top level, shared unevenly among its leaves."""
        tops = {c.code: words()["mix"][c.name] for c in classes() if c.kind == "appeal" and not c.parent}
        rng = Random(f"mix {self.seed}")
        raw = [(c.code[:3], rng.paretovariate(1.2)) for c in self.classes]
        sums: dict[str, float] = {}
        for top, weight in raw:
            sums[top] = sums.get(top, 0) + weight
        return [weight / sums[top] * tops[top] for top, weight in raw]

    def draw(self, rng: Random) -> Class:
        return self.classes[bisect(self.limits, rng.random() * self.limits[-1])]


def reports(pack: Pack, start: datetime, end: datetime, rate: float) -> Iterator[Row]:
    """Reports with `start` <= at < `end` (UTC), in order of time, about `rate` an hour over a whole day.

    Keys: source, key, channel, at, text, address, lon, lat, datum, name, phone; `truth` is what no reader may use:
    category ("" when nothing was there), group (of duplicates), division, lon and lat in WGS-84, special, plant.
    """
    city = City(pack)
    day = start.astimezone(LOCAL).date()
    while day <= end.astimezone(LOCAL).date():
        yield from (row for row in _day(city, day, rate) if start <= row["at"] < end)
        day += timedelta(days=1)


def waiting(pack: Pack, now: datetime, each: int = 5) -> list[Row]:
    """Reports of the last hours in the street of the demo's accounts, `each` for either unit of a street that handles.

    Few matters are a street's own, and chance may pass one street by: who signs in there finds something to do.
    """
    city, rng = City(pack), Random(f"waiting {now.date()}")
    street = next(row["posts"][0][:9] for row in pack.rows("accounts") if row["username"] == "street-handler")
    places = [row for row in city.places if row["division"].startswith(street)]
    rows: list[Row] = []
    for host in ("street/office", "street/enforcement"):
        for klass in rng.sample([one for one in city.classes if one.host == host], each):
            at = now - timedelta(minutes=rng.randrange(20, 300))
            rows += list(_said(city, Matter(klass, rng.choice(places), at, f"waiting-{len(rows)}"), rng))[:1]
    for number, row in enumerate(rows):
        # A source of its own: the demo's people work on "demo", and what waits is left to whoever signs in.
        row |= {"source": "waiting", "key": f"waiting-{now:%Y%m%d}-{number:03}"}
    return sorted(rows, key=lambda row: row["at"])


def _day(city: City, day: date, rate: float) -> list[Row]:
    rng = Random(f"reports {city.seed} {day} {rate}")
    matters = [*_ordinary(city, day, rate, rng), *_planted(city, day, rng)]
    rows = [row for matter in matters for row in _said(city, matter, rng)]
    last = datetime.combine(day, time.max, LOCAL)
    kept = sorted((row for row in rows if row["at"] <= last), key=lambda row: (row["at"], row["truth"]["group"]))
    for number, row in enumerate(kept):
        row["key"] = f"demo-{day:%Y%m%d}-{number:06}"
    return sorted([*kept, *_caused(city, day)], key=lambda row: (row["at"], row["truth"]["group"]))


def _caused(city: City, day: date) -> list[Row]:
    """Reports of planted causes and their look-alikes, drawn apart so that a city's other days stay as they are."""
    rng, found = Random(f"caused words {city.seed} {day}"), []
    for number, one in enumerate(planned(city.truths["causes"], city.seed, day)):
        matter = Matter(city.by_name[one.name], one.site, one.at.astimezone(UTC), one.group, one.plant)
        text = message(rng, matter.klass.phrases, one.site["name"] + rng.choice(words()["ends"]), False)
        row = _report(city, matter, (matter.at, text, False), rng)
        row["key"] = f"demo-{day:%Y%m%d}-c{number:05}"
        if one.caller:
            same = Random(f"{one.caller} {city.seed}")
            row["name"], row["phone"] = person(same), phone(same)
        found.append(row)
    return found


def _moment(rng: Random, day: date, hours: Sequence[float]) -> datetime:
    hour = rng.choices(range(24), hours)[0]
    return (datetime.combine(day, time(hour), LOCAL) + timedelta(seconds=rng.randrange(3600))).astimezone(UTC)


def _ordinary(city: City, day: date, rate: float, rng: Random) -> Iterator[Matter]:
    clock = words()["clock"]
    weekend = 0.75 if day.weekday() >= 5 else 1.0
    count = round(rate * 24 * weekend * rng.uniform(0.9, 1.1) / (1 + 2.2 * GROUPED))
    for number in range(count):
        klass = city.draw(rng)
        hours = clock["night" if klass.name in clock["night_classes"] else "day"]
        yield Matter(klass, rng.choice(city.places), _moment(rng, day, hours), f"{day:%Y%m%d}-{number}")


def _planted(city: City, day: date, rng: Random) -> Iterator[Matter]:
    """The night-works cluster, the worker who copies, and the people in the water of a planted flood."""
    works = city.truths["night_works"]
    active = any(first <= day.isoformat() <= last for first, last in works["windows"])
    for number, site in enumerate(works["sites"] if active else []):
        for again in range(rng.choice((1, 1, 2, 2))):
            at = _moment(rng, day, [9, 6, 3, *[0] * 19, 6, 9])
            group = f"{day:%Y%m%d}-night-{number}-{again}"
            yield Matter(city.by_name[NIGHT_WORKS], {**site, "code": ""}, at, group, "night_works")
    worker = city.truths["bad_worker"]
    for number in range(worker["a_day"] if day.weekday() < 5 else 0):
        at = _moment(rng, day, [0] * 9 + [1] * 9 + [0] * 6)
        yield Matter(city.by_name[COPIED], {**worker, "code": ""}, at, f"{day:%Y%m%d}-copy-{number}", "bad_worker")
    by_code = {sensor["code"]: sensor for sensor in city.sensors}
    for flood in floods_on(city.sensors, day, city.seed):
        sensor = by_code[flood["sensor"]]
        place = {**sensor, "name": sensor["name"].removesuffix("内涝点水位计"), "code": ""}
        at = datetime.fromisoformat(flood["at"]) + timedelta(minutes=rng.uniform(2, 15))
        yield Matter(city.by_name[FLOODED], place, at, f"{day:%Y%m%d}-flood-{flood['sensor']}", "flood")


def _said(city: City, matter: Matter, rng: Random) -> Iterator[Row]:
    """The first report of a matter and what others say about it later."""
    if matter.plant == "bad_worker":
        yield _copy(matter)
        return
    special = rng.random() < SPECIAL
    place = matter.place["name"] + rng.choice(words()["ends"])
    text = message(rng, matter.klass.phrases, place, special)
    yield _report(city, matter, (matter.at, text, special), rng)
    more = rng.choice((1, 1, 2, 2, 3, 5)) if rng.random() < GROUPED else 0
    if matter.plant == "flood":
        more = rng.randint(1, 6)
    for _ in range(more):
        wait = timedelta(minutes=rng.expovariate(1 / 25 if matter.plant == "flood" else 1 / 180))
        again = follow_up(rng, matter.klass.phrases, matter.place["name"])
        yield _report(city, matter, (matter.at + wait, again, False), rng)


def _report(city: City, matter: Matter, said: tuple[datetime, str, bool], rng: Random) -> Row:
    at, text, special = said
    names, weights = zip(*words()["channels"], strict=True)
    channel = rng.choices(names, weights)[0]
    caller = Random(f"caller {city.seed} {rng.randrange(60)}") if rng.random() < REGULARS else rng
    lon, lat = matter.place["lon"] + rng.gauss(0, 1.5e-4), matter.place["lat"] + rng.gauss(0, 1.5e-4)
    row: Row = {
        "source": "demo",
        "key": "",
        "channel": channel,
        "at": at,
        "text": text,
        **_where(city, matter, channel, (lon, lat), rng),
        "name": person(caller),
        "phone": phone(caller),
        "truth": {
            "category": matter.klass.code,
            "group": matter.group,
            "division": matter.place["division"],
            "lon": round(lon, 6),
            "lat": round(lat, 6),
            "special": special,
            "plant": matter.plant,
        },
    }
    return row


def _copy(matter: Matter) -> Row:
    """What the bad worker files: the same words and the same point whatever was there, under an own name."""
    point = {"lon": matter.place["lon"], "lat": matter.place["lat"]}
    said = {
        "source": "demo",
        "key": "",
        "channel": "grid",
        "at": matter.at,
        "text": f"{COPIED}，已查看。",
        "address": "",
    }
    truth = {"category": "", "group": matter.group, "division": matter.place["division"], **point}
    who = {"datum": Datum.WGS84.value, "name": "", "phone": ""}
    return {**said, **point, **who, "truth": {**truth, "special": False, "plant": matter.plant}}


def _where(city: City, matter: Matter, channel: str, point: tuple[float, float], rng: Random) -> Row:
    """How the reporter says where: a caller in words, a phone by its point (often GCJ-02), a form in both ways."""
    street = city.street.get(matter.place["code"], "")
    address = (street if rng.random() < 0.3 else "") + matter.place["name"]
    if channel == "phone" or (channel == "web" and rng.random() < 0.5):
        return {"address": address, "lon": None, "lat": None, "datum": Datum.WGS84.value}
    datum = Datum.GCJ02 if channel == "app" and rng.random() < 0.6 else Datum.WGS84
    lon, lat = wgs84_to_gcj02(*point) if datum is Datum.GCJ02 else point
    said = address if rng.random() < 0.7 else ""
    return {"address": said, "lon": round(lon, 6), "lat": round(lat, 6), "datum": datum.value}
