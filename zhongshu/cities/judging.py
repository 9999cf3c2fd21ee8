"""研判表检查 what is wrong with the words and raises of a pack beyond what each cell shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack, Row
from zhongshu.kernel.errors import Flaw

LEAST = 2
"""Letters that a word must have: one alone stands in half of all texts."""


def faults(pack: Pack) -> Iterator[Flaw]:
    """Whatever forbids loading: a word that says too little, one that its own rule forbids, a class that groups."""
    parents = {row["parent"] for row in pack.rows("categories")}
    for row in pack.rows("keywords"):
        yield from _words(row)
        if row["category"] in parents:
            yield Flaw("keywords.csv", row[LINE], "category", row["category"], "a category without any below it")
    for row in pack.rows("raises"):
        yield from _days(row)
    for row in pack.rows("lexicon"):
        if not row["word"].isalnum():
            yield Flaw("lexicon.csv", row[LINE], "word", row["word"], "one word of letters: a row for each")


def gaps(pack: Pack) -> Iterator[Flaw]:
    """What a person should know: without words for delicate matters strangers see no photo, whoever agreed."""
    if not any(row["kind"] == "discreet" for row in pack.rows("lexicon")):
        yield Flaw("lexicon.csv", 0, "kind", "", "words of kind discreet; without them no photo is shown")


def _days(row: Row) -> Iterator[Flaw]:
    """A day needs its days in order; weather has none."""
    if row["on"] == "date" and not row["begins"]:
        yield Flaw("raises.csv", row[LINE], "begins", "", "a date such as 2026-06-07")
    elif row["on"] == "weather" and (row["begins"] or row["ends"]):
        yield Flaw(
            "raises.csv", row[LINE], "begins", str(row["begins"] or row["ends"]), "nothing: weather has no dates"
        )
    elif row["ends"] and row["ends"] < row["begins"]:
        yield Flaw("raises.csv", row[LINE], "ends", str(row["ends"]), f"{row['begins']} or later")


def _words(row: Row) -> Iterator[Flaw]:
    for word in row["words"]:
        parts = word.split("+")
        if not all(parts) or sum(map(len, parts)) < LEAST:
            yield Flaw("keywords.csv", row[LINE], "words", word, f"parts joined by +, {LEAST} letters at least")
        elif any(bar in part for bar in row["not_words"] for part in parts):
            yield Flaw("keywords.csv", row[LINE], "words", word, "a word that not_words does not forbid")
