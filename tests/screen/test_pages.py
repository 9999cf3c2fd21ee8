"""Pages against a real database: residents, desks, acts, with the road behind them."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from tests import town, town_hall
from zhongshu.data import lists
from zhongshu.hub.hub import Hub
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate
from zhongshu.screen.tracking import track_url


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> object:
    return town_hall.sign_in


def picture() -> SimpleUploadedFile:
    held = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    exif = Image.Exif()
    exif[0x010F] = "secret maker"
    image.save(held, "JPEG", exif=exif)
    return SimpleUploadedFile("a.jpg", held.getvalue(), "image/jpeg")


def report(text: str, **more: object) -> str:
    """Report as a resident; returns the tracking address."""
    client = Client(SERVER_NAME="localhost")
    answer = client.post("/report", {"text": text, **more})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    found = re.search(r'href="(/track/[^"]+)"', page)
    assert found
    return found[1]


def number_of(page: str) -> int:
    found = re.search(r"\d{8}-(\d+)", page)
    assert found
    return int(found[1])


def case_at(track: str) -> int:
    return number_of(Client(SERVER_NAME="localhost").get(track).content.decode())


def test_report_form_names_what_is_wrong(hall: Hub) -> None:
    answer = Client(SERVER_NAME="localhost").post("/report", {"text": "", "lon": "x", "lat": "1"})
    assert answer.status_code == 422
    assert "请填写诉求内容" in answer.content.decode()


def test_report_sent_twice_is_one_case(hall: Hub) -> None:
    assert case_at(report("一居 垃圾 甲", client_key="same")) == case_at(report("一居 垃圾 甲", client_key="same"))


def test_photo_is_kept_without_its_hidden_data(hall: Hub, sign_in: object) -> None:
    case = case_at(report("一居 垃圾 照片", photos=picture()))
    client = sign_in("city")  # type: ignore[operator]
    page = client.get(f"/cases/{case}").content.decode()
    address = re.search(rf"/cases/{case}/photos/\d+", page)
    assert address
    answer = client.get(address[0])
    assert answer["Content-Type"] == "image/jpeg"
    assert b"secret maker" not in answer.content
    assert sign_in("next_street").get(address[0]).status_code == 404  # type: ignore[operator]


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 40])
def test_photo_that_is_none_is_refused(hall: Hub, content: bytes) -> None:
    file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    answer = Client(SERVER_NAME="localhost").post("/report", {"text": "一居 垃圾", "photos": file})
    assert answer.status_code == 422
    assert "a.jpg" in answer.content.decode()


def test_tracking_link_of_somebody_else_opens_nothing(hall: Hub) -> None:
    forged = Client(SERVER_NAME="localhost").get("/track/123:forged")
    assert forged.status_code == 404
    assert 'action="/track"' in forged.content.decode()
    assert Client(SERVER_NAME="localhost").get("/report/done/123:forged").status_code == 404


def test_desks_ask_for_a_log_in(hall: Hub) -> None:
    for path in ("/cases", "/cases/1", "/operator", "/cockpit", "/arbitration", "/stuck"):
        assert Client(SERVER_NAME="localhost").get(path)["Location"].startswith("/accounts/login/")
    assert Client(SERVER_NAME="localhost").get("/live").status_code == 403


def test_posts_open_only_their_own_pages(hall: Hub, sign_in: object) -> None:
    client = sign_in("street")  # type: ignore[operator]
    assert "现在没有等您办理的案件" in town_hall.sign_in("next_community").get("/cases").content.decode()
    assert "放宽筛选条件" in client.get("/cases", {"mine": "1", "q": "无"}).content.decode()
    assert client.get("/cockpit").status_code == 200
    assert [client.get(path).status_code for path in ("/operator", "/arbitration", "/stuck")] == [403, 403, 403]


def test_the_whole_road_through_the_pages(hall: Hub, sign_in: object) -> None:
    track = report("一居 垃圾 堆积如山", name="陈小姐", phone="13800138021", lon="113.3", lat="23.1")
    case = case_at(track)
    street, district, city = (sign_in(name) for name in ("street", "district", "city"))  # type: ignore[operator]
    assert f"/cases/{case}" in street.get("/cases").content.decode()
    act = f"/cases/{case}/act"
    assert street.post(act, {"kind": "Signed"}).status_code == 302
    assert street.post(act, {"kind": "Handled"}).status_code == 409
    assert street.post(act, {"kind": "Handled", "result": "已清走", "photos": picture()}).status_code == 302
    assert district.post(act, {"kind": "CheckPassed"}).status_code == 302
    page = city.get(f"/cases/{case}").content.decode()
    assert "陈**" in page
    assert "13800138021" not in page
    number = re.search(r'name="report" value="(\d+)" required checked>陈\*\* · 网页 · 一居', page)
    assert number
    answer = {"kind": "CalledBack", "report": number[1], "contacted": "yes", "solved": "yes", "satisfaction": "5"}
    unsaid = city.post(act, answer)
    assert (unsaid.status_code, "请把回访问题填写完整" in unsaid.content.decode()) == (422, True)
    assert city.post(act, answer | {"contacted": "no"}).status_code == 422
    assert city.post(act, answer | {"responded": "no", "report": "7"}).status_code == 409
    assert city.post(act, answer | {"responded": "no"}).status_code == 302
    told = Client(SERVER_NAME="localhost").get(track).content.decode()
    assert "已办结" in told
    assert "已清走" in told
    assert "陈" not in told


def test_a_reporter_may_rate_and_reopen(hall: Hub, sign_in: object) -> None:
    track = report("一居 垃圾 又来了", phone="13800138022", lon="113.5", lat="23.4")
    act = f"/cases/{case_at(track)}/act"
    street, district = (sign_in(name) for name in ("street", "district"))  # type: ignore[operator]
    street.post(act, {"kind": "Signed"})
    street.post(act, {"kind": "Handled", "result": "已清走"})
    district.post(act, {"kind": "CheckPassed"})
    client = Client(SERVER_NAME="localhost")
    assert client.post(track, {"act": "rate"}).status_code == 422
    assert client.post(track, {"act": "rate", "solved": "yes", "satisfaction": "4"}).status_code == 302
    assert "已办结" in client.get(track).content.decode()
    assert client.post(track, {"act": "reopen", "reason": ""}).status_code == 422
    assert client.post(track, {"act": "reopen", "reason": "还在"}).status_code == 302
    assert "待签收" in client.get(track).content.decode()


def test_bulk_shows_each_result(hall: Hub, sign_in: object) -> None:
    mine, other = case_at(report("一居 垃圾 一")), case_at(report("二居 垃圾 二"))
    street = sign_in("street")  # type: ignore[operator]
    page = street.post("/cases/bulk", {"kind": "Signed", "case": [str(mine), str(other)]}).content.decode()
    assert "完成 1 件，未完成 1 件" in page
    again = street.post("/cases/bulk", {"kind": "Signed", "case": [str(mine)]}).content.decode()
    assert "完成 0 件，未完成 1 件" in again


def test_operator_gets_a_suggestion_that_leaves_no_trace(hall: Hub, sign_in: object) -> None:
    city = sign_in("city")  # type: ignore[operator]
    asked = {"text": "一居 积水 触电"}
    before = city.get("/cases", {"q": "触电"}).content
    page = city.get("/operator/suggest", asked).content.decode()
    assert "积水" in page
    assert "一居" in page
    assert "water单位" in page
    assert city.get("/operator/suggest", {"text": ""}).status_code == 204
    assert city.get("/cases", {"q": "触电"}).content.count(b"data-row") == before.count(b"data-row")


def test_operator_writes_down_a_call(hall: Hub, sign_in: object) -> None:
    city = sign_in("city")  # type: ignore[operator]
    answer = city.post("/operator", {"text": "一居 垃圾 来电", "channel": "phone", "client_key": "k9"}, follow=True)
    assert "已登记" in answer.content.decode()
    again = city.post(answer.redirect_chain[-1][0], {"text": ""})
    assert again.status_code == 422
    assert "已登记" not in again.content.decode()


def test_arbitration_lists_and_rules(hall: Hub, sign_in: object) -> None:
    case = case_at(report("一居 无人管"))
    city = sign_in("city")  # type: ignore[operator]
    assert f"/cases/{case}" in city.get("/arbitration").content.decode()
    given = {"kind": "Ruled", "host": f"{town.STREET}-office", "reason": "就近"}
    assert city.post(f"/cases/{case}/act", given | {"host": "nobody"}).status_code == 409
    assert city.post(f"/cases/{case}/act", given).status_code == 302
    assert "待签收" in city.get(f"/cases/{case}").content.decode()


def test_stuck_fact_is_sent_again(hall: Hub, sign_in: object) -> None:
    report("一居 爆")
    city = sign_in("city")  # type: ignore[operator]
    page = city.get("/stuck").content.decode()
    address = re.search(r"/stuck/\d+", page)
    assert address
    assert "the model broke" in page
    assert city.post(address[0]).status_code == 302
    assert address[0] not in city.get("/stuck").content.decode()
    hall.run_once()
    assert city.get("/stuck").content.decode().count("the model broke") >= 1
    assert city.post(address[0]).status_code == 404


def test_list_filters_and_pages(hall: Hub, sign_in: object) -> None:
    cases = [case_at(report(f"一居 垃圾 翻页 {n}号楼")) for n in "甲乙丙丁戊"]
    city = sign_in("city")  # type: ignore[operator]
    seen: list[int] = []
    query = {
        "q": "翻页",
        "category": "rubbish",
        "place": town.STREET,
        "state": "dispatched",
        "unit": f"{town.STREET}-office",
    }
    address: str | None = "/cases"
    page = city.get(address, query, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    seen += map(int, re.findall(r'data-open href="/cases/(\d+)[?"]', page))
    assert seen == sorted(cases, reverse=True)
    assert city.get("/cases", {"q": "翻页 丁号楼"}).content.decode().count("data-row") == 1
    assert city.get("/cases", {"q": "翻页", "place": town.NEXT_COMMUNITY}).content.decode().count("data-row") == 0
    assert city.get("/cases", {"q": "翻页", "overdue": "1"}).content.decode().count("data-row") == 0
    assert city.get("/cases", {"q": "%_\\'"}).status_code == 200
    assert city.get("/cases", {"bbox": "x", "cursor": "9" * 30, "place": "nowhere", "state": "odd"}).status_code == 200


def test_cockpit_numbers_open_their_lists(hall: Hub, sign_in: object) -> None:
    city = sign_in("city")  # type: ignore[operator]
    page = city.get("/cockpit").content.decode()
    for address in set(re.findall(r'class="number-line" href="([^"]+)"', page)):
        assert city.get(address.replace("&amp;", "&")).status_code == 200
    shown = int(re.search(r'data-number="open">(\d+)<', page)[1])  # type: ignore[index]
    assert city.get("/cases?open=1").content.decode().count("data-row") == min(shown, lists.SIZE)


def test_language_switch(hall: Hub) -> None:
    client = Client(SERVER_NAME="localhost")
    client.post("/i18n/setlang/", {"language": "en", "next": "/report"})
    assert 'lang="en"' in client.get("/report").content.decode()
    assert "请填写诉求内容" not in client.post("/report", {"text": ""}).content.decode()


def test_unknown_address_is_a_page(hall: Hub) -> None:
    answer = Client(SERVER_NAME="localhost").get("/nowhere")
    assert answer.status_code == 404
    assert "<html" in answer.content.decode()


def test_tracking_address_is_the_signed_one(hall: Hub) -> None:
    assert track_url(5).startswith("/track/5:")


def test_contacts_are_shown_for_a_purpose_and_chiefs_see_who_looked(hall: Hub, sign_in: object) -> None:
    case = case_at(report("一居 垃圾 回电", name="陈小姐", phone="13800138021"))
    city, street, district = (sign_in(name) for name in ("city", "street", "district"))  # type: ignore[operator]
    address = f"/cases/{case}/contacts"
    assert address in city.get(f"/cases/{case}").content.decode()
    assert address not in street.get(f"/cases/{case}").content.decode()
    assert street.post(address, {"purpose": "回访"}).status_code == 409
    refused = city.post(address, {"purpose": " \0"})
    assert (refused.status_code, "13800138021" in refused.content.decode()) == (422, False)
    assert "谁看过" not in district.get(f"/cases/{case}").content.decode()
    shown = city.post(address, {"purpose": "回访核实"})
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert "陈小姐" in shown.content.decode()
    assert "13800138021" in shown.content.decode()
    after = district.get(f"/cases/{case}").content.decode()
    assert "13800138021" not in after
    assert "回访核实" in after[after.index("谁看过") :]
    assert "回访核实" not in street.get(f"/cases/{case}").content.decode()
    assert sign_in("next_district").post(address, {"purpose": "好奇"}).status_code == 404  # type: ignore[operator]


def test_a_stopped_clock_is_not_shown_as_running(hall: Hub, sign_in: object) -> None:
    case = case_at(report("一居 垃圾 停表"))
    street, district = (sign_in(name) for name in ("street", "district"))  # type: ignore[operator]

    def head(client: Client) -> str:
        return client.get(f"/cases/{case}").content.decode().partition("<h1>")[0]

    assert "data-due" in head(street)
    street.post(f"/cases/{case}/act", {"kind": "Signed"})
    street.post(f"/cases/{case}/act", {"kind": "Handled", "result": "已清走"})
    assert "data-due" not in head(street)
    district.post(f"/cases/{case}/act", {"kind": "CheckPassed"})
    assert "已办结于" in head(street)


def test_a_case_page_says_who_assists_and_folds_the_versions(hall: Hub, sign_in: object) -> None:
    page = sign_in("city").get(f"/cases/{case_at(report('一居 积水 很深', lon='113.3', lat='23.1'))}")  # type: ignore[operator]
    text = page.content.decode()
    assert '<span class="muted">协办</span><span class="push"></span>' in text
    assert "<summary>所用规则与模型版本</summary>" in text
    assert 'href="/cockpit?at=113.3,23.1"' in text


def test_one_case_one_contact_one_reply_though_three_units_work(hall: Hub, sign_in: object) -> None:
    """一口办: the host's reply begins with what both others answered; the person sees one case and whom to talk to."""
    track = report("一居 垃圾 和污水一起漫出来", phone="13800138077")
    case, street = case_at(track), sign_in("street")  # type: ignore[operator]
    both = [f"{town.DISTRICT}-housing", f"{town.DISTRICT}-water"]
    host = town.viewer(town.STREET, "office", Role.HANDLER, user=21)
    hall.act(host, case, Kind.SIGNED, {})
    hall.act(host, case, Kind.ASSIST_ADDED, {"units": both, "reason": "要抽水和劝导"})
    assert "尚未反馈的协办单位" in street.get(f"/cases/{case}").content.decode()
    for place, kind, words in ((town.DISTRICT, "housing", "已劝导住户"), (town.DISTRICT, "water", "已抽干积水")):
        hall.act(town.viewer(place, kind, Role.HANDLER, user=22), case, Kind.ASSISTED, {"result": words})
    shown = street.get(f"/cases/{case}").content.decode()
    draft = re.search(r'name="result"[^>]*>([^<]+)</textarea>', shown)
    assert draft
    assert [line.partition("：")[2] for line in draft[1].splitlines()] == ["已劝导住户", "已抽干积水"]
    assert "尚未反馈的协办单位" not in shown
    sent = {"kind": "Handled", "result": f"垃圾已清走。{draft[1]}", "despite": "已当面说明"}
    assert street.post(f"/cases/{case}/act", sent).status_code == 302
    told = Client(SERVER_NAME="localhost").get(track).content.decode()
    assert (told.count("<h1>"), told.count("已反馈结果"), told.count("承办单位</dt>")) == (1, 1, 1)
    assert "已劝导住户" in told
    assert "已抽干积水" in told


