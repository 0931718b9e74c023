"""Policy and evidence in, recommendation out. Pure arithmetic on what was computed before."""

from __future__ import annotations

from collections.abc import Mapping

from htkeval.analysis import Analysis
from htkeval.criteria import criteria
from htkeval.decision import (
    GateState,
    GateTold,
    NextStep,
    Policy,
    Recommendation,
    Requirement,
    Verdict,
)
from htkeval.effect import Effect
from htkeval.follow_up import FollowUp
from htkeval.more_tasks import beyond, more_tasks, tasks_for_goal, tasks_for_guardrail
from htkeval.realised_share import realised_share
from htkeval.text import Text, say
from htkeval.trial import Trial


def recommend(
    trial: Trial,
    policy: Policy,
    analysis: Analysis,
    gates: Mapping[str, GateState],
    *,
    fingerprint: str | None,
    stale: bool = False,
    followed: FollowUp | None = None,
    others: Requirement | None = None,
    told: Mapping[str, GateTold] | None = None,
) -> Recommendation:
    """What does the policy say of this evidence?

    Args:
        trial: The definition that was analysed.
        policy: The municipality's rules.
        analysis: Effects, gaps and checks.
        gates: State of each gate by id; one that is not there is open.
        fingerprint: SHA-256 of the analysis as stored; None where nothing was stored.
        stale: Whether something came in after the analysis.
        followed: What became of the saving that the decision which holds booked; None: none is.
        others: What trials of other municipalities say; None: the policy does not ask.
        told: By gate: who answers for it and since when; what is not there is not said.

    Returns:
        The verdict with every criterion: met, not met or not known.
    """
    requirements = criteria(trial, policy, analysis, gates, told or {})
    requirements += realised_share(policy.go.realised, followed)
    requirements += (others,) if others is not None else ()
    verdict = _verdict(trial, policy, analysis, gates, requirements)
    return Recommendation(
        trial=trial.id,
        analysis=fingerprint,
        policy=policy.version,
        policy_status=policy.status,
        policy_fingerprint=policy.fingerprint,
        verdict=verdict,
        simulated=analysis.simulated,
        stale=stale,
        deviations=tuple(f"{', '.join(one.keys)}: {one.why}" for one in analysis.deviations),
        requirements=requirements,
        next=_next(trial, policy, analysis, verdict, requirements),
    )


def _verdict(
    trial: Trial,
    policy: Policy,
    analysis: Analysis,
    gates: Mapping[str, GateState],
    requirements: tuple[Requirement, ...],
) -> Verdict:
    """Stop before all; what the law forbids before any figure; no before go; prolong where nothing
    is settled.

    Between looks nothing is, but that a serious incident stops a trial on any day. Where the
    policy asks for the minutes too, minutes that surely rose stop a trial like a primary figure
    that surely worsened.
    """
    met = {requirement.id: requirement.met for requirement in requirements}
    effect = None if analysis.between_looks else analysis.confirmatory
    minutes = (
        analysis.effect(trial.primary.id, "difference")
        if "arithmetic_agrees" in met and not analysis.between_looks
        else None
    )
    worse = any(one.benefit_ci[0] > 0 for one in (effect, minutes) if one is not None)
    if met["no_hard_stop"] is False or worse:
        return "stop"
    if any(gates.get(gate.id) == "forbidden" for gate in trial.gates):
        return "not_permitted"
    if analysis.between_looks:
        return "prolong"
    if effect and _excludes_goal(effect, trial.primary.worthwhile):
        return "no_go"
    if any(value is False for name, value in met.items() if name.startswith("guardrail_")):
        return "no_go"
    lacking = {name for name, value in met.items() if value is not True}
    if not lacking:
        return "go"
    may_wait = {f"gate_{gate}" for gate in policy.go.conditions}
    return "go_with_conditions" if lacking <= may_wait else "prolong"


def _excludes_goal(effect: Effect, goal: float | None) -> bool:
    """Whether even the favourable end of the uncertainty falls short of the goal."""
    best = effect.relative_of(effect.ci[0] if effect.better == "lower" else effect.ci[1])
    if goal is None or best is None:
        return False
    return best > goal if goal < 0 else best < goal


def _next(
    trial: Trial,
    policy: Policy,
    analysis: Analysis,
    verdict: Verdict,
    requirements: tuple[Requirement, ...],
) -> NextStep:
    if verdict == "go":
        return NextStep(message=say("The decision can be signed."))
    waits = tuple(one.message for one in requirements if one.met is not True)
    if verdict == "go_with_conditions":
        message = say(
            "It can be signed with these as conditions, each with an owner and a day: {what}.",
            what=waits,
        )
        return NextStep(message=message)
    if verdict == "not_permitted":
        return NextStep(message=say("No measurement changes this: {what}.", what=waits))
    if verdict in ("stop", "no_go"):
        return NextStep(message=say("No further measurements are needed to see this."))
    told = next((one.message for one in analysis.checks if one.name == "between_looks"), None)
    if told is not None:
        return NextStep(message=told)
    shown = {requirement.id: requirement.met for requirement in requirements}
    guards = [m for m in trial.metrics if m.role == "guardrail"]
    outside = ", ".join(m.label for m in guards if beyond(m, analysis))
    wanted = [tasks_for_guardrail(one, policy, analysis) for one in guards]
    if not shown.get("excludes_no_effect"):  # from the primary's error; the minutes have another
        wanted.append(tasks_for_goal(trial, policy, analysis))
    more = max((n for n in wanted if n is not None), default=0)
    if more and outside:
        told = more_tasks(analysis, policy, more, quality=False)
        return NextStep(n_more=more, message=say("{told} {but}", told=told, but=_but(outside)))
    if outside:
        return NextStep(message=_but(outside))
    if more:
        return NextStep(n_more=more, message=more_tasks(analysis, policy, more))
    return NextStep(message=say("What is missing: {what}.", what=waits))


def _but(outside: str) -> Text:
    return say(
        "As estimated, {what} lies outside its agreed limit: more tasks in the same way would most "
        "likely show that more clearly, and not settle it.",
        what=outside,
    )
