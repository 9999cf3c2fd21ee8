"""A small server that shows every page with made-up contexts, under the real content security policy.

    python tests/screen/screen_preview.py 8100     then open http://127.0.0.1:8100/cockpit (?lang=en, ?theme=dark)

It configures Django for itself, so the tests run it as a process of its own.
"""

from __future__ import annotations

import contextlib
import json
import math
import mimetypes
import random
import sys
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
SCREEN = ROOT / "zhongshu" / "screen"
sys.path.insert(0, str(ROOT))

settings.configure(
    SECRET_KEY="preview",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["zhongshu.screen"],
    STATIC_URL="/static/",
    USE_TZ=True,
    TIME_ZONE="Asia/Shanghai",
    LANGUAGE_CODE="zh-hans",
    LANGUAGES=[("zh-hans", "简体中文"), ("en", "English")],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request", "zhongshu.screen.frame.frame"],
            },
        }
    ],
)
django.setup()

from django.template.loader import render_to_string  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import translation  # noqa: E402

from tests.screen.screen_english import COMPOSED  # noqa: E402
from tests.screen.screen_samples import PUBLIC, SAMPLES  # noqa: E402
from zhongshu.kernel.access import Viewer  # noqa: E402
from zhongshu.kernel.lifecycle import Role  # noqa: E402
from zhongshu.screen.frame import CONTENT_SECURITY_POLICY  # noqa: E402

PATHS = {
    "/": "list",
    "/cases": "list",
    "/cockpit": "cockpit",
    "/cockpit/beside": "beside",
    "/operator": "operator",
    "/report": "report",
    "/track": "find",
    "/arbitration": "arbitration",
    "/stuck": "stuck",
    "/accounts/login/": "login",
    "/go": "jump-list",
    "/operator/suggest": "suggest",
    "/cases/bulk": "bulk",
    "/cases/counts": "tabs",
}
VIEWER = Viewer(post="p1", name="林晓", roles=frozenset(Role) - {Role.SYSTEM})


def page(name: str, address: str, query: dict[str, list[str]], partial: bool = False) -> str:
    """Render a sample as a view would; `partial` is htmx asking for the rows of the list."""
    template, context = SAMPLES["rows" if partial else name]
    request: Any = RequestFactory().get(address)
    request.COOKIES = {name: query.get(name, [""])[0] for name in ("theme", "size")}
    request.city_name = "示范市"
    if name not in PUBLIC:
        request.viewer, request.post_title = VIEWER, "东湖街道综合行政执法队 · 办理岗"
        request.posts = [("p1", "东湖街道综合行政执法队 · 办理岗"), ("p2", "东湖街道 · 值班长")]
    with translation.override(query.get("lang", ["zh-hans"])[0]):
        return render_to_string(template, told(context()), request)


def told(held: Any) -> Any:
    """A made-up context as a view would give it: the hub's own words in the reader's language, all else as it is."""
    if isinstance(held, str) and held:
        own = translation.gettext(held)
        return COMPOSED.get(held, own) if translation.get_language() == "en" and own == held else own
    if isinstance(held, dict):
        return {key: told(value) for key, value in held.items()}
    if type(held) in (list, tuple):
        return type(held)(told(value) for value in held)
    return held


SPOTS = [
    {
        "id": n,
        "lon": 113.35 + chance.gauss(0, 0.07),
        "lat": 23.13 + chance.gauss(0, 0.05),
        "overdue": chance.random() < 0.08,
        "urgency": chance.choice([0, 0, 0, 1, 2]),
        "state": chance.choice(["dispatched", "handling", "checking"]),
    }
    for chance in [random.Random(7)]
    for n in range(1000, 2500)
]


