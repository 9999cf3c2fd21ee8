"""目录命令 `catalogue gather`, `count`, `conform`, `export`, `lineage`, `gaps`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhongshu.kernel.access import ROAD
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings

SHOWN = 20
"""Findings that are printed; the report holds up to 1,000 of each demand."""
FAILED = 2
"""Exit code of a feed that does not conform, or of a source that could not be gathered."""


def _gather_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="*", help="数据源；不写则全部 · sources; all when none is named")
    parser.add_argument("--due", action="store_true", help="只归集到期的 · only those whose moment has come")


def _gather(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.catalogue import sources
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone
    from zhongshu.hub.resources import gathering

    hub = Hub(rules_alone)
    if arguments.due:
        facts = gathering.gather_due(hub.desk, settings.home_path)
        sys.stdout.write("" if facts else "没有到期的数据源 · nothing to do\n")
    else:
        wanted = arguments.source or list(sources.every())
        facts = [gathering.gather(hub.desk, one, settings.home_path) for one in wanted]
    for fact in facts:
        p = fact.payload
        counts = f"读 {p['read']} 新 {p['added']} 变 {p['changed']} 同 {p['same']} 退 {p['rejected']}"
        said = p["sentence"] or (f"退回 rejects/{p['rejects']}" if p["rejects"] else "")
        sys.stdout.write(f"{fact.kind}\t{p['source']}\t{counts}\t{p['seconds']:.2f} s\t{said}\n")
    return FAILED if any(fact.kind == "GatherFailed" for fact in facts) else 0


def _count_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", nargs="*", help="数据资源；不写则全部 · data sets; all when none is named")


def _count(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone
    from zhongshu.hub.resources import gathering

    for name, rows in gathering.count_all(Hub(rules_alone).desk, arguments.dataset).items():
        sys.stdout.write(f"{name}\t{rows}\n")
    return 0


def _conform_options(parser: argparse.ArgumentParser) -> None:
    files = ".csv .xlsx .parquet .geojson .gpkg；不写则查数据源 · none: what the source has"
    parser.add_argument("feed", type=Path, nargs="?", metavar="FEED", help=files)
    parser.add_argument("--standard", default="base", help="标准 · the standard")
    parser.add_argument("--dataset", default="", help="它是哪个数据资源 · which data set it is")
    parser.add_argument("--source", default="", help="数据源，列名按它对照 · a source; columns are named as in it")
    parser.add_argument("--unit", default="", help="送件单位 · who delivered it")
    parser.add_argument("--place", default="", help="所属区划 · the division it is about")


def _conform(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.catalogue import sources
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone
    from zhongshu.hub.resources import conformance

    source = sources.one(arguments.source) if arguments.source else None
    dataset = arguments.dataset or (source.dataset if source else "")
    if not dataset or (arguments.feed is None and source is None):
        raise BadInput("expected FEED with --dataset, or --source / 请给出文件与 --dataset，或给出 --source")
    about = (arguments.unit, arguments.place, source.columns if source else {}, arguments.source)
    given = conformance.Delivered(arguments.feed, dataset, *about)
    made = conformance.check(Hub(rules_alone).desk, ROAD, arguments.standard, given, settings.home_path)
    fact, result = made
    verdict = "符合 conforms" if result.passed else "不符合 does not conform"
    failed = [one for one in result.checked if one.failing]
    sys.stdout.write(f"{verdict}：{result.rows:,} 行 rows，{len(failed)}/{len(result.checked)} 条未达 demands failed\n")
    for one in result.findings[:SHOWN]:
        must = "" if one.must else "（应）"
        where = f"{given.name}:{one.line}: {one.field}"
        sys.stdout.write(f"  {where}: found {one.found!r}, expected {one.expected} · {one.clause}{must}\n")
    report = settings.home_path / conformance.REPORTS / fact.payload["report"]
    sys.stdout.write(f"报告 report {report}\n")
    return 0 if result.passed else FAILED


def _export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dcat", action="store_true", help="DCAT-AP 3（默认） · the only form so far")
    parser.add_argument("--format", default="turtle", help="turtle | json-ld | xml")
    parser.add_argument("--base", default="", help="本系统地址 · the address that names begin with")


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import packs
    from zhongshu.hub.resources import catalogue

    base = arguments.base or f"http://{settings.host}:{settings.port}"
    sys.stdout.write(catalogue.export(packs.about(), packs.knowledge(), base, arguments.format))
    return 0


def _lineage_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("node", help="如 formula:solve、dataset:cases · such as formula:solve, dataset:cases")


def _lineage(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.catalogue import lineage
    from zhongshu.hub.resources import catalogue

    every = lineage.edges(catalogue.ground())
    if arguments.node not in lineage.nodes(every):
        raise BadInput(f"found {arguments.node!r}, expected a node such as formula:solve / 没有这个血缘节点")
    for title, forward in (("来自 from", False), ("用于 into", True)):
        sys.stdout.write(f"{title}\n")
        for step, edge in lineage.follow(every, arguments.node, forward):
            sys.stdout.write(f"  {step}\t{edge.origin}\t→\t{edge.target}\t{edge.how}\n")
    return 0


def _gaps(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import packs
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone
    from zhongshu.hub.resources import catalogue

    knowledge = packs.knowledge()
    for (department, district), cell in catalogue.matrix(knowledge, Hub(rules_alone).clock()).items():
        for one in cell.lacks:
            sys.stdout.write(
                f"{department}\t{knowledge.names[district]}\t{one.dataset.dataset}\t{one.state}\t{one.rows}\n"
            )
    return 0


COMMANDS = [
    Command("catalogue gather", "归集：从数据源取数入库", "fetch what sources have", _gather_options, _gather),
    Command("catalogue count", "盘点各资源各区行数", "count rows by data set and district", _count_options, _count),
    Command("catalogue conform", "按标准检查来件", "hold a feed against a standard", _conform_options, _conform),
    Command("catalogue export", "导出目录（DCAT-AP 3）", "export the catalogue", _export_options, _export),
    Command("catalogue lineage", "血缘：来自何处、用于何处", "where a number comes from", _lineage_options, _lineage),
    Command("catalogue gaps", "部门×地区缺口", "gaps by department and district", no_arguments, _gaps),
]
