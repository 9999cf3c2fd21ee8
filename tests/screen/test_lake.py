"""The page and the API of the lake: readings come in, a run moves them, and people ask of both together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from django.test import Client, override_settings

from tests import town, town_hall
from tests.conftest import Watch
from tests.data.lake import shore
from zhongshu import app
from zhongshu.data.databases import OWNER
from zhongshu.data.lake import manifest, state, tidying
from zhongshu.data.lake.moving import Mover
from zhongshu.data.lake.place import STORED, Lake
from zhongshu.hub import errands
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import lake as moves
from zhongshu.kernel.access import ROAD
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.settings import Settings
from zhongshu.screen import gate

HOURS = 24 * 12


@pytest.fixture(scope="module", autouse=True)
def people(database: str) -> None:
    town_hall.people()


@pytest.fixture
def filled(hub: Hub, watch: Watch, tmp_path: Path) -> Iterator[Path]:
    """Twelve days of a sensor's readings, the older ones in the lake."""
    gate.install(hub)
    shore.empty()
    with override_settings(ZHONGSHU_LAKE=Settings(lake=str(tmp_path))):
        moments = [watch.now - timedelta(hours=n) for n in range(HOURS)]
        hub.observe([{"sensor": "W1", "at": at, "value": n % 20} for n, at in enumerate(moments)])
        counts = tidying.run(Mover(Lake(tmp_path), town.SCHEME, watch.now))
        assert counts.moved > 0
        yield tmp_path


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_a_reading_seen_before_changes_nothing_wherever_it_lies(filled: Path, hub: Hub, watch: Watch) -> None:
    old = {"sensor": "W1", "at": watch.now - timedelta(hours=HOURS - 1), "value": 400.0}
    assert hub.observe([old, old | {"at": watch.now}]) == []
    found = state.state(ROAD, Lake(filled), watch.now)
    assert found.hot + found.late + found.cold["observation"]["rows"] == HOURS
    assert found.late == 0


def test_the_page_shows_hot_and_cold_and_answers(filled: Path) -> None:
    chief, street = town_hall.sign_in("city"), town_hall.sign_in("street")
    page = said(chief, "/data/lake")
    assert "立即入湖" in page
    assert "立即入湖" not in said(street, "/data/lake")
    day = (town.NOON - timedelta(days=10)).date()
    cut = said(chief, f"/data/lake?cut=day&from={day}&to={day}&detail=1&day={day}")
    assert "逐条明细" in cut
    assert "<td>24</td>" in cut
    assert "核验当日文件" in cut
    assert cut.count("在用") == 2
    for name in ("grid", "district", "day"):
        assert "次数" in said(street, f"/data/lake?cut={name}&from={day}&to={day}")
    hour = town.NOON - timedelta(days=10)
    rows = said(chief, f"/data/lake?cut=rows&place={town.DISTRICT}&from={day}&to={day}&hour=12")
    assert f'datetime="{hour.astimezone(CITY_TIME).isoformat()}"' in rows
    cut = said(chief, f"/data/lake?cut=district&from={day}&to={day}")
    assert f"cut=rows&amp;from={day}&amp;to={day}&amp;hour=0" in cut
    assert "请填写网格或区划" in said(chief, "/data/lake?cut=rows")
    assert "请填写网格编号" in said(chief, "/data/lake?cut=hour")
    assert "时段过长" in said(chief, "/data/lake?cut=day&from=2020-01-01&detail=1")
    assert "这段时间没有观测" in said(town_hall.sign_in("next_district"), f"/data/lake?cut=day&from={day}")


