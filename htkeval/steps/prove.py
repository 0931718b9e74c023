"""Prove that nothing was changed."""

from __future__ import annotations

from htkeval.effect import Check
from htkeval.errors import EnvironmentFailed
from htkeval.steps.case import open_workspace_store
from htkeval.steps.deliver import sink, titles
from htkeval.text import say
from htkeval.workspace import Workspace


def prove(workspace: Workspace, *, runs: bool) -> tuple[Check, ...]:
    """Chain, rows, blobs and snapshots; and, if `runs`, what MLflow holds.

    Returns:
        A check for each; MLflow being away is not known rather than failed.
    """
    from htkeval.store.verify import verify

    trials = workspace.readable_trials
    with open_workspace_store(workspace) as store:
        checks = verify(store, workspace.blobs, definitions={trial.id: trial for trial in trials})
        if not runs or not store.outbox():
            return checks
        from htkeval.tracking.publisher import compare

        try:
            found = compare(store, sink(workspace), workspace.blobs, titles=titles(workspace))
            return (*checks, *found)
        except EnvironmentFailed:
            away = say("MLflow did not answer, so its runs could not be compared.")
            return (*checks, Check(name="runs", passed=None, message=away))
