"""The story that the demo tells: a trial from its definition to a recommendation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from htkeval.decision import Actor
from htkeval.design.scenario import load_scenario
from htkeval.design.simulate import simulate
from htkeval.measurement import Batch
from htkeval.steps.add import add
from htkeval.steps.analyse import analyse
from htkeval.steps.case import Case
from htkeval.steps.decide import decide
from htkeval.steps.gate import set_gate
from htkeval.steps.recommend import recommend
from htkeval.steps.register import register
from htkeval.steps.snapshot import snapshot
from htkeval.store.store import Store
from htkeval.text import render, say
from htkeval.trial_file import load
from htkeval.workspace import Workspace

TELLER = Actor(name="htkeval demo", known_by="declared")

CHAPTERS = ("check", "register", "simulate", "add", "snapshot", "analyse", "recommend")
"""What happens to each trial, in order."""


def tell(
    workspace: Workspace, store: Store, *, before: Callable[[str, str], None]
) -> tuple[str, ...]:
    """Take every trial of a workspace from check to recommendation, on invented measurements.

    Args:
        workspace: A demo workspace.
        store: Its store.
        before: Called with the trial's id and the chapter before each chapter.

    Returns:
        The trials' ids.
    """
    return tuple(_one(workspace, file, store, before) for file in workspace.trial_files)


def _one(workspace: Workspace, file: Path, store: Store, before: Callable[[str, str], None]) -> str:
    name = file.parent.name
    before(name, "check")
    case = Case(store=store, blobs=workspace.blobs, file=load(file))
    trial, policy = case.file, workspace.policy
    promised = _at(trial.starts - timedelta(days=4))
    ended = _at(trial.ends + timedelta(days=1))
    before(name, "register")
    register(case, policy=policy.version, actor=TELLER, now=promised)
    before(name, "simulate")
    scenario = load_scenario(file.parent / "scenario.toml")
    rows = simulate(trial, scenario, seed=scenario.seed)
    before(name, "add")
    batch = Batch(trial=trial.id, name=f"simulated-seed-{scenario.seed}", measurements=rows)
    add(case, batch, actor=TELLER, now=ended, simulated=True)
    before(name, "snapshot")
    snapshot(case, actor=TELLER, now=ended)
    before(name, "analyse")
    analyse(case, actor=TELLER, now=ended)
    before(name, "recommend")
    _close_gates(case, ended)
    if recommend(case, policy=policy).verdict == "go":
        reason = render(say("Simulated decision: every requirement is met."), "da")
        decide(case, "go", reason=reason, policy=policy, actor=TELLER, now=ended)
    return trial.id


def _close_gates(case: Case, ended: datetime) -> None:
    """The gates of the demo are closed the day the trial ended, by the demo itself."""
    for gate in case.trial.gates:
        set_gate(
            case,
            gate.id,
            "closed",
            on=ended.date(),
            responsible=TELLER.name,
            document=None,
            actor=TELLER,
            now=ended,
        )


def _at(day: date) -> datetime:
    """Noon of a day, in UTC."""
    return datetime.combine(day, time(12), UTC)
