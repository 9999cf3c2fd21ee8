"""来件 incoming: a GeoReport form becomes a report; a GeoReport query becomes a filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from zhongshu.kernel.desk import Category
from zhongshu.kernel.errors import BadInput

DAYS = 90
"""Longest span of a query, and the span when none is given (GeoReport v2, GET Service Requests)."""
PAGE, PAGE_MOST = 50, 1000
ATTRIBUTE = "attribute[situation]"


def read(form: Mapping[str, str], categories: Mapping[str, Category]) -> Iterator[dict[str, Any]]:
    """The one report of a POST form. BadInput names the argument. `service` is the category's name, for those whose
    choice of category isn't followed.
    """
    code = form.get("service_code", "").strip()
    if not code:
        raise BadInput("service_code: found nothing, expected one of the codes of GET services")
    if code not in categories:
        raise BadInput(f"service_code: found {code[:40]!r}, expected one of the codes of GET services")
    lat, lon, address = (form.get(name, "").strip() for name in ("lat", "long", "address_string"))
    if not (lat and lon) and not address and not form.get("address_id", "").strip():
        raise BadInput("lat, long: found no place, expected lat and long, or address_string, or address_id")
    words = [form.get("description", "").strip() or categories[code].name, form.get(ATTRIBUTE, "").strip()]
    media = form.get("media_url", "").strip()
    yield {
        "text": "\n".join(part for part in [*words, media and f"附件 {media}"] if part),
        "service": categories[code].name,
        "category": code,
        "channel": "open311",
        "address": address or form.get("address_id", "").strip(),
        "lon": lon,
        "lat": lat,
        "name": f"{form.get('last_name', '')}{form.get('first_name', '')}".strip(),
        "phone": form.get("phone", "").strip() or form.get("email", "").strip(),
    }


def wanted(query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """A query's {reports, since, until, categories, closed, offset, limit}. BadInput names the argument."""
    reports = [_number("service_request_id", one, 2**63 - 1) for one in _many(query, "service_request_id")]
    until = _time(query, "end_date") or now
    since = _time(query, "start_date") or until - timedelta(days=DAYS)
    if until - since > timedelta(days=DAYS):
        raise BadInput(f"start_date, end_date: found more than {DAYS} days, expected at most {DAYS}")
    status = set(_many(query, "status"))
    if status - {"open", "closed"}:
        raise BadInput(f"status: found {', '.join(sorted(status))[:40]!r}, expected open or closed")
    size = _number("page_size", query.get("page_size") or str(PAGE), PAGE_MOST)
    page = _number("page", query.get("page") or "1", 10_000)
    return {
        "reports": reports,
        "since": since,
        "until": until,
        "categories": _many(query, "service_code"),
        "closed": "closed" in status if len(status) == 1 else None,
        "offset": (page - 1) * size,
        "limit": size,
    }


def _many(query: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in query.get(name, "").split(",") if part.strip()][:1000]


def _number(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) <= most):
        raise BadInput(f"{name}: found {text[:40]!r}, expected a whole number from 1 to {most}")
    return int(text)


def _time(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(f"{name}: found {text[:40]!r}, expected a W3C time such as 2010-01-01T00:00:00Z") from None
