"""Tables in files come as columns: CSV and workbooks as text, Parquet and shapes as they are typed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
import shapely
from openpyxl import Workbook

from zhongshu.data.catalogue import files
from zhongshu.kernel.errors import BadInput

ROWS = {"code": ["007", "008", "009"], "name": ["甲", "乙，\n丙", ""]}
TEXT = 'code,name\n007,甲\n008,"乙，\n丙"\n009,\n'


def book(path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["code", "name"])
    for code, name in zip(ROWS["code"], ROWS["name"], strict=True):
        sheet.append([code, name])
    made.save(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_as_it_was_written(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert files.read(path).to_pydict() == ROWS
    assert files.read(path, ["name"], 1).to_pydict() == {"name": ["甲"]}
    assert files.count(path) == 3


def test_a_workbook_keeps_the_zeros_of_a_code(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path)
    assert files.read(path, ["code"]).to_pydict() == {"code": ROWS["code"]}
    assert files.read(path, limit=2).num_rows == 2


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table({"n": pa.array([1, 2, 3], pa.int64()), **ROWS}), path)
    assert files.read(path, ["n"], 2).to_pydict() == {"n": [1, 2]}
    assert files.count(path) == 3


@pytest.mark.parametrize(("suffix", "driver"), [(".geojson", "GeoJSON"), (".gpkg", "GPKG")])
def test_shapes_come_as_wkb(tmp_path: Path, suffix: str, driver: str) -> None:
    import pyogrio

    path = tmp_path / f"a{suffix}"
    points = shapely.to_wkb(shapely.points([[113.3, 23.1], [113.4, 23.2]]))
    told = pa.table({"code": ["a", "b"], "geometry": pa.array(points, pa.binary())})
    pyogrio.write_arrow(told, path, driver=driver, geometry_name="geometry", geometry_type="Point", crs="EPSG:4326")
    found = files.read(path, ["code", "geometry"])
    assert found["code"].to_pylist() == ["a", "b"]
    assert shapely.from_wkb(found["geometry"][1].as_py()).coords[0] == (113.4, 23.2)
    with pytest.raises(BadInput, match="expected a column 'nobody'"):
        files.read(path, ["nobody"])


def test_what_can_not_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        files.read(tmp_path / "none.csv")
    odd = tmp_path / "a.docx"
    odd.write_bytes(b"x")
    with pytest.raises(BadInput, match="expected one of .csv"):
        files.read(odd)
    broken = tmp_path / "a.parquet"
    broken.write_bytes(b"x")
    with pytest.raises(BadInput, match="a.parquet"):
        files.read(broken)
    short = tmp_path / "a.csv"
    short.write_text("code,name\n1,2\n", "utf-8")
    with pytest.raises(BadInput, match="a.csv"):
        files.read(short, ["nobody"])


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_a_file_in_pieces_is_the_file(tmp_path: Path, name: str) -> None:
    rows = pl.DataFrame({"a": [str(n) for n in range(25)], "b": ["x\ny"] * 25})
    write = {"csv": rows.write_csv, "parquet": rows.write_parquet}
    write[name.partition(".")[2]](tmp_path / name)
    schema, batches = files.batches(tmp_path / name, ["a"], 10)
    told = list(files.grouped(schema, batches, 10))
    assert [one.num_rows for one in told] == [10, 10, 5]
    assert pl.from_arrow(pa.concat_tables(told)).equals(rows.select("a"))  # type: ignore[union-attr, arg-type]
    with pytest.raises(BadInput, match="c"):
        list(files.batches(tmp_path / name, ["c"], 10)[1])
