"""筛选 the query string of a list: what it may say, and what it means to whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from django.utils import timezone

from zhongshu.data import lists
from zhongshu.data.lists import Wanted
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming
from zhongshu.screen.queries import box_of, whole

NARROWING = (
    "q",
    "state",
    "category",
    "unit",
    "place",
    "opened",
    "closed",
    "broken",
    "bbox",
    "queue",
    "assignee",
    "order",
)
FLAGS = ("overdue", "due_soon", "mine", "urgent", "stuck", "open", "proactive")


def known(given: Mapping[str, str]) -> dict[str, str]:
    """Of a query string what a list can be narrowed or ordered by."""
    return {name: given[name][:200] for name in (*NARROWING, *FLAGS) if given.get(name)}


def spelt(query: str) -> dict[str, str]:
    """A kept query string as what `known` gives."""
    return known(dict(parse_qsl(query.removeprefix("?")[:2000])))


def local_day() -> datetime:
    """The moment at which today began where the city lies."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def read_filters(given: Mapping[str, str], knowledge: Knowledge, me: int = 0) -> Wanted:
    """A query string as what to look for, `me` being who asks; what makes no sense is passed over."""
    category, place = given.get("category", ""), given.get("place", "")
    since = {"today": local_day(), "week": local_day() - timedelta(days=6)}
    return Wanted(
        q=given.get("q", "")[:200],
        states=tuple(state for state in given.get("state", "").split(",") if state in naming.STATES),
        categories=descendants(category, knowledge) if category else (),
        unit=given.get("unit", "")[:64],
        place=knowledge.scheme.span(place) if place in knowledge.names else None,
        opened_since=since.get(given.get("opened", "")) or _moment(given.get("opened", "")),
        closed_since=since.get(given.get("closed", "")) or _moment(given.get("closed", "")),
        broken_since=_moment(given.get("broken", "")),
        box=box_of(given.get("bbox", "")),
        queue=given.get("queue", "") if given.get("queue") in lists.QUEUES else "",
        assignee=_assignee(given.get("assignee", ""), me),
        **{flag: given.get(flag) == "1" for flag in FLAGS},
    )


def _assignee(text: str, me: int) -> int:
    """me, none or a person's number; whoever's for anything else."""
    found = whole(text)
    return {"me": me, "none": 0}.get(text, -1 if found is None else found)


def _moment(text: str) -> datetime | None:
    """A moment with its zone, None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def descendants(code: str, knowledge: Knowledge) -> tuple[str, ...]:
    """A category and everything below it."""
    children: dict[str, list[str]] = {}
    for one in knowledge.categories.values():
        children.setdefault(one.parent, []).append(one.code)
    found, todo = [], [code]
    while todo:
        found.append(todo.pop())
        todo += [child for child in children.get(found[-1], ()) if child not in found]
    return tuple(found)
