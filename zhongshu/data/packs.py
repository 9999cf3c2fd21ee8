"""城市包入库与读取 store a pack as effective-dated versions, and read what was in force at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import shapely
from django.db import connections, models, transaction
from django.utils import timezone as clock
from numpy.typing import NDArray

from zhongshu.data import judging, timetables
from zhongshu.data import models as rows
from zhongshu.data.databases import OWNER
from zhongshu.data.figures import rules
from zhongshu.data.judging import split
from zhongshu.data.versions import digests, fingerprint, in_force
from zhongshu.kernel.convening import CALL_RULES, CallRule
from zhongshu.kernel.desk import Category, Duty, Knowledge, Unit, by_rank
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import Level, Scheme

_LOCK = 7_230_001
"""Advisory lock: two loads never run at the same time."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one load did to one table, in rows."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0

    @property
    def touched(self) -> int:
        return self.added + self.changed + self.ended


@dataclass(frozen=True, slots=True)
class Content:
    """A pack ready to be stored: `tables` hold, for each model, rows in the order of `columns(model)`."""

    about: Mapping[str, Any]
    tables: Mapping[type[models.Model], Sequence[tuple[Any, ...]]]
    accounts: Sequence[tuple[str, str, tuple[str, ...]]] = ()
    """(user name, name, codes of posts held)."""


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a table that a pack fills: all but the key and the dates."""
    return [str(f.column) for f in model._meta.concrete_fields if f.name not in ("id", "valid_from", "valid_to")]


def store(content: Content, effective: datetime | None) -> dict[str, Change]:
    """Bring the database to what `content` says, in one transaction; tables are named as their models.

    A changed row ends the version in force at `effective` and begins a new one; a row that isn't there any more ends.
    Without a date a first load takes the pack's own date, a later one takes effect now. BadInput when the database
    holds another city, or when `effective` lies before a version that would have to end.
    """
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = rows.PackVersion.objects.using(OWNER).order_by("-id").first()
        if last and last.code != content.about["code"]:
            raise BadInput(f"this database holds the city {last.code}, not {content.about['code']}: use another one")
        moment = effective or (clock.now() if last else _opening(content.about))
        changes = {model.__name__: _merge(cursor, model, given, moment) for model, given in content.tables.items()}
        _accounts(cursor, content.accounts, moment)
        _note(content.about, moment, last, sum(change.touched for change in changes.values()))
    return changes


def _opening(about: Mapping[str, Any]) -> datetime:
    day: date = about["effective"]
    zone = timezone(timedelta(minutes=about["zone_minutes"]))
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _merge(cursor: Any, model: type[models.Model], given: Sequence[tuple[Any, ...]], moment: datetime) -> Change:
    """Copy the rows beside the table and let the database find the difference by digest."""
    table, names = model._meta.db_table, columns(model)
    listed = ", ".join(f'"{name}"' for name in names)
    beside = f"incoming_{table}"
    cursor.execute(f"CREATE TEMP TABLE {beside} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")
    with cursor.copy(f"COPY {beside} ({listed}) FROM STDIN") as copy:
        for row in given:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {beside}")
    differs = (
        f"t.valid_to IS NULL AND NOT EXISTS (SELECT 1 FROM {beside} i WHERE i.code = t.code AND i.digest = t.digest)"
    )
    cursor.execute(f"SELECT max(t.valid_from) FROM {table} t WHERE {differs}")
    latest = cursor.fetchone()[0]
    if latest and latest > moment:
        raise BadInput(
            f"{model.__name__}: a row in force since {latest:%Y-%m-%d %H:%M} can't end at {moment:%Y-%m-%d %H:%M}"
        )
    cursor.execute(f"SELECT count(*) FROM {table} t JOIN {beside} i USING (code) WHERE {differs}")
    changed = cursor.fetchone()[0]
    cursor.execute(f"UPDATE {table} t SET valid_to = %s WHERE {differs}", [moment])
    ended = cursor.rowcount - changed
    cursor.execute(
        f"INSERT INTO {table} ({listed}, valid_from) SELECT {listed}, %s FROM {beside} i"
        f" WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.code = i.code AND t.valid_to IS NULL)",
        [moment],
    )
    inserted = cursor.rowcount
    return Change(inserted - changed, changed, ended, len(given) - inserted)


def _accounts(cursor: Any, accounts: Sequence[tuple[str, str, tuple[str, ...]]], moment: datetime) -> None:
    """People and the posts they hold. Somebody new has no usable password; whoever is known keeps theirs."""
    if not accounts:
        return
    names = [account[0] for account in accounts]
    cursor.execute(
        "INSERT INTO auth_user"
        " (username, first_name, last_name, email, password, is_staff, is_superuser, is_active, date_joined)"
        " SELECT u, n, '', '', '!', false, false, true, now() FROM unnest(%s::text[], %s::text[]) AS g(u, n)"
        " ON CONFLICT (username) DO NOTHING",
        [names, [account[1] for account in accounts]],
    )
    held = [(name, post) for name, _, posts in accounts for post in posts]
    pairs = [[name for name, _ in held], [post for _, post in held]]
    given = "SELECT a.id, g.post FROM unnest(%s::text[], %s::text[]) AS g(u, post) JOIN auth_user a ON a.username = g.u"
    table = rows.PersonInPost._meta.db_table
    cursor.execute(
        f"UPDATE {table} p SET valid_to = %s FROM auth_user a WHERE a.id = p.user_id AND a.username = ANY(%s)"
        f" AND p.valid_to IS NULL AND (p.user_id, p.post) NOT IN ({given})",
        [moment, names, *pairs],
    )
    cursor.execute(
        f"INSERT INTO {table} (user_id, post, valid_from) SELECT g.id, g.post, %s FROM ({given}) AS g WHERE NOT EXISTS"
        f" (SELECT 1 FROM {table} p WHERE p.user_id = g.id AND p.post = g.post AND p.valid_to IS NULL)",
        [moment, *pairs],
    )


def _note(about: Mapping[str, Any], moment: datetime, last: rows.PackVersion | None, touched: int) -> None:
    if last and not touched and last.version == about["version"]:
        return
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in about.items()}
    digest = fingerprint(digests(model, None) for model in VERSIONED)
    rows.PackVersion.objects.using(OWNER).create(
        code=about["code"], version=about["version"], effective=moment, digest=digest, about=plain
    )


VERSIONED: tuple[type[rows.Division], ...] = (
    rows.Division,
    rows.Grid,
    rows.Unit,
    rows.Post,
    rows.Category,
    rows.CrossWalk,
    rows.Duty,
    rows.Calendar,
    rows.CalendarDay,
    rows.ClockRule,
    rows.Limit,
    rows.Indicator,
    rows.SignLimit,
    rows.Word,
    rows.Lexicon,
    rows.AddressPlace,
    rows.Component,
    rows.Sensor,
    rows.Sample,
    rows.Emergency,
    rows.Power,
    rows.CallRule,
    rows.Formula,
    rows.Weight,
    rows.Window,
    rows.Cohort,
    rows.Threshold,
    rows.Overlay,
    rows.KeywordRule,
    rows.Raise,
    rows.ReplyCriterion,
    rows.ReplyWord,
    rows.GradeHarm,
    rows.GradeRule,
    rows.Mask,
    rows.ShareLimit,
    rows.DataFlow,
    rows.Dataset,
    rows.DatasetItem,
    rows.CodeItem,
    rows.Element,
    rows.Form,
    rows.FormField,
    rows.SourceRank,
    rows.System,
    rows.Source,
    rows.Standard,
    rows.StandardRule,
    rows.QualityRule,
    rows.Officer,
    rows.Course,
    rows.CourseQuestion,
    rows.CourseDemand,
    rows.Spending,
    rows.PointRule,
)  # type: ignore[assignment]
"""Every table that holds versions."""


def about(at: datetime | None = None, using: str = OWNER) -> dict[str, Any]:
    """pack.toml of the pack in force, dates as ISO text; BadInput when no city was loaded by then."""
    found = rows.PackVersion.objects.using(using).order_by("-effective", "-id")
    version = (found.filter(effective__lte=at) if at else found).first()
    if version is None:
        raise BadInput("no city pack is loaded: run `zhongshu city load PACK` / 尚未载入城市包")
    return {**version.about, "version": version.version, "code": version.code}


def moment_of(version: str, using: str = OWNER) -> datetime:
    """When a pack version took or takes effect; BadInput names the versions there are."""
    known = dict(rows.PackVersion.objects.using(using).order_by("id").values_list("version", "effective"))
    if version not in known:
        raise BadInput(f"no pack version {version!r}; loaded: {', '.join(known) or 'none'} / 没有这个版本")
    moment: datetime = known[version]
    return moment


def scheme(pack: Mapping[str, Any]) -> Scheme:
    a, b, c, d = pack["code_lengths"]
    return Scheme((a, b, c, d))


def knowledge(at: datetime | None = None, using: str = OWNER) -> Knowledge:
    """The rules in force at `at` (now when not given), with the versions that facts must carry."""
    moment = at or clock.now()
    pack = about(moment, using)
    units = {u.code: u for u in _units(moment, using)}
    almanac = timetables.almanac(pack["zone_minutes"], using)
    calendars = almanac.at(moment)
    tables = {"duties": rows.Duty, "categories": rows.Category, "calendars": rows.CalendarDay, "units": rows.Unit}
    tables |= {"clocks": rows.ClockRule, "limits": rows.Limit, "emergencies": rows.Emergency}
    tables |= {"keywords": rows.KeywordRule, "raises": rows.Raise}
    return Knowledge(
        city=next(iter(in_force(rows.Division, moment, using).filter(level=1).values_list("code", flat=True)), ""),
        scheme=scheme(pack),
        categories=_categories(moment, using),
        units=units,
        unit_at={(u.place, u.kind): u.code for u in units.values()},
        duties=_duties(moment, using),
        calendars=calendars,
        names=_called(moment, using, "name"),
        names_en=_called(moment, using, "name_en"),
        words=judging.words(moment, using),
        clocks=timetables.clock_rules(moment, using),
        limits=timetables.limits(moment, using),
        grades=timetables.grades(moment, using),
        former=almanac.every(),
        emergencies=judging.emergencies(moment, using),
        keywords=judging.keywords(moment, using),
        raises=judging.raises(moment, using),
        calls=_calls(moment, using) or CALL_RULES,
        thresholds=rules.thresholds(moment, using),
        versions={"pack": f"{pack['code']}@{pack['version']}"}
        | {name: digests(model, moment, using) for name, model in tables.items()},
    )


def _called(at: datetime, using: str, column: str) -> dict[str, str]:
    found = in_force(rows.Division, at, using).exclude(**{column: ""}).order_by("code")
    return dict(found.values_list("code", column))


def _units(at: datetime, using: str) -> list[Unit]:
    found = in_force(rows.Unit, at, using).order_by("code")
    names = ("code", "name", "kind", "level", "place", "name_en", "parent")
    return [Unit(c, n, k, Level(v), p, e, a) for c, n, k, v, p, e, a in found.values_list(*names)]


def _categories(at: datetime, using: str) -> dict[str, Category]:
    names = ("code", "name", "name_en", "parent", "kind", "threshold", "urgent", "keywords")
    more_names = ("verify", "photos", "small", "mistake_cost")
    found = in_force(rows.Category, at, using).order_by("code").values_list(*names, *more_names)
    return {
        code: Category(code, name, en, parent, kind, low, urgent, split(keywords), verify, photos or 0, *more)
        for code, name, en, parent, kind, low, urgent, keywords, verify, photos, *more in found
    }


def _duties(at: datetime, using: str) -> dict[str, list[Duty]]:
    """Duties by category, the most specific first."""
    names = ("code", "category", "host", "assists", "condition", "place_type", "ownership", "basis", "list_kind")
    limits = ("calendar", "sign_minutes", "contact_minutes", "handle_minutes", "make_safe_minutes")
    found: dict[str, list[Duty]] = {}
    for code, category, host, assists, *more in in_force(rows.Duty, at, using).values_list(*names, *limits):
        found.setdefault(category, []).append(Duty(code, category, host, split(assists), *more))
    return {category: by_rank(held) for category, held in found.items()}


def _calls(at: datetime, using: str) -> dict[str, CallRule]:
    names = ("code", "kind", "urgent", "acknowledge_minutes", "arrive_minutes", "act_minutes", "calendar", "raise_to")
    more = ("needs", "levels", "lines", "basis")
    found = in_force(rows.CallRule, at, using).order_by("code").values_list(*names, *more)
    return {
        code: CallRule(
            code, kind, urgent, come, there or 0, act or 0, days, up, split(needs), split(levels), split(lines), basis
        )
        for code, kind, urgent, come, there, act, days, up, needs, levels, lines, basis in found
    }


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas as parallel arrays: `codes`, the division each lies in, and shapely polygons (WGS-84 degrees)."""

    codes: list[str]
    divisions: list[str]
    shapes: NDArray[Any]


