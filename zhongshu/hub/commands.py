"""模型命令 commands of the hub: train a model, list models, show one's card."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhongshu.hub.judge.classifier import Classifier
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.kernel.errors import BadInput, ZhongshuError
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings

if TYPE_CHECKING:
    from zhongshu.hub.judge.training import Card


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def read_samples(path: Path, text: str, label: str) -> tuple[list[str], list[str]]:
    """Texts and labels of a CSV with a header; `text` may name several columns joined by "+".

    BadInput names the file and the column or line that is missing.
    """
    columns = text.split("+")
    texts, labels = [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in (*columns, label) if name not in (rows.fieldnames or [])]
            if missing:
                raise BadInput(f"{path}:1: no column {missing[0]!r}; the file has {', '.join(rows.fieldnames or [])}")
            for row in rows:
                if row[label]:
                    texts.append("\n".join(row[name] or "" for name in columns))
                    labels.append(row[label])
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: can't be read ({error})") from error
    return texts, labels


def _summary(card: dict[str, Any]) -> str:
    return (
        f"{card['version']}: {card.get('categories', len(card.get('labels', ())))} categories, {card.get('n', '?')} "
        f"samples, macro-F1 {card.get('macro_f1', '?')}, coverage {card.get('coverage', '?')} at precision "
        f"{card.get('precision', '?')}"
    )


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--csv", type=Path, help="标注样本 CSV，默认用城市包样本 / labelled samples, default: the pack's"
    )
    parser.add_argument("--text", default="text", help="文本列，可用 + 连接多列 / text column(s) joined by +")
    parser.add_argument("--label", default="category", help="类别列 / label column")
    parser.add_argument("--version", default="", help="版本号，默认取时间 / version, by default the time")
    parser.add_argument("--from-ledger", action="store_true", help="用账本中的案件训练 / learn from the ledger")
    parser.add_argument("--place", default="", help="只用此区划的案件 / only cases of this division")
    parser.add_argument(
        "--held-back", type=float, default=0.2, help="留出最新案件的比例 / share of the newest cases kept from training"
    )
    parser.add_argument("--no-samples", action="store_true", help="不用城市包样本 / without the pack's samples")
    parser.add_argument("--by", default="", help="训练人账号 / account of who trains")


def _samples(arguments: argparse.Namespace) -> tuple[list[str], list[str]]:
    """From the file named, else from the city pack in force."""
    if arguments.csv:
        return read_samples(arguments.csv, arguments.text, arguments.label)
    from zhongshu.data import packs

    pairs = packs.samples()
    if not pairs:
        raise BadInput("the city pack has no samples; name a file with --csv / 城市包没有样本，请用 --csv 指定")
    return [text for text, _ in pairs], [label for _, label in pairs]


def _train(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub.model_commands import enter, from_ledger, trainer

    try:
        version = arguments.version or datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        by = trainer(arguments.by)
        model, card = (
            from_ledger(arguments, settings, version) if arguments.from_ledger else _taught(arguments, version)
        )
        path = classifiers(settings.home_path).publish(model, {**card.to_json(), "trained_by": by.user})
        enter(settings, version, by)
    except ZhongshuError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _say(_summary(card.to_json()))
    _say(str(path))
    return 0


def _taught(arguments: argparse.Namespace, version: str) -> tuple[Classifier, Card]:
    """From labelled texts: a file's, else the pack's samples."""
    from zhongshu.data import packs
    from zhongshu.data.versions import fingerprint
    from zhongshu.hub.judge.training import Recipe, train
    from zhongshu.hub.learning import costs

    texts, labels = _samples(arguments)
    recipe = Recipe() if arguments.csv else Recipe(costs=costs(packs.knowledge()))
    model, card = train(texts, labels, version, recipe)
    data = {"counts": {"file" if arguments.csv else "sample": len(texts)}}
    told = sorted(f"{label}\t{text}" for text, label in zip(texts, labels, strict=True))
    return model, replace(card, data={**data, "fingerprint": fingerprint(told)})


def _list(_: argparse.Namespace, settings: Settings) -> int:
    registry = classifiers(settings.home_path)
    versions = registry.versions()
    for version in versions:
        try:
            _say(_summary(registry.card(version)))
        except BadInput as error:
            _say(f"{version}: {error}")
    if not versions:
        _say("尚无模型 no model yet")
    return 0


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", nargs="?", default="", help="版本号，默认最新 / version, by default the latest")


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        card = classifiers(settings.home_path).card(arguments.version)
    except ZhongshuError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _say(json.dumps(card, ensure_ascii=False, indent=2))
    return 0


COMMANDS: list[Command] = [
    Command("model train", "训练分类模型并发布", "train a classifier and publish it", _train_arguments, _train),
    Command("model list", "列出已发布的模型", "list published models", no_arguments, _list),
    Command("model show", "显示模型卡", "show a model's card", _show_arguments, _show),
]
