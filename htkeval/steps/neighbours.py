"""What others found of a trial's question, where the policy asks for it."""

from __future__ import annotations

from htkeval.decision import Policy, Requirement
from htkeval.evidence import LEVELS
from htkeval.neighbours import neighbours
from htkeval.steps.case import Case
from htkeval.steps.exchange import kept


def of_others(case: Case, policy: Policy) -> Requirement:
    """The requirement, from the packages that were taken in and are measured as well as the policy
    asks of our own; ours are left out, and so is what is older than its measurements."""
    from htkeval.evaluation.together import pooled

    question = case.trial.question_id or case.file.question_id
    if question is None:
        return neighbours(None, None)
    needs = LEVELS.index(policy.go.evidence_level)
    good = (
        one
        for one in kept(case.store, question)
        if LEVELS.index(one.evidence_level) >= needs and not one.stale
    )
    strata = pooled(question, good).strata
    fit = (
        one
        for one in strata
        if one.compared == "drawn" and not one.self_reported and not one.simulated
    )
    return neighbours(question, next(fit, None))
