"""Numbers that prove themselves, by published examples and by what the check characters are for."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.data.registers import numbers, sounds

REGION = st.sampled_from(["110105", "440524", "130503"])
DAY = st.dates(date(1930, 1, 1), date(2025, 12, 31))


def built(region: str, day: date, serial: int) -> str:
    body = np.frombuffer(f"{region}{day:%Y%m%d}{serial:03}".encode(), dtype=np.uint8).reshape(1, 17)
    return body.tobytes().decode() + chr(numbers.check_digit(body)[0])


@pytest.mark.parametrize(
    ("said", "read", "proven"),
    [
        ("11010519491231002X", "11010519491231002X", True),
        ("11010519491231002x", "11010519491231002X", True),
        ("１１０１０５ 19491231002X", "11010519491231002X", True),
        ("130503670401001", "130503196704010016", True),
        ("110105194912310021", "110105194912310021", False),
        ("110105194913310021", "110105194913310021", False),
        ("G12345678", "G12345678", False),
        ("", "", False),
    ],
)
def test_identity_numbers_are_read_and_proven(said: str, read: str, proven: bool) -> None:
    found, proof = numbers.identity(pa.array([said]))
    assert (found[0].as_py(), bool(proof[0])) == (read, proven)


@given(REGION, DAY, st.integers(1, 999))
def test_one_wrong_digit_is_always_noticed(region: str, day: date, serial: int) -> None:
    right = built(region, day, serial)
    wrong = [right[:n] + str((int(right[n]) + 1) % 10) + right[n + 1 :] for n in range(17)]
    _, proof = numbers.identity(pa.array([right, *wrong]))
    assert proof.tolist() == [True] + [False] * 17


@given(REGION, DAY, st.integers(1, 999))
def test_a_number_tells_the_birthday_and_the_sex(region: str, day: date, serial: int) -> None:
    found, proof = numbers.identity(pa.array([built(region, day, serial)]))
    assert numbers.birthday(found, proof)[0].as_py() == day
    assert numbers.sex(found, proof)[0] == (1 if serial % 2 else 2)


def test_credit_codes_prove_themselves() -> None:
    """GB 32100-2015, appendix: 91350100M000100Y43."""
    _, proof = numbers.credit(pa.array(["91350100M000100Y43", "91350100M000100Y34", "9135", None]))
    assert proof.tolist() == [True, False, False, False]


def test_names_that_sound_the_same_have_the_same_key() -> None:
    names = sounds.tidy(pa.array(["张 伟", "章玮", "张·伟", "王伟", "刘□祥", "Müller", None]))
    keys = sounds.keys(names).to_pylist()
    assert keys[:4] == ["zhangwei", "zhangwei", "zhangwei", "wangwei"]
    assert keys[4:] == ["liu□xiang", "MÜLLER"[:6], ""]