def divisions() -> bytes:
    """Nine made-up districts with wavy edges."""
    features = []
    for index in range(9):
        x, y = 113.13 + index % 3 * 0.145, 22.98 + index // 3 * 0.12
        ring = []
        for step in range(48):
            side, t = divmod(step / 12, 1)
            wave = math.sin(t * math.pi) * math.sin(step * 1.7 + index) * 0.008
            px, py = [(t, wave), (1 + wave, t), (1 - t, 1 + wave), (wave, 1 - t)][int(side)]
            ring.append([x + px * 0.145, y + py * 0.12])
        shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        about = {"code": str(index), "name": f"第{index + 1}区", "at": [x + 0.07, y + 0.06]}
        features.append({"type": "Feature", "properties": about, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def block(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def tile(z: int, x: int, y: int) -> bytes:
    """A vector tile of points: enough of the format for made-up cases, clustered below zoom 13 in a 6 x 6 raster."""
    cells: dict[tuple[float, float], list[dict[str, Any]]] = {}
    for spot in SPOTS:
        lat = math.radians(spot["lat"])
        px = ((spot["lon"] + 180) / 360 * 2**z - x) * 4096
        py = ((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * 2**z - y) * 4096
        if 0 <= px < 4096 and 0 <= py < 4096:
            key = (px // 683, py // 683) if z < 13 else (px, py)
            cells.setdefault(key, []).append(spot | {"px": px, "py": py})
    keys, values, features = ["id", "n", "state", "urgency", "overdue"], b"", b""
    count = 0
    for group in cells.values():
        first = group[0]
        facts = [first["id"], len(group), first["state"], first["urgency"], any(one["overdue"] for one in group)]
        tags = b""
        for index, fact in enumerate(facts):
            coded = (
                block(1, fact.encode()) if isinstance(fact, str) else varint((7 if isinstance(fact, bool) else 5) << 3)
            )
            values += block(4, coded if isinstance(fact, str) else coded + varint(int(fact)))
            tags += varint(index) + varint(count)
            count += 1
        at = [int(sum(one[axis] for one in group) / len(group)) for axis in ("px", "py")]
        features += block(
            2, block(2, tags) + varint(3 << 3) + varint(1) + block(4, varint(9) + b"".join(varint(v << 1) for v in at))
        )
    layer = block(1, b"cases") + features + b"".join(block(3, key.encode()) for key in keys) + values
    return block(3, layer + varint(5 << 3) + varint(4096) + varint(15 << 3) + varint(2))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def answer(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.send_header("Service-Worker-Allowed", "/")
        self.end_headers()
        self.wfile.write(body)

    def static(self, path: str) -> None:
        file = SCREEN / path.lstrip("/")
        found = file.is_file() and SCREEN in file.parents
        self.answer(
            file.read_bytes() if found else b"", mimetypes.guess_type(path)[0] or "text/plain", 200 if found else 404
        )

    def live(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            for step in range(1000):
                spot = random.choice(SPOTS)
                event = {"id": spot["id"], "state": spot["state"], "lon": spot["lon"], "lat": spot["lat"]}
                self.wfile.write(f"event: numbers\ndata: {json.dumps({'today': 328 + step})}\n\n".encode())
                self.wfile.write(f"event: case\ndata: {json.dumps(event)}\n\n".encode())
                self.wfile.flush()
                time.sleep(2)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path.startswith("/static/"):
            self.static(url.path)
        elif url.path == "/live":
            self.live()
        elif url.path == "/field/worker.js":
            self.answer(b"", "text/javascript")
        elif url.path == "/map/divisions.geojson":
            self.answer(divisions(), "application/geo+json")
        elif url.path == "/operator/ringing":
            self.answer(b'{"call": 0}', "application/json")
        elif url.path == "/map/places.json":
            self.answer(b'{"places": []}', "application/json")
        elif url.path.startswith("/map/cases/"):
            z, x, y = (int(part) for part in url.path.removesuffix(".mvt").split("/")[-3:])
            self.answer(tile(z, x, y), "application/vnd.mapbox-vector-tile")
        else:
            self.page(url.path, parse_qs(url.query))

    def do_POST(self) -> None:
        posted = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        body = (
            page("bulk", self.path, {})
            + f"<pre hidden id='posted'>{posted.count('case=')} {'kind=Signed' in posted}</pre>"
        )
        self.answer(body.encode(), "text/html; charset=utf-8")

    def page(self, path: str, query: dict[str, list[str]]) -> None:
        name = PATHS.get(path) or ("case" if path.startswith("/cases/") else path.removeprefix("/_/"))
        try:
            text, status = page(name, self.path, query, "HX-Request" in self.headers and name == "list"), 200
        except Exception:  # noqa: BLE001 - whatever a template raises, the browser shows it
            text, status = traceback.format_exc(), 500
        self.answer(text.encode(), "text/html; charset=utf-8", status)


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    server.daemon_threads = True
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
