"""比对特征 what records are compared by: proven numbers, sounds, birthdays, telephones, parts of addresses."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.data.registers import numbers, sounds

UNREAD = -1
WILD = np.array([ord(sign) for sign in "□?*〇●_X"])
"""What systems write for a character that they don't have."""
PLAIN_PHONE = r"^1[3-9]\d{9}$"
_BEFORE = r"^.*?(?:街道|镇|乡)"
_NUMBERS = r"\D+"


def of(told: pa.Table, subject: str) -> pa.Table:
    """What the records of one subject are compared by."""
    if subject == "house":
        return pa.table({"id": told["id"], "room": addresses(told["address"])[1]})
    return of_people(told) if subject == "person" else of_firms(told)


ASKED = {
    "person": ("name", "id_number", "born", "phone", "address"),
    "organisation": ("name", "credit_code", "legal_person", "phone", "address"),
    "house": ("address",),
}
"""Subject -> columns of its records that features are made of."""


def of_people(told: pa.Table) -> pa.Table:
    """id, number (proven), raw (as read), name, sound, c1 to c4, born, phone, road, room of each record.

    c1 to c4 are the code points of the name: 0 where it has none, UNREAD where the record has a box or a question mark.

    `told` has id, name, id_number, born, phone, address. What is missing is null, so that it speaks for nothing and
    against nothing. A proven number gives the birthday; what was told beside it may be by the lunar calendar.
    """
    number, proven = numbers.identity(told["id_number"])
    name = sounds.tidy(told["name"])
    sound = sounds.keys(name)
    road, room = addresses(told["address"])
    right = pa.array(proven)
    nothing = pa.scalar(None, pa.string())
    return pa.table(
        {
            "id": told["id"],
            "number": pc.if_else(right, number, nothing),
            "raw": _filled(number),
            "name": _filled(name),
            "sound": _filled(sound),
            **characters(name),
            "born": pc.coalesce(numbers.birthday(number, proven), _one(told["born"])),
            "phone": phones(told["phone"]),
            "road": road,
            "room": room,
        }
    )


def characters(names: pa.Array) -> dict[str, pa.Array]:
    """The first four code points of tidied names, as c1 to c4."""
    words = pc.dictionary_encode(names)
    fixed = np.asarray(words.dictionary.to_numpy(zero_copy_only=False), dtype="U4")
    points = fixed.view(np.uint32).reshape(len(fixed), 4).astype(np.int32)
    points[np.isin(points, WILD)] = UNREAD
    return {f"c{n + 1}": pa.array(points[:, n]).take(words.indices) for n in range(4)}


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _filled(values: pa.Array) -> pa.Array:
    """Empty texts as null."""
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


def phones(told: pa.Array) -> pa.Array:
    """Mobile numbers of eleven digits; null for all else."""
    digits = pc.replace_substring_regex(pc.utf8_normalize(pc.fill_null(_one(told), ""), "NFKC"), r"^\+?86|\D", "")
    return pc.if_else(pc.match_substring_regex(digits, PLAIN_PHONE), digits, pa.scalar(None, pa.string()))


def addresses(told: pa.Array) -> tuple[pa.Array, pa.Array]:
    """(road with its number, the same with building, unit and room) of addresses, however these are written."""
    plain = pc.utf8_normalize(pc.fill_null(_one(told), ""), "NFKC")
    bare = pc.replace_substring_regex(pc.replace_substring_regex(plain, r"\s", ""), _BEFORE, "")
    split = pc.extract_regex(bare, r"^(?P<road>\D*\d+号)(?P<rest>.*)$")
    road, rest = pc.struct_field(split, "road"), pc.struct_field(split, "rest")
    inner = pc.utf8_trim(pc.replace_substring_regex(rest, _NUMBERS, "-"), "-")
    whole = pc.binary_join_element_wise(road, inner, "/")
    return road, pc.if_else(pc.equal(pc.fill_null(inner, ""), ""), pa.scalar(None, pa.string()), whole)


_FORMS = r"(股份有限公司|有限责任公司|有限公司|公司|经营部|商行|商店|店|厂|中心|事务所|工作室)$"
_PLACE = r"^.{1,12}?(?:省|市|自治州|区|县|镇|街道)"


def of_firms(told: pa.Table) -> pa.Table:
    """id, number (proven code), raw, core (name without place and trade form), sound, head, phone, road, room."""
    number, proven = numbers.credit(told["credit_code"])
    name = sounds.tidy(told["name"])
    core = pc.replace_substring_regex(pc.replace_substring_regex(name, _PLACE, ""), _FORMS, "")
    core = pc.if_else(pc.equal(core, ""), name, core)
    road, room = addresses(told["address"])
    return pa.table(
        {
            "id": told["id"],
            "number": pc.if_else(pa.array(proven), number, pa.scalar(None, pa.string())),
            "raw": _filled(number),
            "core": _filled(core),
            "sound": _filled(sounds.keys(core)),
            "head": _filled(sounds.tidy(told["legal_person"])),
            "phone": phones(told["phone"]),
            "road": road,
            "room": room,
        }
    )
