"""紧急与特殊需求 urgency and special need from the words of one report, each raise with its ground (D07)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhongshu.kernel.desk import Words

MOST = 3
"""紧急程度: 0 ordinary 一般, 1 raised 较急, 2 urgent 紧急, 3 danger to a person who can't help themselves 特急."""

_CLAUSE = re.compile(r"[，。！？；,.!?;\n：:]")
_CONTRAST = re.compile(r"但是|可是|不过|然而|但")
_NOT_BEFORE = re.compile(
    r"(?:没有|并没有|没|未|并未|无|暂无|尚无|不存在|不是|并非|非|不属于|未见|未发现|未造成|避免|防止|以防|谨防|预防|杜绝|排除)"
    r"(?:发生|造成|出现|发现|导致|引起|任何|什么|有|人员|人|存在|过|明显|的|了){0,4}$"
)
_NEGATION_AFTER = re.compile(
    r"^(?:的)?(?:情况|现象|隐患|危险)?(?:已|已经|都)?(?:排除|解除|消除|不存在|没有发生|并未发生)"
)
_INTENSIFIED = re.compile(r"(?:没有|没|未|无)(?:及时|人|有效|人来|得到|能)(?:处理|救|管|理|排除|解除|消除)")
_REPEAT = re.compile(
    r"多次(?:反映|投诉|报修|打电话|拨打)|反复(?:反映|投诉|报修)|第[二三四五六七八九十\d]+次(?:反映|投诉|报修|打电话)|一直没(?:有)?(?:人)?(?:处理|解决|管)|又(?:来)?(?:反映|投诉)"
)


@dataclass(frozen=True, slots=True)
class Needs:
    """`urgency` 0..3; `special` (word, ground) of the person's situation; `reasons` (word, ground, by how much) of
    every raise, 0 where a stronger ground had raised it before."""

    urgency: int
    special: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str, int], ...]


def clauses(text: str) -> Iterator[str]:
    """Pieces within which a negation reaches: it ends at punctuation and at a "but"."""
    for clause in _CLAUSE.split(text):
        yield from _CONTRAST.split(clause)


def negated(clause: str, start: int, end: int) -> bool:
    """Whether the word at clause[start:end] is denied there: 没有人员受伤, 险情已排除; not 没有人救."""
    if _INTENSIFIED.search(clause[:end]) and not _NOT_BEFORE.search(clause[:start]):
        return False
    return bool(_NOT_BEFORE.search(clause[:start]) or _NEGATION_AFTER.search(clause[end:]))


def _heard(text: str, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The words of the list that the text affirms at least once, longest first, none inside another that was heard."""
    said = sorted((word for word in words if word and word in text), key=len, reverse=True)
    heard: dict[str, str] = {}
    pieces = list(clauses(text)) if said else []
    for word in said:
        spans = (
            (clause, place.start(), place.end()) for clause in pieces for place in re.finditer(re.escape(word), clause)
        )
        affirmed = any(not negated(*span) for span in spans)
        if affirmed and not any(word in longer for longer in heard):
            heard[word] = words[word]
    return list(heard.items())


def needs(text: str, words: Words) -> Needs:
    """Urgency and special need of one text.

    A danger word raises to 2, a vulnerable person to 1, both together to 3; a repeat ("多次反映") raises by one but
    never above 2: who is in need counts for more than how often somebody calls. Denied words count for nothing.
    """
    urgent = _heard(text, words.urgent)
    special = _heard(text, words.special)
    urgency = (2 if urgent else 0) + (1 if special else 0)
    reasons = [(word, why, 0 if n else 2) for n, (word, why) in enumerate(urgent)]
    reasons += [(word, why, 0 if n else 1) for n, (word, why) in enumerate(special)]
    repeat = _REPEAT.search(text)
    if repeat and urgency < 2:
        urgency += 1
        reasons.append((repeat.group(), "多次反映仍未解决", 1))
    return Needs(min(urgency, MOST), tuple(special), tuple(reasons))