def test_the_first_unit_stays_the_contact_when_another_handles(hall: Hub, sign_in: object) -> None:
    track = report("一居 垃圾 在河里", phone="13800138078")
    case, street, city = case_at(track), sign_in("street"), sign_in("city")  # type: ignore[operator]
    client = Client(SERVER_NAME="localhost")
    assert "联系单位" not in client.get(track).content.decode()
    street.post(f"/cases/{case}/act", {"kind": "Returned", "reason": "在河道管理范围"})
    other = town.KNOWLEDGE.units[f"{town.DISTRICT}-water"]
    ruler = town.viewer(town.CITY, "command", Role.ARBITER, user=23)
    hall.act(ruler, case, Kind.RULED, {"host": other.code, "reason": "河道"})
    told = client.get(track).content.decode()
    first = town.KNOWLEDGE.units[f"{town.STREET}-office"]
    assert re.search(rf"承办单位</dt><dd>{other.name}", told)
    assert re.search(rf"联系单位</dt><dd>{first.name}", told)
    assert street.post(f"/cases/{case}/act", {"kind": "Contacted", "text": "已说明由水务办理"}).status_code == 302
    assert city.get(f"/cases/{case}").status_code == 200


def test_cockpit_opens_at_a_point_and_refreshes_beside(hall: Hub, sign_in: object) -> None:
    city = sign_in("city")  # type: ignore[operator]
    assert 'data-at="113.300000,23.100000"' in city.get("/cockpit?at=113.3,23.1").content.decode()
    for odd in ("x", "1", "nan,1", "1,2,3", "999,0", "\0"):
        assert "data-at" not in city.get("/cockpit", {"at": odd}).content.decode()
    page = city.get("/cockpit").content.decode()
    assert re.search(r'今日办结 <span data-number="closed">\d+</span> 件中', page)
    assert "<html" not in city.get("/cockpit/beside").content.decode()
    assert Client(SERVER_NAME="localhost").get("/cockpit/beside").status_code == 403


