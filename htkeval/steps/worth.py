"""What a trial would be worth, and how much of the budget all of them carry."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from htkeval.annex import BudgetChances, Chances
from htkeval.business.case import business_case, missing
from htkeval.business.knowing import knowing
from htkeval.business.knowing import planned as worth_of_plan
from htkeval.business.minutes import MINUTES
from htkeval.business.supporting import support
from htkeval.business_case import BusinessCase
from htkeval.decision import Recommendation
from htkeval.economics import Rates
from htkeval.errors import Problem, StateError
from htkeval.knowing import Knowing
from htkeval.portfolio import TrialState
from htkeval.steps.case import Case, read_case
from htkeval.steps.following import earlier
from htkeval.steps.recommend import needed, recommend
from htkeval.steps.states import portfolio, state
from htkeval.supported import Supported
from htkeval.text import say
from htkeval.workspace import Workspace

RATES = Path("configs") / "economics.toml"
"""A workspace made before has none; one that cannot be read is told."""


def worth(case: Case, workspace: Workspace, *, more: bool = False) -> BusinessCase:
    """What the newest analysis would be worth in each budget year, and what earlier bookings gave.

    Args:
        case: The trial.
        workspace: Where the municipality's figures are.
        more: Whether it is asked too what it would be worth to know more.

    Raises:
        StateError: There is no analysis.
    """
    stored, rates = needed(case), workspace.rates
    found = business_case(
        case.trial,
        stored.analysis,
        rates,
        fingerprint=stored.fingerprint,
        years=workspace.budget.years,
    )
    found = found.model_copy(update={"earlier": earlier(case)})
    if not more:
        return found
    known = _known(state(case, policy=workspace.policy), rates)
    return found.model_copy(update={"knowing": known})


def recommended(case: Case, workspace: Workspace) -> Recommendation:
    """What the policy says of the newest analysis, and what it would be worth to know more.

    Raises:
        StateError: There is no analysis.
    """
    advice = recommend(case, policy=workspace.policy)
    if not (workspace.root / RATES).is_file():  # without it there is still a recommendation
        return advice
    rates = workspace.rates
    known = _known(state(case, policy=workspace.policy), rates)
    return advice.model_copy(update={"next": advice.next.model_copy(update={"knowing": known})})


def going_on(stands: TrialState, rates: Rates) -> Knowing | None:
    """What it costs and is worth to go on with a trial, where that is the advice; None elsewhere,
    for the draws take their time.

    The first sample is the one that `worth` tells of the same trial.
    """
    if stands.recommendation is None or stands.recommendation.verdict != "prolong":
        return None
    return knowing(stands, rates)


def _known(stands: TrialState, rates: Rates) -> Knowing | None:
    from htkeval.planning.closed_form import left_by_same

    analysis, trial = stands.analysis, stands.trial
    effect = analysis.confirmatory if analysis else None
    icc = effect.icc if effect else None

    def left(share: float) -> float | None:
        return left_by_same(trial, share, icc=icc)

    return knowing(stands, rates, same_people=left)


def values(workspace: Workspace, applied: Iterable[str]) -> dict[str, float]:
    """By trial: kroner that the information asked for is expected to be worth.

    Of a trial with an analysis, what as many tasks more as it lacks are worth; of one without, what
    its plan is, from the minutes a task that were measured without the tool, else stated.

    Args:
        workspace: Where the municipality's figures are.
        applied: Ids of the trials that are asked about; one that is not known is left out.
    """
    if not (workspace.root / RATES).is_file():
        return {}
    rates = workspace.rates
    wanted, found = set(applied), {}
    for trial in workspace.readable_trials:
        if trial.id not in wanted:
            continue
        with read_case(workspace, trial.id) as case:
            value = _value(case, workspace, rates)
        if value is not None:
            found[trial.id] = value
    return found


def _value(case: Case, workspace: Workspace, rates: Rates) -> float | None:
    stands = state(case, policy=workspace.policy)
    if stands.analysis is not None:
        known = _known(stands, rates)
        return known.samples[0].value_kr if known is not None and known.samples else None
    from htkeval.planning.assumed import usual
    from htkeval.planning.closed_form import planned_error
    from htkeval.steps.plan import known as known_before

    trial, stated = stands.trial, stands.trial.economics.minutes_a_task
    units, each = trial.design.clusters, trial.design.tasks_each
    measured = known_before(case)
    a_unit = MINUTES[trial.primary.unit or "min"] if trial.primary.kind == "duration" else 1.0
    minutes = a_unit * measured.mean.value if measured else stated.expected if stated else None
    if minutes is None or units is None or each is None:
        return None
    error = planned_error(trial, measured or usual(trial), units=units, tasks_each=each)
    if error is None:
        return None
    return worth_of_plan(trial, rates, stands.prior, minutes=minutes, error=error)


def supported(workspace: Workspace, trials: tuple[TrialState, ...] | None = None) -> Supported:
    """How much of each booked year the evidence carries.

    Args:
        workspace: Where.
        trials: Where its trials stand, where that was read before.

    Raises:
        Refused: Two programmes claim one gain.
    """
    if trials is None:
        trials = portfolio(workspace).trials
    whose = workspace.municipality
    return support(workspace.budget, workspace.rates, workspace.policy, trials, whose.programmes)


def chances(case: Case, workspace: Workspace, *, draws: int, seed: int) -> Chances:
    """What chance makes of the net kroner of a year.

    Raises:
        StateError: There is no analysis, or something behind the net kroner is not known.
    """
    from htkeval.business import drawing

    found = worth(case, workspace)
    stands = state(case, policy=workspace.policy)
    drawn = drawing.chances(stands, workspace.rates, draws=draws, seed=seed)
    if drawn is None:
        lacking = [label for _, label in missing(found.steps, found.step("net_kr").missing)]
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("no figure for {what}", what=tuple(lacking)),
                say("every figure behind the net kroner, each with source and date"),
                say("State them under [economics] in trial.toml."),
            )
        )
    return drawn


def reached(workspace: Workspace, *, draws: int, seed: int) -> BudgetChances:
    """How likely the trials that count reach what is booked each year.

    Raises:
        Refused: Two programmes claim one gain.
    """
    from htkeval.business import drawing

    trials, whose = portfolio(workspace).trials, workspace.municipality
    found = support(workspace.budget, workspace.rates, workspace.policy, trials, whose.programmes)
    counting = {one.trial for one in found.trials if one.counts}
    states = [one for one in trials if one.trial.id in counting]
    return drawing.reached(workspace.budget, workspace.rates, states, draws=draws, seed=seed)
