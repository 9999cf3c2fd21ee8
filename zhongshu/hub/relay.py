"""接力 the relay: while one batch is being written, the next one is judged. Nothing waits for the other in between.

Nor do the classifier and the search for neighbours wait for each other: the database is asked in a thread of its own.

What a batch opens is known to the next one before it is in the database (LiveDesk.opened). See docs/decisions/0012.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from django.db import Error, connections, transaction

from zhongshu.data import queue, write
from zhongshu.data.databases import ROAD, refuses
from zhongshu.hub import runner
from zhongshu.kernel.desk import Desk
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.facts import Fact, Kind


class MakeDesk(Protocol):
    def __call__(self, opened: Sequence[Fact] = (), aside: Executor | None = None) -> Desk:
        """A desk for one batch, given the facts that are on their way into the database."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A batch on its way into the database."""

    taken: Sequence[Fact]
    derived: Sequence[Fact]
    done: Future[None]

    def opened(self) -> list[Fact]:
        return [
            fact
            for fact in self.derived
            if fact.kind in (Kind.JUDGED, Kind.UNCLEAR) and fact.payload.get("birth", True)
        ]


@dataclass(slots=True)
class Relay:
    """Takes queued facts down the road in two steps at once. One thread calls it; leave it to land what flies.

    Only one runner may work so at a time (queue.lead), or two batches would not see each other's cases.
    """

    make_desk: MakeDesk
    limit: int = 500
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "writer"))
    _asker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "asker"))
    _flying: Flight | None = None
    _next: Future[list[Fact]] | None = None
    """What was seen to wait behind a full batch, while that one was judged."""

    def run_once(self) -> int:
        """Judge the next facts and have them written; returns how many. 0: nothing waits, and everything is durable.

        What the database refuses gets stuck alone: both batches are taken again, fact by fact.
        """
        try:
            return self._step()
        except Error as error:
            if not refuses(error):
                raise
        self._settle()
        return runner.drain_singly(self.make_desk, self.limit)

    def _step(self) -> int:
        flying = self._flying
        passed = [fact.id for fact in flying.taken] if flying else []
        taken = self._waiting(passed)
        if not taken:
            self.land()
            return 0
        if len(taken) == self.limit:
            passed += [fact.id for fact in taken]
            self._next = self._asker.submit(queue.peek, self.limit, passed)
        if flying and not (_plain(taken) and _plain(flying.taken)):
            self.land()
            flying = None
        derived = runner.travel(taken, self.make_desk(flying.opened() if flying else (), self._asker))
        self.land()
        self._flying = Flight(taken, derived, self._writer.submit(_write, taken, derived))
        return len(taken)

    def _waiting(self, passed: Sequence[int]) -> list[Fact]:
        """The next facts that are not on their way already, looked up by now or looked up here."""
        seen, self._next = self._next, None
        return (seen.result() if seen else []) or queue.peek(self.limit, passed)

    def land(self) -> None:
        """Wait until the batch in the air is durable; raises what kept it from it."""
        flying, self._flying = self._flying, None
        if flying:
            flying.done.result()

    def _settle(self) -> None:
        """As `land`, when a refusal is being dealt with anyway: what was seen to wait is taken singly now."""
        self._next = None
        try:
            self.land()
        except Error as error:
            if not refuses(error):
                raise

    def forget(self) -> None:
        """Every connection is made anew; what was in the air is durable by then, or in the queue still."""
        flying, self._flying, self._next = self._flying, None, None
        if flying:
            flying.done.exception()
        for thread in (self._writer, self._asker):
            thread.submit(_hang_up).result()
        connections[ROAD].close()

    def close(self) -> None:
        """Land, then let the writer go. A batch that did not get through is in the queue still."""
        self.forget()
        self._writer.shutdown()
        self._asker.shutdown()


def _hang_up() -> None:
    """Close the connection of the thread that calls."""
    connections[ROAD].close()


def _plain(facts: Sequence[Fact]) -> bool:
    """Whether these facts only open cases or add to them: nothing that the next batch asks a case's row about."""
    return all(fact.kind == Kind.REPORTED for fact in facts)


def _write(taken: Sequence[Fact], derived: Sequence[Fact]) -> None:
    """In the writer's thread, on a connection of its own."""
    with transaction.atomic(using=ROAD):
        if queue.remove(taken) < len(taken):
            raise Unavailable("another runner has taken these facts / 这些事项已由另一个运行器处理")
        write.append(derived)
