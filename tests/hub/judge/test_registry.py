"""The model registry and its commands."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from zhongshu.hub.commands import COMMANDS
from zhongshu.hub.judge.address_training import Sample, train_tagger
from zhongshu.hub.judge.model_forms import classifiers, taggers
from zhongshu.hub.judge.model_forms import registry as model_registry
from zhongshu.hub.judge.training import train
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.settings import Settings

TEXTS = [f"{a}{b}" for a in ("路灯不亮", "路灯损坏", "灯杆倾斜") for b in "甲乙丙丁"] + [
    f"{a}{b}" for a in ("垃圾未清", "垃圾成堆", "臭味难闻") for b in "甲乙丙丁"
]
LABELS = ["灯"] * 12 + ["脏"] * 12


@pytest.fixture(scope="module")
def made():
    return train(TEXTS, LABELS, "v1")


def test_round_trip(tmp_path: Path, made) -> None:
    model, card = made
    registry = classifiers(tmp_path)
    assert registry.latest() == ""
    registry.publish(model, card)
    again = registry.load()
    assert registry.latest() == "v1"
    assert again.classify(TEXTS) == model.classify(TEXTS)
    assert again.thresholds == model.thresholds
    np.testing.assert_array_equal(again.coef, model.coef)
    assert registry.card("v1") == json.loads(json.dumps(card.to_json()))


def test_a_version_never_changes(tmp_path: Path, made) -> None:
    registry = classifiers(tmp_path)
    registry.publish(*made)
    with pytest.raises(BadInput, match="exists already"):
        registry.publish(*made)
    assert registry.versions() == ["v1"]
    assert [path.name for path in (tmp_path / "models" / "classify").iterdir()] == ["v1"]


@pytest.mark.parametrize("name", ["model.npz", "model.json", "card.json"])
def test_damage_is_named(tmp_path: Path, made, name: str) -> None:
    registry = classifiers(tmp_path)
    path = registry.publish(*made) / name
    path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    with pytest.raises(BadInput, match="checksum"):
        registry.load("v1")
    path.unlink()
    with pytest.raises(BadInput, match="missing"):
        registry.load("v1")


@pytest.mark.parametrize("version", ["", "v9", "../../etc", "..", "."])
def test_unknown_version(tmp_path: Path, version: str) -> None:
    with pytest.raises(NotFound):
        classifiers(tmp_path).load(version)


def test_a_version_of_the_first_release_is_still_read(tmp_path: Path, made) -> None:
    registry = classifiers(tmp_path)
    path = registry.publish(*made)
    names = ("card.json", "model.json", "model.npz")
    digests = b"".join(hashlib.sha256((path / name).read_bytes()).digest() for name in names)
    (path / "sha256").write_text(hashlib.sha256(digests).hexdigest())
    assert registry.load("v1").version == "v1"
    (path / "card.json").write_text("{}")
    with pytest.raises(BadInput, match="checksum"):
        registry.load("v1")


@pytest.mark.parametrize("line", ["", "abc  card.json", "0" * 64 + "  ../card.json", "0" * 64 + "  model.json"])
def test_a_faulty_list_of_checksums_is_named(tmp_path: Path, made, line: str) -> None:
    registry = classifiers(tmp_path)
    (registry.publish(*made) / "sha256").write_text(line + "\n")
    with pytest.raises(BadInput, match="sha256"):
        registry.load("v1")


def test_an_address_tagger_is_kept_as_any_other_model(tmp_path: Path) -> None:
    samples = [Sample(tuple("东街1号"), ("B-road", "I-road", "B-no", "I-no"))] * 4
    tagger = train_tagger(samples, "t1")
    registry = taggers(tmp_path)
    registry.publish(tagger, {"version": "t1", "n": 4})
    assert registry.load().parse(["东街1号"]) == tagger.parse(["东街1号"])
    assert (tmp_path / "models" / "address" / "t1" / "sha256").exists()
    assert registry.checksum("t1") == model_registry(tmp_path, "address").checksum()
    with pytest.raises(BadInput, match="found 'poetry', expected one of classify, address"):
        model_registry(tmp_path, "poetry")


def _command(name: str, settings: Settings, *arguments: str) -> int:
    (command,) = [each for each in COMMANDS if each.name == name]
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(arguments), settings)


def test_commands(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(home=str(tmp_path))
    samples = tmp_path / "samples.csv"
    samples.write_text("title,body,kind\n" + "\n".join(f"{t},,{y}" for t, y in zip(TEXTS, LABELS, strict=True)))
    assert _command("model list", settings) == 0
    assert "尚无模型" in capsys.readouterr().out
    train_arguments = ["--csv", str(samples), "--text", "title+body", "--label", "kind", "--version", "a"]
    assert _command("model train", settings, *train_arguments) == 0
    assert _command("model list", settings) == 0
    assert "a: 2 categories, 24 samples" in capsys.readouterr().out
    assert _command("model show", settings) == 0
    assert json.loads(capsys.readouterr().out)["version"] == "a"
    assert _command("model show", settings, "b") == 1
    assert "published: a" in capsys.readouterr().err
    assert _command("model train", settings, "--csv", str(samples), "--text", "x", "--label", "kind") == 1
    assert "no column 'x'" in capsys.readouterr().err
