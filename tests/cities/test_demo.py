"""The demo city: a seed always gives the same city, its areas tile, its counts are those asked for."""

from __future__ import annotations

import filecmp
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely

from zhongshu.cities.demo import content, tiling
from zhongshu.cities.demo.generate import generate
from zhongshu.cities.demo.readings import readings
from zhongshu.cities.demo.reports import reports, waiting
from zhongshu.cities.demo.truths import metres
from zhongshu.cities.read import SHAPE, Pack, read
from zhongshu.hub.judge.emergency import emergency
from zhongshu.kernel.desk import Emergency
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level

START = datetime(2026, 7, 5, 16, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack(small: Path) -> Pack:
    found, flaws = read(small)
    assert flaws == []
    return found


def test_the_same_seed_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    generate(tmp_path, "small", 7)
    names = sorted(str(path.relative_to(small)) for path in small.rglob("*") if path.is_file())
    same, different, odd = filecmp.cmpfiles(small, tmp_path, names, shallow=False)
    assert (sorted(same), different, odd) == (names, [], [])


def test_another_seed_gives_another_city(small: Path, tmp_path: Path) -> None:
    generate(tmp_path, "small", 8)
    assert (small / "grids.geojson").read_bytes() != (tmp_path / "grids.geojson").read_bytes()


def test_another_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="medium"):
        generate(tmp_path, "medium")


def test_grids_tile_their_communities_and_these_their_streets_and_these_the_district(pack: Pack) -> None:
    grids = [row[SHAPE] for row in pack.rows("grids")]
    assert shapely.coverage_is_valid(grids)
    assert all(shapely.is_valid(grids))
    level = {row["code"]: row["level"] for row in pack.rows("divisions")}
    whole = next(shape for code, shape in pack.shapes.items() if level[code] == 2)
    for wanted in (3, 4):
        shapes = [shape for code, shape in pack.shapes.items() if level[code] == wanted]
        assert shapely.coverage_is_valid(shapes)
        assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-9)
    assert sum(shape.area for shape in grids) == pytest.approx(whole.area, rel=1e-9)


def test_each_grid_lies_in_its_community(pack: Pack) -> None:
    rows = pack.rows("grids")
    inside = shapely.point_on_surface([row[SHAPE] for row in rows])
    homes = np.array([pack.shapes[row["division"]] for row in rows], dtype=object)
    assert shapely.contains(homes, inside).all()
    assert all(row["code"].startswith(row["division"]) for row in rows)


def test_areas_are_irregular(pack: Pack) -> None:
    corners = shapely.get_num_coordinates([row[SHAPE] for row in pack.rows("grids")])
    assert np.median(corners) > 10


def test_dealing_more_areas_than_faces_is_refused() -> None:
    with pytest.raises(ValueError, match="2 faces"):
        tiling.deal(np.zeros((2, 2)), [1, 1, 1], np.random.default_rng(1))


def test_counts(pack: Pack) -> None:
    levels = Counter(row["level"] for row in pack.rows("divisions"))
    assert (levels[1], levels[2]) == (1, 1)
    assert 15 <= levels[3] <= 25
    assert 1000 <= len(pack.rows("grids")) <= 2500
    assert len({row["kind"] for row in pack.rows("units") if row["level"] == 1}) >= 60
    assert sum(row["level"] == 2 for row in pack.rows("units")) >= 26
    assert len(pack.rows("duties")) >= 300
    assert len(pack.rows("places")) >= 5000
    assert len(pack.rows("indicators")) >= 84
    assert {row["list_kind"] for row in pack.rows("duties")} == {"basic", "assist", "recalled"}
    assert {row["date"].year for row in pack.rows("calendar_days")} == {2025, 2026, 2027}


def test_the_hotline_tree_has_three_levels() -> None:
    depths = Counter(len(c.code) for c in content.appeals())
    assert depths[3] >= 20
    assert depths[5] >= 120
    assert depths[7] >= 400


