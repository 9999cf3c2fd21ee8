"""Loading: versions with dates; a second load changes nothing; one changed row is one change."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cities.conftest import Late
from tests.cities.test_check import cell
from zhongshu.cities.commands import COMMANDS
from zhongshu.data.databases import OWNER
from zhongshu.kernel.errors import BadInput, PackError
from zhongshu.kernel.places import Level
from zhongshu.kernel.settings import Settings

packs, models = Late("zhongshu.data.packs"), Late("zhongshu.data.models")
pack_rows = Late("zhongshu.data.pack_rows")
loading, auth = Late("zhongshu.cities.load"), Late("django.contrib.auth.models")
grades = Late("zhongshu.data.sharing.rules")

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture(scope="module")
def loaded(database: str, small: Path) -> dict[str, Any]:
    """What the first load of the small city did."""
    return dict(loading.load(small).tables)


def touched(tables: dict[str, Any]) -> dict[str, Any]:
    return {name: change for name, change in tables.items() if change.touched}


def test_the_first_load_adds_everything(loaded: dict[str, Any], small: Path) -> None:
    lines = len((small / "duties.csv").read_text("utf-8").splitlines()) - 1
    assert loaded["Duty"] == packs.Change(added=lines)
    assert all(change.changed == change.ended == change.unchanged == 0 for change in loaded.values())
    assert all(change.added for change in loaded.values())


def test_the_second_load_changes_nothing(small: Path) -> None:
    before = models.PackVersion.objects.using(OWNER).count()
    result = loading.load(small)
    assert touched(dict(result.tables)) == {}
    assert result.tables["Grid"].unchanged > 1000
    assert models.PackVersion.objects.using(OWNER).count() == before


def test_one_changed_row_is_one_change_and_the_old_one_stays_readable(own: Path, small: Path) -> None:
    cell("duties", 2, "handle_minutes", "77")(own)
    before = datetime.now(UTC)
    assert touched(dict(loading.load(own).tables)) == {
        "Duty": packs.Change(changed=1, unchanged=_unchanged(own, "duties"))
    }
    code = (own / "duties.csv").read_text("utf-8").splitlines()[1].split(",")[0]
    versions = list(models.Duty.objects.using(OWNER).filter(code=code).order_by("id"))
    assert [v.handle_minutes == 77 for v in versions] == [False, True]
    assert versions[0].valid_to == versions[1].valid_from
    old, new = packs.knowledge(before), packs.knowledge()
    limits = [
        next(duty.handle_minutes for duty in known.duties[versions[0].category] if duty.code == code)
        for known in (old, new)
    ]
    assert limits == [versions[0].handle_minutes, 77]
    assert old.versions["duties"] != new.versions["duties"]
    assert old.versions["units"] == new.versions["units"]
    loading.load(small)
    assert packs.knowledge().versions["duties"] == old.versions["duties"]


def _unchanged(folder: Path, table: str) -> int:
    return len((folder / f"{table}.csv").read_text("utf-8").splitlines()) - 2


def test_a_row_that_is_gone_ends_and_one_that_is_new_begins(own: Path, small: Path) -> None:
    path = own / "lexicon.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], "雷击,urgent,有人遭雷击,lightning"]), "utf-8")
    assert touched(dict(loading.load(own).tables)) == {
        "Lexicon": packs.Change(added=1, ended=1, unchanged=len(lines) - 2)
    }
    assert "雷击" in packs.knowledge().words.urgent
    loading.load(small)
    assert "雷击" not in packs.knowledge().words.urgent


def test_a_change_in_the_future_is_not_in_force_yet(own: Path, small: Path) -> None:
    cell("calendars", 2, "name", "新工作时间")(own)
    day = date.today() + timedelta(days=400)
    loading.load(own, day)
    later = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert packs.knowledge().versions["calendars"] == packs.knowledge(later).versions["calendars"]
    names = [
        {row.name for row in packs.in_force(models.Calendar, at) if row.code == "office"}
        for at in (datetime.now(UTC), later)
    ]
    assert names == [{"机关工作时间"}, {"新工作时间"}]
    with pytest.raises(BadInput, match="can't end"):
        loading.load(small)
    loading.load(small, day)


def test_a_faulty_pack_changes_nothing(own: Path) -> None:
    cell("duties", 2, "calendar", "never")(own)
    cell("units", 5, "level", "9")(own)
    before = models.Duty.objects.using(OWNER).count()
    with pytest.raises(PackError) as caught:
        loading.load(own)
    assert {flaw.file for flaw in caught.value.flaws} == {"duties.csv", "units.csv"}
    assert models.Duty.objects.using(OWNER).count() == before


def test_another_city_is_refused(own: Path) -> None:
    path = own / "pack.toml"
    path.write_text(path.read_text("utf-8").replace('code = "demo-small"', 'code = "elsewhere"'), "utf-8")
    with pytest.raises(BadInput, match="demo-small"):
        loading.load(own)


def test_knowledge_is_whole() -> None:
    known = packs.knowledge()
    assert known.scheme.level(known.city) is Level.CITY
    assert known.versions["pack"] == "demo-small@1.7"
    assert known.words.special["独居老人"]
    assert known.names_en.keys() == known.names.keys()
    assert all(name.isascii() for name in known.names_en.values())
    assert all(unit.name_en.isascii() for unit in known.units.values())
    assert set(known.unit_at.values()) == set(known.units)
    specific = [len(duties) > 1 for duties in known.duties.values()]
    assert any(specific)
    for duties in known.duties.values():
        weights = [sum(map(bool, (duty.condition, duty.place_type, duty.ownership))) for duty in duties]
        assert weights == sorted(weights, reverse=True)


def test_calendars_know_holidays_and_crews_that_work_every_day() -> None:
    calendars = packs.knowledge().calendars
    spring, make_up, sunday = date(2026, 2, 17), date(2026, 2, 14), date(2026, 3, 1)
    assert [calendars["office"].works(day) for day in (spring, make_up, sunday)] == [False, True, False]
    assert [calendars["sanitation"].works(day) for day in (spring, make_up, sunday)] == [True, True, True]
    assert calendars["always"].shifts == ()


def test_readers(small: Path) -> None:
    grids, addresses = packs.grid_shapes(), packs.address_base()
    assert len(grids.codes) == len(grids.shapes) == len(set(grids.codes))
    assert len(addresses) >= 5000
    assert next(a.aliases for a in addresses if a.kind == "estate")
    assert {sensor.kind for sensor in packs.sensors()} == {"water_level"}
    assert len(packs.samples()) >= 8000
    assert len(packs.division_shapes(3).codes) > 15


def test_people_hold_posts_and_have_no_password_yet() -> None:
    user = auth.User.objects.using(OWNER).get(username="street-handler")
    assert not user.has_usable_password()
    held = models.PersonInPost.objects.using(OWNER).filter(user=user, valid_to=None).values_list("post", flat=True)
    assert len(held) == 2
    assert models.Post.objects.using(OWNER).filter(code__in=list(held)).count() == 2


def test_names_sort_by_pinyin() -> None:
    assert sorted(["珠江", "北京", "长寿"], key=loading.pinyin) == ["北京", "长寿", "珠江"]
    row = models.Division.objects.using(OWNER).filter(level=3).order_by("sort_key").first()
    assert row is not None
    assert row.sort_key


def run(name: str, *words: str) -> int:
    command = next(command for command in COMMANDS if command.name == name)
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(words), Settings())


def test_commands(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("city check", str(own)) == 0
    cell("units", 5, "level", "9")(own)
    assert run("city check", str(own)) == 1
    assert "units.csv:5: level: found '9', expected at most 4" in capsys.readouterr().out
    assert run("city load", str(own)) == 1
    assert "units.csv:5" in capsys.readouterr().err
    assert run("city make-demo", str(tmp_path / "made"), "--seed", "3") == 0
    assert "grids" in capsys.readouterr().out


def test_an_overlay_that_cuts_is_refused_and_changes_nothing(own: Path) -> None:
    before = models.Overlay.objects.using(OWNER).filter(valid_to=None).count()
    header, _first, *rest = (own / "overlays.csv").read_text("utf-8").splitlines()
    (own / "overlays.csv").write_text("\n".join([header, *rest, ""]), "utf-8")
    with pytest.raises(PackError) as caught:
        loading.load(own)
    assert [(flaw.file, flaw.field) for flaw in caught.value.flaws] == [("overlays.geojson", "geometry")]
    assert models.Overlay.objects.using(OWNER).filter(valid_to=None).count() == before > 2000


def test_a_grid_that_leaves_its_overlay_ends_there_and_the_old_version_stays(own: Path, small: Path) -> None:
    header, first, *rest = (own / "overlays.csv").read_text("utf-8").splitlines()
    (own / "overlays.csv").write_text("\n".join([header, *rest, ""]), "utf-8")
    (own / "overlays.geojson").unlink()
    code, *_more, line, grid = first.split(",")
    before = datetime.now(UTC)
    assert pack_rows.overlays_of(grid, before)[line][0] == code
    assert touched(dict(loading.load(own).tables)) == {"Overlay": packs.Change(ended=1, unchanged=len(rest))}
    assert line not in pack_rows.overlays_of(grid)
    assert pack_rows.overlays_of(grid, before)[line][0] == code
    loading.load(small)


def test_elements_and_forms_are_stored_by_their_keys() -> None:
    held = models.Element.objects.using(OWNER).get(code="phone", valid_to=None)
    assert (held.subject, held.source, held.mask) == ("person", "population", "phone")
    assert held.sort_key == "lian2 xi4 dian4 hua4"
    item = models.CodeItem.objects.using(OWNER).get(code="sex/2", valid_to=None)
    assert (item.list, item.value, item.name) == ("sex", "2", "女")
    asked = models.FormField.objects.using(OWNER).filter(form="F01", valid_to=None).order_by("code")
    assert [row.element for row in asked][:2] == ["person_name", "identity"]


def test_the_planted_over_grading_is_found_and_no_other_data_set_is_accused(small: Path) -> None:
    truth = json.loads((small / "truths.json").read_text("utf-8"))["over_graded"]
    found = list(grades.verdicts().values())
    strict = [one for one in found if "over" in (one.finding, one.sharing)]
    assert {one.field.dataset for one in strict} == {truth["dataset"]}
    assert {(one.field.grade, one.grade) for one in strict} == {(truth["declared"], truth["derived"])}
    assert not [one for one in found if "under" in (one.finding, one.sharing)]
