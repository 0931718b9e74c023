"""Prove that nothing was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from pydantic import ValidationError

from htkeval.deviation import Deviation
from htkeval.effect import Check
from htkeval.errors import EnvironmentFailed, HtkevalError, StoreLost
from htkeval.steps.analyse import repeat
from htkeval.steps.case import Case, read_workspace_store
from htkeval.steps.deliver import sink, titles
from htkeval.steps.draws_again import draws
from htkeval.steps.recommend import needed
from htkeval.store.erased_files import gone
from htkeval.store.store import Store
from htkeval.text import Text, say
from htkeval.trial import Trial
from htkeval.workspace import Workspace


def prove(workspace: Workspace, *, runs: bool) -> tuple[Check, ...]:
    """Chain, rows, blobs, snapshots and analyses; and, if `runs`, what MLflow holds.

    Returns:
        A check for each; MLflow being away is not known rather than failed.
    """
    from htkeval.store.verify import verify

    trials = {trial.id: trial for trial in workspace.readable_trials}
    try:
        with read_workspace_store(workspace) as store:
            outside = _tried("runs", lambda: _runs(store, workspace)) if runs else ()
            return (
                *verify(store, workspace.blobs, definitions=trials),
                *_tried("allocation", lambda: draws(store, workspace, trials)),
                *_analyses(store, workspace, trials),
                *_forgotten(store, workspace),
                *(outside if store.outbox() else ()),
            )
    except StoreLost as lost:
        return (Check(name="record", passed=False, message=lost.problems[0].sentence),)


def _tried(name: str, part: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """What a part finds, and a failed check where the record is such that it cannot go on."""
    try:
        yield from part()
    except HtkevalError as failed:
        yield Check(name=name, passed=False, message=failed.problems[0].sentence)
    except (KeyError, TypeError, ValueError, AttributeError) as failed:  # a forger's own payload
        why = f"{type(failed).__name__}: {failed}"
        lost = say("The record cannot be followed ({why}).", why=why)
        yield Check(name=name, passed=False, message=lost)


def _runs(store: Store, workspace: Workspace) -> tuple[Check, ...]:
    from htkeval.tracking.publisher import compare

    try:
        return compare(store, sink(workspace), workspace.blobs, titles=titles(workspace))
    except EnvironmentFailed:
        away = say("MLflow did not answer, so its runs could not be compared.")
        return (Check(name="runs", passed=None, message=away),)


def _analyses(store: Store, workspace: Workspace, trials: Mapping[str, Trial]) -> Iterator[Check]:
    """Does the newest analysis of each trial come out of its snapshot again, byte for byte?"""
    for name in store.trials():
        if name in trials:
            case = Case(store=store, blobs=workspace.blobs, file=trials[name])
            yield from _tried(f"analysis:{name}", partial(_analysis, case))


def _analysis(case: Case) -> tuple[Check, ...]:
    if case.store.latest(case.file.id, "analysis") is None:
        return ()
    return (_again(case),)


def _again(case: Case) -> Check:
    name = f"analysis:{case.file.id}"
    try:
        stored = needed(case)
        if stored.analysis.snapshot in gone(case.store.events()):
            return Check(name=name, passed=None, message=_without(case.file.id))
        again = repeat(case, stored)
    except (HtkevalError, ValidationError):
        lost = say("{trial}: the newest analysis cannot be computed again.", trial=case.file.id)
        return Check(name=name, passed=False, message=lost)
    kept = stored.analysis
    before = [e for e in case.deviations if e.seq < stored.event.seq]
    if kept.deviations != tuple(Deviation.of(event) for event in before):
        hidden = say(
            "{trial}: the newest analysis does not tell every deviation.", trial=case.file.id
        )
        return Check(name=name, passed=False, message=hidden)
    moved = kept.registration is None or kept.registration != case.fingerprint
    if again.software != kept.software or (moved and again != kept):
        other = say(
            "{trial}: another version or another definition made the newest analysis.",
            trial=case.file.id,
        )
        return Check(name=name, passed=None, message=other)
    same = again == kept
    text = (
        say("{trial}: the newest analysis comes out of its snapshot again.", trial=case.file.id)
        if same
        else say("{trial}: the newest analysis does not come out again.", trial=case.file.id)
    )
    return Check(name=name, passed=same, message=text)


def _without(trial: str) -> Text:
    return say(
        "{trial}: the newest analysis counted somebody who was erased; data changed, run it again.",
        trial=trial,
    )


def _forgotten(store: Store, workspace: Workspace) -> tuple[Check, ...]:
    """Files without a record: a store that was lost or made anew beside what it once knew."""
    kept = workspace.blobs / "sha256"
    if store.trials() or not (kept.is_dir() and any(kept.iterdir())):
        return ()
    text = say("There are files in {folder}, but the record is empty.", folder=str(workspace.blobs))
    return (Check(name="record", passed=False, message=text),)
