"""The planted stop of a return flow is found at its street, and nothing else is accused, in a small made-up city."""

from __future__ import annotations

from importlib import import_module

bench = import_module("zhongshu.bench.return")


def test_the_planted_stop_is_found_and_nobody_else_is_accused() -> None:
    figures = bench.detection(bench.communities((1, 8, 9)), 3)
    assert (figures["found"], figures["false_accusations"], figures["looks"]) == (1.0, 0, 6)


def test_no_cell_of_random_tables_is_pinned_and_plain_suppression_would_give_many_away() -> None:
    figures, plain = bench.anonymity(8)
    assert (figures["k_pinned"], figures["k_holds"]) == (0, 1.0)
    assert plain["primary_only_pinned"] > 0
