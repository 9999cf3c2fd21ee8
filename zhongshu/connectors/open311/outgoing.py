"""去件 outgoing: what we know in GeoReport's elements, and those elements as JSON or XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from zhongshu.kernel.desk import Category, Duty

FORMATS = ("json", "xml")
TYPES = {"json": "application/json", "xml": "text/xml"}
"""Bare types: a well-known validator refuses a charset behind them. Both are UTF-8 by their own rules."""

_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to say."""

Document = tuple[str, str, Any]
"""(name of the root element, name of each child when the content is a list, content)."""


def discovery(root: str, changed: datetime, key_service: str) -> Document:
    """Where the service lives; the test endpoint checks a request and keeps nothing."""
    ends = [(f"{root}/v2", "production"), (f"{root}/test/v2", "test")]
    return "discovery", "", {
        "changeset": _time(changed),
        "contact": "",
        "key_service": key_service,
        "endpoints": {
            "endpoint": [
                {
                    "specification": "http://wiki.open311.org/GeoReport_v2",
                    "url": url,
                    "changeset": _time(changed),
                    "type": kind,
                    "formats": {"format": ["text/xml", "application/json"]},
                }
                for url, kind in ends
            ]
        },
    }  # fmt: skip


def _situations(code: str, duties: Mapping[str, Sequence[Duty]]) -> list[str]:
    """Words that would change who is responsible: the alternatives of the duty rows' conditions."""
    words = (word.strip() for duty in duties.get(code, ()) for word in duty.condition.split("|"))
    return list(dict.fromkeys(word for word in words if word))


def services(categories: Mapping[str, Category], duties: Mapping[str, Sequence[Duty]]) -> Document:
    """The categories that nothing lies below."""
    parents = {one.parent for one in categories.values()}
    found = [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": one.name_en or one.name,
            "metadata": bool(_situations(one.code, duties)),
            "type": "realtime",
            "keywords": ", ".join(one.keywords),
            "group": categories[one.parent].name if one.parent in categories else "",
        }
        for one in categories.values()
        if one.code not in parents
    ]
    return "services", "service", found


def definition(code: str, duties: Mapping[str, Sequence[Duty]]) -> Document:
    """What more may be said about a service: the situation, where it decides who is responsible."""
    words = _situations(code, duties)
    attribute = {
        "variable": True,
        "code": "situation",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": 1,
        "description": "情形 situation",
        "values": {"value": [{"key": word, "name": word} for word in words]},
    }
    return "service_definition", "", {
        "service_code": code,
        "attributes": {"attribute": [attribute] if words else []},
    }  # fmt: skip


def accepted(report: int, notice: str) -> Document:
    """The answer to POST: the id is there at once, so no token is needed."""
    return "service_requests", "request", [
        {"service_request_id": str(report), "service_notice": notice, "account_id": ""}
    ]  # fmt: skip


def tokens(report: int, token: str) -> Document:
    """The answer to GET token."""
    return "service_requests", "request", [{"service_request_id": str(report), "token": token}]


def requests(found: Iterable[Mapping[str, Any]]) -> Document:
    """Requests from {id, closed, notes, code, name, description, unit, at, updated, due, address, lat, lon}."""
    return "service_requests", "request", [
        {
            "service_request_id": str(one["id"]),
            "status": "closed" if one["closed"] else "open",
            "status_notes": one["notes"],
            "service_name": one["name"],
            "service_code": one["code"],
            "description": one["description"],
            "agency_responsible": one["unit"],
            "service_notice": "",
            "requested_datetime": _time(one["at"]),
            "updated_datetime": _time(one["updated"]),
            "expected_datetime": _time(one["due"]),
            "address": one["address"],
            "address_id": "",
            "zipcode": "",
            "lat": one["lat"],
            "long": one["lon"],
            "media_url": "",
        }
        for one in found
    ]  # fmt: skip


def errors(code: int, description: str) -> Document:
    """A failure as the specification wants it."""
    return "errors", "error", [{"code": code, "description": description}]


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


_INNER = {"endpoints": "endpoint", "formats": "format", "attributes": "attribute", "values": "value"}


def render(document: Document, form: str) -> tuple[bytes, str]:
    """The bytes and the content type of a document as `json` or `xml`."""
    root, child, content = document
    if form == "xml":
        element = ET.Element(root)
        _fill(element, {child: content} if child else content)
        return ET.tostring(element, encoding="utf-8", xml_declaration=True), TYPES["xml"]
    return json.dumps(_plain(content), ensure_ascii=False).encode(), TYPES["json"]


def _plain(content: Any) -> Any:
    """JSON has the lists where XML has wrapped ones."""
    if isinstance(content, list):
        return [_plain(one) for one in content]
    if isinstance(content, dict):
        return {name: _plain(value.get(_INNER.get(name, ""), value) if isinstance(value, dict) else value)
                for name, value in content.items()}  # fmt: skip
    return content


def _fill(element: ET.Element, content: Mapping[str, Any]) -> None:
    for name, value in content.items():
        for one in value if isinstance(value, list) else [value]:
            inner = ET.SubElement(element, name)
            if isinstance(one, dict):
                _fill(inner, one)
            elif one is not None:
                inner.text = str(one).lower() if isinstance(one, bool) else _UNSAYABLE.sub("", str(one))
