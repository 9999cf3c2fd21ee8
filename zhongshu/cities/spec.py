"""包规格 the tables of a city pack, as data: the checker, the reader and the docs are all driven by this one page."""

from __future__ import annotations

from dataclasses import dataclass

EVENT = "event"


@dataclass(frozen=True, slots=True)
class Column:
    """One column (字段).

    `kind` is text | int | float | flag (0/1) | date | words (;-separated) | shifts | host (level/kind) | hosts | roles.
    `refers` names the table whose key the value must be in; with kind `words` each of them. `also` are values that are
    allowed although they refer to nothing. `low` and `high` bound a number, both inclusive.
    """

    name: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    refers: str = ""
    also: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table (表): a CSV file named after it, or a GeoJSON file whose properties are its columns."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    required: bool = False
    geo: bool = False
    tree: str = ""
    """Column that names the parent row, when the table is a tree."""

    @property
    def file(self) -> str:
        return f"{self.name}.geojson" if self.geo else f"{self.name}.csv"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _c(name: str, kind: str = "text", **more: object) -> Column:
    return Column(name, kind, **more)  # type: ignore[arg-type]


def _optional(name: str, kind: str = "text", **more: object) -> Column:
    return Column(name, kind, required=False, **more)  # type: ignore[arg-type]


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
    ),
    required=True,
    tree="parent",
)
DIVISION_SHAPES = Table("divisions", (_c("code", refers="divisions"),), geo=True)
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
DUTIES = Table(
    "duties",
    # `condition` holds words apart by |, one of which the report must contain
    (
        _c("code"),
        _c("category", refers="categories"),
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
        _c("handle_minutes", "int", **_MINUTES),
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
INDICATORS = Table(
    "indicators",
    (
        _c("code"),
        _c("name"),
        _optional("name_en"),
        _optional("unit"),
        _c("system", choices=("economy", "society", "survival", "ecology", "culture", "platform")),
        _c("cycle"),
        _c("owner"),
        _c("source"),
        _c("staleness_minutes", "int", low=1),
        _optional("amber", "float"),
        _optional("red", "float"),
        _c("basis", choices=("law", "standard", "statistics", "expert", "default")),
    ),
)
WORDS = Table("words", (_c("key"), _c("zh"), _c("en")), key=("key",))
LEXICON = Table(
    "lexicon",
    (_c("word"), _c("kind", choices=("urgent", "special")), _c("reason"), _optional("reason_en")),
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
        _optional("owner"),
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
_BASIS = _c("basis", choices=("law", "standard", "statistics", "expert", "default"))
FORMULAS = Table(
    "formulas",
    # `numerator` and `denominator` combine base counters (zhongshu/data/figures/counting.py) by + - * / and brackets
    (
        _c("code"),
        _c("name"),
        _optional("name_en"),
        _c("numerator"),
        _optional("denominator"),
        _c("unit", choices=("percent", "points", "count", "minutes")),
        _c("direction", choices=("up", "down", "none")),
        _optional("within", "flag"),
        _BASIS,
    ),
)
WEIGHTS = Table(
    "weights",
    (
        _c("score"),
        _c("name"),
        _optional("name_en"),
        _c("formula", refers="formulas"),
        _c("weight", "float"),
        _BASIS,
    ),
    key=("score", "formula"),
)
WINDOWS = Table(
    "windows",
    (
        _c("code"),
        _c("name"),
        _optional("name_en"),
        _c("unit", choices=("day", "week", "month", "quarter", "year")),
        _c("shift_months", "int", low=-12, high=12),
        _c("shift_days", "int", low=-366, high=366),
        _c("start_time"),
        _c("closes_minutes", "int", low=0, high=1_000_000),
        _BASIS,
    ),
)
COHORTS = Table(
    "cohorts",
    (_c("cohort"), _c("name"), _optional("name_en"), _c("division", refers="divisions")),
    key=("cohort", "division"),
)
THRESHOLDS = Table("thresholds", (_c("code"), _c("name"), _optional("name_en"), _c("value", "float"), _BASIS))
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
    INDICATORS,
    WORDS,
    LEXICON,
    PLACES,
    COMPONENTS,
    SENSORS,
    SAMPLES,
    FORMULAS,
    WEIGHTS,
    WINDOWS,
    COHORTS,
    THRESHOLDS,
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
