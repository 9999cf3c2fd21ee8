"""The checker names every planted fault exactly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from zhongshu.cities.check import check, examine
from zhongshu.kernel.errors import Flaw


def cell(table: str, line: int, column: str, value: str) -> Callable[[Path], None]:
    """Spoil one cell of a CSV file; `line` counts the header as 1."""

    def spoil(folder: Path) -> None:
        import csv

        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        rows[line - 1][rows[0].index(column)] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    return spoil


def toml(key: str, value: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / "pack.toml"
        lines = path.read_text("utf-8").splitlines()
        kept = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lines]
        path.write_text("\n".join(kept), "utf-8")

    return spoil


def bow_tie(folder: Path) -> None:
    """Turn the first grid into a polygon that crosses itself."""
    path = folder / "grids.geojson"
    lines = path.read_text("utf-8").splitlines()
    feature = json.loads(lines[1].rstrip(","))
    x, y = feature["geometry"]["coordinates"][0][0][:2]
    ring = [[x, y], [x + 0.001, y + 0.001], [x + 0.001, y], [x, y + 0.001], [x, y]]
    feature["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    lines[1] = json.dumps(feature) + ","
    path.write_text("\n".join(lines), "utf-8")


def line_of(folder: Path, table: str, start: str) -> int:
    lines = (folder / f"{table}.csv").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


FAULTS = [
    ("divisions", 3, "level", "x", "a whole number"),
    ("divisions", 3, "level", "5", "at most 4"),
    ("divisions", 5, "parent", "999", "a code of divisions"),
    ("divisions", 4, "name", "", "a value"),
    ("units", 6, "place", "nowhere", "a code of divisions"),
    ("posts", 2, "roles", "king", "roles out of"),
    ("posts", 3, "unit", "ghost", "a code of units"),
    ("accounts", 2, "posts", "ghost-post", "a code of posts"),
    ("categories", 4, "threshold", "1.5", "at most 1"),
    ("categories", 4, "urgent", "yes", "0 or 1"),
    ("categories", 4, "kind", "wish", "one of appeal"),
    ("duties", 7, "host", "moon/water", "level/kind"),
    ("duties", 7, "host", "city/unheard_of", "a level/kind that at least one unit has"),
    ("duties", 8, "calendar", "never", "a code of calendars"),
    ("duties", 8, "handle_minutes", "soon", "a whole number"),
    ("calendars", 2, "shifts", "18:00-09:00", "shifts such as"),
    ("calendar_days", 2, "date", "2026-02-31", "a date such as"),
    ("places", 9, "lon", "12.5", "the pack's bounds"),
    ("places", 9, "lat", "nan", "a number"),
    ("sensors", 2, "category", "E9999", "a code of categories"),
    ("crosswalk", 2, "relation", "cousin", "one of same"),
    ("lexicon", 2, "kind", "loud", "one of urgent"),
    ("lexicon", 2, "word", "举报|匿名", "one word of letters"),
    ("clocks", 2, "code", "lunch", "one of accept"),
    ("clocks", 2, "nearly", "1", "at most 0.99"),
    ("clocks", 2, "calendar", "never", "a code of calendars"),
    ("clocks", 2, "escalates", "maybe", "0 or 1"),
    ("keywords", 2, "category", "A01", "a category without any below it"),
    ("keywords", 2, "category", "Z999", "a code of categories"),
    ("keywords", 2, "words", "坏", "2 letters at least"),
    ("keywords", 2, "words", "路灯+", "parts joined by +"),
    ("keywords", 2, "weight", "0.2", "at least 0.5"),
    ("keywords", 2, "basis", "whim", "one of law"),
    ("limits", 2, "area_grade", "D", "one of A, B, C"),
    ("limits", 2, "work_nature", "art", "one of general"),
    ("limits", 2, "handle_minutes", "0", "at least 1"),
    ("limits", 2, "category", "Z999", "a code of categories"),
    ("divisions", 3, "area_grade", "E", "one of A, B, C"),
    ("elements", 2, "type", "picture", "one of text"),
    ("elements", 2, "subject", "ghost", "one of person"),
    ("elements", 2, "unit", "nobody", "a code of units"),
    ("elements", 2, "unit", "", "the unit that keeps the source"),
    ("elements", 2, "codes", "sex", "nothing: only a code has a list"),
    ("elements", 3, "codes", "moods", "a list of code_lists.csv"),
    ("elements", 2, "mask", "phone", "a mask for text"),
    ("elements", 2, "seconds", "0", "at least 1"),
    ("forms", 2, "asker", "nobody", "a code of units"),
    ("forms", 2, "until", "soon", "a date such as"),
    ("form_fields", 2, "element", "ghost", "a code of elements"),
    ("point_rules", 2, "act", "dance", "one of report"),
    ("point_rules", 3, "act", "report", "one rule for it, which is report"),
    ("point_rules", 2, "points", "0", "at least 1"),
    ("point_rules", 4, "month_ceiling", "4", "at least 5, what one act is worth"),
    ("point_rules", 2, "basis", "whim", "one of law"),
    ("point_rules", 2, "basis_text", "", "a value"),
    ("point_rules", 2, "since", "soon", "a date such as"),
]


def test_a_sound_pack_has_no_fault(small: Path) -> None:
    verdict = examine(small)
    assert verdict.flaws == []
    assert verdict.gaps == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}-{fault[2]}-{fault[3]}")
def test_each_fault_is_named(own: Path, fault: tuple[str, int, str, str, str]) -> None:
    table, line, column, found, expected = fault
    cell(table, line, column, found)(own)
    flaws = [flaw for flaw in check(own) if (flaw.file, flaw.line, flaw.field) == (f"{table}.csv", line, column)]
    assert len(flaws) == 1
    assert flaws[0].found == found
    assert expected in flaws[0].expected


def test_one_bad_cell_is_one_fault(own: Path) -> None:
    cell("divisions", 3, "households", "many")(own)
    assert check(own) == [Flaw("divisions.csv", 3, "households", "many", "a whole number")]


def test_a_second_row_with_the_same_key(own: Path) -> None:
    path = own / "calendars.csv"
    path.write_text(path.read_text("utf-8") + "office,again,09:00-10:00,480\n", "utf-8")
    flaw = Flaw("calendars.csv", 6, "code", "office", "a key of its own (line 2 has it too)")
    assert check(own) == [flaw]


def test_a_form_asks_each_element_once_and_something_at_all(own: Path) -> None:
    cell("form_fields", 3, "element", "person_name")(own)
    path = own / "forms.csv"
    unit = path.read_text("utf-8").splitlines()[1].split(",")[3]
    path.write_text(path.read_text("utf-8") + f"F99,empty,,{unit},person,month,community,1,,,\n", "utf-8")
    lines = [(flaw.file, flaw.line, flaw.field, flaw.expected[:28]) for flaw in check(own)]
    twice = ("form_fields.csv", 3, "element", "an element that the form doe")
    assert lines == [twice, ("forms.csv", 32, "form", "a form with at least one row")]


def test_what_is_sensitive_is_personal(own: Path) -> None:
    line = line_of(own, "elements", "health,")
    cell("elements", line, "personal", "0")(own)
    assert [(flaw.line, flaw.field) for flaw in check(own)] == [(line, "sensitive")]


def test_a_unit_that_checks_neither_handles_nor_rules(own: Path) -> None:
    """The fault is named at the post that has to move; a community's own checker is none (自办自结)."""
    path = own / "posts.csv"
    lines = path.read_text("utf-8").splitlines()
    watch = next(line for line in lines if "-supervision-checker" in line)
    unit = watch.split(",")[1]
    lines += [f"{unit}-rules,{unit},监督中心裁定岗,,arbiter"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    expected = f"no arbiter in {unit}, which checks by {unit}-checker (监督与处置分离)"
    assert check(own) == [Flaw("posts.csv", len(lines), "roles", "arbiter", expected)]


def test_nobody_holds_a_checking_and_a_handling_post(own: Path) -> None:
    path = own / "accounts.csv"
    lines = path.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("street-checker,"))
    checking = next(word for word in lines[at].split(",") if word.endswith("-supervision-checker"))
    handling = checking.replace("-supervision-checker", "-office-handler")
    lines[at] = lines[at].replace(checking, f"{checking};{handling}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    expected = f"no such post beside {checking}, which checks"
    assert check(own) == [Flaw("accounts.csv", at + 1, "posts", handling, expected)]


def test_a_circle_of_parents(own: Path) -> None:
    line = line_of(own, "categories", "A01,")
    cell("categories", line, "parent", "A0101")(own)
    circle = [(flaw.line, flaw.field, flaw.found) for flaw in check(own)]
    assert circle == [(line, "parent", "A0101"), (line + 1, "parent", "A01")]


@pytest.mark.parametrize(("duty", "category"), [("", ""), ("D-A010101-00", "A010101")])
def test_a_limit_is_for_a_duty_or_for_a_category(own: Path, duty: str, category: str) -> None:
    cell("limits", 2, "duty", duty)(own)
    cell("limits", 2, "category", category)(own)
    flaws = [(flaw.line, flaw.field, flaw.expected) for flaw in check(own)]
    assert flaws == [(2, "duty", "either a duty or a category")]


def test_a_recalled_item_never_goes_to_a_street(own: Path) -> None:
    line = line_of(own, "duties", "D-A010101-00")
    cell("duties", line, "list_kind", "recalled")(own)
    assert [(f.line, f.field, f.found) for f in check(own)] == [(line, "host", "street/office")]


def test_a_polygon_that_crosses_itself(own: Path) -> None:
    bow_tie(own)
    flaws = check(own)
    assert [(f.file, f.line, f.field) for f in flaws] == [("grids.geojson", 2, "geometry")]
    assert "Self-intersection" in flaws[0].found


def test_a_missing_column(own: Path) -> None:
    path = own / "duties.csv"
    path.write_text(path.read_text("utf-8").replace("list_kind", "kind", 1), "utf-8")
    assert Flaw("duties.csv", 1, "list_kind", "no such column", "this column") in check(own)


@pytest.mark.parametrize("table", ["divisions", "units", "categories", "duties", "calendars"])
def test_a_missing_table(own: Path, table: str) -> None:
    (own / f"{table}.csv").unlink()
    assert Flaw(f"{table}.csv", 0, "", "no such file", "a table that every pack has") in check(own)


def test_a_calendar_without_a_year(own: Path) -> None:
    toml("years", "[2025, 2031]")(own)
    flaws = [(f.file, f.line, f.found, f.expected) for f in check(own)]
    expected = "days of 2031 in calendar_days.csv"
    assert flaws == [("calendars.csv", n, c, expected) for n, c in ((2, "office"), (3, "sanitation"), (4, "hotline"))]


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("datum", '"mars"', "datum"),
        ("code_lengths", "[4, 6, 6, 12]", "code_lengths"),
        ("bounds", "[114.0, 23.0, 113.0, 24.0]", "bounds"),
        ("effective", '"soon"', "effective"),
        ("zone_minutes", '"east"', "zone_minutes"),
    ],
)
def test_a_wrong_description(own: Path, key: str, value: str, field: str) -> None:
    toml(key, value)(own)
    assert ("pack.toml", field) in [(f.file, f.field) for f in check(own)]


