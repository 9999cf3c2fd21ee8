"""真实诉求流 real streams for `merge` and `hot`: a year of messages, and pot-holes of which repeats are marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from zhongshu.bench import real
from zhongshu.hub.judge.issues import Message
from zhongshu.hub.judge.stretch import Request

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stream:
    """来信流: messages in order of time; `truth` the listed issue of each, -1 for those that the list doesn't name."""

    messages: Sequence[Message]
    truth: Labels

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.messages]

    @property
    def bodies(self) -> list[str]:
        return [one.body for one in self.messages]

    def halves(self) -> tuple[Stream, Stream]:
        """The messages before and after the moment that parts the listed ones into two equal numbers."""
        listed = np.flatnonzero(self.truth >= 0)
        cut = int(listed[len(listed) // 2])
        return Stream(self.messages[:cut], self.truth[:cut]), Stream(self.messages[cut:], self.truth[cut:])


def stream() -> Stream:
    """A year of messages to one city (TipDM 2020 C, annex 3) and one team's list of hot issues as weak truth.

    The list names five issues by 174 messages. It is silent about all others: some of them surely belong to an issue.
    """
    listed = {row["id"]: int(row["issue"]) for row in real.rows("messages", "stream_2019_hot_issues_weak.csv")}
    rows = [(_message(row), listed.get(row["id"], -1)) for row in real.rows("messages", "stream_2019.csv")]
    rows.sort(key=lambda one: (one[0].at, one[0].id))
    return Stream([message for message, _ in rows], np.array([issue for _, issue in rows]))


def _message(row: dict[str, str]) -> Message:
    at = datetime.strptime(row["time"].replace("/", "-"), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return Message(row["id"], at, row["user"], row["subject"].strip(), row["body"].strip(), int(row["likes"] or 0))


def parted(truth: Labels) -> Iterator[tuple[Labels, Labels]]:
    """Every way to part the listed issues in two, at least two in each: the truth of one part and of the other.

    Messages of the other part are unlisted (-1), as if nobody had ever listed their issue.
    """
    issues = np.unique(truth[truth >= 0])
    for size in range(2, len(issues) - 1):
        for some in combinations(issues.tolist(), size):
            inside = np.isin(truth, some)
            yield np.where(inside, truth, -1), np.where(inside, -1, truth)


def pothole_requests() -> tuple[list[Request], list[bool]]:
    """Requests about pot-holes (Chicago, a week of December 2018), oldest first, and which the city marked "Dup"."""
    rows = [row for row in real.rows("requests", "chicago_potholes_duplicates.csv") if row["latitude"]]
    rows.sort(key=lambda row: (row["creation_date"], row["service_request_number"]))
    requests = [
        Request(
            row["street_address"],
            float(row["longitude"]),
            float(row["latitude"]),
            datetime.fromisoformat(row["creation_date"]),
            datetime.fromisoformat(row["completion_date"]) if row["completion_date"] else None,
        )
        for row in rows
    ]
    return requests, ["Dup" in row["status"] for row in rows]
