"""Each requirement of the policy, held against the evidence: met, not met, or not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from htkeval.analysis import Analysis
from htkeval.decision import GATE_NAMES, GateState, GateTold, Policy, Requirement
from htkeval.effect import Effect
from htkeval.evidence import LEVELS
from htkeval.metric import Metric, MetricKind
from htkeval.text import Text, say
from htkeval.trial import Trial

BOOKS = LEVELS.index("E4")
"""The lowest level that may carry a saving."""


def criteria(
    trial: Trial,
    policy: Policy,
    analysis: Analysis,
    gates: Mapping[str, GateState],
    told: Mapping[str, GateTold],
) -> tuple[Requirement, ...]:
    """What the policy asks of the trial itself, in its order, each with its sentence."""
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


def _waits(requirement: str, metric: str) -> Requirement:
    return Requirement(
        id=requirement,
        met=None,
        evidence=metric,
        message=say("It is settled at the planned looks, and this is none of them."),
    )


def _excludes_no_effect(trial: Trial, analysis: Analysis) -> Requirement:
    effect = analysis.confirmatory
    if analysis.between_looks:
        return _waits("excludes_no_effect", trial.primary.label)
    if effect is None:
        return _unknown("excludes_no_effect", trial.primary.label)
    low, high = effect.benefit_ci
    if high < 0:
        message = say("The whole uncertainty lies on the side of an improvement.")
    elif low > 0:
        message = say("The whole uncertainty lies on the side of a worsening.")
    else:
        message = say("The uncertainty also holds the possibility that there is no difference.")
    return Requirement(
        id="excludes_no_effect", met=high < 0, evidence=_name(effect), message=message
    )


def _worthwhile(trial: Trial, analysis: Analysis) -> Requirement:
    effect, goal = analysis.confirmatory, trial.primary.worthwhile
    if analysis.between_looks:
        return _waits("worthwhile", trial.primary.label)
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
        return _waits("arithmetic_agrees", trial.primary.label)
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
            "The uncertainty of the minutes, which money follows, also holds the possibility of no "
            "saving."
        )
    return Requirement(id="arithmetic_agrees", met=met, evidence=_name(effect), message=text)


def _guardrail(metric: Metric, analysis: Analysis) -> Requirement:
    name = f"guardrail_{metric.id}"
    if analysis.between_looks:
        return _waits(name, metric.label)
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


def _name(effect: Effect) -> str:
    return f"{effect.metric}.{effect.scale}"
