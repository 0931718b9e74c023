"""What a trial would be worth, and how much of the budget all of them carry."""

from __future__ import annotations

from htkeval.annex import BudgetChances, Chances
from htkeval.business.case import business_case, missing
from htkeval.business.supporting import support
from htkeval.business_case import BusinessCase
from htkeval.errors import Problem, StateError
from htkeval.steps.case import Case
from htkeval.steps.following import earlier
from htkeval.steps.recommend import needed
from htkeval.steps.states import portfolio, state
from htkeval.supported import Supported
from htkeval.text import say
from htkeval.workspace import Workspace


def worth(case: Case, workspace: Workspace) -> BusinessCase:
    """What the newest analysis would be worth in each budget year, and what earlier bookings gave.

    Raises:
        StateError: There is no analysis.
    """
    stored = needed(case)
    found = business_case(
        case.trial,
        stored.analysis,
        workspace.rates,
        fingerprint=stored.fingerprint,
        years=workspace.budget.years,
    )
    return found.model_copy(update={"earlier": earlier(case)})


def supported(workspace: Workspace) -> Supported:
    """How much of each booked year the evidence carries."""
    trials = portfolio(workspace).trials
    return support(workspace.budget, workspace.rates, workspace.policy, trials)


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
    """How likely the trials that count reach what is booked each year."""
    from htkeval.business import drawing

    trials = portfolio(workspace).trials
    found = support(workspace.budget, workspace.rates, workspace.policy, trials)
    counting = {one.trial for one in found.trials if one.counts}
    states = [one for one in trials if one.trial.id in counting]
    return drawing.reached(workspace.budget, workspace.rates, states, draws=draws, seed=seed)