def test_streets_are_four_in_one_and_communities_three_in_one(pack: Pack) -> None:
    kinds: dict[str, set[str]] = {}
    level = {}
    for row in pack.rows("units"):
        if row["kind"] != "supervision":
            kinds.setdefault(row["place"], set()).add(row["kind"])
        level[row["place"]] = row["level"]
    assert {frozenset(kinds[p]) for p in kinds if level[p] == 3} == {
        frozenset({"party", "office", "enforcement", "social_work"})
    }
    assert {frozenset(kinds[p]) for p in kinds if level[p] == 4} == {frozenset({"party", "office", "service"})}


def test_whoever_checks_above_the_communities_is_a_supervision_centre(pack: Pack) -> None:
    units = {row["code"]: row for row in pack.rows("units")}
    checking = {units[row["unit"]]["code"] for row in pack.rows("posts") if "checker" in row["roles"]}
    above = {code for code in checking if units[code]["level"] < 4}
    assert {units[code]["kind"] for code in above} == {"supervision"}
    assert {units[code]["level"] for code in above} == {1, 2, 3}


def test_the_leading_groups_office_and_the_data_bureau_are_the_same_people(pack: Pack) -> None:
    held = {row["username"]: set(row["posts"]) for row in pack.rows("accounts")}
    for level in ("leading_office-chief", "data-chief"):
        assert {name for name, posts in held.items() if any(post.endswith(level) for post in posts)} == {
            "city-data",
            "district-data",
        }
    leading = {row["place"] for row in pack.rows("units") if row["kind"] == "leading_group"}
    assert leading == {row["place"] for row in pack.rows("units") if row["kind"] == "data"}


def test_a_team_is_several_people_in_one_post(pack: Pack) -> None:
    held = Counter(post for row in pack.rows("accounts") for post in row["posts"])
    teams = {post.rpartition("-")[0].rpartition("-")[2] for post, people in held.items() if people > 1}
    assert {"enforcement", "social_work", "service"} <= teams


def test_who_handles_never_checks(pack: Pack) -> None:
    both = {Role.HANDLER.value, Role.CHECKER.value}
    assert not any(both <= set(row["roles"]) for row in pack.rows("posts"))


def test_every_unit_that_a_duty_names_has_a_handler(pack: Pack) -> None:
    handled = {row["unit"] for row in pack.rows("posts") if Role.HANDLER.value in row["roles"]}
    hosts = {row["host"].split("/")[1] for row in pack.rows("duties")} - {"command", "hotline"}
    lacking = [row["code"] for row in pack.rows("units") if row["kind"] in hosts and row["code"] not in handled]
    assert [code for code in lacking if not code.endswith("-party")] == []


def test_places_lie_in_their_division(pack: Pack) -> None:
    rows = pack.rows("places")
    homes = np.array([pack.shapes[row["division"]] for row in rows], dtype=object)
    assert shapely.intersects_xy(homes, [row["lon"] for row in rows], [row["lat"] for row in rows]).mean() > 0.999


def test_samples_reach_every_class_that_can_be_reported(pack: Pack) -> None:
    leaves = {row["category"] for row in pack.rows("duties")} - {"*/event"}
    counts = Counter(row["category"] for row in pack.rows("samples"))
    assert set(counts) == leaves
    assert 8000 <= len(pack.rows("samples")) <= 12000


def test_component_codes_have_sixteen_digits(pack: Pack) -> None:
    assert all(len(row["code"]) == 16 and row["code"].isdigit() for row in pack.rows("components"))


def test_reports_are_the_same_wherever_the_stream_begins(pack: Pack) -> None:
    middle = START + timedelta(hours=30)
    whole = list(reports(pack, START, START + timedelta(days=2), 20))
    assert list(reports(pack, middle, START + timedelta(days=2), 20)) == [r for r in whole if r["at"] >= middle]
    assert len({row["key"] for row in whole}) == len(whole)


def test_what_waits_lies_in_the_street_of_the_demos_accounts_and_is_its_units_own(pack: Pack) -> None:
    now = datetime(2026, 7, 1, 4, tzinfo=UTC)
    found = waiting(pack, now)
    hosts = Counter(next(c.host for c in content.classes() if c.code == row["truth"]["category"]) for row in found)
    [street] = {row["truth"]["division"][:9] for row in found}
    accounts = {row["username"]: row["posts"] for row in pack.rows("accounts")}
    assert hosts == {"street/office": 5, "street/enforcement": 5}
    assert accounts["street-handler"][0].startswith(street)
    assert len({row["key"] for row in found}) == 10
    assert all(now - timedelta(hours=6) < row["at"] < now for row in found)


