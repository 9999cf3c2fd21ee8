"""同义数据元 which elements may mean the same under two names; a person confirms. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy import sparse

from zhongshu.data.elements.shapes import Element

LIKELY = 0.5
"""Score from which on a pair is shown to a person (a default; precision and recall: bench `burden`)."""
WEIGHTS = {"name": 0.25, "definition": 0.4, "codes": 0.15, "company": 0.2}
HELD = 0.7
"""What is left of a score when each of the two has a source of truth of its own."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """疑似同义: two elements, how alike they are (0..1), and the parts of that."""

    first: str
    second: str
    score: float
    name: float
    definition: float
    codes: float
    """Overlap of their code lists; 1 when both are no codes but of one type."""
    company: float
    """How alike the rest of the two most alike forms is of which one asks the first and the other the second."""

    @property
    def key(self) -> str:
        return pair_key(self.first, self.second)


def pair_key(first: str, second: str) -> str:
    """One key for a pair, whichever comes first."""
    return "|".join(sorted((first, second)))


def candidates(
    elements: Iterable[Element],
    lists: Mapping[str, frozenset[str]],
    forms: Sequence[frozenset[str]] = (),
    least: float = LIKELY,
) -> list[Candidate]:
    """Pairs of one subject and one type that may mean the same, the surest first.

    `lists` are the names of the values of each code list, `forms` the elements of each form. What one form asks beside
    one another, or one data set holds beside one another, is not the same. Compared as matrices, block by block.
    """
    blocks: dict[tuple[str, str], list[Element]] = defaultdict(list)
    for element in elements:
        blocks[element.subject, element.type].append(element)
    asked = _Asked(forms)
    found = [one for block in blocks.values() if len(block) > 1 for one in _alike(block, lists, asked, least)]
    return sorted(found, key=lambda one: (-one.score, one.key))


class _Asked:
    """Which forms ask an element, and how alike any two forms are."""

    def __init__(self, forms: Sequence[frozenset[str]]) -> None:
        index = {code: n for n, code in enumerate(sorted({code for form in forms for code in form}))}
        cells = [(n, index[code]) for n, form in enumerate(forms) for code in form]
        rows, columns = zip(*cells, strict=True) if cells else ((), ())
        table = sparse.csr_array((np.ones(len(cells)), (rows, columns)), shape=(len(forms), len(index)))
        self.both = (table @ table.T).toarray()
        self.size: NDArray[np.float64] = np.asarray(table.sum(axis=1)).ravel()
        self.of: dict[str, list[int]] = {code: [] for code in index}
        for n, form in enumerate(forms):
            for code in form:
                self.of[code].append(n)

    def beside(self, first: str, second: str) -> bool:
        return bool(set(self.of.get(first, ())) & set(self.of.get(second, ())))

    def company(self, first: str, second: str) -> float:
        """Jaccard share of what is asked with the one and with the other, of the most alike two forms."""
        one, other = self.of.get(first, []), self.of.get(second, [])
        if not one or not other:
            return 0.0
        both = self.both[np.ix_(one, other)]
        either = self.size[one][:, None] + self.size[other][None, :] - 2 - both
        return float(np.max(np.divide(both, either, out=np.zeros_like(both), where=either > 0)))


def _alike(
    block: list[Element], lists: Mapping[str, frozenset[str]], asked: _Asked, least: float
) -> Iterator[Candidate]:
    names = _texts([one.name for one in block])
    told = _shingles([one.definition for one in block])
    codes = _lists(block, lists)
    plain = WEIGHTS["name"] * names + WEIGHTS["definition"] * told + WEIGHTS["codes"] * codes
    worth = plain >= least - WEIGHTS["company"]
    for a, b in zip(*np.nonzero(np.triu(worth, 1)), strict=True):
        one, other = sorted((block[a], block[b]), key=lambda element: element.code)
        if _apart(one, other, asked):
            continue
        company = asked.company(one.code, other.code)
        score = (plain[a, b] + WEIGHTS["company"] * company) * (HELD if one.source and other.source else 1)
        if score >= least:
            parts = (score, names[a, b], told[a, b], codes[a, b], company)
            yield Candidate(one.code, other.code, *(round(float(part), 3) for part in parts))


def _apart(one: Element, other: Element, asked: _Asked) -> bool:
    """Whether the two are certainly not the same: held by one data set, or asked by one form."""
    return bool(one.source and one.source == other.source) or asked.beside(one.code, other.code)


def _texts(texts: list[str]) -> NDArray[np.float64]:
    """How alike short texts are in their characters, wherever these stand."""
    return np.asarray(process.cdist(texts, texts, scorer=fuzz.ratio, dtype=np.float64, workers=1)) / 100


def _shingles(texts: list[str]) -> NDArray[np.float64]:
    """Dice share of neighbouring pairs of characters that two texts have in common."""
    index: dict[str, int] = {}
    rows, columns = [], []
    for n, text in enumerate(texts):
        for gram in {text[i : i + 2] for i in range(max(len(text) - 1, 1))}:
            rows.append(n)
            columns.append(index.setdefault(gram, len(index)))
    grams = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(index)))
    both = (grams @ grams.T).toarray()
    size = both.diagonal()
    return np.asarray(2 * both / (size[:, None] + size[None, :]), np.float64)


def _lists(block: list[Element], lists: Mapping[str, frozenset[str]]) -> NDArray[np.float64]:
    """Jaccard share of the values of two code lists; 1 where neither has one."""
    found = np.ones((len(block), len(block)))
    for a, b in combinations(range(len(block)), 2):
        one, other = lists.get(block[a].codes, frozenset()), lists.get(block[b].codes, frozenset())
        if one or other:
            found[a, b] = found[b, a] = len(one & other) / len(one | other)
    return found
