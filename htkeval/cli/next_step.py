"""What `htkeval` alone says: the next step in this workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from htkeval.cli.output import line
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.portfolio import TrialState


def next_step(given: str | None) -> None:
    """Print one line for each trial, or how to begin where there is no workspace."""
    from htkeval import workspace
    from htkeval.errors import UsageError
    from htkeval.steps.states import portfolio

    try:
        place = workspace.find(Path.cwd(), given=given)
    except UsageError:
        line(say("No workspace here. The next step is one of:"))
        line(say("  htkeval demo    see the whole story on three simulated trials"))
        line(say("  htkeval init    make a workspace of your own"))
        return
    found = portfolio(place)
    line(say("{who}, {folder}", who=found.municipality, folder=str(place.root)))
    if not found.trials:
        line(say("No trials yet: a folder under experiments/ with a trial.toml makes one."))
    for problem in found.unreadable:
        line(problem)
    for state in found.trials:
        line(say("  {trial}: {step}", trial=state.trial.id, step=step(state)))
    if unpublished := sum(state.unpublished for state in found.trials):
        one = say("One run is not in MLflow yet: htkeval sync")
        more = say("{n} runs are not in MLflow yet: htkeval sync", n=unpublished)
        line(one if unpublished == 1 else more)
    line(say("`htkeval --help` lists every command."))


def step(state: TrialState) -> Text:
    """What this trial needs next."""
    name = state.trial.id
    if state.registration is None:
        return say("freeze the promise: htkeval register {trial}", trial=name)
    if not state.rows:
        return say("measure the baseline: htkeval add {trial} FILE", trial=name)
    if not state.rows.get("treatment"):
        return say("measure with the tool: htkeval add {trial} FILE", trial=name)
    if state.analysis is None or state.stale:
        return say("analyse what was measured: htkeval analyse {trial}", trial=name)
    open_gates = [g.id for g in state.gates if g.required and g.state == "open"]
    verdict = state.recommendation.verdict if state.recommendation else None
    if open_gates and verdict in ("go", "prolong"):
        gates = ", ".join(open_gates)
        return say("close {gates}: htkeval gate {trial} ID --state closed", gates=gates, trial=name)
    if not state.decisions:
        return say(
            "read it and sign: htkeval recommend {trial}, htkeval decide {trial}", trial=name
        )
    return say("decided; nothing waits")
