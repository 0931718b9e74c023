"""A gate opened or closed, by whom."""

from __future__ import annotations

from datetime import date, datetime

from htkeval.decision import Actor, GateState
from htkeval.errors import Problem, Refused, UsageError
from htkeval.event import Event
from htkeval.law import AiClass
from htkeval.local_day import local_day
from htkeval.portfolio import GateView
from htkeval.steps.case import Case
from htkeval.text import say
from htkeval.trial import Trial


def set_gate(
    case: Case,
    gate: str,
    state: GateState,
    *,
    on: date,
    responsible: str,
    document: str | None,
    why: str | None = None,
    ai_class: AiClass | None = None,
    actor: Actor,
    now: datetime,
) -> Event:
    """Say how a gate stands now. What was said before stays in the record.

    Raises:
        UsageError: The trial has no such gate, or a class is told of another than `ai_act`.
        Refused: It is said to be closed on a day to come; or not to be needed, or the use not to be
            permitted, or to be of a class, without a reason; or a prohibited practice is said to be
            anything but forbidden.
    """
    reason = (why or "").strip() or None
    known_gate(case.trial, gate)
    if ai_class is not None:
        _refuse_class(gate, state, ai_class, reason)
    if state == "not_needed" and reason is None:
        raise Refused(
            Problem(
                "--why",
                say("nothing"),
                say("why the gate does not apply here, in a few words of one's own"),
            )
        )
    if state == "forbidden" and reason is None:
        raise Refused(
            Problem(
                "--why",
                say("nothing"),
                say("what in the law does not allow it, and who says so"),
            )
        )
    if state != "open" and on > local_day(now):
        raise Refused(
            Problem(
                "--date",
                say("{day:d MMMM y}, a day to come", day=on),
                say("the day on which the gate was closed or found not to be needed"),
            )
        )
    payload = {
        "gate": gate,
        "state": state,
        "date": on.isoformat(),
        "responsible": responsible,
        "document": document,
        "why": reason,
    }
    if ai_class is not None:
        payload["ai_class"] = ai_class
    return case.store.append(case.file.id, "gate", payload, actor=actor, now=now)


def known_gate(trial: Trial, gate: str) -> None:
    """Raises `UsageError` where the trial has no such gate."""
    known = [each.id for each in trial.gates]
    if gate not in known:
        raise UsageError(
            Problem(
                say("gate {gate}", gate=gate),
                say("a gate that the trial does not name"),
                say("one of {keys}", keys=", ".join(known) or "–"),
            )
        )


def _refuse_class(gate: str, state: GateState, ai_class: AiClass, reason: str | None) -> None:
    """A class belongs to the gate `ai_act`, and a settled one has its reasoning."""
    if gate != "ai_act":
        raise UsageError(
            Problem(
                "--class",
                say("a class of the gate {gate}", gate=gate),
                say("a class of the gate {gate} only", gate="ai_act"),
            )
        )
    if ai_class == "prohibited" and state != "forbidden":
        raise Refused(
            Problem(
                "--class",
                say("a prohibited practice with --state {state}", state=state),
                "--state forbidden",
                say("Where the use is not prohibited, state the class that it has."),
            )
        )
    if state == "closed" and reason is None:
        raise Refused(Problem("--why", say("nothing"), say("the reasoning behind the class")))


def gates(case: Case) -> tuple[GateView, ...]:
    """Every gate of the trial as it stands: the newest word on it, else open."""
    newest = {event.payload["gate"]: event for event in case.store.events(case.file.id, "gate")}
    views = []
    for gate in case.trial.gates:
        said = newest[gate.id].payload if gate.id in newest else {}
        views.append(
            GateView(
                id=gate.id,
                required=gate.required,
                state=said.get("state", "open"),
                date=date.fromisoformat(said["date"]) if said.get("date") else None,
                responsible=said.get("responsible"),
                why=said.get("why"),
                document=said.get("document"),
                ai_class=said.get("ai_class"),
            )
        )
    return tuple(views)
