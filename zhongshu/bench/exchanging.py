"""示范数据往来 the demo's exchange of data: what went up and came back for months, and requests in every state."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove

Say = Callable[[str], None]


def exchange(pack: Path, hub: Hub, say: Say) -> None:
    """Fill the sharing zone, play the history of returns, then some people's requests."""
    say("  数据往来 · exchanging data")
    filled = fill(hub)
    moved = _history(pack, hub)
    say(f"    共享区 {filled} 个数据资源 · data sets in the zone；{moved} 次上报与回流 · flows")
    _requests(hub)


def fill(hub: Hub) -> int:
    """Every data set that flows or that somebody may ask for; those that aren't gathered are passed over."""
    from zhongshu.data.sharing import rules, zone

    done = 0
    for name in sorted(rules.catalogued()):
        with suppress(BadInput):
            zone.fill(name, hub.clock())
            done += 1
    return done


def _history(pack: Path, hub: Hub) -> int:
    from zhongshu.cities.demo import content, returns
    from zhongshu.cities.read import read
    from zhongshu.data.sharing import zone
    from zhongshu.hub.resources import returns as ledger

    truth = json.loads((pack / "truths.json").read_text("utf-8"))
    places = [row["code"] for row in read(pack)[0].rows("divisions") if row["level"] == 4]
    flows = content.rows("flows.csv")
    past = returns.history(flows, places, hub.clock(), truth["broken_return"], truth["seed"])
    # What comes back is as much as there is: the rows of each community in the data set itself.
    dataset_of, held = {row["code"]: row["dataset"] for row in flows}, zone.by_community()
    moved = [
        (
            one.flow,
            one.period,
            one.at,
            {place: held.get(dataset_of[one.flow], {}).get(place, 0) for place in one.places},
        )
        for one in past
    ]
    return ledger.past(hub.desk, moved)


def _requests(hub: Hub) -> None:
    """One asked, one granted and used, one misused, one refused, one declined, one order."""
    from zhongshu.data.people import in_post
    from zhongshu.data.sharing.reading import Asked, Cut
    from zhongshu.hub.resources import using

    street, bureau = in_post("street-handler"), in_post("city-data")
    sources = {post: in_post("city-sources", post) for post in _posts("city-sources")}
    ask = _Asker(hub, street)
    ask("low_income", "id_number name monthly", "困难群众帮扶核对", "《社会救助暂行办法》第二十三条")
    granted = ask("social_insurance", "id_number name phone", "就业帮扶核对", "《社会保险法》第七十九条")
    _all(hub, granted, [(bureau, "forward", {}), (_of(sources, "labour"), "consent", {})])
    _all(hub, granted, [(_of(sources, "labour"), "provide", {})])
    for purpose in ("就业帮扶核对", "宣传短信"):
        with suppress(IllegalMove):
            using.read(hub.desk, street, Asked(granted, purpose), Cut(size=50))
    refused = ask("observations", "value", "汛期巡查", "《防洪法》第四十五条")
    clause = {"reason": "该资源标为不予共享", "clause": "水务部门内部管理规定"}
    _all(hub, refused, [(bureau, "reject", clause)])
    declined = ask("tenancy", "id_number name phone", "出租屋消防检查", "《消防法》第五十三条")
    clause = {"reason": "电话超出检查所需", "clause": "《个人信息保护法》第六条"}
    _all(hub, declined, [(bureau, "forward", {}), (_of(sources, "housing"), "decline", clause)])
    using.tell(hub.desk, street, "disabled", "no_skill", "看不懂残疾等级代码")


def _posts(username: str) -> list[str]:
    from zhongshu.data.people import in_post, posts_of

    return [one.post for one in posts_of(in_post(username).user)]


def _of(sources: dict[str, Viewer], kind: str) -> Viewer:
    return next(viewer for post, viewer in sources.items() if f"-{kind}-" in post)


def _all(hub: Hub, proceeding: int, steps: list[tuple[Viewer, str, dict[str, Any]]]) -> None:
    from zhongshu.hub.resources import proceedings

    for viewer, move, given in steps:
        proceedings.act(hub.desk, viewer, proceeding, move, given)


class _Asker:
    """Somebody who applies for items, half a year long."""

    def __init__(self, hub: Hub, viewer: Viewer) -> None:
        self.hub, self.viewer = hub, viewer

    def __call__(self, dataset: str, items: str, purpose: str, basis: str) -> int:
        from zhongshu.hub.resources import proceedings

        until = (self.hub.clock() + timedelta(days=180)).date().isoformat()
        given = {"items": items, "purpose": purpose, "basis": basis, "until": until}
        return proceedings.begin(self.hub.desk, self.viewer, "sharing", given, f"dataset:{dataset}").subject
