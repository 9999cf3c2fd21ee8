"""示范 the demo: a made-up city, people who can sign in, a model, some weeks of life, and life that goes on."""

from __future__ import annotations

import csv
import random
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction

from zhongshu.bench import classes, neighbours
from zhongshu.bench.exchanging import exchange
from zhongshu.bench.living import Living
from zhongshu.data.databases import ROAD
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import ZhongshuError
from zhongshu.kernel.settings import Settings

Say = Callable[[str], None]
DAYS = {"small": 22, "city": 7}
RATE = {"small": 2.5, "city": 20.0}
"""Reports an hour in the weeks before the start: enough that every list has something to do in it."""
SHARES = {"small": 0.02, "city": 0.002}
"""Share of the households that the first start registers, about 30,000 people: it should be short."""
FOLDS = 3
"""Fewer than the usual five: the first start should be short, and these texts' scores are no claim anyway."""
BATCH, DAY = 5000, timedelta(days=1)
LIVE_EVERY = 6.0
"""Seconds between two beats of the living city; each beat is a quarter of an hour of its people's work."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Where one demo lives, and its size."""

    settings: Settings
    size: str

    @property
    def home(self) -> Path:
        return self.settings.home_path / "demo"

    @property
    def pack(self) -> Path:
        return self.home / f"pack-{self.size}"

    def password(self) -> str:
        """The shared password of the demo accounts, made up once by this installation."""
        path = self.home / "password"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(6))
        return path.read_text()

    def accounts(self) -> list[tuple[str, str]]:
        """(username, title) of everybody who can sign in."""
        with (self.pack / "accounts.csv").open(encoding="utf-8") as file:
            return [(row["username"], row["name"]) for row in csv.DictReader(file)]


def build(demo: Demo, hub: Callable[[], Hub], say: Say) -> None:
    """Everything up to the first page; each step is skipped when its result is there. `hub` makes the hub after it."""
    from zhongshu.data import accounts

    have = accounts.counts()
    if have["pack"] and not have["pack"].startswith(f"demo-{demo.size}@"):
        raise ZhongshuError(f"这里已有另一座城市 {have['pack']}；先执行 make clean-demo · another city is loaded here")
    _city(demo, bool(have["pack"]), say)
    _registers(demo, say)
    _model(demo, say)
    if not have["cases"]:
        living = hub()
        _history(demo, living, say)
        _causes(living, say)
        _levels(demo, living, say)
        exchange(demo.pack, living, say)
        neighbours.begin(living, say)
        classes.begin(living, say)
        _waiting(demo, living, say)


def _city(demo: Demo, loaded: bool, say: Say) -> None:
    from zhongshu.cities.demo.generate import generate
    from zhongshu.cities.load import load
    from zhongshu.data import accounts

    if not (demo.pack / "pack.toml").exists():
        say("  生成示范城市 · growing the demo city")
        draft = demo.pack.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        generate(draft, demo.size)
        draft.rename(demo.pack)
    if not loaded:
        say("  载入城市包 · loading the city pack")
        load(demo.pack)
        password = demo.password()
        accounts.set_passwords({name: password for name, _ in demo.accounts()})


def _registers(demo: Demo, say: Say) -> None:
    """People, homes and firms of a fiftieth of the households; the rest of a city is a command of its own."""
    from zhongshu.cities.demo.census import gather
    from zhongshu.cities.demo.generate import SEED
    from zhongshu.data.registers import loading

    if loading.filled():
        return
    say("  登记示范人口、房屋、单位并归并 · registering made-up people, homes and firms, and linking them")
    began = time.monotonic()
    held: dict[str, int] = {}
    for done in gather.fill(demo.pack, SHARES[demo.size], SEED):
        held[done.subject] = held.get(done.subject, 0) + done.entities
    counts = "、".join(f"{name} {count}" for name, count in held.items())
    say(f"    {counts} · {time.monotonic() - began:.0f} s")


def _model(demo: Demo, say: Say) -> None:
    from zhongshu.data import packs
    from zhongshu.hub.judge.model_forms import classifiers
    from zhongshu.hub.judge.training import Recipe, train
    from zhongshu.hub.learning import costs

    registry = classifiers(demo.settings.home_path)
    if registry.latest():
        return
    say("  训练研判模型 · training the classifier")
    pairs = packs.samples()
    recipe = Recipe(folds=FOLDS, costs=costs(packs.knowledge()))
    model, card = train([text for text, _ in pairs], [code for _, code in pairs], "demo-1", recipe)
    registry.publish(model, card)
    say(
        f"    {card.categories} 类 {card.n} 样本 · macro-F1 {card.macro_f1:.3f} on made-up texts: no claim on real ones"
    )


def _history(demo: Demo, hub: Hub, say: Say) -> None:
    from zhongshu.cities.demo.reports import reports
    from zhongshu.cities.read import read

    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(days=DAYS[demo.size])
    say(f"  让城市先过 {DAYS[demo.size]} 天 · letting the city live for {DAYS[demo.size]} days first")
    living = Living.of(hub, seed=1)
    began = time.monotonic()
    for moment, count in living.history(reports(read(demo.pack)[0], start, end, RATE[demo.size]), start, end):
        if moment.hour == 16 and moment.day % 7 == 0:
            say(f"    {moment:%m-%d}: {count} 件诉求 · reports, {time.monotonic() - began:.0f} s")


