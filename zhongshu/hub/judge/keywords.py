"""关键词规则 keyword rules: what words say of a text's class, and who is believed where words and model differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import ahocorasick

from zhongshu.hub.judge.needs import clauses
from zhongshu.kernel.desk import Guess, KeywordRule, Knowledge

MARK = "规则"
"""Opens the reason of a rule, so that a person can tell it from an n-gram of the model."""
AGAINST = "规则另指"
"""Opens the reason of a rule that did not prevail."""
FEW = 50
"""Training texts of a class below which its rules may overrule the model: on real texts rules gain at 10 and 30 labels
a class and lose at 65 (docs/decisions/0022)."""
SHORT = 14
"""Letters up to which a model's confidence is not trusted against a rule: it was fitted on texts twice as long."""


@dataclass(frozen=True, slots=True)
class Hit:
    """命中: the rule and the word, parts apart by +, that was found in one clause without any of its `not_words`."""

    rule: KeywordRule
    word: str

    @property
    def reason(self) -> tuple[str, float]:
        return f"{MARK} {self.rule.code}：{self.word}", self.rule.weight


class Phrasebook:
    """词典: every word of the rules under its longest part; a text is read once, and most texts have none of them."""

    def __init__(self, rules: Iterable[KeywordRule]) -> None:
        longest: dict[str, list[tuple[tuple[str, ...], KeywordRule]]] = {}
        for rule in rules:
            for word in rule.words:
                parts = tuple(word.split("+"))
                longest.setdefault(max(parts, key=len), []).append((parts, rule))
        self._parts = ahocorasick.Automaton()
        for part, words in longest.items():
            self._parts.add_word(part, words)
        self._parts.make_automaton()

    def heard(self, text: str) -> list[Hit]:
        """The best hit of each class, the heaviest first; of equally heavy ones the one with the longer word."""
        likely = self._likely(text)
        if not likely:
            return []
        found: dict[str, Hit] = {}
        for clause in clauses(text):
            for parts, rule in likely:
                if all(part in clause for part in parts) and not any(word in clause for word in rule.not_words):
                    hit = Hit(rule, "+".join(parts))
                    held = found.get(rule.category)
                    if held is None or _order(hit) < _order(held):
                        found[rule.category] = hit
        return sorted(found.values(), key=_order)

    def _likely(self, text: str) -> list[tuple[tuple[str, ...], KeywordRule]]:
        """Words all parts of which stand somewhere in the text: only these are looked for clause by clause."""
        if not len(self._parts):
            return []
        found = {id(words): words for _, words in self._parts.iter(text)}
        return [
            (parts, rule) for words in found.values() for parts, rule in words if all(part in text for part in parts)
        ]


def _order(hit: Hit) -> tuple[float, int, str]:
    return -hit.rule.weight, -len(hit.word), hit.rule.code


@lru_cache(8)
def phrasebook(rules: tuple[KeywordRule, ...]) -> Phrasebook:
    """The phrasebook of the rules in force, made once: rules are compared as objects."""
    return Phrasebook(rules)


def partnered(guess: Guess, text: str, knowledge: Knowledge, sure: bool) -> Guess:
    """What model and rules say together; `sure` tells whether the model's answer may stand without a person.

    A rule of the model's own class raises the confidence to the rule's weight. A rule of another class prevails when
    that class has fewer than FEW training texts and the model is not sure, or less confident than the rule, or the text
    is SHORT; else it is only named. Either way the reasons say so, and the class that did not prevail is the first of
    the others.
    """
    hits = phrasebook(tuple(knowledge.keywords)).heard(text) if knowledge.keywords else []
    hits = [hit for hit in hits if hit.rule.category in knowledge.categories]
    if not hits:
        return guess
    same = next((hit for hit in hits if hit.rule.category == guess.category), None)
    if same:
        known = max(guess.confidence, same.rule.weight)
        return replace(guess, confidence=known, reasons=(same.reason, *guess.reasons), ruled=True)
    best = hits[0]
    rare = knowledge.taught.get(best.rule.category, 0) < FEW
    if rare and (not sure or guess.confidence < best.rule.weight or len(text.strip()) <= SHORT):
        passed = ((guess.category, guess.confidence),) if guess.category else ()
        others = tuple(one for one in (*passed, *guess.others) if one[0] != best.rule.category)[:3]
        reasons = (best.reason, *guess.reasons)
        ruled = replace(guess, category=best.rule.category, confidence=best.rule.weight, reasons=reasons)
        return replace(ruled, others=others, ruled=True)
    rest = tuple(one for one in guess.others if one[0] != best.rule.category)
    said = (f"{AGAINST} {knowledge.categories[best.rule.category].name}：{best.word}", -best.rule.weight)
    return replace(guess, reasons=(*guess.reasons, said), others=((best.rule.category, best.rule.weight), *rest)[:3])
