"""The conditions of a decision: signed with it, and met or dropped later as new records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from htkeval.condition import Condition, ConditionStands, ConditionState
from htkeval.decision import Actor, Recommendation, Verdict
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.local_day import local_day
from htkeval.portfolio import GateView
from htkeval.steps.case import Case
from htkeval.steps.gate import gates
from htkeval.steps.lock import voided
from htkeval.text import say


@dataclass(frozen=True)
class Asked:
    """A condition as the signer says it."""

    text: str
    """What is to be in place; of a gate its id."""
    owner: str
    """Which role sees to it."""
    due: date
    """By when."""


def signed_conditions(
    case: Case,
    outcome: Verdict,
    recommendation: Recommendation,
    asked: Sequence[Asked],
    *,
    now: datetime,
) -> tuple[Condition, ...]:
    """The conditions of a decision that is being signed, numbered.

    Raises:
        Refused: One has no words, no owner, or a day that has passed; a go on conditions has none,
            or leaves out a gate that is still open.
    """
    known = {gate.id for gate in case.trial.gates}
    today, found = local_day(now), []
    # a number is never given twice, for letters and minutes cite it
    signed = case.store.events(case.file.id, "decision")
    before = sum(len(event.payload.get("conditions", ())) for event in signed)
    for number, one in enumerate(asked, start=before + 1):
        if not one.text.strip() or not one.owner.strip():
            expected = say("what is to be in place, and which role sees to it")
            raise Refused(Problem("--condition", say("nothing"), expected))
        if one.due < today:
            raise Refused(
                Problem(
                    "--condition",
                    say("{day:d MMMM y}, a day that has passed", day=one.due),
                    say("a day from today on"),
                )
            )
        text = one.text.strip()
        found.append(
            Condition(
                id=f"C{number}",
                text=text,
                owner=one.owner.strip(),
                due=one.due,
                gate=text if text in known else None,
            )
        )
    twice = [one.gate for one in found if one.gate]
    if len(set(twice)) < len(twice):
        raise Refused(
            Problem("--condition", say("one gate twice"), say("each gate once, with one owner"))
        )
    if outcome == "go_with_conditions":
        _refuse_left_out(case, recommendation, found)
    return tuple(found)


def _refuse_left_out(
    case: Case, recommendation: Recommendation, found: Sequence[Condition]
) -> None:
    named = {one.gate for one in found}
    met = {one.id: one.met for one in recommendation.requirements}
    waits = [
        gate.id
        for gate in case.trial.gates
        if met.get(f"gate_{gate.id}") is False and gate.id not in named
    ]
    if found and not waits:
        return
    raise Refused(
        Problem(
            "--condition",
            say("nothing of {what}", what=", ".join(waits)) if waits else say("nothing"),
            say("each condition, with who sees to it and by when"),
            say(
                'Say it as --condition "{what}" "ROLE" YYYY-MM-DD, once for each.',
                what=waits[0] if waits else "TEXT",
            ),
        )
    )


def conditions(case: Case) -> tuple[ConditionStands, ...]:
    """Every condition of the decision that holds, as it stands; none where none holds.

    What asks for a gate follows the gate: it is met on the day on which the gate is closed or found
    not to be needed, and open again where the gate is.
    """
    gone = voided(case)
    held = [e for e in case.store.events(case.file.id, "decision") if e.seq not in gone]
    if not held or not held[-1].payload.get("conditions"):
        return ()
    decision = held[-1]
    said = {
        event.payload["condition"]: event
        for event in case.store.events(case.file.id, "condition")
        if event.payload["decision"] == decision.seq
    }
    views = {gate.id: gate for gate in gates(case)}
    signed = [Condition.model_validate(one) for one in decision.payload["conditions"]]
    return tuple(_stands(decision.seq, one, said.get(one.id), views) for one in signed)


def _stands(
    decision: int, one: Condition, said: Event | None, views: dict[str, GateView]
) -> ConditionStands:
    if said is not None:
        told = said.payload
        return ConditionStands(
            decision=decision,
            condition=one,
            state=told["state"],
            why=told["why"],
            on=date.fromisoformat(told["date"]) if told["date"] else None,
            by=said.actor.name,
            at=said.at,
        )
    gate = views.get(one.gate) if one.gate else None
    if gate is not None and gate.state in ("closed", "not_needed"):
        return ConditionStands(
            decision=decision,
            condition=one,
            state="met",
            why=gate.why,
            on=gate.date,
            by=gate.responsible,
        )
    return ConditionStands(decision=decision, condition=one, state="open")


def settle(
    case: Case,
    condition: str,
    state: ConditionState,
    *,
    why: str,
    on: date | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[Event, ConditionStands]:
    """Say that a condition is met, dropped or open again; what was said before stays on record.

    Args:
        case: The trial.
        condition: Its number in the decision that holds, such as `C1`.
        state: How far it is.
        why: Why, in the actor's words.
        on: The day on which it was met or dropped; None: today.
        actor: Who says so.
        now: When, in UTC.

    Raises:
        Refused: No reason, or a day to come.
        StateError: There is no such condition, it follows a gate, or it stands so already.
    """
    if not why.strip():
        raise Refused(Problem("--why", say("nothing"), say("a few words of one's own")))
    known = case.store.newest(case.file.id, "decision", "condition", "unlock")
    found = conditions(case)
    one = next((each for each in found if each.condition.id == condition.strip().upper()), None)
    if one is None:
        listed = ", ".join(each.condition.id for each in found)
        raise StateError(
            Problem(
                say("condition {id}", id=condition),
                say("no such condition of the decision that holds"),
                say("one of {keys}", keys=listed or "–"),
            )
        )
    if one.condition.gate is not None:
        raise StateError(
            Problem(
                say("condition {id}", id=one.condition.id),
                say("one that follows the gate {gate}", gate=one.condition.gate),
                say("the gate itself closed"),
                say(
                    "Run `htkeval gate {name} {gate} --state closed`.",
                    name=case.file.id,
                    gate=one.condition.gate,
                ),
            )
        )
    if one.state == state:
        expected = say("another word than the one that stands")
        raise StateError(Problem(say("condition {id}", id=one.condition.id), state, expected))
    today = local_day(now)
    if on is not None and on > today:
        raise Refused(
            Problem(
                "--date",
                say("{day:d MMMM y}, a day to come", day=on),
                say("the day on which it happened"),
            )
        )
    payload = {
        "decision": one.decision,
        "condition": one.condition.id,
        "state": state,
        "date": None if state == "open" else (on or today).isoformat(),
        "why": why.strip(),
    }
    event = case.store.append(case.file.id, "condition", payload, actor=actor, now=now, known=known)
    return event, _stands(one.decision, one.condition, event, {})
