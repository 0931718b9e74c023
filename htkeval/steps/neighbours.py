"""What others found of a trial's question, where the policy asks for it."""

from __future__ import annotations

from htkeval.decision import Requirement
from htkeval.neighbours import neighbours
from htkeval.steps.case import Case
from htkeval.steps.exchange import kept


def of_others(case: Case) -> Requirement:
    """The requirement, from the packages that were taken in; our own trials are left out."""
    from htkeval.evaluation.together import pooled

    question = case.trial.question_id or case.file.question_id
    if question is None:
        return neighbours(None, None)
    strata = pooled(question, kept(case.store)).strata
    fit = (
        one
        for one in strata
        if one.compared == "drawn" and not one.self_reported and not one.simulated
    )
    return neighbours(question, next(fit, None))
