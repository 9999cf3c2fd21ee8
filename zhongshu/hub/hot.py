"""热点 hot issues on the road of time: one district's cases of the last weeks after the other, gathered and remembered.

An issue keeps its number as long as most of its cases stay together; what merges or ends is recorded. Only what people
must be able to rely on becomes a fact: that an issue became hot or cooled, that somebody took it up, knew of it or
silenced it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhongshu.data import gathering, write
from zhongshu.data.databases import ROAD
from zhongshu.data.figures import rules
from zhongshu.hub.judge.gather import ALIKE, Carried, Matter, carried, rows, typical
from zhongshu.hub.judge.heat import Voice, Weights, heat
from zhongshu.hub.judge.issues import phrases
from zhongshu.hub.judge.linkage import average
from zhongshu.hub.judge.veil import veiled
from zhongshu.kernel.clocks import CITY_TIME, number_of
from zhongshu.kernel.desk import Desk, Knowledge
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Level, Scheme

Row = dict[str, Any]
MakeDesk = Callable[[], Desk]

AGAIN = timedelta(minutes=5)
"""A district is looked at again after this time."""
MOST = 4_000
"""Cases of a district that are gathered, the newest: the likeness of all to all is one matrix of 64 MB."""
TOLD = 20
"""Cases that the fact of a hot issue names, as many as a call or a directive may be about."""
_DAY = timedelta(days=1)


def follow(make_desk: MakeDesk, now: datetime) -> int:
    """Look at every district that was not looked at for a while; returns how many issues became hot or cooled."""
    desk, turned = make_desk(), 0
    while place := gathering.due(districts(desk.knowledge), now - AGAIN):
        turned += look(desk, place, now)
    return turned


def follow_all(make_desk: MakeDesk, now: datetime) -> int:
    """Look at every district once; returns how many issues became hot or cooled."""
    desk = make_desk()
    return sum(look(desk, place, now) for place in sorted(districts(desk.knowledge)))


def districts(knowledge: Knowledge) -> set[str]:
    """Codes of the districts that have units or names."""
    codes = {unit.place for unit in knowledge.units.values()} | set(knowledge.names)
    scheme = knowledge.scheme
    return {scheme.at(code, Level.DISTRICT) for code in codes if code and scheme.level(code) >= Level.DISTRICT}


def look(desk: Desk, place: str, now: datetime) -> int:
    """Gather one district's cases, remember the issues, and say which became hot or cooled; returns how many."""
    began = time.perf_counter()
    limits = rules.thresholds()
    since = now - timedelta(days=limits["hot_window_days"])
    span = desk.knowledge.scheme.span(place)
    with transaction.atomic(using=ROAD):
        reports = gathering.block(span, since, now, MOST)
        seen = _Look(desk, now, limits, reports)
        facts = seen.gather()
        facts += seen.end(gathering.quiet(span, since))
        cases = len({row["case"] for row in reports})
        every = reports[0]["every"] if reports else 0
        spent = round(time.perf_counter() - began, 3)
        told = {"id": place, "place": place, "looked_at": now, "cases": cases, "left_out": every - cases}
        gathering.keep(seen.found, {**told, "seconds": spent}, now)
        write.append(facts)
    return len(facts)


def weights(limits: Mapping[str, float]) -> Weights:
    """The city's weights of the heat index."""
    return Weights(
        report=limits["heat_report"],
        reporter=limits["heat_reporter"],
        half_life=limits["heat_half_life"],
        recent=limits["heat_recent"],
        growth=limits["heat_growth"],
    )


