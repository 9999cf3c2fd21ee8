"""队伍素质与数据质量 rows and values found wrong in trained and other communities, in all and of like workload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from zhongshu.data.quality import sampling
from zhongshu.data.training import strata
from zhongshu.data.training.strata import Community, Compared, Side
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming, quality

Row = dict[str, Any]
Counts = Mapping[str, tuple[int, int]]
FIRST = 5
"""Communities that are proposed for training."""
LEAST = 10
"""Confirmed rows below which a community isn't proposed by its share."""


def within(place: str, level: int, counts: Counts) -> tuple[int, int]:
    """(found wrong, confirmed) of samples within a unit's place."""
    digits = place[: gate.hub().tools.knowledge.scheme.lengths[level - 1]]
    inside = [one for at, one in counts.items() if at.startswith(digits)]
    return sum(one for one, _of in inside), sum(of for _one, of in inside)


def groups(units: Iterable[Row], wrong: Counts) -> list[Row]:
    """Rows found wrong where all of a community's people hold what they must, and where not, with intervals."""
    found, here = [], _communities(units)
    for full, label in ((True, _("培训到位的社区")), (False, _("培训未到位的社区"))):
        counts = [within(place, Level.COMMUNITY, wrong) for place, trained in here.items() if trained == full]
        bad, of = sum(one for one, _of in counts), sum(of for _one, of in counts)
        found.append({"label": label, "places": len(counts), "bad": bad, "of": of, "bounds": _bounds(bad, of)})
    return found


def _communities(units: Iterable[Row]) -> dict[str, bool]:
    """Community -> whether everybody of its units holds all that he must."""
    found: dict[str, bool] = {}
    for one in units:
        if one["level"] == Level.COMMUNITY:
            found[one["place"]] = found.get(one["place"], True) and one["held"] == one["must"]
    return found


def _bounds(bad: int, of: int) -> str:
    bounds = sampling.interval(bad, of)
    return " – ".join(quality.percent(one) for one in bounds) if bounds else "—"


def alike(who: Viewer, units: list[Row], wrong: Counts, now: datetime) -> Row:
    """The same within thirds of workload: `strata`, what may be `said` of rows and of values, whom to train `first`."""
    trained = _communities(units)
    counts = {place: within(place, Level.COMMUNITY, wrong) for place in trained}
    held = {place: one for place, one in counts.items() if one[1]}
    loads = strata.loads(who, list(held), now) if held else {}
    rows = strata.compared(_members(trained, loads, held))
    cells = strata.wrong_cells(who) if held else {}
    values = strata.compared(_members(trained, loads, {place: within(place, Level.COMMUNITY, cells) for place in held}))
    return {
        "strata": [_stratum(one) for one in rows.strata],
        "said": [_said(_("行"), rows), _said(_("信息项"), values)] if held else [],
        "first": _first(trained, held),
    }


def _members(trained: Mapping[str, bool], loads: Mapping[str, float], counts: Counts) -> list[Community]:
    return [
        Community(place, trained[place], loads[place], *counts[place]) for place in sorted(counts) if place in loads
    ]


def _stratum(one: strata.Stratum) -> Row:
    return {
        "load": f"{one.low:.0f} – {one.high:.0f}",
        "sides": [_side(one.trained), _side(one.other)],
        "compares": one.compares,
    }


def _side(one: Side) -> Row:
    return {"places": len(one.held), "bad": one.wrong, "of": one.rows, "bounds": _bounds(one.wrong, one.rows)}


def _said(what: str, found: Compared) -> str:
    """One sentence, and none that so few communities don't bear."""
    if found.difference is None or found.bounds is None:
        counts = [sum(len(side.held) for side in sides) for sides in zip(*_sides(found), strict=True)] or [0, 0]
        return _("{what}：分层后可比的社区太少（{a} 个到位、{b} 个未到位，至少各 {n} 个），不下结论。").format(
            what=what, a=counts[0], b=counts[1], n=strata.LEAST_PLACES
        )
    low, high = (f"{100 * one:+.1f}" for one in found.bounds)
    given = {"what": what, "x": f"{100 * abs(found.difference):.1f}", "low": low, "high": high}
    if found.bounds[1] < 0:
        return _("{what}：工作量相近时，培训到位的社区有误率低 {x} 个百分点（区间 {low} 至 {high}）。").format(**given)
    if found.bounds[0] > 0:
        return _("{what}：工作量相近时，培训到位的社区有误率反而高 {x} 个百分点（区间 {low} 至 {high}）。").format(
            **given
        )
    return _("{what}：工作量相近时，看不出差别（区间 {low} 至 {high} 个百分点，含零）。").format(**given)


def _sides(found: Compared) -> list[tuple[Side, Side]]:
    return [(one.trained, one.other) for one in found.used]


def _first(trained: Mapping[str, bool], held: Counts) -> list[Row]:
    """先安排培训: communities that lack training, those with most rows found wrong first."""
    lacking = [(bad / of, place) for place, (bad, of) in held.items() if not trained[place] and of >= LEAST and bad]
    knowledge = gate.hub().tools.knowledge
    return [
        {"name": naming.place_name(place, knowledge), "share": quality.percent(share), "place": place}
        for share, place in sorted(lacking, reverse=True)[:FIRST]
    ]
