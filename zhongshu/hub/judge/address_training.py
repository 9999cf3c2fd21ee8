"""训练地址标注 how an address tagger is made: averaged perceptrons (crfsuite), their weights averaged once more."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycrfsuite
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.hub.judge.address_features import Keys, Lexicon, feature_keys, lay, learnt_lexicon, lexicon
from zhongshu.hub.judge.address_tags import AddressTagger, spans
from zhongshu.hub.judge.gazetteer import division_forms
from zhongshu.hub.judge.ngrams import Ngrams
from zhongshu.kernel.errors import BadInput

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One tagged address: as many `labels` ("B-road", "I-road") as `tokens`."""

    tokens: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressRecipe:
    """配方; the defaults were measured (docs/models/place.md). `rounds` passes of each of `voices` perceptrons, which
    see the addresses in different orders (crfsuite shuffles without a seed: two trainings differ a little);
    `parts`: a name learnt from one part is never shown to an address of that part."""

    rounds: int = 6
    voices: int = 3
    parts: int = 20
    seed: int = 0
    least_weight: float = 0.0


def read_samples(path: Path) -> list[Sample]:
    """A file of one token and tag a line, addresses apart by an empty line; BadInput names the line that is broken.

    Tags are lowered: the published files write one tag in two ways.
    """
    samples: list[Sample] = []
    tokens: list[str] = []
    labels: list[str] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""], start=1):
        if not line.strip():
            if tokens:
                samples.append(Sample(tuple(tokens), tuple(labels)))
            tokens, labels = [], []
            continue
        token, _, label = line.rpartition(" ")
        if not token or label[:2] not in ("B-", "I-"):
            raise BadInput(f"{path}, line {number}: {line!r} found, a token, a blank and B-tag or I-tag expected")
        tokens.append(token)
        labels.append(label[:2] + label[2:].lower())
    return samples


def division_names(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(kind, name) of divisions, with the short forms people write; kind "city" or "city-short"."""
    found = []
    for kind, name in rows:
        for number, (form, _) in enumerate(division_forms(name)):
            found.append((kind if not number else f"{kind}-short", form))
    return found


def train_tagger(
    samples: Sequence[Sample],
    version: str,
    divisions: Iterable[tuple[str, str]] = (),
    recipe: AddressRecipe = AddressRecipe(),
) -> AddressTagger:
    """A tagger from tagged addresses and the (kind, name) of divisions known beforehand (may be empty)."""
    if not samples:
        raise BadInput("an address tagger needs tagged addresses to learn from")
    known = lexicon(divisions)
    keys = _jackknifed(samples, known, recipe.parts)
    vocabulary, inverse = np.unique(keys.reshape(-1), return_inverse=True)
    rows = inverse.reshape(keys.shape)
    labels = tuple(sorted({label for sample in samples for label in sample.labels}))
    shape = (len(vocabulary), len(labels))
    weights, moves = sparse.csr_matrix(shape, dtype=np.float64), np.zeros((len(labels), len(labels)))
    for state, steps in _perceptrons(samples, rows, recipe):
        weights = weights + _matrix(state, labels, shape)
        for (before, after), weight in steps.items():
            moves[labels.index(before), labels.index(after)] += weight
    mean = (weights / recipe.voices).tocsr()
    mean.data[np.abs(mean.data) < recipe.least_weight] = 0
    mean.eliminate_zeros()
    heard = np.flatnonzero(np.diff(mean.indptr))
    learnt = learnt_lexicon(_spans(samples))
    return AddressTagger(
        version,
        labels,
        Ngrams(vocabulary[heard], np.zeros(0, np.float32)),
        mean[heard].astype(np.float32),
        (moves / recipe.voices).astype(np.float32),
        (known, learnt),
    )


def _spans(samples: Iterable[Sample]) -> Iterator[tuple[str, str]]:
    for sample in samples:
        for span in spans(sample.tokens, sample.labels):
            yield span.tag, span.text


def _jackknifed(samples: Sequence[Sample], known: Lexicon, parts: int) -> Keys:
    """Features of all tokens; the learnt names shown to each part come from the others only, as in real use."""
    found: list[Keys] = [np.zeros((0, 0), np.uint64)] * len(samples)
    for part in range(min(parts, len(samples))):
        others = [sample for number, sample in enumerate(samples) if number % parts != part]
        laid = lay([sample.tokens for sample in samples[part::parts]])
        keys = feature_keys(laid, (known, learnt_lexicon(_spans(others))))
        for number, each in zip(range(part, len(samples), parts), np.split(keys, laid.starts[1:]), strict=True):
            found[number] = each
    return np.concatenate(found)


def _perceptrons(
    samples: Sequence[Sample], rows: Numbers, recipe: AddressRecipe
) -> Iterator[tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]]:
    """Weights of (number of the feature, label) and of (label, label), of each voice: crfsuite shuffles anew."""
    starts = np.cumsum([0, *(len(sample.tokens) for sample in samples)])
    trainer = pycrfsuite.Trainer(verbose=False, algorithm="ap")
    trainer.set_params({"max_iterations": recipe.rounds})
    order = np.random.default_rng(recipe.seed).permutation(len(samples))
    for number in order.tolist():
        here = rows[starts[number] : starts[number + 1]].tolist()
        trainer.append([list(map(str, row)) for row in here], list(samples[number].labels))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "tagger.crfsuite")
        for _ in range(recipe.voices):
            trainer.train(path)
            tagger = pycrfsuite.Tagger()
            tagger.open(path)
            info = tagger.info()
            tagger.close()
            yield info.state_features, info.transitions


def _matrix(state: dict[tuple[str, str], float], labels: Sequence[str], shape: tuple[int, int]) -> sparse.csr_matrix:
    column = {label: number for number, label in enumerate(labels)}
    where = np.array([int(feature) for feature, _ in state], np.int64)
    which = np.array([column[label] for _, label in state], np.int64)
    return sparse.csr_matrix((np.array(list(state.values())), (where, which)), shape=shape)


@dataclass(frozen=True, slots=True)
class TagScore:
    """What a tagger reaches: span-level `f1`, `precision`, `recall`; `whole` share of addresses all right;
    `tags` F1 and recall of each tag."""

    f1: float
    precision: float
    recall: float
    whole: float
    tags: dict[str, tuple[float, float]]


def score(tagger: AddressTagger, samples: Sequence[Sample]) -> TagScore:
    """Span-level scores as conlleval counts them: a span is right when its borders and its tag are."""
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    whole = 0
    for sample, labels in zip(samples, tagger.tag([sample.tokens for sample in samples]), strict=True):
        truth, said = (set(spans(sample.tokens, each)) for each in (sample.labels, labels))
        wanted.update(span.tag for span in truth)
        given.update(span.tag for span in said)
        right.update(span.tag for span in truth & said)
        whole += truth == said
    tags = {
        tag: (round(2 * right[tag] / (wanted[tag] + given[tag]), 4), round(right[tag] / wanted[tag], 4))
        for tag in sorted(wanted)
    }
    hits, all_wanted, all_given = right.total(), max(wanted.total(), 1), max(given.total(), 1)
    return TagScore(
        round(2 * hits / (all_wanted + all_given), 4),
        round(hits / all_given, 4),
        round(hits / all_wanted, 4),
        round(whole / max(len(samples), 1), 4),
        tags,
    )
