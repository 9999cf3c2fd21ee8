"""Joining on the screens: what a stranger is shown, how often, from where; with a script, without one, at the desk."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from time import time
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from tests import town
from tests.screen.test_desks import hall, page_of, sign_in  # noqa: F401  fixtures of the same town
from tests.screen.test_pages import picture
from zhongshu.data import attachments, cases, ledger, write
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import joining
from zhongshu.screen.photos import SMALL, small
from zhongshu.screen.tracking import untrack

SignIn = Callable[[str], Client]
SPOTS = iter(range(1, 200))
SECRET = "我是王小姐，住3栋502，电话13800138021"


@pytest.fixture
def spot() -> dict[str, str]:
    return {"lon": f"{114 + 0.02 * next(SPOTS):.4f}", "lat": "23.1"}


@pytest.fixture
def stranger(hall: Hub) -> Iterator[Client]:  # noqa: F811
    cache.clear()
    yield Client(SERVER_NAME="localhost")


def born(hub: Hub, text: str, spot: dict[str, str], **more: str) -> int:
    raw = {"text": text, "channel": "web", "merge": "off", **spot, **more}
    return next(fact.subject for fact in hub.take_in([normalise(raw, hub.clock())])[0].facts if fact.kind == "Judged")


def near(client: Client, text: str, spot: dict[str, str], **more: str) -> str:
    return client.post("/report/near", {"text": text, **spot, **more}).content.decode()


def tokens(page: str) -> list[str]:
    return re.findall(r'name="join"(?: form="record")? value="([^"]{10,})"', page)


def case_at(track: str) -> int:
    from zhongshu.data import casefile
    from zhongshu.screen.tracking import untrack

    found = casefile.tracked(untrack(track.rpartition("/")[2].partition("?")[0].replace("%3A", ":")))
    assert found
    return int(found["case"]["id"])


def test_a_stranger_sees_enough_to_judge_and_nothing_more(
    hall: Hub,  # noqa: F811
    stranger: Client,
    spot: dict[str, str],
) -> None:
    case = born(hall, f"一居 垃圾桶满了没人清，{SECRET}", spot, name="王小姐", phone="13800138021", address="保密路7号")
    page = near(stranger, "一居 垃圾桶满了没人清", spot)
    assert "一居 垃圾桶满了没人清" in page
    assert "50 米以内" in page
    assert "垃圾" in page
    for secret in ("王小姐", "13800138021", "502", "保密路", str(case), "photos"):
        assert secret not in re.sub(r'value="[^"]*"', "", page)
    assert len(tokens(page)) == 1


def test_a_matter_of_special_need_is_told_by_its_class_only(
    hall: Hub,  # noqa: F811
    stranger: Client,
    spot: dict[str, str],
) -> None:
    born(hall, "一居 垃圾桶满了，独居老人出不了门", spot)
    page = near(stranger, "一居 垃圾桶满了", spot)
    assert tokens(page)
    assert "“" not in page.partition("<ul")[2]


@pytest.mark.parametrize("text", ["", "垃", "一居！"])
def test_who_says_nothing_is_shown_nothing(hall: Hub, stranger: Client, spot: dict[str, str], text: str) -> None:  # noqa: F811
    born(hall, "一居 垃圾桶满了", spot)
    assert near(stranger, text, spot).strip() == ""


@pytest.mark.parametrize(
    "where", [{}, {"lon": "x", "lat": "y"}, {"lon": "999", "lat": "23.1"}, {"lon": "113.9", "lat": "23.1"}]
)
def test_no_place_or_another_shows_nothing(
    hall: Hub,  # noqa: F811
    stranger: Client,
    spot: dict[str, str],
    where: dict[str, str],
) -> None:
    born(hall, "一居 垃圾桶满了", spot)
    assert near(stranger, "一居 垃圾桶满了", where).strip() == ""


def test_at_most_three_and_no_point_can_be_measured_out(
    hall: Hub,  # noqa: F811
    stranger: Client,
    spot: dict[str, str],
) -> None:
    for n in range(5):
        born(hall, f"一居 垃圾桶满了 第{n}回", spot)
    shown = [
        near(stranger, "一居 垃圾桶满了", {**spot, "lon": f"{float(spot['lon']) + step / 1e5:.5f}"})
        for step in range(4)
    ]
    assert {len(tokens(page)) for page in shown} == {3}
    assert {tuple(re.findall(r"(\d+) 米以内", page)) for page in shown} == {("50", "50", "50")}


def test_whoever_asks_too_often_gets_no_help_but_may_report(
    hall: Hub,  # noqa: F811
    stranger: Client,
    spot: dict[str, str],
) -> None:
    born(hall, "一居 垃圾桶满了", spot)
    answers = [stranger.post("/report/near", {"text": "一居 垃圾桶满了", **spot}).status_code for _ in range(40)]
    assert answers[:30] == [200] * 30
    assert answers[30:] == [204] * 10
    assert stranger.post("/report", {"text": "一居 垃圾 照常", **spot}).status_code == 302
    assert stranger.get("/report/near").status_code == 405
    cache.clear()


def test_joined_while_writing(hall: Hub, stranger: Client, spot: dict[str, str]) -> None:  # noqa: F811
    case = born(hall, "一居 垃圾桶满了", spot)
    token = tokens(near(stranger, "一居 垃圾桶满了", spot))[0]
    assert "checked" in near(stranger, "一居 垃圾桶满了没人管", spot, join=token)
    form = {
        "text": "一居 旁边还有旧沙发",
        "name": "陈",
        "phone": "13800138022",
        "join": token,
        "photos": picture(),
        **spot,
    }
    answer = stranger.post("/report", form)
    assert case_at(answer["Location"]) == case
    told = stranger.get(answer["Location"]).content.decode()
    assert "已并入附近正在办理的同一件事" in told
    assert "是不是同一件事" not in told
    assert 'href="/track/' in told


def test_the_word_of_the_reporter_stands_on_the_case(hall: Hub, stranger: Client, sign_in: SignIn) -> None:  # noqa: F811
    spot = {"lon": "119.5", "lat": "23.1"}
    case = born(hall, "一居 垃圾桶满了", spot)
    token = tokens(near(stranger, "一居 垃圾桶满了", spot))[0]
    stranger.post("/report", {"text": "一居 满得走不过去", "join": token, **spot})
    page = page_of(sign_in("city"), case)
    assert "反映人自己说是同一件事" in page
    assert 'data-opens="act-Split"' in page


@pytest.mark.parametrize("token", ["12345", "x" * 300, "MQ:1abc:xyz", "none"])
def test_a_forged_choice_joins_nothing(hall: Hub, stranger: Client, spot: dict[str, str], token: str) -> None:  # noqa: F811
    case = born(hall, "一居 垃圾桶满了", spot)
    answer = stranger.post("/report", {"text": "二居 积水", "join": token, **spot})
    assert answer.status_code == 302
    assert case_at(answer["Location"]) != case


def test_a_choice_made_here_does_not_join_from_elsewhere(hall: Hub, stranger: Client, spot: dict[str, str]) -> None:  # noqa: F811
    case = born(hall, "一居 垃圾桶满了", spot)
    token = joining.token(case)
    away = {**spot, "lat": "23.2"}
    answer = stranger.post("/report", {"text": "一居 垃圾桶满了", "join": token, **away})
    assert case_at(answer["Location"]) != case


def test_without_a_script_it_is_asked_after_sending(hall: Hub, stranger: Client, spot: dict[str, str]) -> None:  # noqa: F811
    case = born(hall, "一居 垃圾桶满了没人清", spot)
    sent = stranger.post("/report", {"text": "一居 垃圾 三天没收", "name": "陈", "phone": "13800138023", **spot})
    page = stranger.get(sent["Location"]).content.decode()
    own = case_at(sent["Location"])
    assert own != case
    assert "是不是同一件事" in page
    joined = stranger.post(sent["Location"], {"join": tokens(page)[0]}).content.decode()
    assert "已并入附近正在办理的同一件事" in joined
    assert case_at(sent["Location"]) == case
    assert cases.rows([own])[own]["state"] == "closed"
    again = stranger.post(sent["Location"], {"join": tokens(page)[0]})
    assert again.status_code == 409
    assert "不会丢失" in again.content.decode()


def test_who_said_none_of_them_is_not_asked_again(hall: Hub, stranger: Client, spot: dict[str, str]) -> None:  # noqa: F811
    born(hall, "一居 垃圾桶满了没人清", spot)
    sent = stranger.post("/report", {"text": "一居 垃圾 另一堆", "join": "none", **spot})
    assert "是不是同一件事" not in stranger.get(sent["Location"]).content.decode()


def test_a_stale_choice_after_sending_keeps_the_report(hall: Hub, stranger: Client, spot: dict[str, str]) -> None:  # noqa: F811
    sent = stranger.post("/report", {"text": "一居 垃圾 单独", **spot})
    answer = stranger.post(sent["Location"], {"join": "forged"})
    assert answer.status_code == 409
    assert case_at(sent["Location"])


def test_the_desk_sees_photos_and_joins_for_the_caller(hall: Hub, sign_in: SignIn, spot: dict[str, str]) -> None:  # noqa: F811
    operator = sign_in("city")
    form = {"text": "一居 垃圾桶满了没人清", "photos": picture(), **spot}
    case = case_at(Client(SERVER_NAME="localhost").post("/report", form)["Location"])
    page = operator.get("/operator/suggest", {"text": "一居 垃圾桶满了", **spot}).content.decode()
    assert f"/cases/{case}/photos/" in page
    assert 'form="record"' in page
    token = tokens(page)[0]
    kept = operator.get("/operator/suggest", {"text": "一居 垃圾桶满了", "join": token, **spot}).content.decode()
    assert "checked" in kept
    sent = operator.post("/operator", {"text": "一居 打来说满了", "channel": "phone", "join": token, **spot})
    assert sent["Location"].endswith(f"recorded={case}")
    assert cases.rows([case])[case]["reports"] == 2


def photographed(spot: dict[str, str], text: str, photos: int = 1, **more: str) -> str:
    """A report with photos; returns the reporter's tracking address."""
    form = {"text": text, "photos": [picture() for _n in range(photos)], **spot, **more}
    sent = Client(SERVER_NAME="localhost").post("/report", form)
    return sent["Location"].replace("/report/done/", "/track/")


