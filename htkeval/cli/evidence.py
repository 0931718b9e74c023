"""snapshot, analyse, recommend, decide: from frozen rows to a signature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import acting, here, named_trial, now, placed, reading
from htkeval.cli.output import (
    MARKS,
    line,
    paragraph,
    print_csv,
    print_json,
    print_table,
    simulated_banner,
    warn,
)
from htkeval.cli.speech import words
from htkeval.reporting.labels import REQUIREMENTS, VERDICTS
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.analysis import Analysis
    from htkeval.decision import Actor, Recommendation
    from htkeval.effect import Effect
    from htkeval.portfolio import TrialState
    from htkeval.trial import Trial
    from htkeval.workspace import Workspace


@click.command(help=words(say("Freeze the current rows as a file named by its SHA-256.")))
@named_trial
@click.option(
    "--final",
    is_flag=True,
    help=words(say("Lock the trial too: no more rows, corrections, lots or attachments.")),
)
@acting
@placed
def snapshot(trial: str, final: bool, actor: Actor) -> None:
    """Stores a snapshot; the same rows give the same one."""
    from htkeval.steps.case import open_case
    from htkeval.steps.snapshot import snapshot as freeze

    if final:
        from htkeval.cli.locking import lock_now

        lock_now(here(), trial, actor)
        return
    with open_case(here(), trial) as case:
        event = freeze(case, actor=actor, now=now())
    found = event.payload
    line(say("{n:#,##0} rows frozen as {hash}.", n=found["rows"], hash=found["sha256"]))


@click.command(help=words(say("How much moved, how surely, and what could spoil the conclusion.")))
@named_trial
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help=words(say("Analyse this sheet directly; nothing is stored.")),
)
@click.option(
    "--look",
    type=click.IntRange(1),
    metavar="K",
    help=words(say("Take planned look K at the result; who looked is kept, and a look is one.")),
)
@acting
@reading
@placed
def analyse(trial: str, data: Path | None, look: int | None, form: str, actor: Actor) -> None:
    """Analyses the current rows, frozen first if they are not; or a sheet."""
    if data and look is not None:
        raise _no_look_at_a_sheet()
    found = _analyse_sheet(trial, data) if data else _analyse_store(trial, actor, look)
    if form == "json":
        print_json(found)
    elif form == "csv":
        rows = [{**_flat(effect), "simulated": found.simulated} for effect in found.effects]
        print_csv(rows, list(_COLUMNS))
    else:
        from htkeval.cli.findings import print_analysis

        print_analysis(found)


def _no_look_at_a_sheet() -> Exception:
    from htkeval.errors import Problem, UsageError

    return UsageError(
        Problem(
            "--look",
            say("a sheet too (--data)"),
            say("one of them: looks are at the measurements of a registered trial"),
        )
    )


def _analyse_sheet(trial: str, data: Path) -> Analysis:
    from htkeval import workspace
    from htkeval.errors import UsageError
    from htkeval.steps.analyse import analyse_file
    from htkeval.trial_file import load

    try:
        place = here()
    except UsageError:  # a sheet needs no workspace
        place = None
    definition = load(workspace.find_trial(trial, place))
    promised = _promised(place, definition)
    if promised is not None and promised.analysis.looks != (1.0,):
        warn(
            say(
                "{trial}: a look at a sheet is a look that nobody counts. Looks at the result were "
                "planned, and each more makes a false alarm likelier.",
                trial=definition.id,
            )
        )
    return analyse_file(definition, data, promised=promised is not None)


def _promised(place: Workspace | None, trial: Trial) -> Trial | None:
    """What is registered of this trial here; a sheet is analysed also where no store can say."""
    from htkeval.errors import HtkevalError, StoreLost
    from htkeval.steps.case import Case, open_workspace_store

    if place is None:
        return None
    try:
        with open_workspace_store(place, create=False) as store:
            case = Case(store=store, blobs=place.blobs, file=trial)
            return case.trial if case.registration else None
    except StoreLost:
        raise  # what was promised is not known to be nothing
    except HtkevalError:
        return None


def _analyse_store(trial: str, actor: Actor, look: int | None) -> Analysis:
    from htkeval.steps.analyse import analyse as weigh
    from htkeval.steps.case import open_case

    with open_case(here(), trial) as case:
        stored = weigh(case, actor=actor, now=now(), look=look)
        if case.registration and case.untold:
            keys = ", ".join(change.key for change in case.untold)
            warn(
                say(
                    "trial.toml says something else than what was promised ({keys}); the "
                    "registered one counts. To change it, say why: htkeval deviate {name} "
                    "--what KEY --why TEXT.",
                    keys=keys,
                    name=case.file.id,
                )
            )
    return stored.analysis


_COLUMNS = (
    "metric",
    "role",
    "confirmatory",
    "scale",
    "unit",
    "estimate",
    "low",
    "high",
    "p_value",
    "level",
    "method",
    "baseline_mean",
    "treatment_mean",
    "baseline_tasks",
    "treatment_tasks",
    "simulated",
    "estimand",
    "icc",
    "icc_low",
    "icc_high",
    "p_adjusted",
)
"""A contract: columns are added at the end, never renamed."""


def _flat(effect: Effect) -> dict[str, Any]:
    """An effect as one row."""
    return {
        **effect.model_dump(include=set(_COLUMNS)),
        "low": effect.ci[0],
        "high": effect.ci[1],
        "baseline_mean": effect.baseline.mean,
        "treatment_mean": effect.treatment.mean,
        "baseline_tasks": effect.baseline.tasks,
        "treatment_tasks": effect.treatment.tasks,
        "icc_low": effect.icc_ci[0] if effect.icc_ci else None,
        "icc_high": effect.icc_ci[1] if effect.icc_ci else None,
    }


@click.command(
    help=words(say("What the policy says of the newest analysis, criterion by criterion."))
)
@named_trial
@reading
@placed
def recommend(trial: str, form: str) -> None:
    """Prints the verdict; stores nothing."""
    from htkeval.steps.case import read_case
    from htkeval.steps.states import state
    from htkeval.steps.worth import recommended

    workspace = here()
    with read_case(workspace, trial) as case:
        found = recommended(case, workspace)
        stands = state(case, policy=workspace.policy)
    if form == "json":
        print_json(found)
    elif form == "csv":
        more = {"simulated": found.simulated}
        rows = [{**r.model_dump(), **more, "text": words(r.message)} for r in found.requirements]
        print_csv(rows, ["id", "met", "text", "evidence", "simulated"])
    else:
        _print_recommendation(found, stands)


def _print_recommendation(found: Recommendation, stands: TrialState) -> None:
    from htkeval.cli.deviations import print_deviation
    from htkeval.reporting import locking
    from htkeval.reporting.deviations import POLICY_CHANGED
    from htkeval.reporting.requirements import rows

    if found.simulated:
        line(simulated_banner())
    line(say("{trial}: {verdict}", trial=found.trial, verdict=VERDICTS[found.verdict]))
    print_table(
        [say("Requirement"), "", say("Because")],
        [
            [row.label, f"{MARKS[row.met]} {words(REQUIREMENTS[row.met])}", row.because]
            for row in rows(stands)
        ],
    )
    paragraph(found.next.message)
    if found.next.knowing is not None:
        paragraph(found.next.knowing.message)
    for one in stands.deviations:
        print_deviation(one)
    if stands.policy_changed:
        warn(POLICY_CHANGED)
    fingerprint = (found.analysis or "–")[:16]
    values = {"version": found.policy, "status": found.policy_status, "hash": fingerprint}
    line(say("Policy {version} ({status}), analysis {hash}.", **values))
    if (held := locking.held(stands)) is not None:
        line(held)
    for void in locking.voids(stands):
        warn(void)
    if found.stale:
        name = found.trial
        warn(say("{trial}: something came in after the analysis; run it again.", trial=name))
