"""A data set is read by its name, wherever its rows are."""

from __future__ import annotations

import pytest

from tests.data.catalogue import shelf
from tests.town import CITY, DISTRICT
from zhongshu.kernel.errors import BadInput, NotFound

SETS = [
    shelf.dataset("divisions", "table:data_division"),
    shelf.dataset("tenancy", "file:feeds/tenancy.csv", order_no=2),
    shelf.dataset("later", "", order_no=3),
    shelf.dataset("accounts", "table:auth_user", order_no=4),
]
ITEMS = [
    shelf.item("divisions", "code", "place", key=True),
    shelf.item("divisions", "level", "integer"),
    shelf.item("tenancy", "contract", key=True),
    shelf.item("tenancy", "place", "place"),
    shelf.item("later", "any"),
    shelf.item("accounts", "password"),
]


@pytest.fixture(scope="module")
def shelved(database: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "feeds").mkdir()
    (folder / "feeds" / "tenancy.csv").write_text("place,contract,more\n01,c1,x\n02,c2,y\n", "utf-8")
    shelf.put(folder, datasets=SETS, dataset_items=ITEMS)
    # The next version ends the division that the first one had: only what is in force is read.
    shelf.put(
        folder, datasets=SETS, dataset_items=ITEMS, divisions=[shelf.DIVISIONS[0], shelf.division(DISTRICT, 3, CITY)]
    )


@pytest.mark.usefixtures("shelved")
class TestReading:
    def test_a_table_of_versions_shows_those_in_force(self) -> None:
        from zhongshu.data.catalogue import reading

        found = reading.table("divisions")
        assert sorted(zip(*found.to_pydict().values(), strict=True)) == [(CITY, 1), (DISTRICT, 3)]
        assert reading.table("divisions", ["level"], 1).num_rows == 1

    def test_a_file_beside_the_pack_shows_its_items(self) -> None:
        from zhongshu.data.catalogue import reading

        assert reading.table("tenancy").to_pydict() == {"contract": ["c1", "c2"], "place": ["01", "02"]}

    @pytest.mark.parametrize(
        ("name", "items", "said"),
        [
            ("divisions", ["digest"], "expected one of code, level"),
            ("later", [], "not gathered"),
            ("accounts", [], "expected one of this database"),
        ],
    )
    def test_what_can_not_be_had_is_said(self, name: str, items: list[str], said: str) -> None:
        from zhongshu.data.catalogue import reading

        with pytest.raises(BadInput, match=said):
            reading.table(name, items)

    def test_an_unknown_data_set_is_not_found(self) -> None:
        from zhongshu.data.catalogue import entries, reading

        with pytest.raises(NotFound):
            reading.table("nobody")
        one = entries.one("tenancy")
        assert (one.number, one.keys, one.place) == ("3-01-001-01/000002", ("contract",), "place")
