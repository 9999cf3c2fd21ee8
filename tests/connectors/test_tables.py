"""CSV and XLSX tables by a mapping: what a row becomes, and how each fault is named."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from zhongshu import connectors as package
from zhongshu.kernel.errors import BadInput, PackError
from zhongshu.kernel.plugins import Connector, connectors

FOUND = connectors(Path(str(package.__file__)).parent, "zhongshu.connectors")
HEADER = ["no", "made", "closed", "kind", "x", "y", "words"]
GOOD = ["7", "2026-05-01 08:30", "2026-05-02 08:30", "Pot Hole", "113.3", "23.1", "路面 坑洞"]
MAPPING = """
source = "works"
zone = "Asia/Shanghai"
datum = "gcj02"
key = ["no", "kind"]
required = ["x"]
[columns]
at = "made"
category = "kind"
lon = "x"
lat = "y"
[templates]
text = "{kind}：{words}"
[constants]
merge = "off"
[dates]
made = "%Y-%m-%d %H:%M"
closed = "%Y-%m-%d %H:%M"
[values.kind]
"Pot Hole" = "road.hole"
[[checks]]
left = "closed"
op = ">="
right = "made"
"""


def lines(*rows: list[str]) -> str:
    return "".join(",".join(row) + "\n" for row in [HEADER, *rows])


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "map.toml"
    path.write_text(MAPPING, "utf-8")
    return path


def csv_rows(tmp_path: Path, mapping: Path, content: bytes, name: str = "t.csv") -> list[dict[str, Any]]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(FOUND["csv_file"].read(path, mapping))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_becomes_a_report(tmp_path: Path, mapping: Path, encoding: str) -> None:
    (row,) = csv_rows(tmp_path, mapping, lines(GOOD).encode(encoding))
    assert row["flaws"] == []
    assert row["columns"] == dict(zip(HEADER, GOOD, strict=True))
    report = row["report"]
    assert report.pop("at").astimezone(UTC) == datetime(2026, 5, 1, 0, 30, tzinfo=UTC)
    assert report == {
        "source": "works", "datum": "gcj02", "channel": "import", "merge": "off", "category": "road.hole",
        "lon": "113.3", "lat": "23.1", "text": "road.hole：路面 坑洞", "key": "7|road.hole",
    }  # fmt: skip


def test_gzip_is_read_as_it_comes(tmp_path: Path, mapping: Path) -> None:
    packed = gzip.compress(lines(GOOD, GOOD).encode())
    assert [row["line"] for row in csv_rows(tmp_path, mapping, packed, "t.csv.gz")] == [2, 3]


def test_a_workbook_gives_the_same_reports(tmp_path: Path, mapping: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append([7, datetime(2026, 5, 1, 8, 30), GOOD[2], "Pot Hole", 113.3, 23.1, "路面 坑洞"])
    book.save(tmp_path / "t.xlsx")
    (sheet,) = FOUND["xlsx"].read(tmp_path / "t.xlsx", mapping)
    (plain,) = csv_rows(tmp_path, mapping, lines(GOOD).encode())
    assert sheet["report"] == plain["report"]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (0, "", "a value"),
        (4, " ", "a value"),
        (1, "1.5.2026", "a time like %Y-%m-%d %H:%M"),
        (2, "2026-04-30 08:30", ">= made (2026-05-01 08:30)"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, mapping: Path, column: int, value: str, expected: str) -> None:
    bad = [*GOOD[:column], value, *GOOD[column + 1 :]]
    first, second = csv_rows(tmp_path, mapping, lines(GOOD, bad).encode())
    assert (first["flaws"], second["report"]) == ([], None)
    flaw = second["flaws"][0]
    assert (flaw.line, flaw.field, flaw.found, flaw.expected) == (3, HEADER[column], value.strip(), expected)


def test_an_empty_side_of_a_check_holds(tmp_path: Path, mapping: Path) -> None:
    (row,) = csv_rows(tmp_path, mapping, lines([*GOOD[:2], "", *GOOD[3:]]).encode())
    assert row["flaws"] == []


def test_a_missing_column_is_a_fault_of_the_file(tmp_path: Path, mapping: Path) -> None:
    with pytest.raises(PackError) as raised:
        csv_rows(tmp_path, mapping, b"no,made\n1,2\n")
    assert [flaw.field for flaw in raised.value.flaws] == ["closed", "kind", "x", "y"]


@pytest.mark.parametrize(("name", "content"), [("t.csv.gz", b"plain"), ("t.xlsx", b"plain"), ("none.csv", None)])
def test_a_file_that_can_not_be_read_is_one_sentence(
    tmp_path: Path, mapping: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    tmp_path.joinpath("t.csv.gz").write_bytes(b"plain")
    tmp_path.joinpath("t.xlsx").write_bytes(b"plain")
    reader: Connector = next(one for one in FOUND.values() if "accepts" in one.calls and one.calls["accepts"](path))
    with pytest.raises(BadInput, match=name):
        list(reader.read(path, mapping))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "works"', "", "needed"),
        ("[templates]", "[template]", "template"),
        ('lon = "x"', 'longitude = "x"', "longitude"),
        ("Asia/Shanghai", "Mars/Base", "zone"),
        ('op = ">="', 'op = "=>"', "=>"),
        ("[columns]", "[columns", "line"),
    ],
)
def test_a_wrong_mapping_is_one_sentence(tmp_path: Path, mapping: Path, old: str, new: str, said: str) -> None:
    mapping.write_text(MAPPING.replace(old, new), "utf-8")
    with pytest.raises(BadInput, match=said):
        csv_rows(tmp_path, mapping, lines(GOOD).encode())
