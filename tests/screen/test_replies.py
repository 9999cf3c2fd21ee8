"""Replies on the screens: scored while they are written, given back when they say nothing, listed by unit and flag."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.screen.test_desks import begin, do, hall, page_of, sign_in  # noqa: F401  fixtures of the same town
from tests.screen.test_pages import picture
from zhongshu.hub.hub import Hub

SignIn = Callable[[str], Client]
GOOD = "经现场核实，一居垃圾满溢属实，已于6月1日清运完毕，并安排专人每日巡查。联系电话：0000-12345678。"
EMPTY = "您好，来信收悉，我们高度重视，感谢您的支持。"


@pytest.fixture
def case(hall: Hub, sign_in: SignIn, request: pytest.FixtureRequest) -> int:  # noqa: F811
    found = begin(hall, f"一居 垃圾 满了 {request.node.name}")
    do(sign_in("street"), found, "Signed")
    return found


def test_the_score_while_it_is_written(case: int, sign_in: SignIn) -> None:  # noqa: F811
    street = sign_in("street")
    page = page_of(street, case)
    assert f'hx-post="/cases/{case}/reply"' in page
    told = street.post(f"/cases/{case}/reply", {"result": GOOD, "despite": "旧理由"}).content.decode()
    assert "有回应" in told
    assert "0000-12345678" in told
    assert "疑似" not in told
    assert "旧理由" not in told
    held = street.post(f"/cases/{case}/reply", {"result": EMPTY, "despite": "已面谈"}).content.decode()
    assert "套话" in held
    assert 'value="已面谈"' in held
    assert street.post(f"/cases/{case}/reply", {"result": " "}).status_code == 204
    assert sign_in("next_street").post(f"/cases/{case}/reply", {"result": GOOD}).status_code == 404
    assert sign_in("district").post(f"/cases/{case}/reply", {"result": GOOD}).status_code == 403
    assert street.get(f"/cases/{case}/reply").status_code == 405


def test_an_empty_reply_comes_back_with_its_words_and_photos(case: int, sign_in: SignIn) -> None:  # noqa: F811
    street = sign_in("street")
    answer = street.post(f"/cases/{case}/act", {"kind": "Handled", "result": EMPTY, "photos": picture()})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert EMPTY in page
    assert "答复还没有发出" in page
    assert "已附 1 张照片" in page
    mark = re.search(r'name="kept" value="([^"]+)"', page)
    assert mark
    forged = {"kind": "Handled", "result": EMPTY, "kept": mark[1]}
    assert street.post(f"/cases/{case}/act", forged).status_code == 409
    sent = {"kind": "Handled", "result": GOOD, "kept": mark[1]}
    assert street.post(f"/cases/{case}/act", sent).status_code == 302
    told = page_of(street, case)
    assert "这次答复怎么样" in told
    assert 'aria-label="办理照片"' in told


def test_photos_of_another_case_are_not_taken(case: int, hall: Hub, sign_in: SignIn) -> None:  # noqa: F811
    street = sign_in("street")
    other = begin(hall, "一居 垃圾 别案照片")
    do(street, other, "Signed")
    page = street.post(f"/cases/{other}/act", {"kind": "Handled", "result": EMPTY, "photos": picture()})
    mark = re.search(r'name="kept" value="([^"]+)"', page.content.decode())
    assert mark
    assert do(street, case, "Handled", result=GOOD, kept=mark[1]) == 302
    assert 'aria-label="办理照片"' not in page_of(street, case)


def test_sent_all_the_same_is_seen_by_who_checks(case: int, sign_in: SignIn) -> None:  # noqa: F811
    street = sign_in("street")
    assert do(street, case, "Handled", result=EMPTY, despite="已当面说明") == 302
    page = page_of(sign_in("district"), case)
    assert "提示后仍发送" in page
    assert "已当面说明" in page
    assert "疑似</strong>" in page or "疑似" in page
    assert "答复评分" in page


def test_who_may_not_reply_gets_no_page_to_better_it(case: int, sign_in: SignIn) -> None:  # noqa: F811
    page = sign_in("district").post(f"/cases/{case}/act", {"kind": "Handled", "result": EMPTY}).content.decode()
    assert "答复还没有发出" not in page


def test_the_list_counts_and_opens_what_it_counts(hall: Hub, sign_in: SignIn) -> None:  # noqa: F811
    street = sign_in("street")
    for n in range(2):
        one = begin(hall, f"一居 垃圾 质量清单{n}")
        do(street, one, "Signed")
        assert do(street, one, "Handled", result=EMPTY, despite=f"理由{n}") == 302
    page = sign_in("city").get("/replies").content.decode()
    assert "答复质量" in page
    assert "理由1" in page
    assert "office单位" in page
    for address in re.findall(r'<td><a href="(/replies[^"]+)#listed">', page):
        assert sign_in("city").get(address.replace("&amp;", "&")).status_code == 200
    none = sign_in("next_district").get("/replies").content.decode()
    assert "没有符合条件的答复" in none
    assert "质量清单" not in none
    assert "质量清单" not in sign_in("city").get("/replies?flag=off_point").content.decode()
    assert "空泛或答非所问占比" in sign_in("city").get("/evaluation?set=flow").content.decode()


def test_in_bulk_an_empty_phrase_says_why_it_stays(case: int, sign_in: SignIn) -> None:  # noqa: F811
    given = {"kind": "Handled", "case": [str(case)], "reason": "已处理"}
    told = sign_in("street").post("/cases/bulk", given).content.decode()
    assert "完成 0 件，未完成 1 件" in told
    assert "套话" in told