def _areas(found: Iterable[tuple[str, str, bytes]]) -> Areas:
    held = list(found)
    shapes = shapely.from_wkb([bytes(row[2]) for row in held])
    return Areas([row[0] for row in held], [row[1] for row in held], np.asarray(shapes, dtype=object))


def grid_shapes(at: datetime | None = None, using: str = OWNER) -> Areas:
    """Every grid in force with its community."""
    found = in_force(rows.Grid, at or clock.now(), using).order_by("code")
    return _areas(found.values_list("code", "division", "geometry"))


def division_shapes(level: int, at: datetime | None = None, using: str = OWNER) -> Areas:
    """Every division of one level whose outline is known, with the division above it."""
    found = in_force(rows.Division, at or clock.now(), using).filter(level=level, geometry__isnull=False)
    return _areas(found.order_by("code").values_list("code", "parent", "geometry"))


@dataclass(frozen=True, slots=True)
class Address:
    """标准地址: `kind` is road, estate, address, poi or facility."""

    code: str
    name: str
    kind: str
    division: str
    lon: float
    lat: float
    aliases: tuple[str, ...] = ()
    place_type: str = ""
    ownership: str = ""


def address_base(at: datetime | None = None, using: str = OWNER) -> list[Address]:
    """The address base in force, by code."""
    names = ("code", "name", "kind", "division", "lon", "lat", "aliases", "place_type", "ownership")
    found = in_force(rows.AddressPlace, at or clock.now(), using).order_by("code").values_list(*names)
    return [Address(c, n, k, d, lon, lat, split(aliases), *more) for c, n, k, d, lon, lat, aliases, *more in found]


@dataclass(frozen=True, slots=True)
class Device:
    """感知设备: warns at or above `threshold`, is calm again below `clear_below`, stale after `staleness_minutes`."""

    id: int
    code: str
    name: str
    kind: str
    division: str
    lon: float
    lat: float
    unit: str
    threshold: float
    clear_below: float
    category: str
    staleness_minutes: int


def sensors(at: datetime | None = None, using: str = OWNER) -> list[Device]:
    """The devices in force; `id` is the row's own key, the subject of its Sensed facts."""
    names = ("id", "code", "name", "kind", "division", "lon", "lat", "unit")
    limits = ("threshold", "clear_below", "category", "staleness_minutes")
    found = in_force(rows.Sensor, at or clock.now(), using).order_by("code").values_list(*names, *limits)
    return [Device(*row) for row in found]


def samples(at: datetime | None = None, using: str = OWNER) -> list[tuple[str, str]]:
    """(text, category) of the starter training set."""
    found = in_force(rows.Sample, at or clock.now(), using).order_by("code")
    return list(found.values_list("text", "category"))
