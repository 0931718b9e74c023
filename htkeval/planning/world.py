"""A plan as something that can be invented: the trial without its ornaments, and a scenario."""

from __future__ import annotations

from htkeval.design.periods import steps_of
from htkeval.design.scenario import CovariateScenario, Group, Holder, Scenario, Spread
from htkeval.planning.assumed import Assumed
from htkeval.planning.closed_form import rolled_out
from htkeval.trial import BY_TEAM, Trial

SPREAD = Spread(mean=100, sd=30)
"""What rates and shares are divided by, where nothing is known of it."""
COVARIATE = {"mean": 10.0, "sd": 3.0, "elasticity": 0.0}
"""A covariate that explains nothing: what it costs is counted, what it gives is not."""
EVEN = {"a": 0.5, "b": 0.5}
"""A column of strata or categories: two words, as frequent; those of strata in turn."""
PERIODS = 24
"""Periods of a series that nobody has planned."""


def bare(trial: Trial, *, units: int) -> Trial:
    """The trial with its primary metric, draw, covariates and method, and nothing else.

    What is told of tasks one by one (their kind, day, status) decides no size.
    """
    design = trial.design.model_copy(
        update={
            "clusters": None if trial.design.kind == "interrupted_time_series" else units,
            "participant": trial.design.participant or "participant",
            "task": None,
            "task_type": None,
            "date": None,
            "status": None,
            "realised_arm": None,
            "wash_in_days": 0,
        }
    )
    primary = trial.primary.model_copy(update={"rater": None})
    return trial.model_copy(
        update={
            "design": design,
            "metrics": (primary,),
            "exclusions": (),
            "hard_stops": (),
            "gates": (),
            "forecast": None,
        }
    )


def scenario(
    trial: Trial, assumed: Assumed, *, units: int, tasks_each: float, effect: float, seed: int = 0
) -> Scenario:
    """What would be true of a bare trial with so many people or teams and tasks.

    Args:
        trial: What `bare` gave.
        assumed: The work before the tool.
        units: Participants; teams where teams have the tool.
        tasks_each: Tasks of each, over all periods.
        effect: Relative change by the tool.
        seed: Of the scenario; not used where a generator is handed over.
    """
    series = trial.design.kind == "interrupted_time_series"
    teams = trial.design.kind in BY_TEAM
    owner = _owner(trial)
    columns = {covariate.column: covariate.scale for covariate in trial.covariates}
    words = [*trial.design.strata, *(c for c, scale in columns.items() if scale == "category")]
    exposure = trial.primary.exposure
    return Scenario(
        seed=seed,
        participants=units,
        teams=units if teams or trial.design.team else None,
        tasks_each=tasks_each,
        tasks_each_sd=assumed.tasks_each_cv * tasks_each,
        periods=PERIODS if series else 1,
        baseline_mean=assumed.mean.value,
        log_sd=assumed.within_sd,
        icc=assumed.icc.value,
        cluster_autocorrelation=assumed.autocorrelation.value if rolled_out(trial) else 1.0,
        relative_effect=effect,
        reaction_sd=assumed.reaction_sd.value,
        exposures={exposure: SPREAD} if exposure else {},
        covariates={
            name: CovariateScenario.model_validate({**COVARIATE, "of": owner})
            for name, scale in columns.items()
            if scale != "category" and name not in words
        },
        groups={
            name: Group(shares=EVEN, of=owner, dealt=name in trial.design.strata) for name in words
        },
    )


def _owner(trial: Trial) -> Holder:
    """Whose property a stratum is: what is known when the unit's lot is drawn."""
    if trial.design.kind == "within":
        return "task"
    return "team" if trial.design.kind in BY_TEAM else "participant"


def least_tasks(trial: Trial, units: int) -> int:
    """Fewest tasks of each: one in every period or arm."""
    match trial.design.kind:
        case "within" | "crossover" | "before_after" | "difference_in_differences":
            return 2
        case "stepped_wedge":
            return steps_of(trial.design, units) + 1
        case _:
            return 1
