"""开放311 Open311 GeoReport v2: requests in its words to reports in ours, and answers in its JSON and XML.

Source: the specification "GeoReport v2" of open311.org. Nothing here does I/O.
"""

from __future__ import annotations

from zhongshu.connectors.open311.incoming import read, wanted
from zhongshu.connectors.open311.outgoing import (
    accepted,
    definition,
    discovery,
    errors,
    render,
    requests,
    services,
    tokens,
)

__all__ = [
    "accepted",
    "definition",
    "discovery",
    "errors",
    "read",
    "render",
    "requests",
    "services",
    "tokens",
    "wanted",
]