def test_tracking_without_a_link_asks_for_it(hall: Hub) -> None:
    track = report("一居 垃圾 查询")
    client = Client(SERVER_NAME="localhost")
    assert "查询链接" in client.get("/track").content.decode()
    assert client.post("/track", {"link": f"http://localhost{track} "})["Location"] == track
    assert client.post("/track", {"link": track.rsplit("/", 1)[-1]})["Location"] == track
    for odd in ("", "5", "5:x", "\0", "/track/", "²", str(case_at(track))):
        answer = client.post("/track", {"link": odd})
        assert (answer.status_code, "没有找到" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("odd", ["\0", "²", "x", "9" * 30, "-1", "", "'"])
def test_odd_values_never_break_a_page(hall: Hub, sign_in: object, odd: str) -> None:
    track = report("一居 垃圾 怪值", phone="13800138025")
    case, client = case_at(track), Client(SERVER_NAME="localhost")
    city = sign_in("city")  # type: ignore[operator]
    answers = [
        client.post(track, {"act": "rate", "solved": odd, "satisfaction": odd}),
        client.post(track, {"act": "rate", "solved": "yes", "satisfaction": "5", "text": odd}),
        client.post(track, {"act": "reopen", "reason": odd}),
        client.post(track, {"act": odd}),
        city.post(f"/cases/{case}/act", {"kind": odd, "report": odd}),
        city.post(f"/cases/{case}/act", {"kind": "Classified", "category": odd}),
        city.post(f"/cases/{case}/act", {"kind": "Merged", "report": odd}),
        city.post("/cases/bulk", {"kind": "Signed", "case": odd, "reason": odd}),
        city.get("/cases", {"q": odd, "cursor": odd, "unit": odd, "category": odd}),
        city.get("/stuck", {"cursor": odd}),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


def test_signing_in_leads_to_the_start_page_unless_the_address_names_another(hall: Hub) -> None:
    given = {"login": "street", "password": town_hall.PASSWORD}
    client = Client(SERVER_NAME="localhost")
    assert client.post("/accounts/login/", given)["Location"] == "/"
    assert client.get("/")["Location"] == "/cases"
    other = Client(SERVER_NAME="localhost")
    assert other.post("/accounts/login/?next=/calls", given | {"next": "/calls"})["Location"] == "/calls"


def test_demo_accounts_are_listed_in_a_demo_only(hall: Hub) -> None:
    client = Client(SERVER_NAME="localhost")
    assert "data-fills" not in client.get("/accounts/login/").content.decode()
    with override_settings(ZHONGSHU_DEMO=True):
        page = client.get("/accounts/login/").content.decode()
    assert 'data-fills="login" data-value="district"' in page
    assert town_hall.PASSWORD not in page
