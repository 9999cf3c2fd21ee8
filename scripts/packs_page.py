"""Write the tables' part of docs/packs.md from zhongshu/cities/spec.py, between its two marks.

python -m scripts.packs_page
"""

from pathlib import Path

from zhongshu.cities.spec import ABOUT_KEYS, TABLES, Column, Table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "packs.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"


def _meaning(column: Column) -> str:
    said = [f"`{column.kind}`" if column.kind != "text" else "text"]
    if column.choices:
        said.append("one of " + ", ".join(f"`{one}`" for one in column.choices))
    if column.refers:
        said.append(f"a key of `{column.refers}`" + "".join(f" or `{one}`" for one in column.also))
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f"{column.low:g}"
        high = "" if column.high is None else f"{column.high:g}"
        said.append(f"{low}…{high}")
    return ", ".join(said)


def _table(table: Table) -> list[str]:
    key = "" if table.geo else f" Key: {', '.join(f'`{name}`' for name in table.key)}."
    tree = f" A tree by `{table.tree}`." if table.tree else ""
    lines = [f"### `{table.file}`", "", ("Required." if table.required else "Optional.") + key + tree, ""]
    lines += ["| column | needed | holds |", "|---|---|---|"]
    lines += [f"| `{one.name}` | {'yes' if one.required else ''} | {_meaning(one)} |" for one in table.columns]
    return [*lines, ""]


def part() -> str:
    """The generated part: pack.toml's keys, then every table."""
    about = ", ".join(f"`{name}`" for name in ABOUT_KEYS)
    lines = [f"`pack.toml` must hold {about}.", ""]
    lines += [line for table in TABLES for line in _table(table)]
    return "\n".join(lines).rstrip() + "\n"


def page(text: str) -> str:
    """The page with its generated part written anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{part()}{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