class _Look:
    """One look at one district."""

    def __init__(self, desk: Desk, now: datetime, limits: Mapping[str, float], reports: Sequence[Row]) -> None:
        self.desk, self.now, self.limits, self.reports = desk, now, limits, reports
        self.found = gathering.Found()
        self.cases: dict[int, list[Row]] = {}
        for row in reports:
            self.cases.setdefault(row["case"], []).append(row)
        self.matters = [_matter(of, desk.knowledge) for of in self.cases.values()]
        self.titles = [one.title for one in self.matters]

    def gather(self) -> list[Fact]:
        if not self.matters:
            return []
        table = rows(self.matters)
        groups = average(table, ALIKE)
        before = [max(row["issue"] for row in of) for of in self.cases.values()]
        kept = carried(groups, before)
        members: dict[int, list[int]] = {}
        for n, group in enumerate(groups.tolist()):
            members.setdefault(group, []).append(n)
        numbered = self._numbered(members, kept)
        return self._told(members, numbered, kept, table)

    def _numbered(self, members: Mapping[int, Sequence[int]], kept: Carried) -> dict[int, int]:
        """Group -> issue, of those that are one: known before, or with enough reports and more than one case."""
        least = self.limits["hot_least"]
        numbered: dict[int, int] = {}
        for group, ones in members.items():
            if group in kept.issue:
                numbered[group] = kept.issue[group]
            elif len(ones) > 1 and sum(len(self.cases[self.matters[n].id]) for n in ones) >= least:
                numbered[group] = self.desk.new_id()
        return numbered

    def _told(
        self, members: Mapping[int, list[int]], numbered: Mapping[int, int], kept: Carried, table: Any
    ) -> list[Fact]:
        self.found.merged = {old: numbered[group] for old, group in kept.merged.items()}
        named = [*numbered.values(), *self.found.merged]
        known = gathering.known(named)
        past: dict[Any, list[Row]] = {}
        for row in gathering.older(named, [row["report"] for row in self.reports]):
            past.setdefault(self.found.merged.get(row["issue"], row["issue"]), []).append(row)
        facts = []
        for group, ones in members.items():
            issue = numbered.get(group, 0)
            own = [row for n in ones for row in self.cases[self.matters[n].id]]
            self._move(own, issue)
            if issue:
                core = self.matters[typical(table, ones)]
                row = self._row(issue, [*past.get(issue, ()), *own], core)
                newest = sorted((self.matters[n].id for n in ones), reverse=True)[:TOLD]
                facts += self._turn(known.get(issue), row, newest)
        facts += [
            self._cooled(row, into=self.found.merged[old])
            for old, row in known.items()
            if old in self.found.merged and row["state"] == "hot"
        ]
        return facts

    def _move(self, own: Sequence[Row], issue: int) -> None:
        """Voices that came, moved or left."""
        for row in own:
            if issue and (row["issue"] != issue or row["moved"]):
                names = ("case", "place", "at", "reporter")
                self.found.voices.append({"id": row["report"], "issue": issue, **{name: row[name] for name in names}})
            elif not issue and row["issue"]:
                self.found.gone.append(row["report"])

    def _row(self, issue: int, voices: Sequence[Row], core: Matter) -> Row:
        figures = measured(voices, self.now, self.limits)
        spots = [(row["lon"], row["lat"]) for row in voices if row["lon"] is not None]
        places = {row["place"] for row in voices}
        hot = figures["people"] >= self.limits["hot_people"]
        titles = [self.cases[row["case"]][0]["title"] for row in voices if row["case"] in self.cases] if hot else []
        return {
            "id": issue,
            "number": number_of(self.now, issue, "R"),
            "place": common(places, self.desk.knowledge.scheme),
            "title": veiled(core.title),
            "typical": core.id,
            "phrases": [[one.text, one.kind, one.share] for one in phrases(titles, self.titles)],
            **figures,
            "lon": sum(lon for lon, _ in spots) / len(spots) if spots else None,
            "lat": sum(lat for _, lat in spots) / len(spots) if spots else None,
            "merged_into": None,
            "ended_at": None,
            "looked_at": self.now,
        }

    def _turn(self, before: Row | None, row: Row, newest: Sequence[int]) -> list[Fact]:
        """What became of the issue: its state, its peak, and the fact when it became hot or cooled."""
        old = before["state"] if before else "watched"
        row["state"] = after(old, row["heat"], row["people"], self.limits)
        row["peak"], row["peak_at"] = row["heat"], self.now
        if before:
            row["number"], row["first_at"] = before["number"], min(before["first_at"], row["first_at"])
            if before["peak"] > row["heat"]:
                row["peak"], row["peak_at"] = before["peak"], before["peak_at"]
        self.found.issues.append(row)
        if row["state"] == "hot" != old:
            names = ("heat", "people", "reports", "places", "classes")
            why = {"first_at": row["first_at"].isoformat(), "cases": list(newest)}
            return [self._fact(Kind.ISSUE_HOT, row, why | {name: row[name] for name in names})]
        return [self._cooled(row)] if old == "hot" != row["state"] else []

    def _cooled(self, row: Mapping[str, Any], **more: Any) -> Fact:
        return self._fact(Kind.ISSUE_COOLED, row, more)

    def _fact(self, kind: Kind, row: Mapping[str, Any], payload: Mapping[str, Any]) -> Fact:
        desk = self.desk
        said = {"number": row["number"], "title": row["title"], **payload}
        versions = desk.knowledge.versions
        return Fact(desk.new_id(), kind, row["id"], self.now, place=row["place"], versions=versions, payload=said)

    def end(self, quiet: Sequence[Row]) -> list[Fact]:
        """Issues without a voice in the whole window are over."""
        live = {row["id"] for row in self.found.issues}
        over = [row for row in quiet if row["id"] not in live and row["id"] not in self.found.merged]
        self.found.ended = [row["id"] for row in over]
        return [self._cooled(row, ended=True) for row in over if row["state"] == "hot"]


