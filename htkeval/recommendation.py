"""Policy and evidence in, recommendation out. Pure arithmetic on what was computed before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from htkeval.analysis import Analysis
from htkeval.decision import (
    GATE_NAMES,
    GateState,
    GateTold,
    NextStep,
    Policy,
    Recommendation,
    Requirement,
    Verdict,
)
from htkeval.effect import Effect
from htkeval.evidence import LEVELS
from htkeval.follow_up import FollowUp
from htkeval.metric import Metric, MetricKind
from htkeval.realised_share import realised_share
from htkeval.text import Text, say
from htkeval.trial import Trial

BOOKS = LEVELS.index("E4")
"""The lowest level that may carry a saving."""


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
    requirements = _requirements(trial, policy, analysis, gates, told or {})
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


def _requirements(
    trial: Trial,
    policy: Policy,
    analysis: Analysis,
    gates: Mapping[str, GateState],
    told: Mapping[str, GateTold],
) -> tuple[Requirement, ...]:
    go = policy.go
    found = [_evidence_level(trial, policy, analysis), _hard_stops(trial, analysis)]
    if go.excludes_no_effect:
        found.append(_excludes_no_effect(trial, analysis))
    if go.worthwhile:
        found.append(_worthwhile(trial, analysis))
    if go.arithmetic_agrees and trial.primary.kind == "duration":
        found.append(_arithmetic(trial, analysis))
    if go.guardrails_inside_margin:
        guardrails = (metric for metric in trial.metrics if metric.role == "guardrail")
        found += [_guardrail(metric, analysis) for metric in guardrails]
    for gate in trial.gates:
        state = gates.get(gate.id, "open")
        if (go.gates_closed and gate.required) or state == "forbidden":
            found.append(_gate(gate.id, state, told.get(gate.id, GateTold())))
    return tuple(found)


def _evidence_level(trial: Trial, policy: Policy, analysis: Analysis) -> Requirement:
    has, needs = LEVELS.index(analysis.evidence_level), LEVELS.index(policy.go.evidence_level)
    undrawn = trial.design.kind == "difference_in_differences"
    if undrawn and has >= needs >= BOOKS and not policy.go.difference_in_differences:
        return Requirement(
            id="evidence_level",
            met=False,
            evidence="evidence_level",
            message=say(
                "The measurement reaches {has} of 5, but nobody drew who got the tool when, and "
                "the policy does not let such a comparison carry a saving.",
                has=has,
            ),
        )
    told = say("The measurement reaches {has} of 5; the policy asks for at least {needs} of 5.")
    if analysis.confirmatory is None and has:
        told = say(
            "The method can reach {has} of 5, but there is no figure yet; the policy asks for at "
            "least {needs} of 5."
        )
    return Requirement(
        id="evidence_level",
        met=has >= needs,
        evidence="evidence_level",
        message=Text(told.template, {"has": has, "needs": needs}),
    )


def _hard_stops(trial: Trial, analysis: Analysis) -> Requirement:
    """Met only where somebody recorded that it did not happen."""
    happened = [stop.text for stop in trial.hard_stops if stop.column in analysis.hard_stops]
    looked = next((check for check in analysis.checks if check.name == "hard_stop"), None)
    met: bool | None = not happened
    if happened:
        message = say("A serious incident was recorded: {what}.", what="; ".join(happened))
    elif looked is not None and looked.passed is None:
        met, message = None, looked.message
    else:
        message = say("No serious incident was recorded.")
    return Requirement(id="no_hard_stop", met=met, evidence="hard_stops", message=message)


def _unknown(requirement: str, metric: str) -> Requirement:
    return Requirement(
        id=requirement,
        met=None,
        evidence=metric,
        message=say("Cannot be told: there is no figure for {metric}.", metric=metric),
    )


def _waits(requirement: str, trial: Trial) -> Requirement:
    return Requirement(
        id=requirement,
        met=None,
        evidence=trial.primary.label,
        message=say("It is settled at the planned looks, and this is none of them."),
    )


def _excludes_no_effect(trial: Trial, analysis: Analysis) -> Requirement:
    effect = analysis.confirmatory
    if analysis.between_looks:
        return _waits("excludes_no_effect", trial)
    if effect is None:
        return _unknown("excludes_no_effect", trial.primary.label)
    low, high = effect.benefit_ci
    if high < 0:
        message = say("The whole uncertainty lies on the side of an improvement.")
    elif low > 0:
        message = say("The whole uncertainty lies on the side of a worsening.")
    else:
        message = say("The uncertainty includes no difference at all.")
    return Requirement(
        id="excludes_no_effect", met=high < 0, evidence=_name(effect), message=message
    )


def _worthwhile(trial: Trial, analysis: Analysis) -> Requirement:
    effect, goal = analysis.confirmatory, trial.primary.worthwhile
    if analysis.between_looks:
        return _waits("worthwhile", trial)
    if effect is None or goal is None or effect.relative is None:
        return _unknown("worthwhile", trial.primary.label)
    met = effect.relative <= goal if goal < 0 else effect.relative >= goal
    return Requirement(
        id="worthwhile",
        met=met,
        evidence=_name(effect),
        message=_beside_goal(100 * effect.relative, 100 * goal, time=trial.primary.kind),
    )


def _beside_goal(estimate: float, goal: float, *, time: MetricKind) -> Text:
    """The estimate beside the goal, each with its direction in words; decimals as in the headline,
    and where without them an estimate that falls short would read as the goal."""
    alike = round(estimate) == round(goal) and estimate != goal
    values = {
        "estimate": _moved(estimate, "0" if abs(estimate) >= 9.95 and not alike else "0.0"),
        "goal": _moved(goal, "0.#"),
    }
    if time != "duration":
        return say("The best estimate is {estimate}; the goal was {goal}.", **values)
    return say("The best estimate is {estimate} time; the goal was {goal}.", **values)


def _moved(per_cent: float, decimals: str) -> Text:
    """A change in per cent as more or less: 2 % more."""
    shown = Text("{n:" + decimals + "}", {"n": abs(per_cent)})
    return say("{n} % less", n=shown) if per_cent < 0 else say("{n} % more", n=shown)


def _arithmetic(trial: Trial, analysis: Analysis) -> Requirement:
    effect = analysis.effect(trial.primary.id, "difference")
    if analysis.between_looks:
        return _waits("arithmetic_agrees", trial)
    if effect is None:
        return _unknown("arithmetic_agrees", trial.primary.label)
    low, high = effect.benefit_ci
    met = high < 0
    if met:
        text = say("The minutes, which money follows, fell too: the whole uncertainty is a saving.")
    elif low > 0:
        text = say("The minutes, which money follows, rose: the whole uncertainty is a loss.")
    else:
        text = say(
            "The uncertainty of the minutes, which money follows, includes no saving at all."
        )
    return Requirement(id="arithmetic_agrees", met=met, evidence=_name(effect), message=text)


def _guardrail(metric: Metric, analysis: Analysis) -> Requirement:
    name = f"guardrail_{metric.id}"
    effect = analysis.effect(metric.id, "difference")
    if effect is None or metric.margin is None:
        return _unknown(name, metric.label)
    low, high = effect.benefit_ci
    met = True if high <= metric.margin else False if low > metric.margin else None
    template = {
        True: say("{label}: the whole uncertainty lies inside the agreed limit of {margin}."),
        False: say("{label}: worse than the agreed limit of {margin}."),
        None: say("{label}: whether it stays inside the agreed limit of {margin} cannot be told."),
    }[met].template
    message = Text(template=template, values={"label": metric.label, "margin": metric.margin})
    return Requirement(id=name, met=met, evidence=_name(effect), message=message)


def _gate(gate: str, state: GateState, told: GateTold) -> Requirement:
    values: dict[str, Any] = {"gate": GATE_NAMES.get(gate, gate), "state": _STATE[state]}
    values |= {"who": told.responsible, "day": told.on}
    message = say("The condition {gate} is {state}.", gate=values["gate"], state=values["state"])
    if told.responsible and told.on and state == "open":
        message = say("The condition {gate} is {state}; {who} has until {day:d MMMM y}.", **values)
    elif told.responsible and told.on:
        message = say(
            "The condition {gate} is {state} since {day:d MMMM y}; {who} answers for it.", **values
        )
    return Requirement(
        id=f"gate_{gate}",
        met=state not in ("open", "forbidden"),
        evidence=f"gate:{gate}",
        message=message,
    )


_STATE: dict[GateState, Text] = {
    "open": say("open"),
    "closed": say("closed"),
    "not_needed": say("not needed"),
    "forbidden": say("such that the law does not allow the use"),
}


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
    beyond = ", ".join(m.label for m in guards if _beyond(m, analysis))
    wanted = [_tasks_for_guardrail(one, policy, analysis) for one in guards]
    if not shown.get("excludes_no_effect"):  # from the primary's error; the minutes have another
        wanted.append(_tasks_for_goal(trial, policy, analysis))
    more = max((n for n in wanted if n is not None), default=0)
    if more and beyond:
        told = _more_tasks(analysis, policy, more, quality=False)
        return NextStep(n_more=more, message=say("{told} {but}", told=told, but=_but(beyond)))
    if beyond:
        return NextStep(message=_but(beyond))
    if more:
        return NextStep(n_more=more, message=_more_tasks(analysis, policy, more))
    return NextStep(message=say("What is missing: {what}.", what=waits))


def _but(beyond: str) -> Text:
    return say(
        "As estimated, {what} lies outside its agreed limit: more tasks in the same way would most "
        "likely show that more clearly, and not settle it.",
        what=beyond,
    )


def _more_tasks(analysis: Analysis, policy: Policy, more: int, *, quality: bool = True) -> Text:
    """What so many tasks would do; after the last look they need a trial of their own."""
    values = {"n": more, "power": 100 * policy.power}
    look = analysis.confirmatory.look if analysis.confirmatory else None
    if look is not None and look["k"] == look["of"]:
        return say(
            "This was the last look. A new trial of about {n:#,##0} tasks gives a {power:0} % "
            "chance of telling it from no difference if the gain is the goal.",
            **values,
        )
    if not quality:
        return say(
            "About {n:#,##0} more tasks, from more people in the same way, give a {power:0} % "
            "chance of telling it from no difference if the gain is the goal.",
            **values,
        )
    return say(
        "About {n:#,##0} more tasks, from more people in the same way, give a {power:0} % chance "
        "of telling it from no difference, and quality from its limit, if the gain is the goal and "
        "quality as estimated.",
        **values,
    )


def _beyond(metric: Metric, analysis: Analysis) -> bool:
    """Whether a guardrail that cannot be told yet is estimated at its limit or outside."""
    effect = analysis.effect(metric.id, "difference")
    if effect is None or metric.margin is None:
        return False
    low, high = effect.benefit_ci
    estimate = effect.estimate if effect.better == "lower" else -effect.estimate
    return low <= metric.margin < high and estimate >= metric.margin


def _tasks_for_goal(trial: Trial, policy: Policy, analysis: Analysis) -> int | None:
    """Tasks to add so that the worthwhile effect would be seen with the policy's power.

    The standard error is taken to fall with the square root of the number of tasks, as it does
    when tasks come with new clusters; n / n_now = (se_now (z_level + z_power) / goal)^2.
    """
    effect, goal = analysis.confirmatory, trial.primary.worthwhile
    if effect is None or goal is None:
        return None
    base = effect.baseline.adjusted_mean
    aim = math.log1p(goal) if effect.scale == "ratio" else goal * base if base else None
    shown = next((one for one in effect.inference if one.se), None)
    if shown is None or shown.se is None or not aim:
        return None
    z = NormalDist().inv_cdf
    return _more(
        analysis, effect, shown.se * (z((1 + effect.level) / 2) + z(policy.power)) / abs(aim)
    )


def _tasks_for_guardrail(metric: Metric, policy: Policy, analysis: Analysis) -> int | None:
    """Tasks to add so that the guardrail's interval ends inside its margin with the policy's power,
    were the truth as estimated.

    n / n_now = (half (1 + z_power / z_level) / (margin - estimate))^2. None where it is settled,
    has no figure, or lies at its margin already.
    """
    effect = analysis.effect(metric.id, "difference")
    if effect is None or metric.margin is None:
        return None
    high = effect.benefit_ci[1]
    estimate = effect.estimate if effect.better == "lower" else -effect.estimate
    if high <= metric.margin or estimate >= metric.margin:
        return None
    z = NormalDist().inv_cdf
    wider = 1 + z(policy.power) / z((1 + effect.level) / 2)
    return _more(analysis, effect, wider * (high - estimate) / (metric.margin - estimate))


FAR = 100.0
"""Beyond this many times the present precision a number of tasks says nothing."""


def _more(analysis: Analysis, effect: Effect, reach: float) -> int | None:
    """Tasks to add so that the standard error falls by a factor `reach`.

    Where it is not told how many the effect rests on, all that came in are taken for them.
    """
    if reach > FAR:
        return None
    now = analysis.rows if effect.tasks is None else effect.tasks
    return max(0, math.ceil(now * (reach**2 - 1)))


def _name(effect: Effect) -> str:
    return f"{effect.metric}.{effect.scale}"
