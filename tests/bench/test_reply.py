"""The bench of replies: on made-up letters, and on the real ones when they are there."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from zhongshu.bench import reply
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.settings import load

MATTERS = ("路灯", "井盖", "垃圾桶", "公交站", "电梯", "水管", "围墙", "绿化带", "健身器材", "消防栓")
KEYS = {"roc_auc", "total_roc_auc", "swapped_found", "own_accused", "swapped_roc_auc", "replies_per_s"}


def _letters(folder: Path) -> None:
    """Ten matters in four roads, each answered by facts, and every other one once more by a formula."""
    rows = []
    for road in ("春晓路", "秋水街", "长乐巷", "平安道"):
        for n, matter in enumerate(MATTERS):
            asked = {
                "subject": f"投诉{road}{matter}损坏",
                "time": "2024/3/1 9:00:00",
                "body": f"{road}的{matter}坏了，什么时候能修好？",
            }
            told = f"经核实，{road}{matter}确已损坏，由于配件短缺，维修人员将于3月{n + 10}日前更换{matter}。"
            rows.append({**asked, "reply": told, "reply_time": "2024/3/4 9:00:00", "explains": "1"})
            rows.append(
                {
                    **asked,
                    "reply": f"网友：您好！留言已收悉。{'感谢您的来信！' * (n % 3)}",
                    "reply_time": "2024/3/30",
                    "explains": "0",
                }
            )
    (folder / "messages").mkdir()
    with (folder / "messages" / "replies.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_it_tells_facts_from_formulas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _letters(tmp_path)
    monkeypatch.setenv("ZHONGSHU_REAL_DATA", str(tmp_path))
    # Letters this alike are one group of near-duplicates; the folds need several.
    monkeypatch.setattr(reply, "groups", lambda texts: np.arange(len(texts), dtype=np.int32) // 2)
    found = json.loads(reply.run(True).to_json())
    assert found["bench"] == "reply"
    assert found["figures"].keys() == KEYS
    assert found["baseline"].keys() == {"tfidf_roc_auc", "length_roc_auc"}
    assert found["size"]["not_explaining"] == 40
    assert found["figures"]["total_roc_auc"] == 1
    assert found["figures"]["own_accused"] == 0


def test_a_swap_never_takes_a_near_duplicate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _letters(tmp_path)
    monkeypatch.setenv("ZHONGSHU_REAL_DATA", str(tmp_path))
    found, truth = reply.exchanges(False)
    group = np.arange(len(found), dtype=np.int32) // 2
    others = reply.swapped(found, group)
    home = {each.reply: number for number, each in zip(group[::2].tolist(), found[::2], strict=True)}
    assert len(truth) == len(others) == 80
    assert all(home.get(each.reply) != number for each, number in zip(others, group.tolist(), strict=True))
    assert [each.subject for each in others] == [each.subject for each in found]


def test_without_the_folder_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHONGSHU_REAL_DATA", str(tmp_path))
    with pytest.raises(NotFound, match="ZHONGSHU_REAL_DATA"):
        reply.run(True)


@pytest.mark.real
@pytest.mark.skipif(
    not (Path(load().real_data) / "messages" / "replies.csv").exists(),
    reason="the real replies are absent: set ZHONGSHU_REAL_DATA to the folder of real data",
)
def test_real_replies() -> None:
    found = reply.run(True).figures
    assert found["roc_auc"] > 0.95
    assert found["total_roc_auc"] > 0.95
    assert found["swapped_roc_auc"] > 0.9
    assert found["own_accused"] < 0.12
