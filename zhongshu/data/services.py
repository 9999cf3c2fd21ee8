"""共性支撑的现状 how each shared service stands: how much it holds and when it last changed. One cheap statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from zhongshu.data.databases import ROAD

# What a large table holds is what the planner believes of it (-1: never looked at): counting it would cost more than
# the rest of the page together.
_ABOUT = "(SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '{t}'::regclass)"
_LOADED = "(SELECT max(loaded_at) FROM data_packversion)"
_LAST = """(SELECT recorded_at FROM ledger WHERE recorded_at >=
  (SELECT max(month) FROM ledger_head WHERE seq > 0)::timestamp AT TIME ZONE 'UTC' ORDER BY seq DESC LIMIT 1)"""
_HELD = "SELECT count(*) FROM {t} WHERE valid_to IS NULL"
_KEPT: Mapping[str, tuple[str, str]] = {
    "identity": (
        "SELECT count(*) FROM data_personinpost WHERE valid_to IS NULL OR valid_to > now()",
        "(SELECT max(valid_from) FROM data_personinpost)",
    ),
    "organisation": (_HELD.format(t="data_unit"), _LOADED),
    "address": (f"SELECT {_ABOUT.format(t='data_addressplace')}", _LOADED),
    "map": (_HELD.format(t="data_division"), _LOADED),
    "workflow": ("SELECT count(*) FROM road_queue", _LAST),
    "messages": (
        'SELECT (SELECT count(*) FROM "call" WHERE ended_at IS NULL)'
        " + (SELECT count(*) FROM directive WHERE ended_at IS NULL)",
        '(SELECT greatest((SELECT max(opened_at) FROM "call"), (SELECT max(opened_at) FROM directive)))',
    ),
    "telephone": ("SELECT count(*) FROM ringing_call", "(SELECT max(rung_at) FROM ringing_call)"),
    "rules": (_HELD.format(t="data_duty"), _LOADED),
    "judging": (
        "SELECT count(*) FROM model_deployment WHERE ended_at IS NULL",
        "(SELECT max(at) FROM model_deployment)",
    ),
    "sensing": (
        _HELD.format(t="data_sensor"),
        "(SELECT max(at) FROM observation WHERE at > now() - interval '6 hours')",
    ),
    "ledger": ("SELECT coalesce(sum(seq), 0) FROM ledger_head", _LAST),
    "catalogue": (_HELD.format(t="data_dataset"), "(SELECT max(at) FROM gather_run)"),
    "sharing": (
        "SELECT count(*) FROM share_grant WHERE state = 'active' AND until > now()",
        "(SELECT at FROM share_use ORDER BY id DESC LIMIT 1)",
    ),
    "signs": (
        "SELECT count(*) FROM data_indicator WHERE valid_to IS NULL AND measure <> ''",
        "(SELECT max(at) FROM sign_now)",
    ),
}
_STATES = "\nUNION ALL ".join(f"SELECT '{code}', ({held})::bigint, {last}" for code, (held, last) in _KEPT.items())


@dataclass(frozen=True, slots=True)
class Standing:
    """现状: how many of what the service holds (of addresses an estimate), and when that last changed."""

    held: int
    last: datetime | None


def standings() -> dict[str, Standing]:
    """Service -> how it stands, for the whole city: it describes the software, no case."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_STATES)
        return {code: Standing(int(held), last) for code, held, last in cursor.fetchall()}
