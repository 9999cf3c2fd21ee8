"""Lists and searches say exactly what a plain look at every case says, whichever walk finds the page."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

import pytest
from django.db import connections, transaction

from tests import town
from zhongshu.data import lists
from zhongshu.data.databases import OWNER, ROAD
from zhongshu.data.grams import grams
from zhongshu.data.lists import DUTIES, Wanted
from zhongshu.data.newest import Asked, newest
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role, State

if TYPE_CHECKING:
    from zhongshu.data.models import Case

COUNT, PAGE = 2400, 7
PLACES = (town.COMMUNITY, town.NEXT_COMMUNITY, town.FAR_COMMUNITY)
WORDS = ("路灯不亮", "噪音扰民", "垃圾成堆", "井盖缺失", "KTV 太吵", "水管漏水", "路面积水")
RARE, ONCE = "凤凰花雨", "麒麟踏雪"
HOSTS = (f"{town.STREET}-office", f"{town.DISTRICT}-water", f"{town.DISTRICT}-housing", f"{town.CITY}-command")
VIEWERS = {
    "city": town.viewer(town.CITY, "command", Role.OPERATOR, Role.ARBITER, Role.CHECKER),
    "district": town.viewer(town.DISTRICT, "water", Role.HANDLER),
    "next_district": town.viewer(town.NEXT_DISTRICT, "water", Role.HANDLER, Role.CHECKER),
    "street": town.viewer(town.STREET, "office", Role.HANDLER, Role.OPERATOR),
    "community": town.viewer(town.COMMUNITY, "office", Role.CHECKER),
    "idle": town.viewer(town.STREET, "office"),
}
SEARCHES = {
    "frequent": "噪音",
    "frequent long ago": "路灯",
    "two frequent": "垃圾 成堆",
    "two that never meet": "噪音 井盖",
    "of text and address": "垃圾 一号楼",
    "rare": RARE,
    "rare and frequent": f"{RARE} 垃圾",
    "once, and oldest": ONCE,
    "misspelt": "噪意",
    "misspelt end of a frequent word": "垃圾成难",
    "capitals": "ktv",
    "capitals and Chinese": "Ktv 太吵",
    "one character": "漏",
    "one character beside a word": "水管 漏",
    "part of a number": "20260601",
    "blanks": "  噪音\u3000 ",
}


def _case(n: int, dice: Random) -> Case:
    from zhongshu.data.models import Case

    # The street lamps went dark long ago: a word that is frequent, but not among the newest.
    word = dice.choice(WORDS[:1] if n < COUNT // 3 and n % 2 else WORDS[1:])
    text = word + (RARE if n % 199 == 0 else "") + (ONCE if n == 0 else "")
    address = f"{dice.choice('一二三四')}号楼"
    number = f"20260601-{n + 100}"
    return Case(
        id=n + 100,
        number=number,
        title=word,
        text=text,
        address=address,
        category=dice.choice(("rubbish", "flood")),
        state=dice.choice(list(State)).value,
        place=dice.choice(PLACES),
        host=dice.choice(HOSTS),
        opened_at=town.NOON,
        grams=grams(f"{text} {address} {number}"),
    )


@pytest.fixture(scope="module")
def cases(database: str) -> list[Case]:
    from zhongshu.data.models import Case

    dice = Random(11)
    made = [_case(n, dice) for n in range(COUNT)]
    Case.objects.using(OWNER).bulk_create(made)
    with connections[OWNER].cursor() as cursor:
        cursor.execute('VACUUM ANALYZE "case"')
    return sorted(made, key=lambda case: -case.id)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts end early, so that a first page asks for a small share of all cases, as it does among a million."""
    monkeypatch.setattr(lists, "CAP", 20)


