"""What texts hold is told by form and check characters, and only when it is no slip."""

from __future__ import annotations

from datetime import date

import polars as pl

from zhongshu.data.quality import checksums
from zhongshu.data.sharing import contents

TODAY = date(2026, 6, 1)
NUMBERS = [checksums.completed(f"9901011990010{1000 + n}") for n in range(4)]


def test_numbers_in_texts_are_found_and_slips_are_not() -> None:
    rows = 200
    frame = pl.DataFrame(
        {
            "plain": [f"第{n}号" for n in range(rows)],
            "bare": NUMBERS * (rows // 4),
            "within": [f"联系人证件{NUMBERS[n % 4].lower()}。" if n < 8 else None for n in range(rows)],
            "slip": [NUMBERS[0] if n == 7 else "无" for n in range(rows)],
            "false": ["990101199001011234" for _ in range(rows)],
            "longer": [f"9{NUMBERS[0]}1" for _ in range(rows)],
            "phone": [f"电话 138{n:08}" for n in range(rows)],
            "count": list(range(rows)),
        }
    )
    told = {"bare": "identity", "within": "identity", "phone": "phone"}
    assert contents.found(frame, TODAY) == told
    assert contents.found(frame.clear(), TODAY) == {}
