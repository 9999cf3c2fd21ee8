"""重复发现 which forms ask the same of the same subjects in the same period for another asker. Pure and set-based."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from zhongshu.data.elements.shapes import Book, Form, minutes

ALIKE = 0.5
"""Jaccard share of elements from which on two forms overlap (a default of the project, no standard)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """重复的一对: two forms of different askers, what both ask, and their Jaccard share."""

    first: str
    second: str
    jaccard: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """重复的一组: forms that overlap with one another, the one that could carry the others first."""

    forms: tuple[str, ...]
    askers: int
    shared: tuple[str, ...]
    """Elements that at least two of them ask, those asked most often first."""
    minutes: float
    """A worker's minutes a day for 100 households, for all of them."""
    spared: float
    """Of those, what would be spared if each element were asked by one form only."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """`ratio` is 1 - |distinct (subject, element, period)| / Σ requests, over all forms that are asked."""

    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]
    ratio: float
    requests: float
    distinct: float

    @property
    def forms(self) -> frozenset[str]:
        return frozenset(form for group in self.groups for form in group.forms)


@dataclass(frozen=True, slots=True)
class _Table:
    """Forms × (subject, element) as a sparse matrix of 0 and 1."""

    forms: list[Form]
    keys: list[tuple[str, str]]
    asks: sparse.csr_array


def _table(forms: Sequence[Form], book: Book) -> _Table:
    index: dict[tuple[str, str], int] = {}
    rows, columns = [], []
    for n, form in enumerate(forms):
        for element in {book.one(code) for code in form.elements}:
            rows.append(n)
            columns.append(index.setdefault((form.subject, element), len(index)))
    shape = (len(forms), len(index))
    asks = sparse.csr_array((np.ones(len(rows), np.float64), (rows, columns)), shape=shape)
    return _Table(list(forms), list(index), asks)


def jaccard(forms: Sequence[Form], book: Book) -> NDArray[np.float64]:
    """Share of elements that two forms have in common, shape (n, n); 0 for a form with itself."""
    table = _table(forms, book)
    both = (table.asks @ table.asks.T).toarray()
    size = both.diagonal()
    either = size[:, None] + size[None, :] - both
    found = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    np.fill_diagonal(found, 0.0)
    return np.asarray(found, np.float64)


def overlaps(book: Book, day: date, least: float = ALIKE) -> Overlap:
    """What overlaps among the forms that are asked on that day; forms of one asker are no pair of their own.

    Of two cycles the shorter one's period lies within the longer one's, so whoever asks less often could have been
    told; only what is asked once, of newcomers, has no period in common with the rest.
    """
    forms = book.asked(day)
    if not forms:
        return Overlap((), (), 0.0, 0.0, 0.0)
    near = jaccard(forms, book)
    asker = np.array([form.asker for form in forms])
    once = np.array([form.cycle == "once" for form in forms])
    edges = (near >= least) & (asker[:, None] != asker[None, :]) & (once[:, None] == once[None, :])
    firsts, seconds = np.nonzero(np.triu(edges))
    pairs = [_pair(forms[a], forms[b], float(near[a, b]), book) for a, b in zip(firsts, seconds, strict=True)]
    _, label = connected_components(sparse.csr_array(edges), directed=False)
    groups = [_group([forms[n] for n in np.flatnonzero(label == one)], book) for one in np.unique(label)]
    held = sorted((group for group in groups if len(group.forms) > 1), key=lambda group: -group.spared)
    requests, distinct = _counted(forms, book)
    ratio = 1 - distinct / requests if requests else 0.0
    return Overlap(tuple(sorted(pairs, key=lambda pair: -pair.jaccard)), tuple(held), ratio, requests, distinct)


def _pair(first: Form, second: Form, share: float, book: Book) -> Pair:
    shared = {book.one(code) for code in first.elements} & {book.one(code) for code in second.elements}
    return Pair(first.code, second.code, round(share, 4), tuple(sorted(shared)))


def _counted(forms: Sequence[Form], book: Book) -> tuple[float, float]:
    """Requests of one subject in a year, and how many of them are distinct: the one that asks most often is enough."""
    table = _table(forms, book)
    yearly = np.array([form.yearly for form in forms])
    weighted = sparse.csc_array(table.asks.multiply(yearly[:, None]))
    return float(weighted.sum()), float(weighted.max(axis=0).sum())


def _group(forms: list[Form], book: Book) -> Group:
    table = _table(forms, book)
    often = np.asarray(table.asks.sum(axis=0)).ravel()
    order = sorted(np.flatnonzero(often > 1), key=lambda n: (-often[n], table.keys[n][1]))
    shared = tuple(table.keys[n][1] for n in order)
    lead = leader(forms, book)
    rest = sorted((form for form in forms if form is not lead), key=lambda form: form.code)
    together = sum(minutes(form, form.elements, book) for form in forms)
    return Group(
        (lead.code, *(form.code for form in rest)),
        len({form.asker for form in forms}),
        shared,
        together,
        together - alone(forms, book),
    )


def leader(forms: Sequence[Form], book: Book) -> Form:
    """The form that could carry the others: with a legal basis, of the most subjects, the most often, the widest."""
    return min(forms, key=lambda form: (not form.basis, -form.per_hundred * form.yearly, -len(form.fields), form.code))


def alone(forms: Sequence[Form], book: Book) -> float:
    """Minutes as `minutes`, if each element were asked only where it is asked of the most subjects most often."""
    most: dict[tuple[str, str], float] = {}
    for form in forms:
        for element in form.elements:
            key = (form.subject, book.one(element))
            most[key] = max(most.get(key, 0.0), minutes(form, (element,), book))
    return sum(most.values())
