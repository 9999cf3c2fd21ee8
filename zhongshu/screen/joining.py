"""同一件事 how open matters near by look to whoever may join one: a stranger, or a post that may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from time import time
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from zhongshu.data import attachments, cases, lists
from zhongshu.hub.alike import Alike, excerpt, pictures
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming
from zhongshu.screen.frame import URLS

_TOKEN = "zhongshu.join"
_PHOTO = "zhongshu.join.photo"
GOOD_FOR = 24 * 3600
"""Seconds that a shown matter may still be joined: a draft may wait for a day."""
STEP = 50
"""Metres: distances are told to strangers in these steps, so that no point can be measured out by asking around it."""
OTHERS = 5
"""From here on the number of those who reported is told; below it only that there are several."""


def token(case: int) -> str:
    """What lets whoever was shown a case join it: no case's number can be guessed from it or tried."""
    return signing.dumps(case, salt=_TOKEN)


def case_of(given: str) -> int | None:
    """The case of a token that was given out here and is not too old; None for anything else."""
    try:
        return int(signing.loads(given, salt=_TOKEN, max_age=GOOD_FOR)) if given else None
    except signing.BadSignature:
        return None


def _day() -> int:
    return int(time()) // GOOD_FOR


def photo_url(case: int, photo: int) -> str:
    """The address of a photo for strangers: the same all day, so that a browser asks for it once."""
    return f"{URLS['report']}/near/{signing.Signer(salt=_PHOTO).sign_object([case, photo, _day()])}"


def photo_of(given: str) -> tuple[int, int] | None:
    """(case, photo) of an address that was given out here today or yesterday; None for anything else."""
    try:
        case, photo, day = signing.Signer(salt=_PHOTO).unsign_object(given)
    except signing.BadSignature:
        return None
    return (case, photo) if _day() - day <= 1 else None


def to_strangers(found: Sequence[Alike], asked: str, knowledge: Knowledge, chosen: str = "") -> list[dict[str, Any]]:
    """What a resident may be shown: class, division, coarse distance, age, state, how many, impersonal words, photos.

    Photos only of reporters who said that theirs may be shown. No number, no address, no point, nothing of a matter
    of special need but its class.
    """
    known = cases.known([one.case for one in found])
    photos = pictures(list(known), knowledge)
    picked = case_of(chosen)
    return [
        {
            "token": token(one.case),
            "chosen": one.case == picked,
            "photos": [photo_url(one.case, photo) for photo in photos.get(one.case, ())],
            "category_name": naming.category_name(known[one.case]["category"], knowledge).rpartition(" / ")[2],
            "place_name": naming.place_name(known[one.case]["place"], knowledge),
            "words": "" if known[one.case]["special"] else excerpt(known[one.case]["text"], asked),
            "distance": coarse(one.metres),
            "age": naming.ago(known[one.case]["opened_at"]),
            "state": known[one.case]["state"],
            "state_name": naming.STATES.get(known[one.case]["state"], ""),
            "several": several(known[one.case]["reports"]),
        }
        for one in found
        if one.case in known
    ]


def coarse(metres: float | None) -> str:
    """A distance in steps, or "" where one isn't known."""
    return "" if metres is None else _("{m} 米以内").format(m=max(STEP, ceil(metres / STEP) * STEP))


def several(reports: int) -> str:
    if reports >= OTHERS:
        return _("{n} 人反映").format(n=reports)
    return _("不止一人反映") if reports > 1 else ""


def to_posts(found: Sequence[Alike], who: Viewer, knowledge: Knowledge, chosen: str = "") -> list[dict[str, Any]]:
    """What somebody at the desk may be shown: the rows that his span lets through, with photos and the score."""
    by_case = {one.case: one for one in found}
    rows: Mapping[int, Mapping[str, Any]] = {row["id"]: row for row in lists.rows(who, list(by_case))}
    photos = attachments.of_cases(who, list(rows))
    picked = case_of(chosen)
    return [
        {
            "id": one.case,
            "token": token(one.case),
            "chosen": one.case == picked,
            "number": rows[one.case]["number"],
            "text": rows[one.case]["title"],
            "distance": None if one.metres is None else round(one.metres),
            "age": naming.ago(rows[one.case]["opened_at"]),
            "score": one.score,
            "state": rows[one.case]["state"],
            "state_name": naming.STATES.get(rows[one.case]["state"], ""),
            "category_name": naming.category_name(rows[one.case]["category"], knowledge),
            "unit_name": naming.unit_name(rows[one.case]["host"], knowledge),
            "photos": [f"{URLS['case']}{one.case}/photos/{photo}" for photo in photos.get(one.case, ())[:2]],
        }
        for one in found
        if one.case in rows
    ]
