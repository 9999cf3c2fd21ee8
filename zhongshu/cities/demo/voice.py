"""话 the words of made-up citizens: messages put together from openings, places, problems, consequences and demands.

They are synthetic. A model that reads them well has only learnt these templates: accuracy on them says nothing about
accuracy on what people really write, which is measured on real messages alone.
"""

from __future__ import annotations

import tomllib
from functools import cache
from random import Random
from typing import Any

from zhongshu.cities.demo.content import TABLES, Class

Row = dict[str, Any]

SAMPLES_EACH = {"appeal": 18, "event": 12, "component": 4}
"""Training texts for each class that can be reported: about 9,000 in all, and 2,300 plain ones."""


@cache
def words() -> dict[str, Any]:
    """The pieces, as written in tables/texts.toml."""
    return tomllib.loads((TABLES / "texts.toml").read_text("utf-8"))


def message(rng: Random, phrases: tuple[str, ...], place: str, special: bool = False) -> str:
    """One message about one of the `phrases` at `place`; `special` adds what makes the person's need special."""
    w = words()
    problem = rng.choice(phrases)
    if len(phrases) > 1 and rng.random() < 0.2:
        other = rng.choice([phrase for phrase in phrases if phrase != problem])
        problem += rng.choice(w["links"]) + other
    more = rng.choice(w["special"]) if special else rng.choice(w["consequences"])
    end = rng.choice(w["asks"]) if rng.random() < 0.12 else rng.choice(w["demands"])
    text = rng.choice(w["shapes"]).format(
        opening=rng.choice(w["openings"]),
        place=place,
        problem=problem,
        more=more,
        demand=end,
        time=rng.choice(w["times"]),
    )
    return _slip(rng, text)


def follow_up(rng: Random, phrases: tuple[str, ...], place: str) -> str:
    """What somebody else says about the same matter."""
    w = words()
    shape = rng.choice(w["followups"])
    return str(
        shape.format(
            place=place,
            problem=rng.choice(phrases),
            more=rng.choice(w["consequences"]),
            demand=rng.choice(w["demands"]),
        )
    )


def _slip(rng: Random, text: str) -> str:
    """Now and then a character is lost, as in typed and transcribed text."""
    if rng.random() < 0.08 and len(text) > 12:
        cut = rng.randrange(4, len(text) - 4)
        return text[:cut] + text[cut + 1 :]
    return text


def person(rng: Random) -> str:
    w = words()
    return str(rng.choice(w["surnames"])) + "".join(rng.choice(w["given"]) for _ in range(rng.choice((1, 2, 2))))


def phone(rng: Random) -> str:
    """Eleven digits that no network has given out (prefix 100)."""
    return f"100{rng.randrange(10**8):08}"


def samples(classes: list[Class], places: list[str], seed: int) -> list[Row]:
    """Texts with their class, for a first model; no text occurs twice."""
    rng = Random(f"samples {seed}")
    found: dict[str, str] = {}
    for c in classes:
        # Most people open with no more than this: a model that never saw it is sure of the wrong class.
        for plain in (c.name, *c.phrases) if c.host else ():
            found.setdefault(plain, c.code)
        for number in range(SAMPLES_EACH[c.kind] if c.host else 0):
            text = message(rng, c.phrases, rng.choice(places) + rng.choice(words()["ends"]), number % 17 == 16)
            found.setdefault(text, c.code)
    return [{"text": text, "category": code} for text, code in found.items()]
