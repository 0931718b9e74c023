"""The policy's requirements as a reader meets them: gates in one row, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.decision import Recommendation, Requirement
from htkeval.portfolio import TrialState
from htkeval.reporting.quality import against_limit
from htkeval.reporting.sentences import count, joined, listed, quoted
from htkeval.reporting.words import gate_name
from htkeval.text import Text, say


@dataclass(frozen=True)
class Row:
    """One requirement, whether it is met, and why."""

    id: str
    """The requirement's name in files; `gates` for all of them together."""
    label: Text
    """What is required."""
    met: bool | None
    """Met, not met, or not known yet."""
    because: Text
    """The reason."""


LABELS: dict[str, Text] = {
    "excludes_no_effect": say('The uncertainty excludes "no difference"'),
    "worthwhile": say("The gain is large enough"),
    "arithmetic_agrees": say("The minutes say the same as the per cent"),
    "guardrail": say("{label}: inside the agreed limit"),
    "evidence_level": say("Measured well enough"),
    "no_hard_stop": say("No serious incident"),
    "realised": say("What was booked before is realised"),
    "neighbours": say("Others found the same"),
    "gate": say("Law, security and co-operation are in place"),
}
"""In the order they are read: the result, its quality, how it was measured, the conditions."""


def rows(state: TrialState) -> tuple[Row, ...]:
    """Every requirement in reading order; all gates together are one."""
    if state.recommendation is None:
        return ()
    every = sorted(state.recommendation.requirements, key=lambda one: _order(one.id))
    single = [_row(state, one) for one in every if _kind(one.id) != "gate"]
    gates = tuple(one for one in every if _kind(one.id) == "gate")
    return (*single, *((_gates(gates),) if gates else ()))


def policy(advice: Recommendation) -> Text:
    """Which version of the policy, and who adopted it, or that nobody has yet."""
    return say("{version} ({status})", version=advice.policy, status=advice.policy_status)


def summary(state: TrialState) -> Text:
    """How many requirements which policy makes, and how many are met."""
    found = rows(state)
    if state.recommendation is None:
        return say("No recommendation has been made.")
    met = sum(row.met is True for row in found)
    parts = [
        say(
            "The municipality's own policy, {policy}, makes {n} requirements.",
            policy=policy(state.recommendation),
            n=count(len(found)),
        )
    ]
    if met == len(found):
        parts.append(say("All are met."))
        return joined(parts)
    parts.append(say("Met: {met}.", met=met))
    if failed := sum(row.met is False for row in found):
        parts.append(say("Not met: {failed}.", failed=failed))
    if unknown := sum(row.met is None for row in found):
        parts.append(say("Not known yet: {unknown}.", unknown=unknown))
    return joined(parts)


def _kind(requirement: str) -> str:
    return next((kind for kind in ("guardrail", "gate") if requirement.startswith(kind)), "") or (
        requirement
    )


def _order(requirement: str) -> int:
    known = list(LABELS)
    kind = _kind(requirement)
    return known.index(kind) if kind in known else len(known)


def _row(state: TrialState, requirement: Requirement) -> Row:
    template = LABELS.get(_kind(requirement.id))
    if template is None:
        return Row(requirement.id, quoted(requirement.id), requirement.met, requirement.message)
    if template is LABELS["guardrail"]:
        return _guardrail(state, requirement, template)
    return Row(requirement.id, template, requirement.met, requirement.message)


def _guardrail(state: TrialState, requirement: Requirement, template: Text) -> Row:
    """A guardrail's row: its own name, and its figures where there are some."""
    name = requirement.id.removeprefix("guardrail_")
    metric = next((one for one in state.trial.metrics if one.id == name), None)
    effect = state.analysis.effect(name, "difference") if state.analysis else None
    told = Text(template.template, {"label": metric.label if metric else name})
    waits = state.analysis is not None and state.analysis.between_looks
    because = against_limit(metric, effect) if metric and effect and not waits else None
    return Row(requirement.id, told, requirement.met, because or requirement.message)


def _gates(gates: tuple[Requirement, ...]) -> Row:
    still = [gate_name(gate.id.removeprefix("gate_")) for gate in gates if gate.met is not True]
    if not still:
        because = say("All are closed or not needed.")
    else:
        because = say("Still open: {names}.", names=listed(still))
    return Row("gates", LABELS["gate"], not still, because)
