"""自有对象 subjects whose rows are tables of the platform itself, so that forms about them are pre-filled as any other.

An address or a component is known by its first version's number, which its later versions keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Own:
    """自有对象: the `table` of its rows, element -> its column there, how lists show it, and its values."""

    table: str
    columns: Mapping[str, str]
    listed: str
    values: str
    key: str


_VERSIONS = """
SELECT f.id, t.name, t.code AS note, t.division AS place FROM {table} t
CROSS JOIN LATERAL (SELECT min(o.id) AS id FROM {table} o WHERE o.code = t.code) f
WHERE t.valid_to IS NULL AND t.division >= (SELECT current_setting('zhongshu.lo', true))
  AND t.division < (SELECT current_setting('zhongshu.hi', true))
"""
_CASES = 'SELECT id, title AS name, number AS note, place FROM "case" WHERE closed_at IS NULL'
_OF_VERSIONS = """
SELECT o.id, x.element, x.value, t.valid_from::date FROM {table} o
JOIN {table} t ON t.code = o.code AND t.valid_to IS NULL
CROSS JOIN LATERAL (VALUES {pairs}) x(element, value) WHERE o.id = ANY (%(ids)s) AND coalesce(x.value, '') <> ''
"""
_OF_CASES = """
SELECT t.id, x.element, x.value, now()::date FROM "case" t CROSS JOIN LATERAL (VALUES {pairs}) x(element, value)
WHERE t.id = ANY (%(ids)s) AND coalesce(x.value, '') <> ''
"""


def _versions(table: str, columns: Mapping[str, str]) -> Own:
    key = f"SELECT code FROM {table} WHERE id = %s"
    return Own(table, columns, _VERSIONS.format(table=table), _OF_VERSIONS.replace("{table}", table), key)


OWN: Mapping[str, Own] = {
    "address": _versions(
        "data_addressplace",
        {
            "address_code": "t.code",
            "address_text": "t.name",
            "address_kind": "t.kind",
            "address_aliases": "t.aliases",
            "address_point": "t.lon || ',' || t.lat",
        },
    ),
    "component": _versions(
        "data_component",
        {
            "component_code": "t.code",
            "component_name": "t.name",
            "component_category": "t.category",
            "component_owner": "t.owner",
            "component_state": "t.state",
            "component_point": "t.lon || ',' || t.lat",
        },
    ),
    "event": Own(
        "case",
        {
            "case_number": "t.number",
            "case_category": "t.category",
            "case_state": "t.state",
            "case_host": "t.host",
            "case_location": "t.address",
            "case_text": "t.text",
            "opened_at": "(t.opened_at AT TIME ZONE 'Asia/Shanghai')::date::text",
        },
        _CASES,
        _OF_CASES,
        'SELECT number FROM "case" WHERE id = %s',
    ),
}
"""By subject. A form about events is about those that are still open."""


def statement(one: Own) -> str:
    """What finds (number, element, value, day) of the subjects in `ids`."""
    return one.values.format(pairs=", ".join(f"('{element}', {column})" for element, column in one.columns.items()))
