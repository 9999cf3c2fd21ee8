"""地址标注 an address tagger: small networks read each address from both sides; the best path of labels; numpy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from zhongshu.hub.judge.address_features import Keys, Laid, Lexicon, Tokens, columns, lay, tokens_of
from zhongshu.hub.judge.address_net import Net, walk
from zhongshu.hub.judge.ngrams import Ngrams
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_BLOCK = 512
"""Addresses decoded at once: more would leave the processor's cache."""
_NEVER = np.float32(-1e4)
_FEW = 3
"""Ways from a label that are cheaper taken together with those from other labels than by themselves."""


class Span(NamedTuple):
    """A tagged part of an address: `tag` as in the training data, `text`, and the tokens [start, end) it covers."""

    tag: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class AddressTagger:
    """地址标注器, immutable. `labels` (L,) as "B-road": begin, inside, end, single; `known` the values of each column
    of features that training saw; `nets` speak with one voice, the mean of theirs; `lexicons` as in training."""

    version: str
    labels: tuple[str, ...]
    known: tuple[Ngrams, ...]
    nets: tuple[Net, ...]
    lexicons: tuple[Lexicon, ...]

    def tag(self, batch: Sequence[Tokens]) -> list[list[str]]:
        """The label of every token, "B-road" or "I-road"."""
        found: list[list[str]] = [[] for _ in batch]
        for number, path in self._paths(batch):
            found[number] = [self._said[label] for label in path.tolist()]
        return found

    def parse(self, texts: Sequence[str]) -> list[list[Span]]:
        """The parts of each address, in their order; the same as `spans` of `tag`, without naming every label."""
        batch = [tokens_of(text) for text in texts]
        begins, tags = [label[0] in "BS" for label in self.labels], [label[2:] for label in self.labels]
        found: list[list[Span]] = [[] for _ in batch]
        for number, path in self._paths(batch):
            tokens, labels = batch[number], path.tolist()
            starts = [place for place, label in enumerate(labels) if begins[label] or not place]
            found[number] = [
                Span(tags[labels[start]], "".join(tokens[start:end]), start, end)
                for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True)
            ]
        return found

    def _paths(self, batch: Sequence[Tokens]) -> Iterator[tuple[int, Numbers]]:
        """The number of each address that has tokens, and its label numbers. Those of like length go together."""
        order = sorted(filter(lambda number: batch[number], range(len(batch))), key=lambda number: len(batch[number]))
        for first in range(0, len(order), _BLOCK):
            block = order[first : first + _BLOCK]
            laid = lay([batch[number] for number in block])
            path = viterbi(self.scores(laid), self.moves, laid)
            yield from zip(block, np.split(path, laid.starts[1:]), strict=True)

    def scores(self, laid: Laid) -> Floats:
        """What the nets say for each label of each token; shape (T, L)."""
        rows = numbered(columns(laid, self.lexicons), self.known)
        steps = walk(laid.sizes)
        states = np.empty((len(rows), sum(net.width for net in self.nets)), np.float32)
        cuts = np.cumsum([net.width for net in self.nets])[:-1]
        for net, own in zip(self.nets, np.split(states, cuts, axis=1), strict=True):
            net.read(rows, steps, own)
        said: Floats = states @ self._voices[0]
        said += self._voices[1]
        return said

    @cached_property
    def _voices(self) -> tuple[Floats, Floats]:
        """The nets' ways from states to labels, one under the other, and their mean bias: one product for all nets."""
        share = np.float32(1 / len(self.nets))
        biases = np.array([net.weights["out_bias"] for net in self.nets], np.float32)
        return np.concatenate([net.weights["out"] for net in self.nets]) * share, biases.sum(axis=0) * share

    @cached_property
    def moves(self) -> Floats:
        """From label to label (L, L), what can't follow ruled out."""
        mean = np.mean([net.moves for net in self.nets], axis=0)
        return np.where(allowed(self.labels), mean, _NEVER).astype(np.float32)

    @cached_property
    def _said(self) -> list[str]:
        return [outer(label) for label in self.labels]

    def save(self, path: Path) -> None:
        """Write everything as one npz; no pickle."""
        parts: dict[str, NDArray[Any]] = {
            "about": np.frombuffer("\n".join([self.version, *self.labels]).encode(), np.uint8),
            "counts": np.array([len(self.known), len(self.nets), len(self.lexicons)], np.int64),
        }
        parts |= {f"known{n}": each.keys for n, each in enumerate(self.known)}
        for n, each in enumerate(self.lexicons):
            parts |= {f"names{n}": each.keys, f"kinds{n}": each.kinds}
        for n, net in enumerate(self.nets):
            parts |= {f"net{n}_{name}": value for name, value in net.weights.items()}
        with path.open("wb") as file:
            np.savez_compressed(file, **parts)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> AddressTagger:
        """Read what `save` wrote; BadInput when the file is broken."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
                version, *labels = parts["about"].tobytes().decode().split("\n")
                known, nets, lexicons = parts["counts"].tolist()
                return cls(
                    version,
                    tuple(labels),
                    tuple(vocabulary(parts[f"known{n}"]) for n in range(known)),
                    tuple(Net(_below(f"net{n}_", parts)) for n in range(nets)),
                    tuple(Lexicon(parts[f"names{n}"], parts[f"kinds{n}"]) for n in range(lexicons)),
                )
        except (BadZipFile, KeyError, ValueError, EOFError) as error:
            raise BadInput(f"{path} is not a whole address tagger ({error}); train it again") from error


def _below(prefix: str, parts: Mapping[str, Floats]) -> dict[str, Floats]:
    return {name.removeprefix(prefix): parts[name] for name in parts if name.startswith(prefix)}


def vocabulary(keys: Keys) -> Ngrams:
    """Values of one column that training saw, sorted."""
    return Ngrams(keys, np.zeros(0, np.float32))


def numbered(keys: Keys, known: Sequence[Ngrams]) -> Numbers:
    """Rows of the tables: 0 for a value that training did not see."""
    return np.stack([each.find(keys[:, n]).astype(np.int64) + 1 for n, each in enumerate(known)], axis=1)


def inner(labels: Sequence[str]) -> list[str]:
    """The labels "B-x I-x I-x" as "B-x I-x E-x", a part of one token as "S-x": where a part ends is worth knowing."""
    found = []
    for label, following in zip(labels, [*labels[1:], ""], strict=True):
        goes_on = following == f"I-{label[2:]}"
        found.append((label[0] if goes_on else {"B": "S", "I": "E"}[label[0]]) + label[1:])
    return found


def outer(label: str) -> str:
    """The label as people and files write it."""
    return ("B" if label[0] in "BS" else "I") + label[1:]


def allowed(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Which label may follow which: what has begun goes on until its end; shape (L, L)."""
    may = np.zeros((len(labels), len(labels)), bool)
    for row, before in enumerate(labels):
        for column, label in enumerate(labels):
            may[row, column] = label[0] in "BS" if before[0] in "ES" else label[0] in "IE" and label[2:] == before[2:]
    return may