def _waiting(demo: Demo, hub: Hub, say: Say) -> None:
    from zhongshu.cities.demo.reports import waiting
    from zhongshu.cities.read import read

    now = datetime.now(UTC)
    count = Living.of(hub, seed=2).report(waiting(read(demo.pack)[0], now), now)
    say(f"  给示范街道留 {count} 件待办 · {count} reports wait for the demo's street")


def _causes(hub: Hub, say: Say) -> None:
    """What the night would find by itself is there at the first look."""
    from zhongshu.hub import causes
    from zhongshu.hub.cause_search import Asked

    say("  找源头 · looking for causes")
    run = causes.find(hub.desk, hub.clock(), Asked())
    links, candidates = len(run.found.links), len(run.facts)
    say(f"    {links} 对关联、{candidates} 个候选病因 · links and candidate causes, {run.seconds:.0f} s")


def _levels(demo: Demo, hub: Hub, say: Say) -> None:
    """What the sensors said in these weeks; the days past the hot window are in the lake at the first look."""
    from zhongshu.cities.demo.readings import readings
    from zhongshu.cities.read import read
    from zhongshu.data import intake
    from zhongshu.data.lake import tidying
    from zhongshu.data.lake.moving import Mover
    from zhongshu.data.lake.place import lake

    say("  水位读数入库入湖 · the sensors' readings, older ones to the lake")
    end, scheme = datetime.now(UTC), hub.tools.knowledge.scheme
    quarters = (
        one for one in readings(read(demo.pack)[0], end - DAYS[demo.size] * DAY, end) if one["at"].minute % 15 == 0
    )
    while batch := list(islice(quarters, BATCH)):
        stands = [hub.tools.sensors[one["sensor"]] for one in batch]
        rows = [{**one, "place": at.place, "grid": at.grid} for one, at in zip(batch, stands, strict=True)]
        with transaction.atomic(using=ROAD):
            intake.save_observations(rows, scheme)
    counts = tidying.run(Mover(lake(), scheme, end))
    say(f"    {counts.moved:,} 条观测、{counts.copied:,} 条事实入湖 · observations moved, facts copied")


def live(demo: Demo, hub: Hub, stop: threading.Event) -> None:
    """Life goes on in real time: reports, people's work and water levels, a little of each every few seconds."""
    living = Living.of(hub, seed=int(time.time()))
    spoken, levels = _reports(demo), _readings(demo, random.Random(7))
    while not stop.wait(LIVE_EVERY):
        now = datetime.now(UTC)
        living.report([next(spoken)], now)
        living.work(0.25)
        hub.observe(next(levels))


def _reports(demo: Demo) -> Iterator[dict[str, object]]:
    """Reports as on these days, told as if each had just happened."""
    from zhongshu.cities.demo.reports import reports
    from zhongshu.cities.read import read

    pack, _ = read(demo.pack)
    start = datetime.now(UTC)
    for row in reports(pack, start, start + timedelta(days=365), RATE[demo.size]):
        yield {**row, "at": None, "key": ""}


def _readings(demo: Demo, dice: random.Random) -> Iterator[list[dict[str, object]]]:
    """A reading of every sensor at each beat; now and then a shower fills one of them for some minutes."""
    from zhongshu.cities.read import read

    sensors = [(str(row["code"]), float(row["threshold"])) for row in read(demo.pack)[0].rows("sensors")]
    depth = dict.fromkeys((code for code, _ in sensors), 1.0)
    rain: dict[str, int] = {}
    while True:
        if dice.random() < 0.02:
            rain[dice.choice(sensors)[0]] = 12
        now = datetime.now(UTC)
        for code, threshold in sensors:
            rain[code] = max(0, rain.get(code, 0) - 1)
            depth[code] = min(threshold * 1.6, depth[code] + 5) if rain[code] else max(0.5, depth[code] * 0.85)
        yield [
            {"sensor": code, "at": now, "value": round(depth[code] + dice.uniform(0, 0.4), 1)} for code, _ in sensors
        ]


def greeting(demo: Demo) -> str:
    """What the terminal shows when the hub is up: where it is and who can sign in."""
    lines = [f"  {name:<28}{title}" for name, title in demo.accounts()]
    return "\n".join(
        [
            f"地址 · address     http://{demo.settings.host}:{demo.settings.port}",
            f"密码 · password    {demo.password()}   （所有示范账号相同 · the same for all demo accounts）",
            "账号 · accounts",
            *lines,
        ]
    )


def forget(settings: Settings) -> None:
    """Remove everything that this demo made: the database of its home, the pack, the model."""
    from zhongshu.data.server import server_of

    if settings.database_url:
        raise ZhongshuError(
            "DATABASE_URL 指定了自备数据库，请自行清除 · DATABASE_URL names your own server; clear it yourself"
        )
    server = server_of(settings)
    server.stop()
    server.remove()
    for name in ("demo", "models", "cache", "lake", "secret"):
        path = settings.home_path / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
    sys.stdout.write("示范数据已清除 · the demo's data are gone\n")
