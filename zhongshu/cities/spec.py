"""包规格 the tables of a city pack, as data: the checker, the reader and the docs are all driven by this one page."""

from __future__ import annotations

from zhongshu.cities.audit_tables import AUDIT_TABLES
from zhongshu.cities.catalogue_tables import CATALOGUE_TABLES
from zhongshu.cities.columns import Column, Table
from zhongshu.cities.columns import optional as _optional
from zhongshu.cities.columns import required as _c
from zhongshu.cities.element_tables import ELEMENT_TABLES
from zhongshu.cities.figure_tables import FIGURE_TABLES
from zhongshu.cities.judge_tables import JUDGE_TABLES
from zhongshu.cities.officer_tables import OFFICER_TABLES
from zhongshu.cities.point_tables import POINT_TABLES
from zhongshu.cities.quality_tables import QUALITY_TABLES
from zhongshu.cities.register_tables import REGISTER_TABLES
from zhongshu.cities.reply_tables import REPLY_TABLES
from zhongshu.cities.sharing_tables import SHARING_TABLES
from zhongshu.cities.sign_tables import SIGN_TABLES
from zhongshu.cities.training_tables import TRAINING_TABLES
from zhongshu.kernel.clocks import CLOCK_RULES

__all__ = ["ABOUT_KEYS", "EVENT", "GRIDS", "LAST_RESORT", "TABLES", "Column", "Table"]

EVENT = "event"


_LEVEL = _c("level", "int", low=1, high=4)
_LON = _c("lon", "float", low=-180, high=180)
_LAT = _c("lat", "float", low=-90, high=90)
_MINUTES: dict[str, object] = {"low": 0, "high": 1_000_000}

DIVISIONS = Table(
    "divisions",
    (
        _c("code"),
        _c("name"),
        _optional("name_en"),
        _LEVEL,
        _optional("parent", refers="divisions"),
        _optional("kind"),
        _optional("households", "int", low=0),
        _optional("population", "int", low=0),
        _optional("area_grade", choices=("A", "B", "C")),
    ),
    required=True,
    tree="parent",
)
DIVISION_SHAPES = Table("divisions", (_c("code", refers="divisions"),), geo=True, held_as="division_shapes")
GRIDS = Table(
    "grids",
    (
        _c("code"),
        _c("division", refers="divisions"),
        _c("kind", choices=("base", "dedicated")),
        _optional("households", "int", low=0),
    ),
    geo=True,
)
OVERLAYS = Table(
    "overlays",
    # 块状网格: a department's own grids, each a union of base grids; one row for each base grid
    (_c("code"), _c("name"), _optional("name_en"), _c("line"), _c("grid", refers="grids")),
    key=("code", "grid"),
)
OVERLAY_SHAPES = Table("overlays", (_c("code", refers="overlays"),), geo=True, held_as="overlay_shapes")
UNITS = Table(
    "units",
    (
        _c("code"),
        _c("name"),
        _optional("name_en"),
        _c("kind"),
        _LEVEL,
        _c("place", refers="divisions"),
        _optional("parent", refers="units"),
    ),
    required=True,
    tree="parent",
)
POSTS = Table("posts", (_c("code"), _c("unit", refers="units"), _c("name"), _optional("name_en"), _c("roles", "roles")))
ACCOUNTS = Table(
    "accounts",
    (
        _c("username"),
        _c("name"),
        _c("posts", "words", refers="posts"),
        _optional("language", choices=("zh-hans", "en")),
    ),
    key=("username",),
)
CATEGORIES = Table(
    "categories",
    (
        _c("code"),
        _c("name"),
        _optional("name_en"),
        _optional("parent", refers="categories"),
        _c("kind", choices=("appeal", EVENT, "component")),
        _optional("threshold", "float", low=0, high=1),
        _optional("urgent", "flag"),
        _optional("keywords", "words"),
        _optional("negative_keywords", "words"),
        # who goes and looks before a public report is filed; photos that the handler's answer needs; 社区自办自结
        _optional("verify", "host"),
        _optional("photos", "int", low=0, high=9),
        _optional("small", "flag"),
        # what a wrong automatic answer costs, in looks of a person: the model must be right in 1 - 1/cost of its own
        _optional("mistake_cost", "float", low=1, high=10_000),
    ),
    required=True,
    tree="parent",
)
CROSSWALK = Table(
    "crosswalk",
    (
        _c("from_code", refers="categories"),
        _c("to_code", refers="categories"),
        _c("relation", choices=("same", "broader", "narrower", "related")),
        _optional("basis"),
    ),
    key=("from_code", "to_code"),
)
LAST_RESORT = ("*", "*/appeal", "*/component", f"*/{EVENT}")
"""兜底: categories of duties that answer when no other does."""