def viterbi(scores: Floats, moves: Floats, laid: Laid) -> Numbers:
    """The best path through each address of a batch, as label numbers of all tokens; `laid.sizes` must not fall.

    Only the best score of each label is kept on the way forward; which label it came from is asked on the way back,
    for one label instead of all. Labels lie in rows, addresses in columns: each sum and maximum goes along memory.
    """
    longest, count, width = int(laid.sizes[-1]), len(laid.sizes), scores.shape[1]
    best = np.empty((longest, width, count), np.float32)
    ways = _ways(moves)
    # Right-aligned: every address ends at the last step, and those that have begun are always the last columns.
    first = longest - laid.sizes
    begun = [int(np.searchsorted(-first, -step)) for step in range(longest)]
    for step, start in enumerate(begun):
        here, old = scores[laid.starts[start:] + step - first[start:]].T, begun[step - 1] if step else count
        best[step, :, start:] = here
        if old < count:
            best[step, :, old:] += _gained(best[step - 1, :, old:], moves, ways)
    path = np.zeros(len(scores), np.int64)
    label = best[-1].argmax(axis=0)
    path[laid.starts + laid.sizes - 1] = label
    towards = np.ascontiguousarray(moves.T)
    for step in range(longest - 2, -1, -1):
        start = begun[step]
        label[start:] = (best[step, :, start:].T + towards[label[start:]]).argmax(axis=1)
        path[laid.starts[start:] + step - first[start:]] = label[start:]
    return path


@dataclass(frozen=True, slots=True)
class _Ways:
    """Which label may follow which: the `wide` labels are all followed by the run `after` of labels, with at least
    `low` and at most `high` gained; all other ways come as rounds of (from, to) of which no label is reached twice."""

    wide: Numbers
    after: slice
    low: Floats
    high: Floats
    narrow: list[tuple[Numbers, Numbers]]


def _ways(moves: Floats) -> _Ways:
    may = moves > _NEVER / 2
    runs = [tuple(np.flatnonzero(row).tolist()) for row in may]
    longest = max(runs, key=len)
    whole = slice(longest[0], longest[-1] + 1) if len(longest) > _FEW else slice(0, 0)
    wide = [n for n, run in enumerate(runs) if run == longest and len(run) == whole.stop - whole.start]
    rounds: list[dict[int, int]] = []
    for source, target in ((n, each) for n, run in enumerate(runs) if n not in wide for each in run):
        if all(target in each for each in rounds):
            rounds.append({})
        next(each for each in rounds if target not in each)[target] = source
    ways = moves[wide, whole]
    low, high = (ways.min(axis=1, initial=0), ways.max(axis=1, initial=0))
    narrow = [(np.array(list(each.values())), np.array(list(each))) for each in rounds]
    return _Ways(np.array(wide, np.int64), whole, low[:, None], high[:, None], narrow)


def _gained(before: Floats, moves: Floats, ways: _Ways) -> Floats:
    """The best way to each label; `before` (L, n) what has been gained at the step before. A label from which even the
    best way is worse than the worst way from another one, in every address, is left out: it changes nothing."""
    gained = np.full(before.shape, np.float32(-np.inf))
    if len(ways.wide):
        wide = before[ways.wide]
        useful = (wide + ways.high >= (wide + ways.low).max(axis=0)).any(axis=1)
        reached = gained[ways.after]
        for label in ways.wide[useful].tolist():
            np.maximum(reached, before[label] + moves[label, ways.after, None], out=reached)
    for source, target in ways.narrow:
        gained[target] = np.maximum(gained[target], before[source] + moves[source, target, None])
    return gained


def spans(tokens: Tokens, labels: Sequence[str]) -> list[Span]:
    """Labels "B-x", "I-x" -> spans; an "I-x" after another kind begins a span, as conlleval counts it."""
    starts = [
        number
        for number, (before, label) in enumerate(zip(("", *labels), labels, strict=False))
        if label[0] == "B" or (label is not before and label[2:] != before[2:])
    ]
    ends = [*starts, len(labels)][1:]
    return [
        Span(labels[start][2:], "".join(tokens[start:end]), start, end) for start, end in zip(starts, ends, strict=True)
    ]