def test_the_share_of_duplicates_is_as_planted(pack: Pack, small: Path) -> None:
    truths = json.loads((small / "truths.json").read_text("utf-8"))
    rows = list(reports(pack, START, START + timedelta(days=14), 40))
    share = 1 - len({row["truth"]["group"] for row in rows}) / len(rows)
    assert truths["duplicates"]["least"] <= share <= truths["duplicates"]["most"]
    assert sum(row["lon"] is None for row in rows) > len(rows) / 3


def test_night_works_are_reported_at_night_near_three_sites(pack: Pack, small: Path) -> None:
    truths = json.loads((small / "truths.json").read_text("utf-8"))["night_works"]
    rows = [r for r in reports(pack, START, START + timedelta(days=7), 1) if r["truth"]["plant"] == "night_works"]
    firsts = {row["truth"]["group"]: row for row in reversed(rows)}
    assert len(truths["sites"]) == 3
    assert len(firsts) >= 3 * 7
    near = [min(metres(row["truth"], site) for site in truths["sites"]) for row in firsts.values()]
    assert max(near) < 120
    hours = {(row["at"] + timedelta(hours=8)).hour for row in firsts.values()}
    assert hours <= {22, 23, 0, 1, 2}


def test_the_bad_worker_copies(pack: Pack, small: Path) -> None:
    worker = json.loads((small / "truths.json").read_text("utf-8"))["bad_worker"]
    rows = [r for r in reports(pack, START, START + timedelta(days=7), 1) if r["truth"]["plant"] == "bad_worker"]
    assert len(rows) == 5 * worker["a_day"]
    assert {(row["text"], row["lon"], row["lat"]) for row in rows} == {(rows[0]["text"], worker["lon"], worker["lat"])}


def test_readings_cross_the_threshold_when_a_flood_is_planted(pack: Pack, small: Path) -> None:
    truths = json.loads((small / "truths.json").read_text("utf-8"))
    flood = next(f for f in truths["floods"] if f["storm"])
    at, until = datetime.fromisoformat(flood["at"]), datetime.fromisoformat(flood["until"])
    rows = [
        r for r in readings(pack, at - timedelta(hours=1), until + timedelta(hours=1)) if r["sensor"] == flood["sensor"]
    ]
    wet = [row["at"] for row in rows if row["value"] >= 15]
    assert at <= min(wet) <= at + timedelta(minutes=5)
    assert max(wet) <= until
    assert max(row["value"] for row in rows if row["at"] < at - timedelta(minutes=30)) < 5


def test_other_truths_are_recorded(small: Path) -> None:
    truths = json.loads((small / "truths.json").read_text("utf-8"))
    same = {other: one for one, other in truths["same"]}
    asked: dict[str, set[str]] = {}
    for row in read(small, ("form_fields",))[0].rows("form_fields"):
        asked.setdefault(row["form"], set()).add(same.get(row["element"], row["element"]))
    first, *others = [asked[form] for form in truths["forms"]]
    assert len(others) == 9
    assert all(len(first & other) / len(first | other) > 0.5 for other in others)
    assert truths["over_graded"]["declared"] > truths["over_graded"]["derived"]
    assert truths["broken_return"]["flow"] == "D02"
    assert len(truths["floods"]) > 100


@pytest.mark.slow
def test_the_whole_city(tmp_path: Path) -> None:
    from zhongshu.cities.check import examine

    counts = generate(tmp_path, "city", 7)
    assert 19_000 <= counts["grids"] <= 21_000
    assert counts["places"] >= 60_000
    verdict = examine(tmp_path)
    assert verdict.flaws == []
    assert verdict.pack is not None
    levels = Counter(row["level"] for row in verdict.pack.rows("divisions"))
    assert (levels[1], levels[2], levels[3]) == (1, 11, 178)
    assert 2800 <= levels[4] <= 2900
    assert shapely.coverage_is_valid([row[SHAPE] for row in verdict.pack.rows("grids")])


EMERGENCIES = {
    "路面塌陷",
    "山体滑坡",
    "火情",
    "线路老化",
    "漏电触电",
    "燃气泄漏",
    "燃气管道破裂",
    "管道破损",
    "群发性事件",
    "食物中毒",
    "脚手架坍塌",
}


