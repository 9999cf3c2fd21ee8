"""使用与留痕 reading under a grant: a page, its log and its fact in one transaction; a refused use is noted too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson
from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.returning.blocks import Block, suppress
from zhongshu.data.sharing import reading, rules
from zhongshu.data.sharing.diagnosis import SAID, STEPS, diagnose
from zhongshu.data.sharing.reading import Asked, Cut, Page, Refused
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Level

MakeDesk = Callable[[], LiveDesk]

SENTENCES: Mapping[str, str] = {
    "no_grant": "there is no such grant for your unit / 没有授权给贵单位的这项共享",
    "ended": "this grant has ended / 该授权已终止",
    "expired": "this grant has expired / 该授权已到期，访问自动终止",
    "not_yet": "this grant is not in force yet / 该授权尚未生效",
    "purpose": "purpose: another one than was granted; noted / 用途与授权不符，已拒绝并留痕",
    "item": "item: not among those granted / 该信息项不在授权范围内",
}


def read(make_desk: MakeDesk, viewer: Viewer, asked: Asked, cut: Cut) -> Page:
    """One page of a grant. Raises NotFound or IllegalMove after the refused use was noted."""
    try:
        with transaction.atomic(using=ROAD):
            desk = make_desk()
            number = desk.new_id()
            page = reading.page(viewer, asked, cut, number)
            sent = sum(len(orjson.dumps(row)) for row in page.rows)
            told = {**_said(asked), "rows": len(page.rows), "bytes": sent, "digest": page.digest}
            runner.submit([_use(desk, viewer, _grant(viewer, asked.grant), told, number)], desk)
        return page
    except Refused as refused:
        raise note(make_desk, viewer, asked, refused.failure) from None


def _said(asked: Asked) -> dict[str, Any]:
    return {"purpose": asked.purpose.strip()[:500], "form": asked.form}


def _grant(viewer: Viewer, grant: int) -> dict[str, Any]:
    """The grant's row as this viewer sees it; a bare one when there is none for him."""
    found = reading.grants(viewer, grant=grant)
    bare = {"id": grant, "dataset": "", "provider_place": "", "personal": False}
    return found[0] if found else bare


def _use(desk: LiveDesk, viewer: Viewer, grant: Mapping[str, Any], told: Mapping[str, Any], number: int = 0) -> Fact:
    use = {
        "grant": grant["id"],
        "dataset": grant["dataset"],
        "unit": viewer.unit,
        "provider_place": grant["provider_place"],
        "post": viewer.post,
        "user": viewer.user,
        "purpose": "",
        "personal": grant["personal"],
        "form": "",
        "rows": 0,
        "bytes": 0,
        "digest": "",
        "failure": "",
        "diagnosis": "",
        "note": "",
        **told,
    }
    kind = Kind.DATA_USE_FAILED if use["failure"] else Kind.DATA_USED
    place = viewer.place or desk.knowledge.city
    return Fact(number or desk.new_id(), kind, grant["id"], desk.now(), None, viewer.post, place, payload={"use": use})


def note(make_desk: MakeDesk, viewer: Viewer, asked: Asked, failure: str) -> Exception:
    """Note a refused use, in a transaction of its own; returns the error to raise."""
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        told = {**_said(asked), "failure": failure, "diagnosis": diagnose(failure).value}
        runner.submit([_use(desk, viewer, _grant(viewer, asked.grant), told)], desk)
    said = SENTENCES[failure]
    return NotFound(said) if failure == "no_grant" else IllegalMove(said)


def tell(make_desk: MakeDesk, viewer: Viewer, subject: str, failure: str, words: str) -> Fact:
    """用不成: a person says why a data set is of no use to them. Raises BadInput or NotFound."""
    if failure not in SAID:
        raise BadInput(f"failure: found {failure[:40]!r}, expected one of {', '.join(SAID)} / 请选择原因")
    found = rules.catalogued().get(subject)
    if found is None:
        raise NotFound(f"there is no data set {subject[:60]!r} in the catalogue / 目录中没有这个数据资源")
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        provider = desk.knowledge.units.get(found.provider)
        about = {"id": 0, "dataset": subject, "provider_place": provider.place if provider else "", "personal": False}
        told = {"failure": failure, "diagnosis": STEPS[failure].kind.value, "note": words[:500]}
        fact = _use(desk, viewer, about, told)
        runner.submit([fact], desk)
    return fact


def bulk(make_desk: MakeDesk, viewer: Viewer, asked: Asked) -> Iterator[list[dict[str, Any]]]:
    """The whole of a grant, page by page; each is committed with its log before it is given out."""
    cut = Cut(size=reading.BULK)
    while True:
        rows = read(make_desk, viewer, replace(asked, form="bulk"), cut).rows
        yield rows
        if len(rows) < reading.BULK:
            return
        cut = Cut(rows[-1]["place"], rows[-1]["key"], size=reading.BULK)


def block(make_desk: MakeDesk, viewer: Viewer, asked: Asked, item: str) -> tuple[list[str], list[str], Block]:
    """统计块: (places, values, counts with small cells kept back) of one item of a grant.

    It names nobody, so no row is logged; the use itself is.
    """
    try:
        with transaction.atomic(using=ROAD):
            desk = make_desk()
            found = reading.block(viewer, asked, item)
            about = {**_grant(viewer, asked.grant), "personal": False}
            told = {**_said(asked), "rows": len(found), "form": "block", "note": item}
            runner.submit([_use(desk, viewer, about, told)], desk)
    except Refused as refused:
        raise note(make_desk, viewer, asked, refused.failure) from None
    counts: dict[tuple[str, str], int] = {}
    for place, value, n in found:
        key = _below(viewer, place, desk), value
        counts[key] = counts.get(key, 0) + n
    places = sorted({place for place, _ in counts})
    values = sorted({value for _, value in counts})
    table = [[counts.get((place, value), 0) for value in values] for place in places]
    return places, values, suppress(table or [[0]])


def _below(viewer: Viewer, place: str, desk: LiveDesk) -> str:
    """The division one level below the viewer's own in which a place lies, a community at most."""
    scheme = desk.knowledge.scheme
    level = Level(min(Level.COMMUNITY, viewer.level + 1))
    return scheme.prefix(place, level).ljust(scheme.lengths[-1], "0")
