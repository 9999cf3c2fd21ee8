"""The pages of the field, of communities, near by and of the roster, on the town."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import town, town_hall
from tests.screen.test_pages import picture
from zhongshu.data.last_metre import LastMetre
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate, last_metre

HERE = f"/community/{town.COMMUNITY}"


@pytest.fixture(scope="module", autouse=True)
def people(database: str) -> Iterator[dict[str, int]]:
    gate.install(Hub(lambda: town.TOOLS))
    yield town_hall.people()


def sent(client: Client, **fields: object) -> tuple[int, dict[str, str]]:
    answer = client.post("/field/send", fields)
    return answer.status_code, answer.json()


def test_what_a_telephone_sends_twice_is_one_case_with_its_voice_note() -> None:
    client = town_hall.sign_in("community")
    voice = b"\x1aE\xdf\xa3" + bytes(40)

    def told() -> dict[str, object]:
        files = {"photos": picture(), "voice": SimpleUploadedFile("v.webm", voice, "audio/webm")}
        return {"kind": "report", "text": "一居 垃圾堆在门口", "client_key": "a1", "helped": "elder", **files}

    first, again = sent(client, **told()), sent(client, **told())
    assert first[0] == again[0] == 200
    assert first[1]["number"] == again[1]["number"]
    page = client.get(first[1]["url"]).content.decode()
    assert page.count("<audio") == 1
    sound = re.search(r'<audio[^>]*src="([^"]+)"', page)
    assert sound is not None
    heard = client.get(sound[1])
    assert (heard["Content-Type"], heard.content) == ("audio/webm", voice)


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"kind": "report", "text": "", "client_key": "b1"}, 422, "text"),
        ({"kind": "dance"}, 422, "kind"),
        ({"kind": "check-in", "client_key": "b2", "lon": "x", "lat": "1"}, 422, "lon"),
        ({"kind": "act", "case": "999999", "move": "Signed", "client_key": "b3"}, 404, "没有这个案件"),
        (
            {"kind": "report", "text": "一居 垃圾", "client_key": "b4", "voice": io.BytesIO(b"not a sound")},
            422,
            "voice",
        ),
    ],
)
def test_what_can_not_be_taken_is_refused_with_a_sentence(fields: dict[str, object], status: int, said: str) -> None:
    found, body = sent(town_hall.sign_in("community"), **fields)
    assert (found, body["state"]) == (status, "refused")
    assert body["sentence"]


def test_nobody_signed_in_is_told_so_and_not_shown_a_page() -> None:
    client = Client(SERVER_NAME="localhost")
    assert sent(client, kind="report", text="x", client_key="c1") == (401, {"state": "signin"})
    assert client.get("/field").status_code == 302


def test_a_move_from_the_telephone_happens_once() -> None:
    street = town_hall.sign_in("street")
    _status, body = sent(street, kind="report", text="一居 垃圾没人清", client_key="d0")
    case = body["url"].rpartition("/")[2]
    assert f'value="{case}"' in street.get("/field").content.decode()
    for _ in range(2):
        assert sent(street, kind="act", case=case, move="Signed", client_key="d1")[0] == 200
    assert sent(street, kind="act", case=case, move="Signed", client_key="d2")[0] == 409
    spot = {"lon": "113.3", "lat": "23.1", "accuracy": "8"}
    assert sent(street, kind="check-in", case=case, client_key="d3", **spot)[0] == 200
    told = {"kind": "act", "case": case, "move": "Handled", "result": "已清走", "client_key": "d4"}
    assert sent(street, **told, photos=picture())[0] == 200


def test_the_worker_may_answer_for_the_field_page() -> None:
    answer = Client(SERVER_NAME="localhost").get("/field/worker.js")
    assert answer["Service-Worker-Allowed"] == "/field"
    assert answer["Content-Type"].startswith("text/javascript")


def test_a_member_takes_part_by_his_link_and_loses_it_when_it_is_renewed() -> None:
    keeper, guest = town_hall.sign_in("community"), Client(SERVER_NAME="localhost")
    assert guest.get(HERE).status_code == 200
    assert guest.post(HERE, {"kind": "topic", "title": "x", "act": "post"}).status_code == 409
    page = keeper.post(f"{HERE}/desk", {"act": "admit", "kind": "resident", "phone": "13000000001"})
    link = re.search(r"http://localhost(/community/me/[^<\s]+)", page.content.decode())
    assert link is not None and page["Cache-Control"] == "no-store"
    assert guest.get(link[1])["Location"] == HERE
    posted = guest.post(HERE, {"kind": "topic", "title": "垃圾没人清 13812345678", "text": "一居门口", "act": "file"})
    assert posted.status_code == 302
    topic = guest.get(posted["Location"]).content.decode()
    assert "138******78" in topic and "13812345678" not in topic
    assert "待签收" in topic
    assert guest.post(posted["Location"], {"act": "reply", "text": "还没来"}).status_code == 302
    hidden = {"move": "hide", "ground": "abuse", "reason": "骂人"}
    assert keeper.post(posted["Location"], hidden).status_code == 302
    assert Client(SERVER_NAME="localhost").get(posted["Location"]).status_code == 404
    assert "骂人" in guest.get(posted["Location"]).content.decode()
    assert guest.post(posted["Location"], {"move": "appeal", "text": "没有骂人"}).status_code == 302
    assert "申诉中" in keeper.get(f"{HERE}/desk").content.decode()
    keeper.post(f"{HERE}/desk", {"act": "admit", "kind": "resident", "phone": "13000000001"})
    assert guest.post(HERE, {"kind": "topic", "title": "y", "act": "post"}).status_code == 409


def test_others_desks_stay_closed_and_a_vote_shows_no_crowd() -> None:
    keeper = town_hall.sign_in("community")
    assert town_hall.sign_in("next_community").get(f"{HERE}/desk").status_code == 404
    assert town_hall.sign_in("district").get(f"{HERE}/desk").status_code == 200
    vote = {
        "kind": "vote",
        "title": "车棚",
        "options": "东\n西",
        "closes_at": "2099-01-01T08:00",
        "voters": "residents",
    }
    made = keeper.post(HERE, vote)
    assert made.status_code == 302
    assert "满 5 人" in Client(SERVER_NAME="localhost").get(made["Location"]).content.decode()
    assert keeper.post(HERE, vote | {"options": "东"}).status_code == 422


def test_a_resident_answers_what_the_unit_asked_by_his_link() -> None:
    guest, street = Client(SERVER_NAME="localhost"), town_hall.sign_in("street")
    done = guest.post("/report", {"text": "一居 垃圾桶坏了，哪一个说不清"})
    track = re.search(r"/track/[^\"]+", guest.get(done["Location"]).content.decode())
    assert track is not None
    case = re.search(r'href="/cases/(\d+)"[^>]*>一居 垃圾桶坏了，哪', street.get("/field").content.decode())
    assert case is not None
    number = case[1]
    street.post(f"/cases/{number}/act", {"kind": "Signed"})
    street.post(f"/cases/{number}/act", {"kind": "SupplementAsked", "text": "是哪一个桶？"})
    page = guest.get(track[0]).content.decode()
    assert "是哪一个桶" in page and 'name="added"' in page
    assert guest.post(track[0], {"act": "add", "added": ""}).status_code == 422
    assert guest.post(track[0], {"act": "add", "added": "红的", "photos": picture()}).status_code == 302
    assert "办理中" in guest.get(track[0]).content.decode()
    assert "红的" in street.get(f"/cases/{number}").content.decode()


def test_near_by_names_a_class_and_a_community_and_no_more() -> None:
    guest = Client(SERVER_NAME="localhost")
    client = town_hall.sign_in("community")
    told = "一居 垃圾 王小明家 旁边"
    sent(client, kind="report", text=told, client_key="e1", lon="113.3001", lat="23.1001")
    page = guest.get("/nearby", {"place": town.STREET}).content.decode()
    assert "垃圾" in page and "一居" in page
    assert "王小明" not in page and "113.3001" not in page
    assert guest.get("/nearby").status_code == 200
    assert "不在本市" in guest.get("/nearby", {"lon": "1", "lat": "x"}).content.decode()


def test_roster_and_last_metre_open_their_lists() -> None:
    chief = town_hall.sign_in("district")
    for shown in ("", "full", "uncovered", "heavy", "closed", "community", "street", "visited", "helped"):
        assert chief.get("/officers", {"show": shown}).status_code == 200
    helped = chief.get("/officers", {"show": "helped"}).content.decode()
    assert "垃圾堆在门口" in helped
    assert "垃圾堆在门口" not in chief.get("/officers", {"show": "helped", "when": "before"}).content.decode()
    assert "办结记录自" in helped or "与以往相比" in helped
    assert town_hall.sign_in("community").get("/officers").status_code == 403


def test_the_last_metre_says_its_changes_in_words() -> None:
    now = LastMetre(200, 120, 60, 100, 30.0, 20, 300.0, 4)
    every = {"now": now, "before": LastMetre(180, 60, 60, 90, 45.0, 0, None, 4), "year": None}
    said = {code: last_metre.row(code, every) for code in last_metre.NAMES}
    assert {code: one["said"] for code, one in said.items()} == {
        "closed": ["比前 30 天：多 20 件"],
        "community": ["比前 30 天：高 26.7 个百分点"],
        "street": ["比前 30 天：低 3.3 个百分点，在偶然波动之内"],
        "contacted": ["比前 30 天：快 15 分钟"],
        "visited": ["比前 30 天：没有案件可比"],
        "helped": ["比前 30 天：一样多"],
    }
    assert [cell["text"] for cell in said["contacted"]["cells"]] == ["30 分钟，100 件", "45 分钟，90 件", ""]
    assert [cell["text"] for cell in said["community"]["cells"]] == ["60%", "33%", ""]


def test_the_database_of_a_community_is_for_its_own_post_and_each_count_opens_its_list() -> None:
    keeper = town_hall.sign_in("community")
    found = keeper.get(HERE).content.decode()
    panel = found.partition('aria-labelledby="base"')[2].partition("</section>")[0]
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', panel)]
    counts = dict(zip(links[1:], re.findall(r'<a href="[^"]+">([\d,]+)<span', panel), strict=True))
    (cases,) = (link for link in counts if "measure=cases" in link)
    listed = keeper.get(cases).content.decode()
    assert "band=open" in cases
    assert listed.count('href="/cases/') == int(counts[cases]) > 0
    for link in links:
        assert keeper.get(link).status_code == 200, link
    others = [Client(SERVER_NAME="localhost"), *map(town_hall.sign_in, ("next_community", "street", "city"))]
    assert [client.get(HERE).content.decode().count('aria-labelledby="base"') for client in others] == [0] * 4


def test_points_of_persons_are_nobody_elses() -> None:
    keeper, guest, stranger = town_hall.sign_in("community"), Client(SERVER_NAME="localhost"), Client()
    page = keeper.post(f"{HERE}/desk", {"act": "admit", "kind": "resident", "phone": "13000000091", "household": "1-1"})
    link = re.search(r"http://localhost(/community/me/[^<\s]+)", page.content.decode())
    assert link is not None
    guest.get(link[1])
    number = link[1].rpartition("/")[2].partition(".")[0]
    assert "没有明细" in guest.get(f"{HERE}/points").content.decode()
    for client in (Client(SERVER_NAME="localhost"), town_hall.sign_in("next_community")):
        seen = client.get(f"{HERE}/points", {"member": number}).content.decode()
        assert "积分明细" not in seen.replace("本人的积分明细", "") and "成员账户" not in seen
    assert "成员账户" in keeper.get(f"{HERE}/points", {"member": number}).content.decode()
    assert keeper.get(f"{HERE}/points", {"member": "1"}).status_code == 404
    used = {"act": "use", "member": number, "points": "1", "text": "米"}
    assert guest.post(f"{HERE}/points", used).status_code == 409
    assert keeper.post(f"{HERE}/points", used).status_code == 409
    assert stranger.post(f"{HERE}/tasks", {"title": "x"}, headers={"host": "localhost"}).status_code == 409
    assert keeper.post(f"{HERE}/tasks", {"title": "x", "spot": "y", "wanted": "1"}).status_code == 422


@pytest.mark.parametrize("odd", ["²", "9" * 30, "x"])
def test_a_number_that_is_none_is_refused_and_never_an_error(odd: str) -> None:
    keeper = town_hall.sign_in("community")
    topic = keeper.post(HERE, {"kind": "notice", "title": "停水", "act": "post"})["Location"]
    assert keeper.get(HERE, {"before": odd}).status_code == 200
    assert keeper.post(topic, {"act": "vote", "option": odd}).status_code == 409
    assert keeper.post(topic, {"act": "settle", "who": odd, "accepted": "1"}).status_code in (404, 409)
    assert keeper.post(f"{HERE}/points", {"act": "use", "member": odd, "points": odd, "text": "米"}).status_code == 404


def test_a_neighbour_says_on_the_page_what_he_saw() -> None:
    keeper = town_hall.sign_in("community")
    links = []
    for n in (1, 2, 3):
        given = {"act": "admit", "kind": "resident", "phone": f"1300000010{n}"}
        page = keeper.post(f"{HERE}/desk", given).content.decode()
        links.append(re.findall(r"http://localhost(/community/me/[^<\s]+)", page)[0])
    author, adopter, neighbour = (Client(SERVER_NAME="localhost") for _ in links)
    for client, way in zip((author, adopter, neighbour), links, strict=True):
        client.get(way)
    topic = author.post(HERE, {"kind": "topic", "title": "长椅松了", "act": "post"})["Location"]
    look = {"act": "look", "done": "0", "text": "还是松的"}
    assert neighbour.post(topic, look).status_code == 409
    adopter.post(topic, {"move": "adopt", "text": "我修"})
    adopter.post(topic, {"move": "done", "text": "好了"})
    assert "提交核实" in neighbour.get(topic).content.decode()
    assert "提交核实" not in author.get(topic).content.decode()
    assert neighbour.post(topic, {**look, "done": ""}).status_code == 422
    assert neighbour.post(topic, look).status_code == 302
    assert "待采信的邻里核实" in keeper.get(f"{HERE}/desk").content.decode()
    who = links[2].rpartition("/")[2].partition(".")[0]
    assert keeper.post(topic, {"act": "settle", "who": who, "accepted": "1"}).status_code == 302
    assert "已采信" in Client(SERVER_NAME="localhost").get(topic).content.decode()


def test_a_community_is_found_by_a_part_of_its_name(database: str) -> None:
    client = Client(SERVER_NAME="localhost")
    found = client.get("/community", {"q": "二居"}).content.decode()
    assert f'href="/community/{town.NEXT_COMMUNITY}"' in found
    assert f'href="/community/{town.COMMUNITY}"' not in found
    assert "换个字试试" in client.get("/community", {"q": "没有的地方"}).content.decode()
