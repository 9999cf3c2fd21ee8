"""Elements of one meaning: most planted pairs are shown to a person, few others, and never what stands side by side."""

from __future__ import annotations

from tests import collecting
from zhongshu.cities.demo import truths
from zhongshu.data.elements.matching import candidates, pair_key
from zhongshu.data.elements.shapes import Element

PLANTED = {pair_key(*pair) for pair in truths.SAME}


def found() -> set[str]:
    book = collecting.book()
    forms = [frozenset(form.elements) for form in book.forms.values()]
    return {one.key for one in candidates(book.elements.values(), collecting.lists(), forms)}


def test_planted_pairs_are_candidates() -> None:
    assert len(found() & PLANTED) >= 9


def test_few_others_are() -> None:
    assert len(found() - PLANTED) <= 2


def test_what_one_form_or_one_data_set_has_side_by_side_is_not_the_same() -> None:
    one = Element("a", "经度", "位置的经度，单位度", "number", "address", source="addresses")
    other = Element("b", "纬度", "位置的纬度，单位度", "number", "address", source="addresses")
    assert candidates([one, other], {}, least=0.1) == []
    loose = Element("c", "纬度", "位置的纬度，单位度", "number", "address")
    assert [pair.key for pair in candidates([one, loose], {}, least=0.1)] == ["a|c"]
    assert candidates([one, loose], {}, [frozenset({"a", "c"})], least=0.1) == []


def test_subjects_and_types_are_never_mixed() -> None:
    person = Element("a", "电话", "联系电话", "phone", "person")
    firm = Element("b", "电话", "联系电话", "phone", "organisation")
    text = Element("c", "电话", "联系电话", "text", "person")
    assert candidates([person, firm, text], {}, least=0.0) == []


def test_code_lists_speak_for_and_against() -> None:
    sexes, nations = frozenset({"男", "女"}), frozenset({"汉族", "壮族"})
    one = Element("a", "性别", "登记的性别", "code", "person", codes="x")
    same, other = (Element(code, "性别", "登记的性别", "code", "person", codes=code) for code in ("b", "c"))
    lists = {"x": sexes, "b": sexes, "c": nations}
    scores = {pair.key: pair.score for pair in candidates([one, same, other], lists, least=0.1)}
    assert scores["a|b"] > scores["a|c"]
