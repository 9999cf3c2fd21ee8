"""定级 the class and grade of each field by rule, with reasons, beside what was declared. Pure.

Follows GB/T 43697-2024: conditions over domain, group, region, precision, scale, depth, coverage and importance name a
harmed object and a degree of harm; the pack's matrix makes a grade of it; the highest counts (就高从严). State secrets
(密级) are another matter: nothing here derives, lowers or appeals one, a field of such a data set is only flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

GRADES = ("1", "2", "3", "4", "important", "core")
"""一般数据 1 to 4 级, 重要数据, 核心数据."""
RANK: Mapping[str, int] = {grade: n for n, grade in enumerate(GRADES, 1)}
GENERAL = GRADES[:4]
OPEN, DENIED = "1", "3"
"""无条件共享, 不予共享."""
_LAW = re.compile(r"《[^》]*((?<!办)法|条例)》[^第]*第[^条]+条")


class Finding(StrEnum):
    """How a declaration stands beside the rules."""

    FITS = "fits"
    """相符."""
    OVER = "over"
    """偏严: declared above what the rules derive."""
    UNDER = "under"
    """偏宽: declared below."""
    UNRATED = "unrated"
    """待定: no rule matches, or nothing was declared; a person decides."""
    SECRET = "secret"
    """涉密标识: only flagged."""


@dataclass(frozen=True, slots=True)
class Harm:
    """危害: what harm of one degree to one object makes of data."""

    grade: str
    share: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """定级规则. Empty conditions are any; those that are given must all hold."""

    code: str
    name: str
    object: str
    degree: str
    name_en: str = ""
    classes: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    personal: str = ""
    sensitive: str = ""
    region: str = ""
    min_rows: int | None = None
    depth: str = ""
    coverage: str = ""
    basis: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """信息项 as the rules see it. `rows` is the scale, -1 unknown; `region` the division it covers."""

    dataset: str
    item: str
    name: str = ""
    branch: str = ""
    element: str = ""
    subject: str = ""
    type: str = "text"
    mask: str = "none"
    personal: bool = False
    sensitive: bool = False
    region: str = ""
    rows: int = -1
    depth: str = "raw"
    coverage: str = "city"
    grade: str = ""
    share: str = ""
    clause: str = ""
    secret: bool = False
    provider: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """为什么: one rule that matched, and the grade and share type that follow from it."""

    rule: str
    name: str
    name_en: str
    grade: str
    share: str
    basis: str
    clause: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """定级结论. `grade` and `share` are derived, "" when no rule matched; `reasons` highest grade first."""

    field: Field
    grade: str
    share: str
    reasons: tuple[Reason, ...]
    finding: Finding
    sharing: Finding

    @property
    def steps(self) -> int:
        """Grades by which the declaration lies above (below when negative) the derived one; 0 without both."""
        known = self.grade in RANK and self.field.grade in RANK
        return RANK[self.field.grade] - RANK[self.grade] if known else 0


def derive(field: Field, rules: Iterable[Rule], harms: Mapping[tuple[str, str], Harm]) -> Verdict:
    """Grade one field. A field of a data set with a state-secret mark keeps what was declared, whatever rules say."""
    if field.secret:
        return Verdict(field, field.grade, field.share, (), Finding.SECRET, Finding.SECRET)
    matched = [_reason(rule, harms[rule.object, rule.degree]) for rule in rules if matches(rule, field)]
    reasons = tuple(sorted(matched, key=lambda one: (-RANK[one.grade], one.rule)))
    grade = reasons[0].grade if reasons else ""
    share = max((one.share for one in reasons), default="")
    return Verdict(field, grade, share, reasons, _beside(field.grade, grade), _sharing(field, share))


def _reason(rule: Rule, harm: Harm) -> Reason:
    return Reason(rule.code, rule.name, rule.name_en, harm.grade, harm.share, rule.basis, rule.clause or harm.clause)


def matches(rule: Rule, field: Field) -> bool:
    """Whether every condition that the rule gives holds for the field."""
    named = (
        (rule.datasets, field.dataset),
        (rule.elements, field.element),
        (rule.subjects, field.subject),
        (rule.types, field.type),
        (rule.masks, field.mask),
    )
    flags = ((rule.personal, field.personal), (rule.sensitive, field.sensitive))
    plain = ((rule.depth, field.depth), (rule.coverage, field.coverage))
    return (
        all(not wanted or value in wanted for wanted, value in named)
        and all(not wanted or wanted == str(int(value)) for wanted, value in flags)
        and all(not wanted or wanted == value for wanted, value in plain)
        and (not rule.classes or field.branch.startswith(rule.classes))
        and (not rule.region or field.region.startswith(rule.region.rstrip("0")))
        and (rule.min_rows is None or field.rows >= rule.min_rows)
    )


def _beside(declared: str, derived: str) -> Finding:
    if declared not in RANK or derived not in RANK:
        return Finding.UNRATED
    gap = RANK[declared] - RANK[derived]
    return Finding.OVER if gap > 0 else Finding.UNDER if gap < 0 else Finding.FITS


def lawful(clause: str) -> bool:
    """Whether a clause names an article of a law or an administrative regulation, the only ground to deny sharing."""
    return bool(_LAW.search(clause))


def _sharing(field: Field, derived: str) -> Finding:
    """An article of law may deny or open a field, whatever its grade; without one it is as strict as its harm."""
    if not field.share or not derived:
        return Finding.UNRATED
    if field.share == derived or (field.share in (DENIED, OPEN) and lawful(field.clause)):
        return Finding.FITS
    return Finding.OVER if field.share > derived else Finding.UNDER


@dataclass(frozen=True, slots=True)
class Measure:
    """降级措施: `grade` is the most that a general datum has after it."""

    code: str
    how: str
    grade: str
    name: str = ""
    name_en: str = ""
    head: int = 0
    tail: int = 0
    k: int = 0
    days: int = 0


LEAST = 10
"""The smallest group of which a count may be told (k)."""


def lowered(grade: str, taken: Iterable[Measure], secret: bool = False) -> tuple[str, tuple[str, ...]]:
    """(grade after the measures, codes of those that lowered it).

    Important and core data are lowered by people only, through a review; a state secret never by software at all; a
    count of fewer than LEAST lowers nothing.
    """
    if secret or grade not in GENERAL:
        return grade, ()
    now, used = grade, []
    for one in taken:
        if (one.how != "aggregate" or one.k >= LEAST) and RANK[one.grade] < RANK[now]:
            now = one.grade
            used.append(one.code)
    return now, tuple(used)


def inherited(sources: Sequence[Verdict], taken: Sequence[Measure] = ()) -> tuple[str, tuple[str, ...]]:
    """衍生数据: the highest grade of what it was made of, lowered by what was done to it (GB/T 43697 annex I).

    ("", ()) when a source has no grade; a secret among the sources keeps the whole from being lowered.
    """
    grades = [one.grade for one in sources]
    if not grades or any(grade not in RANK for grade in grades):
        return "", ()
    highest = max(grades, key=RANK.__getitem__)
    return lowered(highest, taken, any(one.finding is Finding.SECRET for one in sources))


LINEAGE = "lineage:"
"""The rule of a reason that follows from what an item is made of."""


def upstream(systems: Iterable[tuple[Sequence[str], Sequence[str]]]) -> dict[str, set[str]]:
    """Data set -> the data sets it is made of, at whatever distance, by what each system (reads, writes)."""
    near: dict[str, set[str]] = {}
    for reads, writes in systems:
        for one in writes:
            near.setdefault(one, set()).update(set(reads) - {one})
    found: dict[str, set[str]] = {}
    for one, direct in near.items():
        seen: set[str] = set()
        ring = list(direct)
        while ring:
            other = ring.pop()
            if other not in seen:
                seen.add(other)
                ring += near.get(other, ())
        found[one] = seen - {one}
    return found


def along(verdicts: Mapping[tuple[str, str], Verdict], above: Mapping[str, set[str]]) -> dict[tuple[str, str], Verdict]:
    """衍生数据定级: an item is graded no lower than the same element in the data sets that its own is made of.

    What is open by an article of law there stays graded by its rules. Share types follow the grade of the source.
    """
    by_element: dict[str, list[Verdict]] = {}
    for one in verdicts.values():
        if one.field.element and one.finding is not Finding.SECRET:
            by_element.setdefault(one.field.element, []).append(one)
    return {key: _beneath(one, by_element, above.get(key[0], set())) for key, one in verdicts.items()}


def _beneath(one: Verdict, by_element: Mapping[str, list[Verdict]], above: set[str]) -> Verdict:
    made_of = [source for source in by_element.get(one.field.element, ()) if source.field.dataset in above]
    grade, _used = inherited([source for source in made_of if source.grade])
    if one.finding is Finding.SECRET or not grade or (one.grade and RANK[one.grade] >= RANK[grade]):
        return one
    source = next(source for source in made_of if source.grade == grade)
    code = f"{LINEAGE}{source.field.dataset}.{source.field.item}"
    name, english = f"由 {source.field.dataset} 的同一数据元得来", f"made of the same element of {source.field.dataset}"
    reason = Reason(code, name, english, grade, source.share, "standard", "GB/T 43697-2024 附录 I 衍生数据")
    share = max(one.share, source.share)
    told = (reason, *one.reasons)
    return Verdict(one.field, grade, share, told, _beside(one.field.grade, grade), _sharing(one.field, share))


@dataclass(frozen=True, slots=True)
class Standing:
    """偏严偏宽: of `rated` fields so many `over`, `under`, `strict` without ground; `cost` requests failed."""

    fields: int
    rated: int
    over: int
    under: int
    strict: int
    secret: int
    cost: int

    @property
    def over_share(self) -> float | None:
        return self.over / self.rated if self.rated else None


def standing(verdicts: Sequence[Verdict], blocked: Mapping[tuple[str, str], int]) -> Standing:
    """Count verdicts; `blocked` are requests that were refused or stopped, by (data set, item)."""
    strict = [one for one in verdicts if Finding.OVER in (one.finding, one.sharing)]
    return Standing(
        len(verdicts),
        sum(one.finding in (Finding.FITS, Finding.OVER, Finding.UNDER) for one in verdicts),
        sum(one.finding is Finding.OVER for one in verdicts),
        sum(one.finding is Finding.UNDER for one in verdicts),
        sum(one.sharing is Finding.OVER for one in verdicts),
        sum(one.finding is Finding.SECRET for one in verdicts),
        sum(blocked.get((one.field.dataset, one.field.item), 0) for one in strict),
    )
