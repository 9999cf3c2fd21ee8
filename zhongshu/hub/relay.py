"""接力 the relay: while one batch is being written, the next one is judged. Nothing waits for the other in between.

What a batch opens is known to the next one before it is in the database (LiveDesk.opened). See docs/decisions/0012.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import Error, connections, transaction

from zhongshu.data import queue, write
from zhongshu.data.databases import ROAD, refuses
from zhongshu.hub import runner
from zhongshu.kernel.desk import Desk
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.facts import Fact, Kind

MakeDesk = Callable[[Sequence[Fact]], Desk]
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
    _flying: Flight | None = None

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
        return runner.drain_singly(lambda: self.make_desk(()), self.limit)

    def _step(self) -> int:
        flying = self._flying
        taken = queue.peek(self.limit, [fact.id for fact in flying.taken] if flying else ())
        if not taken:
            self.land()
            return 0
        if flying and not (_plain(taken) and _plain(flying.taken)):
            self.land()
            flying = None
        derived = runner.travel(taken, self.make_desk(flying.opened() if flying else ()))
        self.land()
        self._flying = Flight(taken, derived, self._writer.submit(_write, taken, derived))
        return len(taken)

    def land(self) -> None:
        """Wait until the batch in the air is durable; raises what kept it from it."""
        flying, self._flying = self._flying, None
        if flying:
            flying.done.result()

    def _settle(self) -> None:
        """As `land`, when a refusal is being dealt with anyway."""
        try:
            self.land()
        except Error as error:
            if not refuses(error):
                raise

    def forget(self) -> None:
        """Both connections are made anew; what was in the air is durable by then, or in the queue still."""
        flying, self._flying = self._flying, None
        if flying:
            flying.done.exception()
        self._writer.submit(_hang_up).result()
        connections[ROAD].close()

    def close(self) -> None:
        """Land, then let the writer go. A batch that did not get through is in the queue still."""
        self.forget()
        self._writer.shutdown()


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