def test_no_pack_at_all(tmp_path: Path) -> None:
    assert [(f.file, f.found) for f in check(tmp_path)] == [("pack.toml", "no such file")]


def test_bytes_that_are_not_utf_8(own: Path) -> None:
    (own / "lexicon.csv").write_bytes("word,kind,reason\n漏电".encode("gb18030"))
    assert [(f.file, f.line) for f in check(own)] == [("lexicon.csv", 0)]


def test_a_class_without_a_duty_is_a_gap_not_a_fault(own: Path) -> None:
    path = own / "categories.csv"
    path.write_text(path.read_text("utf-8") + "Z99,新类,New,,appeal,0.5,0,,\n", "utf-8")
    verdict = examine(own)
    assert verdict.flaws == []
    assert [(gap.file, gap.field, gap.found) for gap in verdict.gaps] == [("categories.csv", "code", "Z99")]


def overlay_lines(folder: Path) -> list[str]:
    return (folder / "overlays.csv").read_text("utf-8").splitlines()


def write_overlays(folder: Path, lines: list[str]) -> None:
    (folder / "overlays.csv").write_text("\n".join([*lines, ""]), "utf-8")


def test_an_overlay_outline_that_cuts_a_base_grid(own: Path) -> None:
    path = own / "overlays.geojson"
    lines = path.read_text("utf-8").splitlines()
    feature = json.loads(lines[1].rstrip(","))
    shape = shapely.geometry.shape(feature["geometry"])
    west, south, east, north = shape.bounds
    half = shapely.intersection(shape, shapely.box(west, south, (west + east) / 2, north))
    feature["geometry"] = json.loads(shapely.to_geojson(half))
    lines[1] = json.dumps(feature) + ","
    path.write_text("\n".join(lines), "utf-8")
    off = 1 - half.area / shape.area
    code = feature["properties"]["code"]
    expected = f"the union of the base grids of {code} (within 0.1%)"
    assert check(own) == [Flaw("overlays.geojson", 2, "geometry", f"differs by {off:.2%} of the area", expected)]


