"""Settings come from the environment and from nowhere else."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.settings import Settings, load, variable

NAMES = [one.name for one in fields(Settings)]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=20)))
def test_what_is_given_is_taken_and_what_is_empty_is_not(given_: dict[str, str]) -> None:
    read = load({variable(name): value for name, value in given_.items()})
    assert {name: getattr(read, name) for name in NAMES} == {
        name: given_.get(name) or getattr(Settings(), name) for name in NAMES
    }


def test_names_of_variables() -> None:
    assert variable("home") == "ZHONGSHU_HOME"
    assert variable("database_url") == "DATABASE_URL"
    assert len({variable(name) for name in NAMES}) == len(NAMES)


def test_every_setting_says_what_it_is_in_both_languages() -> None:
    assert [one.name for one in fields(Settings) if not (one.metadata["zh"] and one.metadata["en"])] == []


def test_home_is_a_whole_path() -> None:
    assert load({"ZHONGSHU_HOME": "~/hub"}).home_path.is_absolute()
