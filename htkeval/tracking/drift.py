"""Whether MLflow still says what the store says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from htkeval.effect import Check
from htkeval.errors import Refused
from htkeval.store.erased_files import gone
from htkeval.text import Text, say
from htkeval.tracking.delivery import digest, events_of, runs_of, sentence
from htkeval.tracking.lock import WAIT, only_publisher
from htkeval.tracking.publication import Publication
from htkeval.tracking.sink import PARENT_TAG, EvidenceSink, StoredRun

if TYPE_CHECKING:
    from htkeval.store.store import Store

NAME = "runs"
"""Name of these checks in files."""


def compare(
    store: Store,
    sink: EvidenceSink,
    blobs: Path,
    *,
    titles: Mapping[str, str],
    wait: float = WAIT,
) -> tuple[Check, ...]:
    """Does each delivered event have exactly one complete run that says what the store says?

    Finds a run that was edited, deleted, copied or invented in MLflow, and a changed file.
    Notes and tags that people add are theirs, and so are runs without our key.

    Args:
        store: The record of what happened.
        sink: MLflow, or its twin in memory.
        blobs: Folder of immutable files; while this runs, nobody delivers.
        titles: Name for people of each trial, by id.
        wait: Seconds to wait for a publisher.

    Returns:
        A failed check for each disagreement, or one that says that there is none; and one
        that cannot be told where something is not delivered yet.

    Raises:
        EnvironmentFailed: The sink is away, or a publisher holds the lock.
    """
    with only_publisher(blobs, wait=wait):
        rows = store.outbox()
        there = tuple(row for row in rows if row.run_id is not None)
        events = events_of(there, store)
        erased, papers = gone(store.events()), store.events(kind="paper")
        expected = [
            run
            for row in there
            for run in runs_of(
                events[row.seq], titles, erased, papers if row.state == "sent" else ()
            )
        ]
        trials = sorted({row.trial for row in rows})
        disagreements = list(_disagreements(expected, trials, sink))
    checks = [Check(name=NAME, passed=False, message=message) for message in disagreements]
    if expected and not checks:
        agrees = (
            say("The one run in MLflow says what the store says.")
            if len(expected) == 1
            else say("{n} runs in MLflow say what the store says.", n=len(expected))
        )
        checks = [Check(name=NAME, passed=True, message=agrees)]
    if waiting := sum(row.state != "sent" for row in rows):
        message = (
            say("One event is not delivered to MLflow yet.")
            if waiting == 1
            else say("{n} events are not delivered to MLflow yet.", n=waiting)
        )
        checks.append(Check(name=NAME, passed=None, message=message))
    return tuple(checks)


def _disagreements(
    expected: list[Publication], trials: list[str], sink: EvidenceSink
) -> Iterator[Text]:
    there: dict[str, StoredRun] = {}
    for trial in trials:
        try:
            there |= {run.run_id: run for run in sink.runs(trial)}
        except Refused as refused:  # somebody deleted the whole experiment
            yield sentence(refused.problems[0])
    by_key: dict[str, list[StoredRun]] = {}
    for run in there.values():
        if run.key is not None:
            by_key.setdefault(run.key, []).append(run)
    for publication in expected:
        found = by_key.pop(publication.key, [])
        if len(found) == 1:
            yield from _differences(publication, found[0], there, sink)
        else:
            yield say(
                "{trial}, {run}: MLflow has {n} runs of it instead of one.",
                trial=publication.experiment,
                run=publication.run_name,
                n=len(found),
            )
    yield from (_stranger(run) for runs in by_key.values() for run in runs if run.accepted)


def _stranger(run: StoredRun) -> Text:
    return say(
        "MLflow has a run {run} that carries our mark, but the store knows nothing of it.",
        run=run.name,
    )


def _differences(
    publication: Publication,
    run: StoredRun,
    there: Mapping[str, StoredRun],
    sink: EvidenceSink,
) -> Iterator[Text]:
    if not run.accepted:
        yield _differs(publication, "status", run.status, "FINISHED, verified")
    for what, found, wanted in _figures(publication, run, there):
        if found != wanted:
            yield _differs(publication, what, found, wanted)
    for artifact in publication.artifacts:
        sha = digest(sink, run.run_id, artifact.name)
        if sha != artifact.sha256:
            yield _differs(publication, artifact.name, sha, artifact.sha256)


def _figures(
    publication: Publication, run: StoredRun, there: Mapping[str, StoredRun]
) -> Iterator[tuple[str, object, object]]:
    """What is compared: name, what MLflow has, what the store has."""
    yield "name", run.name, publication.run_name
    yield "start", run.start_ms, publication.at_ms
    yield "end", run.end_ms, publication.at_ms
    for key in sorted({*run.metrics, *publication.metrics}):
        yield key, run.metrics.get(key), publication.metrics.get(key)
    for key in sorted({*run.params, *publication.params}):
        yield key, run.params.get(key), publication.params.get(key)
    for key in sorted(key for key in publication.tags if key.startswith("htk.")):
        yield key, run.tags.get(key), publication.tags[key]
    data = publication.dataset
    yield "inputs", run.datasets, ((data.name, data.digest),) if data else ()
    parent = there.get(run.tags.get(PARENT_TAG, ""))
    yield PARENT_TAG, parent.key if parent else None, publication.parent


def _differs(publication: Publication, what: str, found: object, wanted: object) -> Text:
    return say(
        "{trial}, {run}: {what} is {found} in MLflow and {wanted} in the store.",
        trial=publication.experiment,
        run=publication.run_name,
        what=what,
        found=_short(found),
        wanted=_short(wanted),
    )


def _short(value: object) -> str:
    word = "–" if value is None else str(value)
    return word if len(word) <= 80 else word[:80] + " …"
