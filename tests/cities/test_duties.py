"""The keeper of a duty list is told what is odd in it: file, line, field, found, expected."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

from tests.cities.conftest import Late
from zhongshu.cities.commands import COMMANDS
from zhongshu.cities.duties import examine_list, read_list
from zhongshu.cities.read import read
from zhongshu.kernel.errors import Flaw
from zhongshu.kernel.settings import Settings

powers, loading = Late("zhongshu.data.powers"), Late("zhongshu.cities.load")
CATEGORIES = [
    {"code": code, "parent": parent, "kind": kind, "_line": line}
    for line, (code, parent, kind) in enumerate([("A", "", "appeal"), ("A1", "A", "appeal"), ("A2", "A", "appeal")], 2)
]
PLAIN: dict[str, Any] = {
    "category": "A1",
    "condition": "",
    "place_type": "",
    "ownership": "",
    "host": "street/office",
    "assists": (),
    "basis": "条例",
    "list_kind": "basic",
    "calendar": "office",
    "sign_minutes": 60,
    "contact_minutes": 60,
    "handle_minutes": 60,
    "make_safe_minutes": None,
}


def findings(*given: dict[str, Any]) -> list[tuple[int, str, str]]:
    rows = [{**PLAIN, "code": f"D{n}", "_line": n + 1, **row} for n, row in enumerate(given, 1)]
    rows.append({**PLAIN, "code": "D9", "_line": 99, "category": "A2"})
    return [(flaw.line, flaw.field, flaw.expected) for flaw in examine_list(rows, CATEGORIES)]


def test_a_sound_list() -> None:
    assert findings({}, {"condition": "甲|乙", "host": "district/water"}, {"place_type": "小区", "host": "x/y"}) == []


@pytest.mark.parametrize(
    ("second", "line", "field", "said"),
    [
        ({"host": "district/water"}, 3, "host", "冲突"),
        ({}, 3, "code", "不可达"),
        ({"condition": "甲", "list_kind": "recalled"}, 3, "host", "已收回"),
        ({"condition": "甲", "handle_minutes": 0}, 3, "handle_minutes", "缺时限"),
        ({"condition": "甲", "sign_minutes": None}, 3, "sign_minutes", "缺时限"),
        ({"condition": "甲", "basis": ""}, 3, "basis", "缺依据"),
        ({"category": "A"}, 3, "category", "不可达"),
    ],
)
def test_each_oddity_is_named(second: dict[str, Any], line: int, field: str, said: str) -> None:
    found = findings({}, second)
    assert [(one[0], one[1]) for one in found] == [(line, field)]
    assert said in found[0][2]


def test_conditions_that_share_a_word_conflict_and_one_inside_another_is_never_reached() -> None:
    first = {"condition": "甲|乙"}
    assert findings({}, first, {"condition": "乙|丙", "host": "x/y"})[0][:2] == (4, "host")
    assert findings({}, first, {"condition": "乙|丙"}) == []
    assert findings({}, first, {"condition": "乙"})[0][:2] == (4, "code")


def test_a_class_nobody_answers_for_is_a_gap_until_there_is_a_last_resort() -> None:
    rows = [{**PLAIN, "code": "D1", "_line": 2}]
    gap = Flaw("categories.csv", 4, "code", "A2", "a duty (else arbitration)")
    assert examine_list(rows, CATEGORIES) == [gap]
    assert examine_list([*rows, {**PLAIN, "code": "D2", "_line": 3, "category": "*/appeal"}], CATEGORIES) == []


def test_the_demo_citys_list_is_sound(small: Path) -> None:
    pack, _ = read(small, ("duties", "categories"))
    assert examine_list(pack.rows("duties"), pack.rows("categories")) == []
    listed = read_list(small)
    assert len(listed) == len(pack.rows("duties"))
    assert [duty.host for duty in listed if duty.category == "*/event"] == ["street/office"]


def run(name: str, arguments: list[str]) -> int:
    command = next(one for one in COMMANDS if one.name == name)
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(arguments), Settings())


def test_the_command_checks_a_folder_and_the_list_in_force(
    database: str, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loading.load(own)
    assert run("duties check", []) == 0
    path = own / "duties.csv"
    path.write_text(path.read_text("utf-8") + path.read_text("utf-8").splitlines()[1].replace("D-", "Z-", 1) + "\n")
    capsys.readouterr()
    assert run("duties check", [str(own)]) == 1
    assert "不可达" in capsys.readouterr().out


def test_duties_and_powers_of_a_street(database: str) -> None:
    matrix = powers.matrix()
    assert {row["power"] for row in matrix} == {"exercise", "convene", "evaluate", "veto"}
    found = powers.burdens()
    assert len(found) >= 15
    one = found[0]
    assert (one.sent, one.cases) == (0, 0)
    assert one.index == round(one.listed / sum(one.powers.values()), 2)
    assert set(one.powers) == {"exercise", "convene", "evaluate", "veto"}
    assert [each.street for each in powers.burdens([one.street])] == [one.street]
