"""地址标注 an address tagger: a linear-chain model over numbered features, whole batches decoded at once by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.hub.judge.address_features import Laid, Lexicon, Tokens, feature_keys, lay, tokens_of
from zhongshu.hub.judge.ngrams import Ngrams
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

_BLOCK = 1024
"""Addresses decoded at once: more would leave the processor's cache."""
_NEVER = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Span:
    """A tagged part of an address: `tag` as in the training data, `text`, and the tokens [start, end) it covers."""

    tag: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class AddressTagger:
    """地址标注器, immutable. `labels` (L,) as "B-road"; `features` find the row of a feature; `weights` (V, L) sparse;
    `moves` (L, L) from label to label; `lexicons` as in training."""

    version: str
    labels: tuple[str, ...]
    features: Ngrams
    weights: sparse.csr_matrix
    moves: Floats
    lexicons: tuple[Lexicon, ...]

    def tag(self, batch: Sequence[Tokens]) -> list[list[str]]:
        """The label of every token. Addresses of like length are decoded together."""
        order = sorted(filter(lambda number: batch[number], range(len(batch))), key=lambda number: len(batch[number]))
        found: list[list[str]] = [[] for _ in batch]
        for start in range(0, len(order), _BLOCK):
            block = order[start : start + _BLOCK]
            for number, labels in zip(block, self._decode([batch[number] for number in block]), strict=True):
                found[number] = labels
        return found

    def parse(self, texts: Sequence[str]) -> list[list[Span]]:
        """The parts of each address, in their order."""
        batch = [tokens_of(text) for text in texts]
        return [spans(tokens, labels) for tokens, labels in zip(batch, self.tag(batch), strict=True)]

    def scores(self, laid: Laid) -> Floats:
        """What the features of each token say for each label; shape (T, L)."""
        keys = feature_keys(laid, self.lexicons)
        found = self.features.find(keys.reshape(-1))
        known = np.flatnonzero(found >= 0)
        ends = np.searchsorted(known, np.arange(len(keys) + 1) * keys.shape[1])
        ones = np.ones(len(known), np.float32)
        matrix = sparse.csr_matrix((ones, found[known], ends), shape=(len(keys), self.weights.shape[0]))
        said: Floats = matrix @ self._rows
        return said

    @cached_property
    def _rows(self) -> Floats:
        """The weights written out (115 MB for 690,000 features): 4 times as fast as the product of sparse matrices."""
        return self.weights.toarray()

    def _decode(self, batch: Sequence[Tokens]) -> list[list[str]]:
        laid = lay(batch)
        path = viterbi(self.scores(laid), self.moves, laid)
        named = [self.labels[label] for label in path.tolist()]
        return [
            named[start : start + size] for start, size in zip(laid.starts.tolist(), laid.sizes.tolist(), strict=True)
        ]

    def save(self, path: Path) -> None:
        """Write everything as one npz; no pickle."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                about=np.frombuffer("\n".join([self.version, *self.labels]).encode(), np.uint8),
                keys=self.features.keys,
                data=self.weights.data,
                indices=self.weights.indices,
                indptr=self.weights.indptr,
                moves=self.moves,
                sizes=np.array([len(each.keys) for each in self.lexicons], np.int64),
                names=np.concatenate([np.zeros(0, np.uint64), *(each.keys for each in self.lexicons)]),
                kinds=np.concatenate([np.zeros(0, np.int32), *(each.kinds for each in self.lexicons)]),
            )

    @classmethod
    def load(cls, path: Path) -> AddressTagger:
        """Read what `save` wrote; BadInput when the file is broken."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
                version, *labels = parts["about"].tobytes().decode().split("\n")
                cuts = np.cumsum(parts["sizes"])[:-1]
                names, kinds = np.split(parts["names"], cuts), np.split(parts["kinds"], cuts)
                shape = (len(parts["keys"]), len(labels))
                return cls(
                    version,
                    tuple(labels),
                    Ngrams(parts["keys"], np.zeros(0, np.float32)),
                    sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=shape),
                    parts["moves"],
                    tuple(Lexicon(*each) for each in zip(names, kinds, strict=True)) if len(parts["sizes"]) else (),
                )
        except (BadZipFile, KeyError, ValueError, EOFError) as error:
            raise BadInput(f"{path} is not a whole address tagger ({error}); train it again") from error


def allowed(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Which label may follow which: I-x only after B-x or I-x; shape (L, L). The first label is free of it."""
    may = np.ones((len(labels), len(labels)), bool)
    for column, label in enumerate(labels):
        if label.startswith("I-"):
            may[:, column] = [before[2:] == label[2:] for before in labels]
    return may


def viterbi(scores: Floats, moves: Floats, laid: Laid) -> Numbers:
    """The best path through each address of a batch, as label numbers of all tokens; `laid.sizes` must not fall.

    Only the best score of each label is kept on the way forward; which label it came from is asked on the way back,
    for one label instead of all.
    """
    longest, count = int(laid.sizes[-1]), len(laid.sizes)
    width = scores.shape[1]
    best = np.zeros((longest, count, width), np.float32)
    # Right-aligned: every address ends at the last step, and those that have begun are always the last rows.
    first = longest - laid.sizes
    for step in range(longest):
        begun = int(np.searchsorted(-first, -step))
        rows = np.arange(begun, count)
        here = scores[laid.starts[rows] + step - first[rows]]
        gained = np.full((len(rows), width), np.float32(-np.inf))
        for label in range(width if step else 0):
            np.maximum(gained, best[step - 1, begun:, label, None] + moves[label], out=gained)
        new = first[rows] == step
        gained[new] = 0
        best[step, begun:] = here + gained
    path = np.zeros(len(scores), np.int64)
    label = best[-1].argmax(axis=1)
    path[laid.starts + laid.sizes - 1] = label
    for step in range(longest - 2, -1, -1):
        begun = int(np.searchsorted(-first, -step))
        rows = np.arange(begun, count)
        label[begun:] = (best[step, begun:] + moves[:, label[begun:]].T).argmax(axis=1)
        path[laid.starts[rows] + step - first[rows]] = label[begun:]
    return path


def spans(tokens: Tokens, labels: Sequence[str]) -> list[Span]:
    """Labels "B-x", "I-x" -> spans; an "I-x" after another kind begins a span, as conlleval counts it."""
    found: list[Span] = []
    start = 0
    for number in range(1, len(labels) + 1):
        ends = number == len(labels) or labels[number][0] == "B" or labels[number][2:] != labels[start][2:]
        if ends:
            found.append(Span(labels[start][2:], "".join(tokens[start:number]), start, number))
            start = number
    return found
