"""字段与表 what a table of a city pack is described by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column (字段).

    `kind` is text | int | float | flag (0/1) | date | words (;-separated) | shifts | host (level/kind) | hosts | roles.
    `refers` names the table whose key the value must be in; with kind `words` each of them. `also` are values that are
    allowed although they refer to nothing. `low` and `high` bound a number, both inclusive.
    """

    name: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    refers: str = ""
    also: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table (表): a CSV file named after it, or a GeoJSON file whose properties are its columns."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    required: bool = False
    geo: bool = False
    tree: str = ""
    """Column that names the parent row, when the table is a tree."""
    held_as: str = ""

    @property
    def held(self) -> str:
        """The name under which a pack holds its rows: outlines stand beside the table of the same name."""
        return self.held_as or self.name

    @property
    def file(self) -> str:
        return f"{self.name}.geojson" if self.geo else f"{self.name}.csv"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def required(name: str, kind: str = "text", **more: object) -> Column:
    """A column that every row must fill."""
    return Column(name, kind, **more)  # type: ignore[arg-type]


def optional(name: str, kind: str = "text", **more: object) -> Column:
    """A column that a row may leave empty."""
    return Column(name, kind, required=False, **more)  # type: ignore[arg-type]
