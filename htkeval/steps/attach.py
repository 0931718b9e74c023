"""What another program measured in: figures to the record, the file nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from htkeval.attachment import Attachment, Measured, Tool, Withdrawal
from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.steps.case import Case
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.steps.measured import Beside


@dataclass(frozen=True)
class Attached:
    """What became of a file."""

    attachment: Attachment
    """The measurement as it stands in the record."""
    duplicate: bool
    """Whether it was there already, so that nothing new was stored."""


@dataclass(frozen=True)
class Kept:
    """What was attached to a trial, oldest first."""

    standing: tuple[Attachment, ...]
    """What counts as attached."""
    withdrawn: tuple[Withdrawal, ...]
    """What was taken back, and why."""


def attach(
    case: Case, source: str, *, tool: Tool, beside: Beside, actor: Actor, now: datetime
) -> Attached:
    """Keep what a file says of the tool. No analysis and no evidence level reads it.

    Args:
        case: The trial, registered or not.
        source: A file; for `mlflow` also a run's number or address.
        tool: What kind of measurement.
        beside: What was given with it.
        actor: Who attaches it.
        now: When, in UTC.

    Raises:
        HtkevalError: As `measured`; nothing was stored.
    """
    from htkeval.steps.measured import measured  # the readers; `status` only asks what is there

    case.store.refuse_locked(case.file.id)  # before a large file is read; asked again inside
    known = case.store.newest(case.file.id, "attachment")
    found = measured(source, tool=tool, beside=beside)
    for kept in attachments(case).standing:
        if all(getattr(kept, name) == getattr(found, name) for name in Measured.model_fields):
            return Attached(kept, duplicate=True)
    payload = found.model_dump(mode="json")
    event = case.store.append(
        case.file.id, "attachment", payload, actor=actor, now=now, known=known
    )
    return Attached(Attachment.of(event), duplicate=False)


def withdraw(
    case: Case, number: int, *, why: str, actor: Actor, now: datetime
) -> tuple[Attachment, Withdrawal]:
    """Take an attachment back. Its event stays; it is shown as evidence no more.

    Args:
        case: The trial.
        number: The number of the attachment's event.
        why: Why, in the actor's words.
        actor: Who does it.
        now: When, in UTC.

    Raises:
        Refused: No reason.
        StateError: There is no such attachment, or it was taken back already.
    """
    if not why.strip():
        raise Refused(Problem("--why", say("nothing"), say("a few words of one's own")))
    name = case.file.id
    known = case.store.newest(name, "attachment")
    kept = attachments(case)
    place = say("trial {name}", name=name)
    if any(one.withdraws == number for one in kept.withdrawn):
        found = say("an attachment that was withdrawn already (event {seq})", seq=number)
        raise StateError(Problem(place, found, say("one that stands")))
    one = next((one for one in kept.standing if one.event == number), None)
    if one is None:
        raise StateError(
            Problem(
                place,
                say("no attachment with the number {seq}", seq=number),
                say("the number of an attachment's event"),
                say("`htkeval status {name} --format json` lists them.", name=name),
            )
        )
    payload = {"withdraws": number, "file": one.file, "why": why.strip()}
    event = case.store.append(name, "attachment", payload, actor=actor, now=now, known=known)
    return one, Withdrawal.of(event)


def attachments(case: Case) -> Kept:
    """What was attached to a trial, and what of it was taken back."""
    events = case.store.events(case.file.id, "attachment")
    withdrawn = tuple(Withdrawal.of(event) for event in events if "withdraws" in event.payload)
    gone = {one.withdraws for one in withdrawn}
    standing = tuple(
        Attachment.of(event)
        for event in events
        if "withdraws" not in event.payload and event.seq not in gone
    )
    return Kept(standing, withdrawn)