def test_emergency_words_are_heard_in_their_classes_and_nowhere_else(pack: Pack) -> None:
    rows = [
        Emergency(row["code"], row["words"], row["not_words"], row["channel"], row["host"], row["assists"])
        for row in pack.rows("emergencies")
    ]
    names = {row["code"]: row["name"] for row in pack.rows("categories")}
    heard = Counter(names[row["category"]] for row in pack.rows("samples") if emergency(row["text"], rows))
    assert set(heard) <= EMERGENCIES, "a false alarm sends the fire brigade"
    assert {"火情", "燃气泄漏", "漏电触电", "路面塌陷"} <= set(heard)
    said = {
        "家里煤气味很重，疑似煤气泄漏": "119",
        "三楼着火了，快来": "119",
        "有人站在桥上要跳河": "110",
        "有人触电倒地": "119",
        "小孩掉进河里": "119",
        "马路突然塌陷一个大坑": "119",
        "工地门口聚众堵路": "110",
        "老人晕倒在路边": "120",
    }
    assert {text: (emergency(text, rows) or {}).get("channel") for text in said} == said
    calm = (
        "燃气费多收了",
        "消防通道被堵塞",
        "担心电线老化引起火灾",
        "去年着火的仓库还没清",
        "跳楼价清仓扰民",
        "轮胎漏气",
    )
    assert [text for text in calm if emergency(text, rows)] == []


def test_last_resort_verification_and_owners(pack: Pack) -> None:
    last = [row for row in pack.rows("duties") if row["category"].startswith("*")]
    assert [(row["category"], row["host"]) for row in last] == [("*/event", "street/office")]
    kinds = {row["code"]: row["kind"] for row in pack.rows("categories")}
    verified = [row["code"] for row in pack.rows("categories") if row["verify"]]
    assert 1 <= len(verified) <= 4
    assert {kinds[code] for code in verified} == {"event"}
    owners = {row["owner"] for row in pack.rows("components")}
    held = {f"{Level(row['level']).name.lower()}/{row['kind']}" for row in pack.rows("units")}
    assert owners - {""} <= held
    assert {row["place_type"] for row in pack.rows("places")} >= {"住宅小区", "内街巷", "市政道路", ""}


def test_overlays_are_unions_of_base_grids_and_cover_the_district_once_a_line(pack: Pack) -> None:
    grids = {row["code"] for row in pack.rows("grids")}
    lines: dict[str, list[str]] = {}
    for row in pack.rows("overlays"):
        lines.setdefault(row["line"], []).append(row["grid"])
    assert set(lines) == {"police", "urban_management"}
    assert all(sorted(held) == sorted(grids) for held in lines.values())
    drawn = {row["code"] for row in pack.rows("overlay_shapes")}
    assert drawn == {row["code"] for row in pack.rows("overlays")}


def test_planted_causes_come_in_turns_at_sites_far_apart(pack: Pack, small: Path) -> None:
    truths = json.loads((small / "truths.json").read_text("utf-8"))["causes"]
    names = {row["code"]: row["name"] for row in pack.rows("categories")}
    rows = [r for r in reports(pack, START, START + timedelta(days=21), 1) if r["truth"]["plant"] == "cause"]
    told = Counter(names[row["truth"]["category"]] for row in rows)
    for link in truths["links"]:
        sites = link["sites"]
        assert min(metres(a, b) for n, a in enumerate(sites) for b in sites[:n]) > 500
        assert told[link["first"]] >= 3 * len(sites)
        assert told[link["second"]] >= 3 * len(sites)
    assert set(told) == {link[end] for link in truths["links"] for end in ("first", "second")}


def test_look_alikes_of_causes_are_there_too(pack: Pack) -> None:
    rows = [r for r in reports(pack, START, START + timedelta(days=21), 1) if r["truth"]["plant"] == "caller"]
    assert len({row["phone"] for row in rows}) == 1
    assert len(rows) >= 18
    market = [r for r in reports(pack, START, START + timedelta(days=21), 1) if r["truth"]["plant"] == "market"]
    assert len({r["truth"]["category"] for r in market}) == 2
    assert len({r["at"].date() for r in market}) > 15