DUTIES = Table(
    "duties",
    # `condition` holds words apart by |, one of which the report must contain
    (
        _c("code"),
        _c("category", refers="categories", also=LAST_RESORT),
        _optional("condition"),
        _optional("place_type"),
        _optional("ownership"),
        _c("host", "host"),
        _optional("assists", "hosts"),
        _optional("basis"),
        _c("list_kind", choices=("basic", "assist", "recalled")),
        _c("calendar", refers="calendars"),
        _c("sign_minutes", "int", **_MINUTES),
        _c("contact_minutes", "int", **_MINUTES),
        _c("handle_minutes", "int", low=1, high=1_000_000),
        _optional("make_safe_minutes", "int", **_MINUTES),
    ),
    required=True,
)
CALENDARS = Table(
    "calendars",
    (_c("code"), _c("name"), _optional("shifts", "shifts"), _optional("zone_minutes", "int", low=-840, high=840)),
    required=True,
)
CALENDAR_DAYS = Table(
    "calendar_days",
    (_c("calendar", refers="calendars", also=("*",)), _c("date", "date"), _c("works", "flag"), _optional("name")),
    key=("calendar", "date"),
)
CLOCKS = Table(
    "clocks",
    # a clock that is not named here keeps the project's own rule; 0 minutes is no such clock
    (
        _c("code", choices=tuple(CLOCK_RULES)),
        _c("minutes", "int", **_MINUTES),
        _c("calendar", refers="calendars"),
        _c("nearly", "float", low=0, high=0.99),
        _optional("escalates", "flag"),
        _optional("basis"),
    ),
)
LIMITS = Table(
    "limits",
    # one of duty and category; an empty area_grade or work_nature is any, empty minutes are the duty's own
    (
        _optional("duty", refers="duties"),
        _optional("category", refers="categories"),
        _optional("area_grade", choices=("A", "B", "C")),
        _optional("work_nature", choices=("general", "works", "special")),
        _optional("make_safe_minutes", "int", **_MINUTES),
        _optional("sign_minutes", "int", low=1, high=1_000_000),
        _optional("contact_minutes", "int", **_MINUTES),
        _c("handle_minutes", "int", low=1, high=1_000_000),
        _optional("basis"),
    ),
    key=("duty", "category", "area_grade", "work_nature"),
)
WORDS = Table("words", (_c("key"), _c("zh"), _c("en")), key=("key",))
LEXICON = Table(
    "lexicon",
    (_c("word"), _c("kind", choices=("urgent", "special", "discreet")), _c("reason"), _optional("reason_en")),
    key=("word", "kind"),
)
PLACES = Table(
    "places",
    (
        _c("code"),
        _c("name"),
        _c("kind", choices=("road", "estate", "address", "poi", "facility")),
        _c("division", refers="divisions"),
        _LON,
        _LAT,
        _optional("aliases", "words"),
        # words that duties.csv uses
        _optional("place_type"),
        _optional("ownership"),
    ),
)
COMPONENTS = Table(
    "components",
    (
        _c("code"),
        _c("category", refers="categories"),
        _c("name"),
        _c("division", refers="divisions"),
        _LON,
        _LAT,
        # a unit's code, level/kind, or a kind that is looked for from the community upwards
        _optional("owner"),
        _optional("ownership"),
        _optional("state", choices=("good", "damaged", "lost", "abandoned", "removed")),
    ),
)
SENSORS = Table(
    "sensors",
    (
        _c("code"),
        _c("name"),
        _optional("name_en"),
        _c("kind", choices=("water_level",)),
        _c("division", refers="divisions"),
        _LON,
        _LAT,
        _c("unit"),
        _c("threshold", "float"),
        _c("clear_below", "float"),
        _c("category", refers="categories"),
        _c("staleness_minutes", "int", low=1),
    ),
)
EMERGENCIES = Table(
    "emergencies",
    # tried in the order of their codes; minutes count around the clock
    (
        _c("code"),
        _c("words", "words"),
        _optional("not_words", "words"),
        _c("channel"),
        _c("host", "host"),
        _optional("assists", "hosts"),
        _c("sign_minutes", "int", **_MINUTES),
        _c("contact_minutes", "int", **_MINUTES),
        _c("handle_minutes", "int", **_MINUTES),
        _c("basis"),
    ),
)
POWERS = Table(
    "powers",
    (
        _c("item", refers="categories", also=LAST_RESORT),
        _LEVEL,
        _optional("place", refers="divisions"),
        _c("power", choices=("exercise", "convene", "evaluate", "veto")),
        _c("basis"),
    ),
    key=("item", "level", "place", "power"),
)
CALLS = Table(
    "calls",
    # `levels` and `lines` narrow who may call: words of city, district, street, community; and lines of work
    (
        _c("code"),
        _c("kind", choices=("resident", "street", "enterprise", "party", "directive")),
        _optional("urgent", "flag"),
        _c("acknowledge_minutes", "int", **_MINUTES),
        _optional("arrive_minutes", "int", **_MINUTES),
        _optional("act_minutes", "int", **_MINUTES),
        _c("calendar", refers="calendars"),
        _c("raise_to", choices=("line", "command")),
        _optional("needs", "hosts"),
        _optional("levels", "words"),
        _optional("lines", "words"),
        _c("basis"),
    ),
)
SAMPLES = Table("samples", (_c("text"), _c("category", refers="categories")), key=("text",))

