"""查责任清单 check the duty list itself: conflicts, gaps, rows never reached, recalled items below, limits, bases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhongshu.cities.check import chain, unanswered
from zhongshu.cities.read import LINE, Row, read
from zhongshu.kernel.desk import FALLBACK, Duty
from zhongshu.kernel.errors import Flaw, PackError

FILE = "duties.csv"
LOW = ("street", "community")
NAMES = (
    "code",
    "category",
    "host",
    "assists",
    "condition",
    "place_type",
    "ownership",
    "basis",
    "list_kind",
    "calendar",
)
MINUTES = ("sign_minutes", "contact_minutes", "handle_minutes")


def duty_of(row: Row) -> Duty:
    """The duty that a row means; a limit left out is 0."""
    plain: dict[str, Any] = {name: row[name] for name in NAMES}
    minutes: dict[str, Any] = {name: row[name] or 0 for name in MINUTES}
    assists = plain.pop("assists")
    return Duty(
        **plain,
        **minutes,
        assists=tuple(assists),
        make_safe_minutes=row["make_safe_minutes"],
    )


def read_list(folder: Path) -> list[Duty]:
    """The duties of a pack that is not loaded; PackError when a row can't be read."""
    pack, flaws = read(folder, ("duties",))
    if flaws:
        raise PackError(flaws)
    return [duty_of(row) for row in pack.rows("duties")]


def examine_list(duties: list[Row], categories: list[Row]) -> list[Flaw]:
    """Everything that a keeper of the list should know; rows carry the line they stand on (0 in the database)."""
    held = [(row, duty_of(row)) for row in duties]
    flaws = [*_pairs(held), *_covered(held, categories), *unanswered(categories, duties)]
    for row, duty in held:
        flaws += _own(row, duty)
    return sorted(flaws, key=lambda flaw: (flaw.file != FILE, flaw.line))


def _own(row: Row, duty: Duty) -> Iterator[Flaw]:
    """What a row lacks by itself."""
    if duty.list_kind == "recalled" and duty.host.split("/")[0] in LOW:
        yield Flaw(FILE, row[LINE], "host", duty.host, "city or district: a recalled item can't go lower (已收回)")
    for name in MINUTES:
        if not row[name]:
            yield Flaw(FILE, row[LINE], name, str(row[name] or ""), "a limit in minutes (缺时限)")
    if not duty.basis:
        yield Flaw(FILE, row[LINE], "basis", "", "the law or rule it stands on (缺依据)")


def _pairs(held: list[tuple[Row, Duty]]) -> Iterator[Flaw]:
    """Rows of one class that say the same of when they apply: with another host a conflict, else never reached."""
    groups: dict[tuple[str, str, str], list[tuple[Row, Duty]]] = {}
    for row, duty in sorted(held, key=lambda one: one[1].code):
        groups.setdefault((duty.category, duty.place_type, duty.ownership), []).append((row, duty))
    for group in groups.values():
        for n, (row, duty) in enumerate(group):
            yield from _against(row, duty, group[:n])


def _against(row: Row, duty: Duty, before: list[tuple[Row, Duty]]) -> Iterator[Flaw]:
    """One row against those that are tried before it although they are no more specific."""
    words = set(duty.condition.split("|"))
    for other, first in before:
        theirs = set(first.condition.split("|"))
        if first.rank != duty.rank or words.isdisjoint(theirs):
            continue
        where = f"{first.code}, line {other[LINE]}"
        if first.host != duty.host:
            yield Flaw(FILE, row[LINE], "host", duty.host, f"{first.host} as in {where}: as specific (冲突)")
        elif words <= theirs:
            yield Flaw(FILE, row[LINE], "code", duty.code, f"a case that {where} does not take first (不可达)")


def _covered(held: list[tuple[Row, Duty]], categories: list[Row]) -> Iterator[Flaw]:
    """A row of a group of classes, each of which has an unconditional row of its own or nearer: never reached."""
    above = {row["code"]: row["parent"] for row in categories}
    parents = set(above.values())
    plain = {duty.category for _, duty in held if not any(duty.rank)}
    below: dict[str, list[str]] = {}
    for leaf in above:
        for code in chain(leaf, above) if leaf not in parents else ():
            below.setdefault(code, []).append(leaf)
    for row, duty in held:
        code = duty.category
        if code.startswith(FALLBACK) or code not in parents:
            continue
        nearer = [plain & (chain(leaf, above) - chain(code, above)) for leaf in below.get(code, [])]
        if nearer and all(nearer):
            expected = f"a class under {code} without a row of its own (不可达)"
            yield Flaw(FILE, row[LINE], "category", code, expected)
