"""The story that the demo tells: a trial from its definition to a recommendation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from htkeval.decision import Actor
from htkeval.design.scenario import Scenario, load_scenario
from htkeval.design.simulate import simulate
from htkeval.measurement import Batch
from htkeval.steps import tell_beside
from htkeval.steps.add import add
from htkeval.steps.analyse import analyse
from htkeval.steps.case import Case
from htkeval.steps.gate import set_gate
from htkeval.steps.recommend import recommend
from htkeval.steps.register import register
from htkeval.steps.snapshot import snapshot
from htkeval.store.store import Store
from htkeval.trial_file import load
from htkeval.workspace import Workspace

TELLER = Actor(name="htkeval demo", known_by="declared")

CHAPTERS = ("check", "register", "simulate", "add", "snapshot", "analyse", "recommend")
"""What happens to each trial, in order."""


Before = Callable[[str, str], None]
"""Called with the trial's id and the chapter, before the chapter."""


def tell(workspace: Workspace, store: Store, *, before: Before) -> None:
    """Take every trial of a workspace from check to recommendation, on invented measurements.

    Everything happens on the trials' own days, in the order of those days.
    """
    policy = workspace.policy
    cases = []
    for file in workspace.trial_files:
        before(file.parent.name, "check")
        case = Case(store=store, blobs=workspace.blobs, file=load(file))
        cases.append((case, load_scenario(file.parent / "scenario.toml")))
    for case, _ in sorted(cases, key=lambda pair: pair[0].file.starts):
        before(case.file.id, "register")
        promised = _noon(case.file.starts - timedelta(days=4))
        register(case, policy=policy, actor=TELLER, now=promised, simulated=True)
        tell_beside.money(case, workspace.pool, actor=TELLER, now=promised)
    for case, scenario in sorted(cases, key=lambda pair: pair[0].file.ends):
        _measure_and_weigh(case, scenario, workspace, before)


def _measure_and_weigh(
    case: Case, scenario: Scenario, workspace: Workspace, before: Before
) -> None:
    policy, trial = workspace.policy, case.trial
    ended = _noon(trial.ends + timedelta(days=1))
    before(trial.id, "simulate")
    rows = simulate(trial, scenario, seed=scenario.seed)
    before(trial.id, "add")
    batch = Batch(trial=trial.id, name=f"simulated-seed-{scenario.seed}", measurements=rows)
    add(case, batch, actor=TELLER, now=ended, simulated=True)
    before(trial.id, "snapshot")
    snapshot(case, actor=TELLER, now=ended)
    before(trial.id, "analyse")
    analyse(case, actor=TELLER, now=ended)
    before(trial.id, "recommend")
    tell_beside.findings(case, actor=TELLER, now=ended)
    _close_gates(case, ended)
    if recommend(case, policy=policy).verdict == "go":
        tell_beside.sign(case, workspace, actor=TELLER, now=ended)


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


def _noon(day: date) -> datetime:
    """Noon of a day, in UTC."""
    return datetime.combine(day, time(12), UTC)
