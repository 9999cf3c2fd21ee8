"""可选项 what the selects of a list offer: hundreds of categories, units and places of the pack in force."""

from __future__ import annotations

from typing import Any, NamedTuple

from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import Level, Span
from zhongshu.screen import naming

OPTIONS_AT_MOST = 600
Choices = dict[str, list[tuple[Any, Any]]]


class Offered(NamedTuple):
    """By what the choices of a pack differ: the pack in force, the reader's language, place and level."""

    pack: int
    english: bool
    span: Span
    level: int


_HELD: dict[Offered, tuple[Knowledge, Choices]] = {}
HELD_AT_MOST = 500


def offered(who: Viewer, knowledge: Knowledge) -> Choices:
    """Categories, units and places, hundreds of each: made once for all who would get the same, until the pack changes.

    The pack is kept with what was made of it, so that its id stays its own.
    """
    key = Offered(id(knowledge.units), naming.english(), who.span, who.level)
    held = _HELD.get(key)
    if held is None:
        if len(_HELD) >= HELD_AT_MOST:
            _HELD.clear()
        held = _HELD.setdefault(key, (knowledge, _made(key, knowledge)))
    return held[1]


def _made(key: Offered, knowledge: Knowledge) -> Choices:
    below = min(Level.COMMUNITY, key.level + 1)
    units = [one for one in knowledge.units.values() if one.level <= below and key.span.holds(one.place)]
    places = [
        (code, name)
        for code, name in naming.named_places(knowledge)
        if key.span.holds(code) and key.level <= knowledge.scheme.level(code) <= below
    ]
    return {
        "categories": category_options(knowledge),
        "units": [(one.code, naming.unit_name(one.code, knowledge)) for one in units[:OPTIONS_AT_MOST]],
        "places": places[:OPTIONS_AT_MOST],
    }


def category_options(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Every category by its full name, parents before children."""
    named = [(code, naming.category_name(code, knowledge)) for code in knowledge.categories]
    return sorted(named, key=lambda pair: pair[0])


def below(at: str, knowledge: Knowledge) -> list[str]:
    """The divisions one level below another, by code."""
    scheme = knowledge.scheme
    level, span = int(scheme.level(at)) + 1, scheme.span(at)
    return sorted(code for code in knowledge.names if span.holds(code) and int(scheme.level(code)) == level)


def forked(at: str, last: Level, knowledge: Knowledge) -> str:
    """Where there is something to choose, from a division downwards: a step with one choice is no step.

    `last` is the level whose divisions are chosen at the end.
    """
    while int(knowledge.scheme.level(at)) + 1 < int(last) and len(parts := below(at, knowledge)) == 1:
        at = parts[0]
    return at
