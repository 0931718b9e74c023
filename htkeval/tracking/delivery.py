"""One event's runs, delivered exactly once however often this is tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from htkeval.errors import HtkevalError, Problem, Refused
from htkeval.event import Event
from htkeval.store import blobs as blob_folder
from htkeval.store.taken_along import papers_after
from htkeval.text import Text, say
from htkeval.tracking.from_event import later_papers, publications
from htkeval.tracking.publication import Publication
from htkeval.tracking.sink import PARENT_TAG, STATE_TAG, VERIFIED, EvidenceSink, StoredRun

if TYPE_CHECKING:
    from htkeval.store.outbox import OutboxRow
    from htkeval.store.store import Store


@dataclass(frozen=True)
class Delivered:
    """What became of one event's runs."""

    run_id: str
    """The sink's name for the run, or for the parent."""
    anew: bool
    """False where all of it was there already."""


def events_of(rows: Iterable[OutboxRow], store: Store) -> dict[int, Event]:
    """The events that outbox rows speak of, by their place in the chain."""
    wanted = {(row.trial, row.kind) for row in rows}
    return {event.seq: event for trial, kind in wanted for event in store.events(trial, kind)}


def runs_of(
    event: Event, titles: Mapping[str, str], gone: frozenset[str], papers: Iterable[Event] = ()
) -> tuple[Publication, ...]:
    """The runs of an event, under its trial's title where there is one.

    Args:
        event: What happened.
        titles: By trial.
        gone: Files that held somebody who was erased: they are neither sent nor compared.
        papers: Every paper that is kept: a decision's run has those on it that came after it.

    Raises:
        HtkevalError: The event does not say what a run needs, or says NaN.
    """
    try:
        runs = publications(event, titles.get(event.trial, event.trial))
    except ValidationError as error:
        first = error.errors()[0]
        raise HtkevalError(
            Problem(
                say("event {seq}, {kind}", seq=event.seq, kind=event.kind),
                f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
                say("an event that can be told in MLflow"),
            )
        ) from error
    more = later_papers(papers_after(event, papers)) if event.kind == "decision" else ()
    return tuple(
        run.model_copy(
            update={
                "artifacts": tuple(one for one in (*run.artifacts, *more) if one.sha256 not in gone)
            }
        )
        for run in runs
    )


def contents(runs: tuple[Publication, ...], blobs: Path) -> dict[str, bytes]:
    """The bytes of every file of some runs, by SHA-256, read and checked before any is sent."""
    files = {artifact.sha256: artifact.content for run in runs for artifact in run.artifacts}
    return {
        digest: content if content is not None else blob_folder.read(blobs, digest)
        for digest, content in files.items()
    }


def deliver(
    runs: tuple[Publication, ...], sink: EvidenceSink, files: Mapping[str, bytes]
) -> Delivered:
    """Bring one event's runs into the sink.

    A run is looked up by its key before it is made. It is filled while it is RUNNING, read
    back, marked as verified, and FINISHED last, a parent after its children: so a reader who
    accepts only verified and finished runs never sees half of an event, and a delivery that
    broke off anywhere is taken up again by the next. A run that is complete gets nothing but the
    files that came later.

    Args:
        runs: A parent before its children.
        sink: Where they go.
        files: Bytes of their files by SHA-256.

    Raises:
        Refused: The sink does not take it, or gives other bytes back than were sent.
        EnvironmentFailed: The sink is away.
    """
    ids: dict[str, str] = {}
    unfinished: list[Publication] = []
    anew = False
    for run in runs:
        there = _present(run, sink)
        parent = ids[run.parent] if run.parent else None
        ids[run.key] = there.run_id if there else sink.create(run, parent_run=parent)
        if there and parent and there.tags.get(PARENT_TAG) != parent:
            sink.tag(there.run_id, PARENT_TAG, parent)
        if there is None or not there.accepted:
            _send_files(run, ids[run.key], sink, files, resumed=there is not None)
            sink.log(ids[run.key], run)
            _read_back(run, ids[run.key], sink)
            unfinished.append(run)
        elif lacking := _lacking(run, there.run_id, sink):
            _send_files(lacking, there.run_id, sink, files, resumed=False)
            _read_back(lacking, there.run_id, sink)
            anew = True
    for run in reversed(unfinished):
        sink.tag(ids[run.key], STATE_TAG, VERIFIED)
        sink.finish(ids[run.key], end_ms=run.at_ms)
    return Delivered(run_id=ids[runs[0].key], anew=anew or bool(unfinished))


def _present(run: Publication, sink: EvidenceSink) -> StoredRun | None:
    """The run with this key. Others that were left half delivered are put away.

    A server that answers too late can make a run that its client has given up on; the next
    delivery then finds two. A second one that is complete was not made by us.
    """
    found = sorted(sink.find(run.experiment, run.key), key=lambda one: not one.accepted)
    if sum(one.accepted for one in found) > 1:
        raise Refused(
            Problem(
                say("MLflow, {trial}, run {run}", trial=run.experiment, run=run.run_name),
                say("{n} complete runs with the same key", n=len(found)),
                say("one"),
                say("Delete the copy in MLflow, then run `htkeval sync`."),
            )
        )
    for ghost in found[1:]:
        sink.discard(ghost.run_id)
    return found[0] if found else None


def _lacking(run: Publication, run_id: str, sink: EvidenceSink) -> Publication | None:
    """A complete run with only those files that came later and that it has not; None: it has."""
    later = tuple(
        one for one in run.artifacts if one.later and digest(sink, run_id, one.name) != one.sha256
    )
    return run.model_copy(update={"artifacts": later}) if later else None


def _send_files(
    run: Publication,
    run_id: str,
    sink: EvidenceSink,
    files: Mapping[str, bytes],
    *,
    resumed: bool,
) -> None:
    for artifact in run.artifacts:
        if not resumed or digest(sink, run_id, artifact.name) != artifact.sha256:
            sink.upload(run_id, artifact.name, files[artifact.sha256])


def _read_back(run: Publication, run_id: str, sink: EvidenceSink) -> None:
    for artifact in run.artifacts:
        found = digest(sink, run_id, artifact.name)
        if found != artifact.sha256:
            raise Refused(
                Problem(
                    say("MLflow, {trial}, run {run}", trial=run.experiment, run=run.run_name),
                    say("{name} with SHA-256 {sha}", name=artifact.name, sha=found or "–"),
                    say("SHA-256 {sha}, as it was sent", sha=artifact.sha256),
                )
            )


def digest(sink: EvidenceSink, run_id: str, name: str) -> str | None:
    """SHA-256 of a run's file as it can be read back; None where there is no such file."""
    content = sink.fetch(run_id, name)
    return None if content is None else sha256(content).hexdigest()


def sentence(problem: Problem) -> Text:
    """A problem in words, in no language yet."""
    return say(
        "{place}: found {found}; expected {expected}.",
        place=problem.place,
        found=problem.found,
        expected=problem.expected,
    )
