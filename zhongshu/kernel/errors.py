"""差错 errors that speak in sentences: each says what was found and what was expected."""

from __future__ import annotations

from dataclasses import dataclass


class ZhongshuError(Exception):
    """Base of every error that a person may read; its text is one plain sentence."""


class IllegalMove(ZhongshuError):
    """The case's state, the post or a missing field forbids this act (非法流转)."""


class NotFound(ZhongshuError):
    """No such thing, or not within this viewer's place: the two are never told apart."""


class Unavailable(ZhongshuError):
    """The database or the disk can't take a fact right now; nothing was accepted (HTTP 503)."""


class Outdated(Unavailable):
    """What a batch was judged by has changed before it could be written; judged again it can be."""


class BadInput(ZhongshuError):
    """Input that can't be taken as it is (HTTP 422)."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One fault in a file (数据差错), precise enough to mend without asking.

    `line` counts from 1 with the header as line 1; 0 means the file as a whole.
    """

    file: str
    line: int
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: found {self.found!r}, expected {self.expected}"


class PackError(ZhongshuError):
    """A city pack that can't be loaded; `flaws` lists every fault found, not just the first."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = flaws
        super().__init__(f"{len(flaws)} fault(s) in the pack; first: {flaws[0]}" if flaws else "empty pack")