TABLES: tuple[Table, ...] = (
    DIVISIONS,
    DIVISION_SHAPES,
    GRIDS,
    UNITS,
    POSTS,
    ACCOUNTS,
    CATEGORIES,
    CALENDARS,
    CALENDAR_DAYS,
    CROSSWALK,
    DUTIES,
    CLOCKS,
    LIMITS,
    *SIGN_TABLES,
    WORDS,
    LEXICON,
    PLACES,
    COMPONENTS,
    SENSORS,
    SAMPLES,
    EMERGENCIES,
    POWERS,
    CALLS,
    *JUDGE_TABLES,
    *FIGURE_TABLES,
    OVERLAYS,
    OVERLAY_SHAPES,
    *REPLY_TABLES,
    *ELEMENT_TABLES,
    *REGISTER_TABLES,
    *CATALOGUE_TABLES,
    *QUALITY_TABLES,
    *SHARING_TABLES,
    *OFFICER_TABLES,
    *POINT_TABLES,
    *TRAINING_TABLES,
    *AUDIT_TABLES,
)
"""Every table of a pack, those that are referred to before those that refer."""

ABOUT_KEYS: dict[str, type | tuple[type, ...]] = {
    "code": str,
    "name": str,
    "title_en": str,
    "version": str,
    "effective": object,
    "zone_minutes": int,
    "datum": str,
    "code_lengths": list,
    "bounds": list,
    "center": list,
    "synthetic": bool,
}
"""What pack.toml must hold, with its type; `note`, `years` and `sources` may be there too."""
