"""训练地址标注 how an address tagger is made: features of tagged addresses, some networks taught by them; scores."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from zhongshu.hub.judge.address_features import Keys, Lexicon, columns, lay, learnt_lexicon, lexicon
from zhongshu.hub.judge.address_learning import Course, Lesson, teach
from zhongshu.hub.judge.address_tags import AddressTagger, inner, numbered, spans, vocabulary
from zhongshu.hub.judge.gazetteer import division_forms
from zhongshu.kernel.errors import BadInput

_NATION = Path(__file__).with_name("division_names.csv.gz")


@dataclass(frozen=True, slots=True)
class Sample:
    """One tagged address: as many `labels` ("B-road", "I-road") as `tokens`."""

    tokens: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressRecipe:
    """配方; the defaults were measured (docs/models/place.md). One network for each of `seeds`, begun and taught in
    another order; they speak together. `parts`: no name learnt from one part is shown to an address of it."""

    seeds: tuple[int, ...] = (0, 2)
    parts: int = 20
    course: Course = Course()


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


def national_names() -> list[tuple[str, str]]:
    """The nation's provinces, cities, districts, streets and towns, with their short forms; source: china-division
    2.7.0 (MIT, WTFPL), from the statistical codes of divisions."""
    with gzip.open(_NATION, "rt", encoding="utf-8", newline="") as file:
        return division_names([(row["kind"], row["name"]) for row in csv.DictReader(file)])


def train_tagger(
    samples: Sequence[Sample],
    version: str,
    divisions: Iterable[tuple[str, str]] | None = None,
    recipe: AddressRecipe = AddressRecipe(),
) -> AddressTagger:
    """A tagger from tagged addresses and the (kind, name) of divisions known beforehand; None: those of the nation."""
    if not samples:
        raise BadInput("an address tagger needs tagged addresses to learn from")
    beforehand = lexicon(national_names() if divisions is None else divisions)
    extra = (beforehand,) if len(beforehand.keys) else ()
    keys = _jackknifed(samples, extra, recipe.parts)
    known = tuple(vocabulary(_often(keys[:, column])) for column in range(keys.shape[1]))
    found = {label for sample in samples for label in inner(sample.labels)}
    # Those that begin a part side by side: decoding follows them as one block.
    labels = tuple(sorted(found, key=lambda label: ("BSEI".index(label[0]), label)))
    number = {label: n for n, label in enumerate(labels)}
    truth = np.array([number[label] for sample in samples for label in inner(sample.labels)])
    lesson = Lesson(numbered(keys, known), truth, np.array([len(sample.tokens) for sample in samples]))
    course = recipe.course
    if extra:
        course = replace(course, dims=(*course.dims, course.dims[-1]), forget=(*course.forget, course.forget[-1]))
    rows = [len(each.keys) + 1 for each in known]
    nets = tuple(teach(lesson, rows, len(labels), course, seed) for seed in recipe.seeds)
    return AddressTagger(version, labels, known, nets, (learnt_lexicon(_spans(samples)), *extra))


def _often(column: Keys) -> Keys:
    """Values seen more than once: what is seen once teaches nothing of how it is used."""
    values, counts = np.unique(column, return_counts=True)
    often: Keys = values[counts > 1]
    return often


def _spans(samples: Iterable[Sample]) -> Iterator[tuple[str, str]]:
    for sample in samples:
        for span in spans(sample.tokens, sample.labels):
            yield span.tag, span.text


def _jackknifed(samples: Sequence[Sample], extra: Sequence[Lexicon], parts: int) -> Keys:
    """Features of all tokens; the learnt names shown to each part come from the others only, as in real use."""
    found: list[Keys] = [np.zeros((0, 0), np.uint64)] * len(samples)
    for part in range(min(parts, len(samples))):
        others = [sample for number, sample in enumerate(samples) if number % parts != part]
        laid = lay([sample.tokens for sample in samples[part::parts]])
        keys = columns(laid, (learnt_lexicon(_spans(others)), *extra))
        for number, each in zip(range(part, len(samples), parts), np.split(keys, laid.starts[1:]), strict=True):
            found[number] = each
    return np.concatenate(found)


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
