"""The town with an address base in which one road name is used in two streets: for places that must be asked about."""

from __future__ import annotations

from dataclasses import replace

from tests import town
from zhongshu.hub.judge.gazetteer import Spot
from zhongshu.hub.judge.placing import Finder
from zhongshu.hub.locating import Locator

NAMES = {**town.KNOWLEDGE.names, town.NEXT_STREET: "二街", town.NEXT_DISTRICT: "二区", town.FAR_COMMUNITY: "远居"}
SPOTS = [
    Spot("S1", "中山路", "road", town.COMMUNITY, 113.300, 23.100),
    Spot("S2", "中山路", "road", town.NEXT_COMMUNITY, 113.320, 23.100),
    Spot("S3", "中山路12号", "address", town.COMMUNITY, 113.301, 23.100),
    Spot("S4", "金湖花园", "estate", town.COMMUNITY, 113.302, 23.101, ("湖心楼盘",), "住宅小区"),
    Spot("S5", "人民路", "road", town.COMMUNITY, 113.303, 23.102),
    Spot("S6", "东风小学", "poi", town.NEXT_COMMUNITY, 113.321, 23.101),
    Spot("S7", "解放路", "road", town.FAR_COMMUNITY, 113.400, 23.200),
    Spot("S8", "解放路", "road", town.COMMUNITY, 113.300, 23.103),
]
FINDER = Finder(SPOTS, NAMES, town.SCHEME)
KNOWLEDGE = replace(town.KNOWLEDGE, names=NAMES)
TOOLS = replace(town.TOOLS, knowledge=KNOWLEDGE, atlas=Locator(None, {}, FINDER))
