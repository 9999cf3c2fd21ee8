"""The evaluation page: figures of what this viewer may see, each opening exactly the cases it was counted from."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests import town, town_hall
from tests.conftest import Watch
from tests.hub.test_evaluate import live_through
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

JUNE = "/evaluation?window=natural_month&day=2026-06-09"


@pytest.fixture(scope="module")
def people(database: str) -> dict[str, int]:
    return town_hall.people()


@pytest.fixture
def signed_in(hub: Hub, people: dict[str, int]) -> Client:
    gate.install(hub)
    from django.contrib.auth.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=people["city"]), "django.contrib.auth.backends.ModelBackend")
    return client


def test_every_number_opens_its_cases(signed_in: Client, hub: Hub, watch: Watch) -> None:
    case = live_through(hub, watch, "一居垃圾评价", contacted=True, responded=True, solved=True, satisfaction=3)
    other = live_through(hub, watch, "一居垃圾再来", contacted=True, responded=True, solved=False, satisfaction=1)
    page = signed_in.get(f"{JUNE}&by=unit").content.decode()
    assert "50.0%" in page
    assert "[9.5%–90.5%]" in page, "Wilson's interval of one in two"
    assert "样本少" in page
    links = [unescape(one) for one in re.findall(r'href="(/evaluation/cases[^"]*)"', page)]
    solved = next(one for one in links if "formula=solve&part=numerator" in one and "key=" + town.STREET in one)
    valid = next(one for one in links if "formula=solve&part=denominator" in one and "key=" + town.STREET in one)
    assert re.findall(r"/cases/(\d+)", signed_in.get(solved).content.decode()) == [str(case)]
    assert re.findall(r"/cases/(\d+)", signed_in.get(valid).content.decode()) == [str(case), str(other)]
    whole = next(one for one in links if "formula=solve&part=denominator" in one and "key=%2A" in one)
    assert re.findall(r"/cases/(\d+)", signed_in.get(whole).content.decode()) == [str(case), str(other)]
    missing = signed_in.get(valid.replace("formula=solve", "formula=none"))
    assert missing.status_code == 422


@pytest.mark.parametrize(
    "cut", ["unit", "level", "district", "street", "community", "cohort", "category", "grid", "day"]
)
@pytest.mark.parametrize("group", ["rates", "time", "flow"])
def test_every_cut_has_its_table(signed_in: Client, cut: str, group: str) -> None:
    page = signed_in.get(f"{JUNE}&by={cut}&set={group}")
    assert page.status_code == 200
    assert "<table" in page.content.decode()


def test_a_period_without_anything_says_so(signed_in: Client) -> None:
    nothing = signed_in.get("/evaluation?from=2020-01-01&to=2020-01-02&by=nonsense").content.decode()
    assert "这段时间没有回访" in nothing


@pytest.mark.parametrize("name", ["topics", "hanging", "transfers", "paces", "exclusions"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_as_page_and_as_files(signed_in: Client, name: str, language: str) -> None:
    asked = f"/evaluation/{name}?window=natural_month&day=2026-06-09&by=unit"
    page = signed_in.get(asked, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert 'aria-current="page"' in page.content.decode()
    assert signed_in.get(f"{asked}&as=xlsx").content[:2] == b"PK"
    assert signed_in.get(f"{asked}&as=pdf").content[:5] == b"%PDF-"


def test_the_figures_as_files(signed_in: Client) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    answer = signed_in.get(f"/evaluation/export?{JUNE.partition('?')[2]}&by=unit&set=rates&as=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    text = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    assert "口径版本" in text
    assert "制表：____" in text
    solve = next(row for row in rows if row[1] == "解决率")
    assert (solve[2], solve[3], solve[4], solve[5]) == ("50.0%", "1", "2", "9.5%–90.5%")
    assert signed_in.get(f"/evaluation/export?{JUNE.partition('?')[2]}&as=pdf").content[:5] == b"%PDF-"
    assert signed_in.get(f"/evaluation/export?{JUNE.partition('?')[2]}&as=exe").status_code == 404
    assert signed_in.get("/evaluation/nonsense").status_code == 404


def test_topics_open_their_cases(signed_in: Client, hub: Hub, watch: Watch) -> None:
    for number in range(10):
        live_through(hub, watch, f"一居垃圾第{number}处", contacted=True, solved=True, satisfaction=5)
    page = signed_in.get("/evaluation/topics?window=natural_month&day=2026-06-09").content.decode()
    link = unescape(re.findall(r'href="(/evaluation/topic\?[^"]*)"', page)[0])
    assert len(set(re.findall(r"/cases/(\d+)", signed_in.get(link).content.decode()))) >= 10
    paces = signed_in.get("/evaluation/paces?window=natural_month&day=2026-06-09&by=unit").content.decode()
    links = [unescape(one) for one in re.findall(r'href="(/evaluation/pace\?[^"]*)"', paces)]
    assert len(links) >= 3
    assert [signed_in.get(one).content.decode().count("/cases/") > 9 for one in links] == [True] * len(links)


def test_the_case_file_for_the_archive(signed_in: Client, hub: Hub, watch: Watch) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    case = live_through(hub, watch, "一居垃圾归档", contacted=True, solved=True, satisfaction=5)
    assert signed_in.get(f"/cases/{case}/file").content[:5] == b"%PDF-"
    book = load_workbook(BytesIO(signed_in.get(f"/cases/{case}/file?as=xlsx").content))
    steps = [row[1] for row in book.active.iter_rows(values_only=True)]
    assert {"研判", "派遣", "签收", "处理反馈", "核查通过", "回访", "办结"} <= set(steps)
    assert signed_in.get("/cases/1/file").status_code == 404


def test_a_long_table_folds_the_rows_that_say_least(people: dict[str, int]) -> None:
    from zhongshu.screen.pages.evaluation import IN_SIGHT, folded

    rows = [{"name": n, "counters": {"valid": n}} for n in range(IN_SIGHT + 5)]
    seen, few = folded(rows, 10)
    assert [row["name"] for row in seen] == list(range(10, IN_SIGHT + 5))
    assert [row["name"] for row in few] == list(range(10))
    assert folded(rows[:IN_SIGHT], 10) == (rows[:IN_SIGHT], [])
    assert [len(part) for part in folded(rows, 999)] == [IN_SIGHT, 5]
