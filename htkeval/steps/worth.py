"""What a trial would be worth, and how much of the budget all of them carry."""

from __future__ import annotations

from htkeval.business.case import business_case
from htkeval.business.supporting import support
from htkeval.business_case import BusinessCase
from htkeval.steps.case import Case
from htkeval.steps.recommend import needed
from htkeval.steps.states import portfolio
from htkeval.supported import Supported
from htkeval.workspace import Workspace


def worth(case: Case, workspace: Workspace) -> BusinessCase:
    """What the newest analysis would be worth in each budget year.

    Raises:
        StateError: There is no analysis.
    """
    stored = needed(case)
    return business_case(
        case.trial,
        stored.analysis,
        workspace.rates,
        fingerprint=stored.fingerprint,
        years=workspace.budget.years,
    )


def supported(workspace: Workspace) -> Supported:
    """How much of each booked year the evidence carries."""
    trials = portfolio(workspace).trials
    return support(workspace.budget, workspace.rates, workspace.policy, trials)
