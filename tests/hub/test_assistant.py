"""The optional assistant: masks what it sends, takes only what is a draft, is off without an address."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from zhongshu.hub.assistant import Assistant, assistant, mask
from zhongshu.kernel.errors import BadInput, Unavailable
from zhongshu.kernel.settings import Settings


@dataclass
class Fake:
    """A local endpoint that answers what it is told, and keeps what it was asked."""

    status: int = 200
    body: Any = field(default_factory=lambda: {"choices": [{"message": {"content": " 居民反映路灯不亮，已派单。 "}}]})
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def fake() -> Iterator[Fake]:
    held = Fake()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            held.asked.append({"path": self.path, "key": self.headers.get("Authorization"), **json.loads(content)})
            said = held.body if isinstance(held.body, bytes) else json.dumps(held.body).encode()
            self.send_response(held.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nothing on the error stream."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请回电13800138000，谢谢", "请回电［号码］，谢谢"),
        ("电话 020-8333 4444 转", "电话 ［号码］ 转"),
        ("身份证44010119900101123X", "身份证［号码］"),
        ("邮箱 wang.wu@example.com 可联系", "邮箱 ［邮箱］ 可联系"),
        ("我叫王小五，住三楼", "我叫某人，住三楼"),
        ("联系人：欧阳建国。", "联系人：某人。"),
        ("赵大姐说路灯不亮", "某人说路灯不亮"),
        ("中山路12号3栋502房 2026-06-01", "中山路12号3栋502房 ［号码］"),
    ],
)
def test_what_leaves_the_house_names_nobody(text: str, masked: str) -> None:
    assert mask(text, ["赵大姐", ""]) == masked


def test_a_draft_is_asked_for_and_taken(fake: Fake) -> None:
    made = Assistant(fake.url, "small-model", "sesame").draft("类别：照明\n诉求：路灯不亮")
    assert (made.text, made.model, made.sent) == ("居民反映路灯不亮，已派单。", "small-model", 13)
    (asked,) = fake.asked
    assert (asked["path"], asked["key"], asked["model"]) == ("/v1/chat/completions", "Bearer sesame", "small-model")
    assert [one["role"] for one in asked["messages"]] == ["system", "user"]
    assert "路灯不亮" in asked["messages"][1]["content"]


def test_too_much_is_cut_on_both_ways(fake: Fake) -> None:
    fake.body = {"choices": [{"message": {"content": "长" * 5000}}]}
    made = Assistant(fake.url, "m").draft("字" * 20_000)
    assert (len(made.text), made.sent) == (1000, 6000)
    assert fake.asked[0]["key"] is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {}),
        (401, {"error": "no"}),
        (200, b"<html>"),
        (200, {"choices": []}),
        (200, {"choices": [{"message": {"content": None}}]}),
        (200, {"choices": [{"message": {"content": "  "}}]}),
    ],
)
def test_an_endpoint_that_gives_no_draft_is_said_in_a_sentence(fake: Fake, status: int, body: Any) -> None:
    fake.status, fake.body = status, body
    with pytest.raises(Unavailable, match="by hand / "):
        Assistant(fake.url, "m").draft("路灯")


def test_nobody_there_is_said_too() -> None:
    with pytest.raises(Unavailable, match="127.0.0.1:9 gave no draft"):
        Assistant("http://127.0.0.1:9/v1", "m").draft("路灯")


def test_the_settings_name_all_of_it_or_nothing() -> None:
    assert assistant(Settings()) is None
    whole = Settings(assistant_url="http://127.0.0.1:1/v1", assistant_model="m", assistant_key="sesame")
    assert assistant(whole) == Assistant("http://127.0.0.1:1/v1", "m", "sesame")
    assert "sesame" not in repr(whole) + repr(assistant(whole))
    with pytest.raises(BadInput, match="ASSISTANT_MODEL: found nothing"):
        assistant(Settings(assistant_url="http://127.0.0.1:1/v1"))
    with pytest.raises(BadInput, match="ASSISTANT_URL: found 'ftp"):
        assistant(Settings(assistant_url="ftp://x", assistant_model="m"))


def test_without_a_setting_nothing_of_it_is_imported() -> None:
    said = (
        "import sys\nfrom zhongshu import app\nfrom zhongshu.kernel.settings import Settings\n"
        "app.configure('postgresql://x@localhost:1/x')\nhub = app.build_hub(Settings())\n"
        "print(hub.assistant, 'zhongshu.hub.assistant' in sys.modules)\n"
    )
    out = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["None", "False"]
