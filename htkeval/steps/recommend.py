"""What the policy says of the newest analysis."""

from __future__ import annotations

from datetime import date

from htkeval.decision import GateTold, Policy, Recommendation
from htkeval.errors import Problem, StateError
from htkeval.recommendation import recommend as weigh
from htkeval.steps.analyse import Stored, newest
from htkeval.steps.case import Case
from htkeval.steps.following import follow_up
from htkeval.steps.gate import gates
from htkeval.steps.neighbours import of_others
from htkeval.steps.snapshot import data_seq
from htkeval.text import say


def recommend(case: Case, *, policy: Policy, today: date | None = None) -> Recommendation:
    """The verdict with every criterion.

    Args:
        case: The trial.
        policy: The rules in force.
        today: Which day it is; None: this one.

    Raises:
        StateError: There is no analysis.
    """
    return weigh_stored(case, needed(case), policy=policy, today=today)


def needed(case: Case) -> Stored:
    """The newest analysis. Raises `StateError` where there is none."""
    stored = newest(case)
    if stored is None:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("no analysis"),
                say("an analysis of the current measurements"),
                say("Run `htkeval analyse {name}` first.", name=case.file.id),
            )
        )
    return stored


def weigh_stored(
    case: Case, stored: Stored, *, policy: Policy, today: date | None = None
) -> Recommendation:
    """The verdict on one stored analysis, with the gates and what was realised as they stand."""
    views = gates(case)
    states = {gate.id: gate.state for gate in views}
    told = {gate.id: GateTold(on=gate.date, responsible=gate.responsible) for gate in views}
    return weigh(
        case.trial,
        policy,
        stored.analysis,
        states,
        fingerprint=stored.fingerprint,
        stale=stale(case, stored),
        followed=None if policy.go.realised is None else follow_up(case, today=today),
        others=of_others(case, policy) if policy.go.neighbours else None,
        told=told,
    )


def data_changed(case: Case, stored: Stored) -> bool:
    """Whether other rows count than when this was analysed."""
    frozen = case.store.events(case.file.id, "snapshot")
    used = [event for event in frozen if event.payload["sha256"] == stored.analysis.snapshot]
    return not used or used[-1].payload["data_seq"] != data_seq(case)


def opened_since(case: Case, stored: Stored) -> bool:
    """Whether the trial was unlocked after this was analysed: then it is analysed anew."""
    opened = case.store.latest(case.file.id, "unlock")
    return opened is not None and opened.seq > stored.event.seq


def stale(case: Case, stored: Stored) -> bool:
    """Whether measurements, a registration, a change of it or an unlocking came after it."""
    if data_changed(case, stored) or opened_since(case, stored):
        return True
    kept = stored.analysis
    told_of = any(check.name == "as_registered" for check in kept.checks)
    moved = told_of != case.unregistered_change or kept.deviations != case.told
    return moved or kept.registration != case.fingerprint
