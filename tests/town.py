"""A town of two streets, small enough to read: knowledge for tests that need no pack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from zhongshu.hub.desk import Tools
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import Calendar
from zhongshu.kernel.desk import Category, Duty, Guess, Knowledge, Unit, Words
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level, Place, Scheme, Sensor

SCHEME = Scheme((4, 6, 9, 12))
CITY, DISTRICT, STREET, COMMUNITY = "990100000000", "990101000000", "990101001000", "990101001001"
NEXT_STREET, NEXT_COMMUNITY = "990101002000", "990101002001"
NEXT_DISTRICT, FAR_COMMUNITY = "990102000000", "990102001001"
NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)

OFFICE = Calendar(
    "office", "1", ((time(9), time(12)), (time(14), time(18))), {date(2026, 6, 19): False, date(2026, 6, 20): True}
)
ALWAYS = Calendar("always", "1")


def _unit(kind: str, level: Level, place: str) -> Unit:
    return Unit(f"{place}-{kind}", f"{kind}单位", kind, level, place)


UNITS = [
    _unit("command", Level.CITY, CITY),
    _unit("water", Level.CITY, CITY),
    _unit("command", Level.DISTRICT, DISTRICT),
    _unit("water", Level.DISTRICT, DISTRICT),
    _unit("housing", Level.DISTRICT, DISTRICT),
    _unit("office", Level.STREET, STREET),
    _unit("command", Level.STREET, STREET),
    _unit("office", Level.STREET, NEXT_STREET),
    _unit("water", Level.DISTRICT, NEXT_DISTRICT),
    _unit("command", Level.DISTRICT, NEXT_DISTRICT),
]

KNOWLEDGE = Knowledge(
    city=CITY,
    scheme=SCHEME,
    categories={
        "rubbish": Category("rubbish", "垃圾", threshold=0.5),
        "flood": Category("flood", "积水", threshold=0.5, urgent=True),
        "building": Category("building", "违建", threshold=0.5),
        "building.roof": Category("building.roof", "楼顶违建", parent="building", threshold=0.5),
        "odd": Category("odd", "无人管", threshold=0.5),
        "hard": Category("hard", "难分", threshold=0.99),
    },
    units={unit.code: unit for unit in UNITS},
    unit_at={(unit.place, unit.kind): unit.code for unit in UNITS},
    duties={
        "rubbish": (Duty("D1", "rubbish", "street/office", sign_minutes=60, handle_minutes=240, basis="示范"),),
        "flood": (
            Duty("D2", "flood", "district/housing", condition="小区|地下室", calendar="always", handle_minutes=120),
            Duty("D3", "flood", "district/water", ("street/office",), calendar="always", handle_minutes=120),
        ),
        "building": (Duty("D4", "building", "street/office", list_kind="recalled"),),
    },
    calendars={"office": OFFICE, "always": ALWAYS},
    names={CITY: "市", DISTRICT: "一区", STREET: "一街", COMMUNITY: "一居", NEXT_COMMUNITY: "二居"},
    words=Words({"触电": "危及生命"}, {"独居老人": "独居老人需要优先"}, {"保密": "要求保密", "举报": "举报"}),
    versions={"pack": "town@1"},
)

SENSOR = Sensor("W1", "桥下积水", "water_level", COMMUNITY, 113.3, 23.1, "cm", 27.0, 15.0, "flood")
PLACES = {"一居": COMMUNITY, "二居": NEXT_COMMUNITY, "远居": FAR_COMMUNITY}


class Model:
    """Says the category whose name is in the text; breaks on the word 爆."""

    def classify(self, texts: Sequence[str]) -> list[Guess]:
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Guess:
        if "爆" in text:
            raise RuntimeError("the model broke")
        found = [code for code, category in KNOWLEDGE.categories.items() if category.name in text]
        return Guess(found[-1], 0.9, ((KNOWLEDGE.categories[found[-1]].name, 1.0),)) if found else Guess("", 0.1)


class Atlas:
    """Knows the three communities by name."""

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        return [self._one(place, text) for place, text in zip(places, texts, strict=True)]

    def _one(self, place: Place, text: str) -> Place:
        code = next((code for name, code in PLACES.items() if name in text), place.code)
        return Place(place.lon, place.lat, place.address, code, code and code + "-1", "text")


TOOLS = Tools(KNOWLEDGE, Model(), Atlas(), {"W1": SENSOR}, {})


def viewer(place: str, kind: str, *roles: Role, user: int = 1) -> Viewer:
    """Someone in the post of the unit `kind` at `place`."""
    level = SCHEME.level(place)
    span = EVERYWHERE if level is Level.CITY else SCHEME.span(place)
    return Viewer(f"{place}-{kind}-post", "某人", f"{place}-{kind}", level, place, span, frozenset(roles), user)