def photos_of(page: str) -> list[str]:
    return re.findall(r'<img src="(/report/near/[^"]+)" alt="照片 \d"', page)


def test_consented_photos_are_shown_until_the_reporter_takes_it_back(
    hall: Hub,  # noqa: F811
    stranger: Client,
    spot: dict[str, str],
) -> None:
    track = photographed(spot, "一居 垃圾桶满了没人清", 3, shown="on")
    number = untrack(unquote(track.rpartition("/")[2]))
    facts = (fact for batch in ledger.read() for fact in batch)
    assert next(fact for fact in facts if fact.subject == number).payload["shown"] is True
    page = near(stranger, "一居 垃圾桶满了", spot)
    found = photos_of(page)
    assert len(found) == 2
    assert photos_of(near(stranger, "一居 垃圾桶满了", spot)) == found
    answer = stranger.get(found[0])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "private, max-age=300"
    assert "收回同意" in stranger.get(track).content.decode()
    assert stranger.post(track, {"act": "hide"}).status_code == 302
    assert "收回同意" not in stranger.get(track).content.decode()
    write.rebuild()
    assert stranger.get(found[0]).status_code == 404
    assert photos_of(near(stranger, "一居 垃圾桶满了", spot)) == []


@pytest.mark.parametrize(
    ("text", "consent"),
    [
        ("一居 垃圾桶满了没人清", {}),
        ("一居 垃圾桶满了，独居老人出不了门", {"shown": "on"}),
        ("一居 垃圾桶满了，请保密", {"shown": "on"}),
        ("一居 垃圾桶满了，举报清运人员", {"shown": "on"}),
    ],
)
def test_photos_without_consent_or_of_a_delicate_matter_are_not_shown(
    hall: Hub,  # noqa: F811
    stranger: Client,
    spot: dict[str, str],
    text: str,
    consent: dict[str, str],
) -> None:
    case = case_at(photographed(spot, text, **consent))
    page = near(stranger, "一居 垃圾桶满了", spot)
    assert tokens(page)
    assert photos_of(page) == []
    kept = attachments.of_cases(town.viewer(town.CITY, "command", Role.OPERATOR), [case])[case][0]
    assert stranger.get(joining.photo_url(case, kept)).status_code == 404


