"""Folders found by their manifest: what is there, what is missing, what doesn't load."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from zhongshu import scenarios as built_in
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plugins import connectors, scenarios

GOOD = {"title": '"题"', "title_en": '"Title"', "owner": '"water"', "listens": '["Sensed"]'}


def folder(root: Path, package: str, name: str, manifest: dict[str, str], code: str) -> Path:
    """A package with one plug-in in it."""
    home = root / package / name
    home.mkdir(parents=True)
    (root / package / "__init__.py").touch()
    (home / "__init__.py").write_text(code, "utf-8")
    (home / "manifest.toml").write_text("\n".join(f"{key} = {value}" for key, value in manifest.items()), "utf-8")
    return root / package


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_folder_is_a_scenario(root: Path) -> None:
    place = folder(root, "plug_a", "rain", GOOD, "def run(batch, desk):\n    return []\n")
    found = scenarios(place, "plug_a")
    assert [(one.name, one.title, one.owner, one.listens) for one in found] == [("rain", "题", "water", ("Sensed",))]
    assert found[0].run([], None) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_a_manifest_that_lacks_a_key_names_file_and_key(root: Path, missing: str) -> None:
    manifest = {key: value for key, value in GOOD.items() if key != missing}
    place = folder(root, f"plug_without_{missing}", "rain", manifest, "def run(batch, desk):\n    return []\n")
    with pytest.raises(BadInput, match=rf"rain/manifest\.toml.*: {missing} is missing"):
        scenarios(place, place.name)


def test_a_manifest_that_is_no_toml_names_its_file(root: Path) -> None:
    place = folder(root, "plug_b", "rain", {"title": "题"}, "def run(batch, desk):\n    return []\n")
    with pytest.raises(BadInput, match=r"rain/manifest\.toml"):
        scenarios(place, "plug_b")


def test_a_folder_without_its_function_names_it(root: Path) -> None:
    place = folder(root, "plug_c", "rain", GOOD, "")
    with pytest.raises(BadInput, match=r"plug_c\.rain.*run"):
        scenarios(place, "plug_c")


def test_a_folder_without_a_manifest_is_passed_over(root: Path) -> None:
    (root / "plug_d" / "notes").mkdir(parents=True)
    assert scenarios(root / "plug_d", "plug_d") == []
    assert connectors(root / "plug_d", "plug_d") == {}
    assert "plug_d.notes" not in sys.modules


def test_the_built_in_ones_use_the_same_door() -> None:
    found = scenarios(Path(built_in.__file__).parent, "zhongshu.scenarios")
    assert [one for one in found if not (one.title and one.title_en and one.owner and one.listens)] == []
    assert "waterlogging" in {one.name for one in found}