def _matter(of: Sequence[Row], knowledge: Knowledge) -> Matter:
    row = of[0]
    classes: list[str] = []
    code = row["category"]
    while code and code not in classes:
        classes.append(code)
        code = knowledge.categories[code].parent if code in knowledge.categories else ""
    return Matter(
        row["case"], row["at"], row["title"], row["text"], row["place"], tuple(classes), row["lon"], row["lat"]
    )


def after(state: str, index: float, people: int, limits: Mapping[str, float]) -> str:
    """The state of an issue by its heat: hot from one bar on, cooled only below a lower one (回差)."""
    if index >= limits["hot_heat"] and people >= limits["hot_people"]:
        return "hot"
    if state == "hot":
        return "hot" if index >= limits["hot_cool"] else "cooled"
    return "cooled" if state == "cooled" else "watched"


def common(places: set[str], scheme: Scheme) -> str:
    """The smallest division that holds all these places."""
    for level in reversed(Level):
        held = {scheme.at(place, level) for place in places}
        if len(held) == 1:
            return held.pop()
    return min(places)


def measured(voices: Sequence[Row], now: datetime, limits: Mapping[str, float]) -> Row:
    """Every figure of an issue from its voices: rows with case, at, reporter, place and category."""
    spoken = [_voice(row) for row in voices]
    index = heat(spoken, now, weights(limits))
    cases = {row["case"]: row for row in voices}
    people = [row["reporter"] for row in voices if row["reporter"] != gathering.OFFICIAL]
    return {
        "first_at": min(row["at"] for row in voices),
        "last_at": max(row["at"] for row in voices),
        "cases": len(cases),
        "reports": len(voices),
        "people": len({one for one in people if one}) + sum(one == 0 for one in people),
        "heat": round(index.index, 2),
        "parts": {
            "reports": round(index.reports, 2),
            "reporters": round(index.reporters, 2),
            "growth": round(index.growth, 2),
        },
        "trend": index.trend,
        "days": per_day(voices, now, int(limits["hot_window_days"])),
        "places": dict(Counter(row["place"] for row in cases.values()).most_common()),
        "classes": dict(Counter(row["category"] for row in cases.values() if row["category"]).most_common()),
    }


def _voice(row: Row) -> Voice:
    """All that the city's own staff say is one voice; somebody unknown is another each time."""
    at = row["at"] if isinstance(row["at"], datetime) else datetime.fromisoformat(row["at"])
    return Voice(at, str(row["reporter"]) if row["reporter"] else "")


def per_day(voices: Sequence[Row], now: datetime, days: int) -> list[list[Any]]:
    """[local day, reports] of the last days, the oldest first, those without any included."""
    today = now.astimezone(CITY_TIME).date()
    counts = Counter(row["at"].astimezone(CITY_TIME).date() for row in voices)
    return [[day.isoformat(), counts.get(day, 0)] for day in (today - n * _DAY for n in range(days - 1, -1, -1))]
