"""The words that every room and scenario puts on a case."""

from __future__ import annotations

from zhongshu.kernel.desk import TITLE, title_of


def test_a_title_is_the_first_line() -> None:
    assert title_of(" 井盖松动\n很响 ") == "井盖松动"
    assert title_of("很" * TITLE) == "很" * TITLE


def test_a_title_that_was_cut_says_so() -> None:
    assert title_of("很" * (TITLE + 1)) == "很" * (TITLE - 1) + "…"
