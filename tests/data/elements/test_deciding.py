"""Decisions: what is advised, what a decision would spare before it is taken, and that nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import collecting
from zhongshu.cities.demo import truths
from zhongshu.data.elements import deciding
from zhongshu.data.elements.overlap import overlaps
from zhongshu.data.elements.shapes import minutes

BOOK = collecting.book()
ADVICE = {one.form: one for one in deciding.advise(BOOK, overlaps(BOOK, collecting.DAY), collecting.DAY)}


def test_of_a_group_one_form_stays_and_carries_the_others() -> None:
    kept = [code for code in truths.FORMS if ADVICE[code].decision == "kept"]
    assert kept == ["F02"]
    assert {ADVICE[code].into for code in truths.FORMS if ADVICE[code].decision == "merged"} == {"F02"}


def test_what_another_unit_holds_is_served_and_what_ones_own_form_collects_is_kept() -> None:
    assert (ADVICE["F15"].decision, ADVICE["F15"].why) == ("kept", "needed")
    served = collecting.book()
    asker = replace(served.forms["F15"], asker="elsewhere")
    book = replace(served, forms={**served.forms, "F15": asker})
    advice = {one.form: one for one in deciding.advise(book, overlaps(book, collecting.DAY), collecting.DAY)}
    assert (advice["F15"].decision, advice["F15"].why) == ("served", "sourced")


def test_a_form_without_ground_is_stopped() -> None:
    bare = replace(BOOK, forms={**BOOK.forms, "F29": replace(BOOK.forms["F29"], basis=" ".strip())})
    advice = {one.form: one for one in deciding.advise(bare, overlaps(bare, collecting.DAY), collecting.DAY)}
    assert (advice["F29"].decision, advice["F29"].why) == ("stopped", "no_basis")


def test_stopping_three_spares_their_minutes_and_loses_nothing_that_others_ask() -> None:
    chosen = {code: ("stopped", "") for code in ("F03", "F05", "F09")}
    told = deciding.effect(BOOK, chosen, collecting.DAY)
    spared = sum(minutes(BOOK.forms[code], BOOK.forms[code].elements, BOOK) for code in chosen)
    assert told.saved == pytest.approx(spared)
    assert told.lost == ()


def test_stopping_says_what_nobody_would_know_any_more() -> None:
    told = deciding.effect(BOOK, {"F29": ("stopped", "")}, collecting.DAY)
    assert told.lost == ("patrol_found", "patrolled_at")


def test_merging_carries_what_only_the_merged_form_asked() -> None:
    then = deciding.decided(BOOK, {"F07": ("merged", "F02")})
    extra = deciding.carried(then)["F02"]
    assert ("F07", "veteran") in extra
    assert not {"person_name", "identity"} & {code for _, code in extra}
    fields = deciding.asks(then.forms["F02"], then, deciding.carried(then))
    assert [field.element for field, account in fields if account == "F07"] == [code for _, code in extra]
    told = deciding.effect(BOOK, {"F07": ("merged", "F02")}, collecting.DAY)
    assert told.lost == ()
    assert told.moved == len(extra)
    carried = minutes(BOOK.forms["F02"], [code for _, code in extra], BOOK)
    whole = minutes(BOOK.forms["F07"], BOOK.forms["F07"].elements, BOOK)
    assert told.saved == pytest.approx(whole - carried)


def test_merging_into_what_is_merged_itself_ends_at_the_last_one() -> None:
    then = deciding.decided(BOOK, {"F07": ("merged", "F06"), "F06": ("merged", "F02")})
    assert {form for form, _ in deciding.carried(then)["F02"]} == {"F06", "F07"}
    circle = deciding.decided(BOOK, {"F07": ("merged", "F06"), "F06": ("merged", "F07")})
    assert deciding.carried(circle) == {}


def test_the_advice_for_the_ten_cuts_more_than_half_of_a_days_minutes() -> None:
    chosen = {code: (ADVICE[code].decision, ADVICE[code].into) for code in truths.FORMS}
    told = deciding.effect(BOOK, chosen, collecting.DAY)
    assert 1 - told.after / told.before > 0.5
    assert told.lost == ()
