"""What `htkeval` alone says: the next step in this workspace."""

from __future__ import annotations

from pathlib import Path

from htkeval.cli.output import line
from htkeval.local_day import local_day
from htkeval.reporting.next_step import step
from htkeval.text import say


def next_step(given: str | None) -> None:
    """Print one line for each trial, or how to begin where there is no workspace."""
    from htkeval import workspace
    from htkeval.cli.options import now
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
    today = local_day(now())
    for state in found.trials:
        told = step(state, today=today)
        line(say("  {trial}: {step}", trial=state.trial.id, step=told))
    if unpublished := sum(state.unpublished for state in found.trials):
        one = say("One run is not in MLflow yet: htkeval sync")
        more = say("{n} runs are not in MLflow yet: htkeval sync", n=unpublished)
        line(one if unpublished == 1 else more)
    line(say("`htkeval --help` lists every command."))