def test_a_closed_case_and_a_forged_address_show_no_photo(hall: Hub, stranger: Client, spot: dict[str, str]) -> None:  # noqa: F811
    case = case_at(photographed(spot, "一居 垃圾桶满了没人清", shown="on"))
    found = photos_of(near(stranger, "一居 垃圾桶满了", spot))
    handler = town.viewer(town.STREET, "office", Role.HANDLER, user=2)
    hall.act(handler, case, Kind.SIGNED, {})
    hall.act(handler, case, Kind.HANDLED, {"result": "已清运垃圾"})
    hall.act(town.viewer(town.DISTRICT, "command", Role.CHECKER, user=3), case, Kind.CHECK_PASSED, {})
    assert cases.rows([case])[case]["state"] == "closed"
    assert stranger.get(found[0]).status_code == 404
    assert stranger.get(f"{found[0]}x").status_code == 404
    assert stranger.get("/report/near/x").status_code == 404
    assert stranger.post(found[0]).status_code == 405


def test_the_address_of_a_photo_is_good_for_two_days(monkeypatch: pytest.MonkeyPatch) -> None:
    given = joining.photo_url(1, 2).rpartition("/")[2]
    assert joining.photo_of(given) == (1, 2)
    monkeypatch.setattr(joining, "_day", lambda: int(time()) // joining.GOOD_FOR + 2)
    assert joining.photo_of(given) is None


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ({"photos": [1], "shown": True}, True),
        ({"photos": [1], "shown": "on"}, True),
        ({"photos": [1], "shown": "no"}, False),
        ({"photos": [1]}, False),
        ({"shown": True}, False),
    ],
)
def test_consent_is_only_what_was_said_of_photos(raw: dict[str, object], shown: bool) -> None:
    assert normalise({"text": "一居 垃圾", **raw}, datetime.now(UTC)).shown is shown


def test_a_shown_photo_is_small() -> None:
    held = io.BytesIO()
    Image.new("RGBA", (1600, 900), "red").save(held, "PNG")
    image = Image.open(io.BytesIO(small(held.getvalue())))
    assert (image.format, max(image.size)) == ("JPEG", SMALL)
