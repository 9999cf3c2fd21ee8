"""Write docs/bench.md, and the figures of both READMEs, from the newest results kept in bench/results/<date>/*.json.

python -m scripts.bench_page        after `zhongshu bench NAME --keep bench/results`
"""

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS, PAGE = ROOT / "bench" / "results", ROOT / "docs" / "bench.md"
READMES = {ROOT / "README.md": "en", ROOT / "README.zh-CN.md": "zh"}
FIRST = 5
"""So many figures of each bench stand in a README: each result begins with those that were aimed at."""
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HEAD = """# 实测 Measured

Every figure is the output of a command: `zhongshu bench NAME`, with `--keep bench/results` to keep it by date.
`--quick` is an honest smaller run. Shares are 0–1. `load` is the one-minute load average of the machine at the end:
other work makes figures worse. Written by `python -m scripts.bench_page` from the newest kept run of each bench.
"""
EMPTY = {
    "en": "No full run is kept in `bench/results` yet, so no figure is claimed here. Measure: `zhongshu bench one`.",
    "zh": "`bench/results` 里还没有完整实测结果，所以这里不写任何数字。请自行实测：`zhongshu bench one`。",
}
COLUMNS = {"en": ("bench", "what", "figures", "measured"), "zh": ("实测项", "测什么", "数字", "日期")}
WHAT = {
    "one": ("one report over HTTP, whole road to dispatch, durable", "一件诉求经 HTTP 走完全程到派单，已落盘"),
    "bulk": ("many reports, whole road", "大批诉求走完全程"),
    "clocks": ("advance a million open clocks", "推进一百万个在计时限"),
    "list": ("work lists and search", "工作清单与搜索"),
    "locate": ("point to grid, exact", "坐标落格，精确"),
    "month": ("a month of the full-size city, lived through", "全市过完一个月"),
    "map": ("tiles of the live map; frames of a browser without a graphics card", "实时地图瓦片；无显卡浏览器的帧间隔"),
    "start": ("start with data present", "已有数据时启动"),
    "judge": ("all six benches of judging, one after another", "研判的六项实测依次全跑"),
    "classify": ("classification of real messages", "真实留言分类"),
    "reply": ("does an official reply answer?", "答复是否答所问"),
    "place": ("tags of real addresses, matching against a million", "真实地址标注，百万地址库匹配"),
    "quality": ("eight rules beside four tools; wrong cells from 20 rows", "八条规则与四种工具同跑；看 20 行找错值"),
    "merge": ("same matter, near-duplicates, pot-holes, planted merges", "同一事项、近似重复、坑洞、埋设的重复"),
    "hot": ("hot issues in a year of real messages", "一年真实留言中的热点"),
    "causes": (
        "planted links between classes in a million events, with look-alikes",
        "百万事件中找出埋设的关联，不冤枉相似者",
    ),
    "lake": (
        "a month of 100 million observations over 20,000 grids: cuts of screens from sums, a free question of rows",
        "两万网格一个月一亿条观测：屏幕所问由汇总答，临时所问由明细答",
    ),
    "burden": (
        "overlapping forms found and cut, a grid worker's day before and after",
        "找出并清理重复表单，网格员一天填表由多少分钟降到多少",
    ),
    "resolve": (
        "which records of eight departments are one person, later ones too; Splink and recordlinkage beside",
        "八个部门的记录归并到人，含后续增量，旁列 Splink 原样和 recordlinkage",
    ),
    "return": (
        "the planted broken return flow, rows of a return, counts that give nobody away",
        "埋设的断流、回流取数、不泄露个人的统计块",
    ),
    "screens": (
        "200 signed-in people at work on a million cases: pages, first paint, scripts, idle cockpits",
        "200 名在岗人员同时在百万案件上办公：翻页、首屏、脚本体积、静置驾驶舱",
    ),
    "alarms": ("false alarms of the search for causes over many seeds", "找源头的误报：多个随机种子"),
}
"""What each bench measures, in English and in Chinese."""


def newest() -> dict[str, tuple[str, dict[str, Any]]]:
    """The newest kept result of each bench: name -> (date, result)."""
    found = {}
    for path in sorted(RESULTS.glob("*/*.json")):
        found[path.stem] = (path.parent.name, json.loads(path.read_text(encoding="utf-8")))
    return found


def _spelt(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _pairs(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_spelt(value)}" for name, value in given.items())


def page() -> str:
    """The whole of docs/bench.md."""
    parts = [HEAD]
    for name, (date, result) in newest().items():
        machine = result["machine"]
        about = f"{machine['cores']} × {machine['processor']}, Python {machine['python']}, load {machine['load']}"
        lines = [f"## `{name}`: {WHAT[name][0]}", "", f"{date}. {about}.", "", f"Size: {_pairs(result['size'])}.", ""]
        lines += [f"Versions: {_pairs(result['versions'])}.", "", "| | ours |", "|---|---|"]
        lines += [f"| {figure} | {_spelt(value)} |" for figure, value in result["figures"].items()]
        lines += [f"| baseline: {figure} | {_spelt(value)} |" for figure, value in result["baseline"].items()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts if len(parts) > 1 else [HEAD, EMPTY["en"] + "\n"])


def figures(language: str) -> str:
    """The table of a README, or a sentence when nothing was measured."""
    found = newest()
    if not found:
        return EMPTY[language] + "\n"
    lines = ["| " + " | ".join(COLUMNS[language]) + " |", "|---|---|---|---|"]
    for name, (date, result) in found.items():
        english, chinese = WHAT[name]
        what = english if language == "en" else chinese
        lines.append(f"| `{name}` | {what} | {_pairs(dict(islice(result['figures'].items(), FIRST)))} | {date} |")
    return "\n".join(lines) + "\n"


def readme(text: str, language: str) -> str:
    """A README with its figures written anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{figures(language)}{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    for path, language in READMES.items():
        path.write_text(readme(path.read_text(encoding="utf-8"), language), encoding="utf-8")
