"""模型治理命令 models by command: install a plug-in, compare, approve, deploy, roll back, watch for drift."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhongshu.data import model_register as register
from zhongshu.data import people
from zhongshu.data.ledger import Ids
from zhongshu.hub import governing
from zhongshu.hub.governing import Ground
from zhongshu.hub.judge.model_forms import CLASSIFY, FORMS, classifiers
from zhongshu.kernel.access import ROAD, Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings

if TYPE_CHECKING:
    from zhongshu.hub.judge.classifier import Classifier
    from zhongshu.hub.judge.training import Card


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def ground(settings: Settings, knowledge: Knowledge | None = None) -> Ground:
    """What an act by command stands on: the pack in force and the folders of this installation."""
    from zhongshu.data import packs

    return Ground(settings.home_path, knowledge or packs.knowledge(), Ids(), datetime.now(UTC))


def trainer(account: str) -> Viewer:
    """Who trains: the account named, or nobody in particular."""
    return people.in_post(account) if account else ROAD


def enter(settings: Settings, version: str, by: Viewer, name: str = CLASSIFY) -> None:
    """Put a published version into the register, so that people see it."""
    governing.enter(replace(ground(settings, _NO_CITY)), name, version, by)


def _no_city() -> Knowledge:
    """Entering a version needs no pack."""
    from zhongshu.kernel.places import Scheme

    return Knowledge("", Scheme((1, 2, 3, 4)), {}, {}, {}, {}, {}, {})


_NO_CITY = _no_city()


def from_ledger(arguments: argparse.Namespace, settings: Settings, version: str) -> tuple[Classifier, Card]:
    """A version taught by the cases of the ledger, as the options of `model train` say."""
    from zhongshu.hub.learning import Wish, teach

    on = ground(settings)
    if arguments.place and arguments.place not in on.knowledge.names:
        raise BadInput(f"--place: found {arguments.place!r}, expected a division of the pack / 没有这个区划")
    if not 0 <= arguments.held_back < 1:
        raise BadInput(f"--held-back: found {arguments.held_back}, expected a share from 0 to below 1")
    span = on.span(arguments.place or on.knowledge.city)
    wish = Wish(version, span, held_back=arguments.held_back, samples=not arguments.no_samples)
    return teach(on, wish)


def _person(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, help="办理人账号 · account of who decides")
    parser.add_argument("--post", default="", help="以哪个岗位，默认其第一个 · in which post, by default their first")
    parser.add_argument("--reason", required=True, help="理由 · why")


def _kind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", default=CLASSIFY, choices=sorted(FORMS), help="模型种类 · kind of model")


def _install_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="模型目录 · folder with card.toml and model.onnx or model.skops")
    parser.add_argument("--sha256", default="", help="模型文件的校验值，由制作方另行告知 · checksum, told by its maker")
    parser.add_argument("--by", default="", help="安装人账号 · account of who installs")


def _install(arguments: argparse.Namespace, settings: Settings) -> int:
    """Publish a plug-in; its thresholds, when its card has none, from held-back cases."""
    from zhongshu.hub.judge.plugged import read_folder

    by = trainer(arguments.by)
    model, card = read_folder(arguments.folder, arguments.sha256)
    path = classifiers(settings.home_path).publish(model, {**card, "trained_by": by.user})
    enter(settings, model.version, by)
    _say(f"已发布 published: {path}")
    if not model.thresholds:
        _say(
            "名片没有阈值，该模型的每条研判都交人工 · the card has no thresholds: every judgement goes to a person; "
            "measure it and add [thresholds]"
        )
    return 0


def _compare_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("champion", help="在用版本 · the version in force")
    parser.add_argument("challenger", help="挑战版本 · the version that might replace it")
    parser.add_argument("--by", default="", help="比对人账号 · account of who compares")
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def _compare(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub.learning import side_by_side

    viewer = trainer(arguments.by)
    found, _fact = side_by_side(ground(settings), viewer, arguments.champion, arguments.challenger)
    _say(json.dumps(found, ensure_ascii=False, indent=2) if arguments.json else comparison_text(found))
    return 0


def comparison_text(found: Mapping[str, Any]) -> str:
    """Champion and challenger side by side, then classes and cases where they differ."""
    one, other = found["champion"], found["challenger"]
    lines = [f"留出案件 held-back cases: {found['n']}（人工认定 said by people {found['by_people']}）"]
    for key in ("macro_f1", "accuracy", "coverage", "precision", "coverage_at", "ece"):
        lines.append(f"  {key:<12}{_n(one[key]):>9}{_n(other[key]):>9}")
    lines.append(f"  macro-F1 {found['gain']:+.4f}，95 % {found['low']:+.4f} … {found['high']:+.4f}")
    moved = {code: other["per_class"][code]["f1"] - row["f1"] for code, row in one["per_class"].items()}
    for code, step in sorted(moved.items(), key=lambda item: -abs(item[1]))[:10]:
        lines.append(f"  {code:<12}{one['per_class'][code]['f1']:>9.3f}{step:>+9.3f}  n={one['per_class'][code]['n']}")
    lines.append(f"不同 differ: {found['differ']}")
    lines += [f"  {e['case']} {e['truth']}: {e['champion']} → {e['challenger']}" for e in found["examples"][:10]]
    return "\n".join(lines)


def _n(value: float | None) -> str:
    return "—" if value is None else f"{value:.4f}"


def _approve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", help="版本号 · version")
    _person(parser)
    _kind(parser)


def _approve(arguments: argparse.Namespace, settings: Settings) -> int:
    viewer, on = people.in_post(arguments.by, arguments.post), ground(settings)
    found = governing.enter(on, arguments.kind, arguments.version)
    governing.approve(on, viewer, found, arguments.reason)
    _say(f"已批准 approved: {arguments.version}（{viewer.name} {viewer.post}）")
    return 0


def _deploy_options(parser: argparse.ArgumentParser) -> None:
    _approve_options(parser)
    parser.add_argument("--place", default="", help="区划，默认全市 · division, by default the city")


def _deploy(arguments: argparse.Namespace, settings: Settings) -> int:
    viewer, on = people.in_post(arguments.by, arguments.post), ground(settings)
    found = register.entered(arguments.kind, arguments.version)
    if found is None:
        raise NotFound(f"{arguments.kind} {arguments.version} is not in the register / 该版本未登记")
    place = arguments.place or on.knowledge.city
    governing.deploy(on, viewer, found, place, arguments.reason)
    _say(f"已部署 deployed: {arguments.version} → {on.knowledge.names.get(place, place)}")
    return 0


def _place_options(parser: argparse.ArgumentParser) -> None:
    _person(parser)
    _kind(parser)
    parser.add_argument("--place", default="", help="区划，默认全市 · division, by default the city")


Act = Callable[[Ground, Viewer, str, str, str], object]


def _at_place(act: Act, said: str) -> Callable[[argparse.Namespace, Settings], int]:
    def run(arguments: argparse.Namespace, settings: Settings) -> int:
        viewer, on = people.in_post(arguments.by, arguments.post), ground(settings)
        place = arguments.place or on.knowledge.city
        act(on, viewer, arguments.kind, place, arguments.reason)
        now = governing.judging(on, arguments.kind, place)
        _say(f"{said}: {on.knowledge.names.get(place, place)} ← {now.version if now else 'none'}")
        return 0

    return run


def _drift_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def _drift(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look at every deployment now; what is found is a fact, as of the daily watch. Exit code 1 with an alarm."""
    from datetime import timedelta

    from zhongshu.hub.learning import watch

    on = ground(settings)
    facts = watch(on, timedelta(0))
    told = [{"place": fact.place, **fact.payload} for fact in facts]
    if arguments.json:
        _say(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for one in told:
            name = on.knowledge.names.get(one["place"], one["place"])
            _say(f"{name}: " + "  ".join(f"{key} {value}" for key, value in one["figures"].items()))
            for alarm in one["alarms"]:
                _say(f"  告警 alarm: {alarm['code']} {alarm['value']} > {alarm['limit']}")
    return 1 if any(one["alarms"] for one in told) else 0


COMMANDS: list[Command] = [
    Command("model install", "安装外接模型", "publish a plug-in model", _install_options, _install),
    Command("model compare", "两版模型并列比对", "two versions side by side", _compare_options, _compare),
    Command("model approve", "批准模型", "approve a version", _approve_options, _approve),
    Command("model deploy", "部署模型", "let an approved version judge", _deploy_options, _deploy),
    Command(
        "model rollback",
        "回滚到上一版模型",
        "bring back the version before",
        _place_options,
        _at_place(governing.roll_back, "已回滚 rolled back"),
    ),
    Command(
        "model withdraw",
        "停用本地版本",
        "a division goes back to the version above",
        _place_options,
        _at_place(governing.withdraw, "已停用 withdrawn"),
    ),
    Command("model drift", "模型漂移监测", "watch the deployed models for drift", _drift_options, _drift),
]
