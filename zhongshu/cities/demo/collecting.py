"""数据元与表单的示范行 elements and forms of the demo city, written by hand; who asks is a unit of the city."""

from __future__ import annotations

from typing import Any

from zhongshu.cities.demo.content import rows

Row = dict[str, Any]


def tables(city: str) -> dict[str, list[Row]]:
    """The four tables; `city` is the first digits of the city's units, which keep the sources and ask."""
    return {
        "code_lists": rows("code_lists.csv"),
        "elements": [{**row, "unit": row["unit"] and f"{city}-{row['unit']}"} for row in rows("elements.csv")],
        "forms": [{**row, "asker": f"{city}-{row['asker']}"} for row in rows("forms.csv")],
        "form_fields": rows("form_fields.csv"),
    }