def test_an_overlay_without_one_of_its_grids_no_longer_fits_its_outline(own: Path) -> None:
    header, first, *rest = overlay_lines(own)
    write_overlays(own, [header, *rest])
    flaws = check(own)
    assert [(flaw.file, flaw.line, flaw.field) for flaw in flaws] == [("overlays.geojson", 2, "geometry")]
    assert first.split(",")[0] in flaws[0].expected


def test_an_overlay_without_an_outline_is_what_its_grids_are(own: Path) -> None:
    header, _first, *rest = overlay_lines(own)
    (own / "overlays.geojson").unlink()
    write_overlays(own, [header, *rest])
    assert check(own) == []


def test_an_overlay_of_a_grid_that_is_not_there(own: Path) -> None:
    cell("overlays", 2, "grid", "999")(own)
    assert check(own) == [Flaw("overlays.csv", 2, "grid", "999", "a code of grids")]


def test_a_base_grid_in_two_overlays_of_one_line(own: Path) -> None:
    (own / "overlays.geojson").unlink()
    lines = overlay_lines(own)
    code, name, name_en, line, grid = lines[1].split(",")
    write_overlays(own, [*lines, f"second,{name},{name_en},{line},{grid}"])
    expected = f"a grid in one overlay of {line} (line 2 has it in {code})"
    assert check(own) == [Flaw("overlays.csv", len(lines) + 1, "grid", grid, expected)]


def test_the_same_grid_twice_in_one_overlay(own: Path) -> None:
    lines = overlay_lines(own)
    write_overlays(own, [*lines, lines[1]])
    code, *_more, grid = lines[1].split(",")
    expected = "a key of its own (line 2 has it too)"
    assert check(own) == [Flaw("overlays.csv", len(lines) + 1, "code+grid", f"{code}/{grid}", expected)]


@pytest.mark.parametrize(("column", "found", "expected"), [("line", "circus", "a kind that at least one unit has")])
def test_an_overlay_is_of_one_line_that_somebody_works_in(own: Path, column: str, found: str, expected: str) -> None:
    cell("overlays", 2, column, found)(own)
    (own / "overlays.geojson").unlink()
    flaws = check(own)
    assert flaws[0] == Flaw("overlays.csv", 2, column, found, expected)
    assert {(flaw.field, flaw.expected.split(",")[0]) for flaw in flaws[1:]} == {("line", found)}
