"""Grades by rule: the highest harm counts, a law may deny or open, software never touches a state secret."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.cities.demo import content
from zhongshu.data.sharing.grading import (
    GRADES,
    RANK,
    Field,
    Finding,
    Harm,
    Measure,
    Rule,
    along,
    derive,
    inherited,
    lawful,
    lowered,
    standing,
    upstream,
)

HARMS = {
    ("person", "general"): Harm("2", "2"),
    ("person", "serious"): Harm("3", "2"),
    ("public", "none"): Harm("1", "1"),
    ("public", "serious"): Harm("important", "2"),
    ("national", "serious"): Harm("core", "3"),
}
PERSONAL = Rule("G1", "个人信息", "person", "general", personal="1")
PHONE = Rule("G2", "电话", "person", "serious", masks=("phone",), basis="standard", clause="附录H")
MANY = Rule("G3", "一千万人", "public", "serious", personal="1", min_rows=10_000_000)
OPEN = Rule("G4", "公开", "public", "none", subjects=("place", "event"))
RULES = (PERSONAL, PHONE, MANY, OPEN)
FIELD = Field("people", "phone", mask="phone", personal=True, grade="3", share="2", subject="person")
MASK = Measure("phone", "keep", "2", head=3, tail=4)
COUNT = Measure("aggregate", "aggregate", "1", k=10)


def test_the_highest_grade_of_all_rules_that_match_counts() -> None:
    one = derive(FIELD, RULES, HARMS)
    assert (one.grade, one.share, one.finding, one.sharing) == ("3", "2", Finding.FITS, Finding.FITS)
    assert [reason.rule for reason in one.reasons] == ["G2", "G1"]
    assert one.reasons[0].clause == "附录H"
    assert derive(replace(FIELD, rows=22_000_000), RULES, HARMS).grade == "important"


@pytest.mark.parametrize(
    ("declared", "finding", "steps"),
    [("4", Finding.OVER, 1), ("core", Finding.OVER, 3), ("1", Finding.UNDER, -2), ("", Finding.UNRATED, 0)],
)
def test_a_declaration_stands_above_or_below(declared: str, finding: Finding, steps: int) -> None:
    one = derive(replace(FIELD, grade=declared), RULES, HARMS)
    assert (one.finding, one.steps) == (finding, steps)


def test_what_no_rule_knows_is_for_a_person() -> None:
    one = derive(replace(FIELD, personal=False, mask="none", subject="case"), RULES, HARMS)
    assert (one.grade, one.share, one.finding, one.sharing) == ("", "", Finding.UNRATED, Finding.UNRATED)


@pytest.mark.parametrize(
    ("share", "clause", "finding"),
    [
        ("3", "《居民身份证法》第六条", Finding.FITS),
        ("3", "部门内部规定", Finding.OVER),
        ("3", "《数据管理办法》第六条", Finding.OVER),
        ("3", "", Finding.OVER),
        ("1", "《企业信息公示暂行条例》第六条", Finding.FITS),
        ("1", "", Finding.UNDER),
        ("2", "", Finding.FITS),
    ],
)
def test_only_an_article_of_law_denies_or_opens(share: str, clause: str, finding: Finding) -> None:
    assert derive(replace(FIELD, share=share, clause=clause), RULES, HARMS).sharing is finding


def test_what_names_a_law() -> None:
    assert lawful("《社会保险法》第八十一条（示范采用，待核）")
    assert not lawful("《社会保险法》")
    assert not lawful("第八十一条")


@given(st.sampled_from(GRADES), st.lists(st.sampled_from([MASK, COUNT]), max_size=3))
def test_measures_never_raise_and_never_touch_important_core_or_secret(grade: str, taken: list[Measure]) -> None:
    after, used = lowered(grade, taken)
    assert RANK[after] <= RANK[grade]
    assert (after == grade) == (not used)
    assert grade not in ("important", "core") or not used
    assert lowered(grade, taken, secret=True) == (grade, ())


def test_a_count_of_too_few_lowers_nothing() -> None:
    assert lowered("3", [replace(COUNT, k=9)]) == ("3", ())
    assert lowered("3", [MASK, COUNT]) == ("1", ("phone", "aggregate"))


@given(st.lists(st.sampled_from(RULES), max_size=4), st.sampled_from(RULES))
def test_one_more_rule_never_lowers_a_grade(rules: list[Rule], more: Rule) -> None:
    before, after = derive(FIELD, rules, HARMS), derive(FIELD, [*rules, more], HARMS)
    assert RANK.get(after.grade, 0) >= RANK.get(before.grade, 0)


def test_a_state_secret_keeps_what_was_declared_whatever_rules_say() -> None:
    one = derive(replace(FIELD, grade="core", share="3", secret=True), RULES, HARMS)
    assert (one.grade, one.share, one.reasons, one.finding) == ("core", "3", (), Finding.SECRET)


def test_derived_data_inherit_the_highest_grade_of_their_sources() -> None:
    phone = derive(FIELD, RULES, HARMS)
    place = derive(Field("people", "place", subject="place"), RULES, HARMS)
    assert inherited([place, phone]) == ("3", ())
    assert inherited([place, phone], [COUNT]) == ("1", ("aggregate",))
    secret = derive(replace(FIELD, secret=True), RULES, HARMS)
    assert inherited([place, secret], [COUNT]) == ("3", ())
    assert inherited([]) == ("", ())
    assert inherited([phone, replace(phone, grade="")]) == ("", ())


def test_the_numbers_of_a_review() -> None:
    strict = derive(replace(FIELD, grade="4", share="3"), RULES, HARMS)
    wide = derive(replace(FIELD, item="b", grade="1"), RULES, HARMS)
    found = standing([strict, wide, derive(FIELD, RULES, HARMS)], {("people", "phone"): 4, ("people", "b"): 7})
    assert (found.fields, found.rated, found.over, found.under, found.strict) == (3, 3, 1, 1, 1)
    assert (found.cost, found.over_share) == (4, 1 / 3)
    assert standing([], {}).over_share is None


def test_every_harm_of_the_demo_has_a_grade_and_every_rule_a_harm() -> None:
    rows = {name: content.rows(f"{name}.csv") for name in ("grade_harms", "grade_rules")}
    harms = {(row["object"], row["degree"]): row["grade"] for row in rows["grade_harms"]}
    assert set(harms.values()) == set(GRADES)
    assert all((row["object"], row["degree"]) in harms for row in rows["grade_rules"])


def test_a_grade_follows_what_the_data_are_made_of() -> None:
    source = derive(replace(FIELD, dataset="people", element="phone"), RULES, HARMS)
    plain = replace(FIELD, personal=False, mask="none", subject="place", element="phone", grade="1")
    made = derive(replace(plain, dataset="list"), RULES, HARMS)
    other = derive(replace(plain, dataset="apart"), RULES, HARMS)
    assert made.finding is Finding.FITS
    above = upstream([(("people",), ("middle",)), (("middle", "list"), ("list",)), (("apart",), ("middle",))])
    assert above == {"middle": {"people", "apart"}, "list": {"people", "middle", "apart"}}
    every = {(one.field.dataset, one.field.item): one for one in (source, made, other)}
    found = along(every, above)
    lower = found["list", made.field.item]
    assert (lower.grade, lower.finding) == (source.grade, Finding.UNDER)
    assert lower.reasons[0].rule == f"lineage:people.{source.field.item}"
    assert found["apart", other.field.item] == other
    assert found["people", source.field.item] == source
