"""A pack's rows of grades, masks and flows: each fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cities.test_rubrics import flaws

RULES = (
    "code,name,name_en,classes,datasets,elements,subjects,types,masks,personal,sensitive,region,min_rows,depth,coverage,"
    "object,degree,basis,clause\n"
)
MASKS = "code,name,name_en,how,head,tail,k,days,grade,basis,clause\n"
FLOWS = "code,name,name_en,direction,unit,dataset,items,grain,cycle,how,within_days,answers,place,basis,clause\n"
UP = "U,采集,up,up,{unit},population,name,community,month,form,,,,law,\n"


@pytest.mark.parametrize(
    ("table", "text", "field", "expected"),
    [
        ("grade_rules", RULES + "X,任何,any,,,,,,,,,,,,,person,general,law,\n", "code", "matches all data"),
        ("grade_rules", RULES + "X,无害,none,,,,,,,1,,,,,,national,none,law,\n", "degree", "a row of grade_harms"),
        ("grade_rules", RULES + "X,错,odd,,,,,,,1,,,,,,planet,none,law,\n", "object", "national"),
        ("masks", MASKS + "x,无数,none,keep,1,,,,2,law,\n", "tail", "a number"),
        ("masks", MASKS + "x,汇总,counts,aggregate,,,,,1,law,\n", "k", "a number"),
        ("masks", MASKS + "x,高,high,blank,,,,,core,law,\n", "grade", "1"),
    ],
)
def test_each_fault_is_named(own: Path, table: str, text: str, field: str, expected: str) -> None:
    found = [one for one in flaws(own, table, text) if one.field == field]
    assert found
    assert expected in found[0].expected


def test_flows_that_cannot_be(own: Path) -> None:
    units = (own / "units.csv").read_text("utf-8").splitlines()
    unit = units[1].split(",")[0]
    up = UP.format(unit=unit)
    down = f"D,回流,down,down,{unit},population,name,community,month,table,10,U,,law,\n"
    assert flaws(own, "flows", FLOWS + up + down) == []
    for odd, field in (
        (down.replace(",10,U,", ",,U,"), "within_days"),
        (down.replace(",table,", ",form,"), "how"),
        (down.replace(",U,,law", ",D2,,law"), "answers"),
        (up.replace(",form,,,", ",form,,U,"), "answers"),
    ):
        rest = "" if odd.startswith("U") else up
        assert field in {one.field for one in flaws(own, "flows", FLOWS + rest + odd)}
