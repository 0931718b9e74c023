"""What the demo tells beside its measurements: money from the pool, findings, a booking."""

from __future__ import annotations

from datetime import datetime, timedelta

from htkeval.decision import Actor
from htkeval.finding import FindingKind
from htkeval.fund import Pool
from htkeval.local_day import local_day
from htkeval.steps.case import Case
from htkeval.steps.conditions import Asked
from htkeval.steps.decide import decide
from htkeval.steps.findings import record
from htkeval.steps.fund import apply, grant, spend
from htkeval.steps.worth import worth
from htkeval.text import Text, render, say
from htkeval.workspace import Workspace

FOUND: dict[str, tuple[tuple[FindingKind, Text, Text], ...]] = {
    "tale-til-tekst": (
        (
            "security",
            say("Invented: the recording stays with the supplier for a month"),
            say("Agree on deletion once the minutes are approved"),
        ),
        (
            "experience",
            say("Invented: meetings with more than eight people need more correcting"),
            say("Say so where the tool is handed out"),
        ),
    ),
    "fagbot": (
        (
            "legal",
            say("Invented: the answer does not say from when a provision applies"),
            say("Ask the supplier for dates beside each reference"),
        ),
    ),
}
"""Of a trial: kind, what was found, what is done about it."""
DAY = timedelta(days=1)


def money(case: Case, pool: Pool, *, actor: Actor, now: datetime) -> None:
    """The area applies for what the trial costs and is granted it, as far as the pool reaches."""
    stated = case.trial.economics.trial_kr
    if stated is None:
        return
    amount = round(stated.expected)
    if amount > pool.amount_kr:
        return
    purpose, why = _said(say("The trial itself")), _said(say("Simulated grant."))
    made = apply(case, area=case.trial.area, amount=amount, purpose=purpose, actor=actor, now=now)
    grant(case.store, made.id, pool=pool, amount=amount, why=why, actor=actor, now=now)
    half, on = _said(say("Simulated: half of it")), local_day(now)
    spend(case.store, made.id, amount=amount // 2, text=half, on=on, actor=actor, now=now)


def findings(case: Case, *, actor: Actor, now: datetime) -> None:
    """What was experienced, and which challenges are not solved."""
    for kind, text, measure in FOUND.get(case.trial.id, ()):
        record(
            case,
            kind=kind,
            text=_said(text),
            measure=_said(measure),
            owner=_said(say("Head of digitalisation")),
            areas=(case.trial.area,),
            actor=actor,
            now=now,
        )


def sign(case: Case, workspace: Workspace, *, actor: Actor, now: datetime) -> None:
    """A go with the saving that is expected of it, where it is known, and one condition."""
    found = worth(case, workspace)
    net, begins = found.step("net_kr").expected, case.trial.economics.takes_effect
    book = None if net is None or begins is None or net < 1000 else int(net // 1000) * 1000
    decide(
        case,
        "go",
        reason=_said(say("Simulated decision: every requirement is met.")),
        policy=workspace.policy,
        conditions=[
            Asked(
                _said(say("Everybody who uses it has been taught")),
                _said(say("Head of digitalisation")),
                local_day(now + 150 * DAY),
            )
        ],
        book=book,
        worth=found,
        actor=actor,
        now=now,
    )


def _said(text: Text) -> str:
    return render(text, "da")