@pytest.fixture(params=["among the newest first", "all at once"])
def plan(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both plans of a search."""
    plans = {"among the newest first": newest, "all at once": _all_at_once}
    monkeypatch.setattr(lists, "newest", plans[request.param])
    return str(request.param)


def _all_at_once(asked: Asked, most: int, below: int | None = None) -> list[int]:
    return newest(Asked([*asked.clauses, *asked.words], asked.ways), most, below)


def _seen(viewer: Viewer, case: Case) -> bool:
    return viewer.span.lo <= case.place < viewer.span.hi


def _speaks(case: Case, q: str) -> bool:
    said = f"{case.text} {case.address} {case.number}".lower()
    return all(term.lower() in said for term in q.split())


def _waits(case: Case, viewer: Viewer) -> bool:
    duties = {state for role in viewer.roles for state in DUTIES.get(role, ())}
    handled = Role.HANDLER in viewer.roles and case.host == viewer.unit
    return case.state in duties or (handled and case.state in (State.DISPATCHED, State.HANDLING))


def _every_page(viewer: Viewer, wanted: Wanted) -> list[int]:
    """The ids of all pages, one after the other; the first page's count is checked on the way."""
    page = lists.page(viewer, wanted, town.NOON, size=PAGE)
    found = [row["id"] for row in page.rows]
    counted = (page.count, page.capped)
    while page.next:
        page = lists.page(viewer, wanted, town.NOON, page.next, PAGE)
        found += [row["id"] for row in page.rows]
    assert counted == (min(len(found), lists.CAP), len(found) > lists.CAP)
    return found


@pytest.mark.parametrize("q", SEARCHES.values(), ids=SEARCHES)
@pytest.mark.parametrize("name", ["city", "next_district", "community"])
def test_searches_find_what_is_said(cases: list[Case], plan: str, name: str, q: str) -> None:
    viewer = VIEWERS[name]
    expected = [case.id for case in cases if _seen(viewer, case) and _speaks(case, q)]
    assert _every_page(viewer, Wanted(q=q)) == expected
    few = [row["id"] for row in lists.first(viewer, Wanted(q=q), town.NOON, 5)]
    assert few == expected[:5]


@pytest.mark.parametrize("q", ["噪音", RARE, "噪意"])
@pytest.mark.parametrize("name", ["city", "street", "idle"])
def test_searches_among_what_waits_for_one(cases: list[Case], plan: str, name: str, q: str) -> None:
    viewer = VIEWERS[name]
    expected = [c.id for c in cases if _seen(viewer, c) and _speaks(c, q) and _waits(c, viewer)]
    assert _every_page(viewer, Wanted(q=q, mine=True)) == expected


@pytest.mark.parametrize("name", VIEWERS)
def test_what_waits_for_one(cases: list[Case], name: str) -> None:
    viewer = VIEWERS[name]
    expected = [case.id for case in cases if _seen(viewer, case) and _waits(case, viewer)]
    assert _every_page(viewer, Wanted(mine=True)) == expected


@pytest.mark.parametrize("unit", HOSTS)
@pytest.mark.parametrize("name", VIEWERS)
def test_cases_of_a_unit_end_at_the_span(cases: list[Case], name: str, unit: str) -> None:
    viewer = VIEWERS[name]
    expected = [case.id for case in cases if _seen(viewer, case) and case.host == unit]
    assert _every_page(viewer, Wanted(unit=unit)) == expected
    inside = [case.id for case in cases if case.id in expected and case.place == town.COMMUNITY]
    assert _every_page(viewer, Wanted(unit=unit, place=town.SCHEME.span(town.COMMUNITY))) == inside


def test_a_number_finds_its_case_and_no_neighbours(cases: list[Case]) -> None:
    case = cases[COUNT // 2]
    answers = {name: _every_page(viewer, Wanted(q=case.number)) for name, viewer in VIEWERS.items()}
    assert answers == {name: [case.id] if _seen(viewer, case) else [] for name, viewer in VIEWERS.items()}


class Watched:
    """Counts the walks down the cases that a search takes."""

    def __init__(self) -> None:
        self.walks = 0

    def __call__(self, execute: Callable[..., object], sql: str, *rest: object) -> object:
        self.walks += sql.startswith('SELECT c.id FROM "case"')
        return execute(sql, *rest)


@pytest.mark.parametrize(
    ("q", "walks"),
    [("噪音", 1), (RARE, 1), ("噪意", 1), ("路灯", 3)],
    ids=["among the newest", "all at once", "unknown word", "newest, wider, all the rest"],
)
def test_only_a_frequent_word_is_looked_for_among_the_newest(cases: list[Case], q: str, walks: int) -> None:
    watched = Watched()
    with connections[ROAD].execute_wrapper(watched):
        found = lists.first(VIEWERS["city"], Wanted(q=q), town.NOON, 5)
    assert [row["id"] for row in found] == [case.id for case in cases if _speaks(case, q)][:5]
    assert watched.walks == walks


def test_a_search_in_an_empty_town_finds_nothing(cases: list[Case]) -> None:
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as road:
        road.execute('DELETE FROM "case"')
        pages = [lists.page(VIEWERS["city"], Wanted(q="噪音"), town.NOON, cursor, 5) for cursor in (None, 500)]
        transaction.set_rollback(True, using=ROAD)
    assert [page.rows for page in pages] == [[], []]
