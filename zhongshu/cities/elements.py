"""查数据元与表单 what is wrong with the elements and forms of a pack beyond what each cell shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack, Row
from zhongshu.kernel.errors import Flaw

FITS = {"name": ("text",), "identity": ("identity", "text"), "phone": ("phone",), "address": ("text", "place", "point")}
"""Types that a mask is made for; a mask that isn't named here fits any."""


def faults(pack: Pack) -> Iterator[Flaw]:
    """Whatever forbids loading: a list that isn't there, a form of two subjects or of none, an element asked twice."""
    lists = {row["list"] for row in pack.rows("code_lists")}
    for row in pack.rows("elements"):
        yield from _element(row, lists)
    yield from _sources(pack)
    yield from _asked(pack)


def _element(row: Row, lists: set[str]) -> Iterator[Flaw]:
    if (row["type"] == "code") != bool(row["codes"]):
        expected = "a list of code_lists.csv" if row["type"] == "code" else "nothing: only a code has a list"
        yield Flaw("elements.csv", row[LINE], "codes", row["codes"], expected)
    elif row["codes"] and row["codes"] not in lists:
        yield Flaw("elements.csv", row[LINE], "codes", row["codes"], "a list of code_lists.csv")
    if row["sensitive"] and not row["personal"]:
        yield Flaw("elements.csv", row[LINE], "sensitive", "1", "0, or personal 1: what is sensitive is personal")
    if row["source"] and not row["unit"]:
        yield Flaw("elements.csv", row[LINE], "unit", "", "the unit that keeps the source")
    if row["type"] not in FITS.get(row["mask"], (row["type"],)):
        yield Flaw("elements.csv", row[LINE], "mask", row["mask"], f"a mask for {row['type']}, or none")


def _sources(pack: Pack) -> Iterator[Flaw]:
    """A source is a data set of the catalogue, when the pack has one."""
    known = pack.codes.get("datasets", set())
    for row in pack.rows("elements"):
        if known and row["source"] and row["source"] not in known:
            yield Flaw("elements.csv", row[LINE], "source", row["source"], "a code of datasets")


def _asked(pack: Pack) -> Iterator[Flaw]:
    """A form asks each element once, and something at all."""
    first: dict[tuple[str, str], Row] = {}
    for row in pack.rows("form_fields"):
        held = first.setdefault((row["form"], row["element"]), row)
        if held is not row:
            expected = f"an element that the form does not ask yet (line {held[LINE]} does)"
            yield Flaw("form_fields.csv", row[LINE], "element", row["element"], expected)
    asking = {form for form, _ in first}
    for row in pack.rows("forms"):
        if row["form"] not in asking:
            yield Flaw("forms.csv", row[LINE], "form", row["form"], "a form with at least one row in form_fields.csv")
