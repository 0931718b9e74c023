"""Delivers published events to MLflow from the outbox, and again into an empty one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from htkeval.errors import HtkevalError, Refused
from htkeval.event import Event
from htkeval.store.erased_files import gone
from htkeval.store.taken_along import papers_after
from htkeval.text import Text
from htkeval.tracking.delivery import Delivered, contents, deliver, events_of, runs_of, sentence
from htkeval.tracking.drift import compare
from htkeval.tracking.lock import WAIT, only_publisher
from htkeval.tracking.sink import EvidenceSink

if TYPE_CHECKING:
    from htkeval.store.outbox import OutboxRow
    from htkeval.store.store import Store

__all__ = ["SyncReport", "compare", "rebuild_all", "sync"]


@dataclass(frozen=True)
class SyncReport:
    """What one delivery did."""

    delivered: int = 0
    """Events whose runs were made or completed now."""
    already: int = 0
    """Events whose runs were complete in MLflow, which the store did not know yet."""
    failed: int = 0
    """Events that could not be delivered; the next delivery tries them again."""
    problems: tuple[Text, ...] = ()
    """Why not, a sentence for each."""


def sync(
    store: Store,
    sink: EvidenceSink,
    blobs: Path,
    *,
    titles: Mapping[str, str],
    wait: float = WAIT,
) -> SyncReport:
    """Deliver what MLflow does not have yet, oldest first.

    Safe to break off anywhere and to run again: each run is looked up by its key first.

    Args:
        store: The record of what happened.
        sink: MLflow, or its twin in memory.
        blobs: Folder of immutable files.
        titles: Name for people of each trial, by id; the id where it is missing.
        wait: Seconds to wait for another publisher.

    Raises:
        EnvironmentFailed: The sink is away, or another publisher holds the lock. What was
            delivered is kept, the rest waits.
        UsageError: The sink's address is none.
    """
    with only_publisher(blobs, wait=wait):
        waiting = tuple(row for row in store.outbox() if row.state != "sent")
        return _Pass(store, sink, blobs, titles).run(waiting)


def rebuild_all(
    store: Store,
    sink: EvidenceSink,
    blobs: Path,
    *,
    titles: Mapping[str, str],
    wait: float = WAIT,
) -> SyncReport:
    """Deliver every published event again, into an MLflow that was lost or is new.

    Gives the same runs: names, params, metrics, tags, inputs, files, times. Only the numbers
    that MLflow itself draws for runs and experiments differ.

    Args, Raises: As for `sync`.
    """
    with only_publisher(blobs, wait=wait):
        return _Pass(store, sink, blobs, titles).run(store.outbox())


@dataclass
class _Pass:
    """One walk through outbox rows, in the order in which things happened."""

    store: Store
    sink: EvidenceSink
    blobs: Path
    titles: Mapping[str, str]
    delivered: int = 0
    already: int = 0
    problems: list[Text] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    papers: tuple[Event, ...] = ()

    def run(self, rows: tuple[OutboxRow, ...]) -> SyncReport:
        events = events_of(rows, self.store)
        self.gone, self.papers = gone(self.store.events()), self.store.events(kind="paper")
        for row in sorted(rows, key=lambda each: each.seq):
            self._deliver(row, events[row.seq])
        self._came_meanwhile(events.values())
        return SyncReport(
            delivered=self.delivered,
            already=self.already,
            failed=len(self.problems),
            problems=tuple(self.problems),
        )

    def _came_meanwhile(self, delivered: Iterable[Event]) -> None:
        """A paper that was kept while its decision was under way is for the next delivery."""
        late = self.store.events(kind="paper")[len(self.papers) :]
        for event in delivered:
            if event.kind == "decision" and papers_after(event, late):
                self.store.mark(event.hash, "pending")

    def _deliver(self, row: OutboxRow, event: Event) -> None:
        try:
            runs = runs_of(event, self.titles, self.gone, self.papers)
            files = contents(runs, self.blobs)
        except HtkevalError as error:
            self._failed(row, error)
            return
        self.store.mark(row.key, "sending")
        try:
            done = deliver(runs, self.sink, files)
        except Refused as error:
            self._failed(row, error)
        except HtkevalError as error:
            if not self.sink.answers():
                self.store.mark(row.key, "pending", error=str(error))
                raise
            self._failed(row, error)
        else:
            self._sent(row, done)

    def _sent(self, row: OutboxRow, done: Delivered) -> None:
        self.store.mark(row.key, "sent", run_id=done.run_id)
        self.delivered += done.anew
        self.already += not done.anew

    def _failed(self, row: OutboxRow, error: HtkevalError) -> None:
        self.store.mark(row.key, "failed", error=str(error))
        self.problems.append(sentence(error.problems[0]))