def test_who_answers_for_the_city_has_it_filled_and_checked(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    monkeypatch.setattr(moves.fill, "__defaults__", (begun.append,))
    chief, district = town_hall.sign_in("city"), town_hall.sign_in("district")
    assert chief.post("/data/lake/fill").status_code == 302
    assert begun == [errands.FILL]
    assert district.post("/data/lake/fill").status_code == 409
    day = (town.NOON - timedelta(days=10)).date()
    assert "文件与账本相符" in chief.post("/data/lake/check", {"day": day}, follow=True).content.decode()
    file = next(one for one in manifest.everything() if one.day == day)
    (filled / file.path).write_bytes(b"changed")
    assert "内容被改动" in chief.post("/data/lake/check", {"day": day}, follow=True).content.decode()
    with pytest.raises(IllegalMove):
        moves.check(shore.STREET, town.TOOLS.knowledge, day, town.NOON)


def test_the_api_gives_the_same(filled: Path) -> None:
    client = town_hall.sign_in("city")
    found = client.get("/api/data/lake").json()
    assert found["hot"] + found["cold"]["observation"]["rows"] == HOURS
    days = client.get("/api/data/lake/days?first=2026-05-20&last=2026-06-01").json()
    assert sum(one["n"] for one in days) == HOURS
    assert all(one["cold"] in (0, one["n"]) for one in days)
    files = client.get("/api/data/lake/files?day=2026-05-22").json()
    assert {one["table"] for one in files} == {"observation", "hour"}
    asked = "/api/data/lake/cut?by=district&start=2026-05-20T00:00:00Z&end=2026-06-02T00:00:00Z"
    sums, rows = client.get(asked).json(), client.get(f"{asked}&rows=true").json()
    assert sums["rows"] == rows["rows"]
    assert sums["rows"][0]["n"] == HOURS
    assert (sums["grain"], rows["grain"]) == ("district", "rows")
    elsewhere = client.get(f"{asked}&place={town.NEXT_COMMUNITY}").json()
    assert elsewhere["rows"] == []
    single = client.get(asked.replace("cut?by=district", "rows?size=3") + f"&place={town.STREET}").json()
    assert [one["sensor"] for one in single] == ["W1"] * 3
    assert client.get(f"{asked}&place=nowhere").status_code == 422
    assert client.get(f"{asked}&by=colour").status_code == 422
    assert client.get("/api/data/lake/days?first=2020-01-01&last=2026-06-01").status_code == 422
    assert client.get("/api/data/lake/days?first=9999-12-31&last=9999-12-31").status_code == 422
    odd = "/api/data/lake/cut?by=day&start=0001-01-01T00:00:00%2B14:00&end=2026-06-02T00:00:00Z"
    assert client.get(odd).status_code == 422
    assert town_hall.sign_in("street").post("/api/data/lake/fill").status_code == 409


def test_settings_that_make_no_sense_are_named(filled: Path) -> None:
    for given in ({"lake_hot_days": "0"}, {"lake_hot_days": "week"}, {"lake_keep_days": "5"}):
        with override_settings(ZHONGSHU_LAKE=Settings(**given)), pytest.raises(BadInput, match="ZHONGSHU_LAKE_"):
            moves.lake()


def test_the_night_fills_it_once(filled: Path, hub: Hub, watch: Watch) -> None:
    begun: list[object] = []
    errand = errands.fill_lake(begun.append)  # type: ignore[arg-type]
    night = watch.now.replace(hour=19, minute=30)
    assert not errand.look(hub.tools.knowledge, watch.now - timedelta(hours=1))
    assert errand.look(hub.tools.knowledge, night)
    assert begun == [errands.FILL]


def run(words: str) -> int:
    """One command of ours in this process, on this database."""
    arguments = app.parser().parse_args(words.split())
    return int(arguments.command.run(arguments, Settings()))


def test_commands_say_what_the_page_says(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lake move") == 0
    assert run("lake status") == 0
    assert "observation: " in capsys.readouterr().out
    assert run("lake query --by district --from 2026-05-20 --to 2026-06-01 --json") == 0
    first = capsys.readouterr()
    assert orjson.loads(first.out.splitlines()[0])[0]["n"] == HOURS
    assert first.err.startswith("day: ")
    assert run("lake query --by sensor,day --from 2026-05-25 --rows --sensor W1") == 0
    assert capsys.readouterr().out.splitlines()[1].split("\t")[:3] == ["W1", "2026-05-25", "24"]
    assert run("lake query --by kind --table fact --from 2026-05-25 --to 2026-06-03") == 0
    assert "LakeFiled" in capsys.readouterr().out
    arguments = app.parser().parse_args(["lake", "query", "--sql", "SELECT count(*) AS n FROM observations"])
    assert arguments.command.run(arguments, Settings()) == 0
    assert capsys.readouterr().out.split() == ["n", str(HOURS)]
    with pytest.raises(BadInput, match="--from"):
        run("lake query")
    with pytest.raises(BadInput, match="expected some of"):
        run("lake query --by colour --from 2026-05-25")
    assert run("lake recount") == 0
    assert run("lake verify") == 0
    assert "数据湖完整" in capsys.readouterr().out
    (filled / "stray.parquet").touch()
    assert run("lake verify") == 1


def test_the_catalogue_reads_and_counts_it_and_says_how_long_it_is_kept(filled: Path) -> None:
    from zhongshu.data import models as rows
    from zhongshu.data.catalogue import counting, entries, reading

    assert moves.lake().keep_days == 0
    rows.Dataset.objects.using(OWNER).create(
        code="levels", valid_from=town_hall.SINCE, digest="", stored=STORED, retention_days=90
    )
    for name, kind in (("at", "time"), ("place", "place"), ("value", "number")):
        item = {"dataset": "levels", "item": name, "type": kind, "key": name == "at", "open": False}
        rows.DatasetItem.objects.using(OWNER).create(
            code=f"levels.{name}", valid_from=town_hall.SINCE, digest="", **item
        )
    assert moves.lake().keep_days == 90
    held = reading.table("levels", ["at", "value"])
    assert held.num_rows == HOURS
    assert held["at"][0].as_py() == town.NOON - timedelta(hours=HOURS - 1)
    whole, *parts = counting.count(entries.one("levels"))
    assert (whole.rows, whole.newest) == (HOURS, town.NOON)
    assert [one.rows for one in parts] == [HOURS]
