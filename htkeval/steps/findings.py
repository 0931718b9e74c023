"""The findings of a trial: told, changed, and read from the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event, EventKind
from htkeval.finding import (
    CHALLENGES,
    KINDS,
    STATUSES,
    UNSOLVED,
    Finding,
    FindingKind,
    FindingStatus,
    FindingStep,
)
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.local_day import local_day
from htkeval.steps.case import Case
from htkeval.text import Text, say

STANDS = ("status", "owner", "measure", "due", "closed")
"""What of a finding can be changed; each event holds all of it as it was afterwards."""

_WORDS = say("a few words of one's own")


def findings(case: Case) -> tuple[Finding, ...]:
    """Every finding of a trial as it stands, in the order in which they were told."""
    found: dict[str, Finding] = {}
    for event in case.store.events(case.file.id, "finding"):
        said = event.payload
        step = FindingStep.model_validate(
            {
                **{key: said[key] for key in (*STANDS, "why")},
                "at": event.at,
                "by": event.actor.name,
                "event": event.seq,
            }
        )
        before = found.get(said["finding"])
        found[said["finding"]] = _after(before, step) if before else _first(said, step)
    return tuple(found.values())


def record(
    case: Case,
    *,
    kind: FindingKind,
    text: str,
    owner: str,
    measure: str | None = None,
    due: date | None = None,
    areas: Iterable[str] = (),
    status: FindingStatus = "open",
    on: date | None = None,
    why: str | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[Event, Finding]:
    """Tell of a finding. Its name is the trial's next: F1, F2 and so on.

    Args:
        case: The trial.
        kind: What it is about.
        text: What was found.
        owner: Which role answers for it.
        measure: What is done about it.
        due: The day by which it is to be done.
        areas: The areas of the municipality that it matters to.
        status: How far it is.
        on: The day on which it was solved or accepted; None: today, where it is.
        why: Why it stands so.
        actor: Who tells it.
        now: When, in UTC.

    Raises:
        Refused: The kind or status is no such word, a text is empty or names a person, the day
            does not fit the status, or a challenge is closed with neither a measure nor a reason.
        StateError: Somebody else told of one at the same moment.
    """
    _refuse_unknown("--kind", kind, KINDS)
    _refuse_unknown("--status", status, STATUSES)
    known = case.store.newest(case.file.id, "finding")
    where = _clean(case, "--area", areas)
    said: dict[str, Any] = {
        "finding": f"F{len(findings(case)) + 1}",
        "kind": kind,
        "text": _said(case, "--text", text),
        "areas": list({area.casefold(): area for area in reversed(where)}.values())[::-1],
        "status": status,
        "owner": _said(case, "--owner", owner),
        "measure": None if measure is None else _said(case, "--measure", measure),
        "due": due.isoformat() if due else None,
        "closed": _closed(status, on, None, now),
        "why": None if why is None else _said(case, "--why", why),
    }
    unfounded = said["measure"] is None and said["why"] is None
    if status not in UNSOLVED and kind in CHALLENGES and unfounded:
        raise Refused(
            Problem(
                "--measure",
                say("nothing"),
                say("what was done about it, or with --why why it stays as it is"),
                say("Give --measure or --why; or tell of it as open."),
            )
        )
    return _kept(case, said, known, actor=actor, now=now)


def change(
    case: Case,
    name: str,
    *,
    status: FindingStatus | None = None,
    owner: str | None = None,
    measure: str | None = None,
    due: date | None = None,
    on: date | None = None,
    why: str | None,
    actor: Actor,
    now: datetime,
) -> tuple[Event, Finding]:
    """Change how a finding stands; what is None stays. What was said before stays on record.

    Args:
        case: The trial.
        name: What `htkeval finding` calls it.
        status: How far it is now.
        owner: Which role answers for it now.
        measure: What is done about it.
        due: The day by which it is to be done.
        on: The day on which it was solved or accepted; None: today, where it was neither before.
        why: Why, in the actor's own words.
        actor: Who changes it.
        now: When, in UTC.

    Raises:
        Refused: A text is empty or names a person, or the day does not fit the status.
        StateError: There is no such finding, or nothing of it would be another; or somebody else
            changed one at the same moment.
    """
    known = case.store.newest(case.file.id, "finding")
    found = the_one(case, findings(case), name)
    wanted = status or found.status
    _refuse_unknown("--status", wanted, STATUSES)
    reason = _said(case, "--why", why or "")
    before = found.model_dump(mode="json", include=set(STANDS))
    after = {
        "status": wanted,
        "owner": found.owner if owner is None else _said(case, "--owner", owner),
        "measure": found.measure if measure is None else _said(case, "--measure", measure),
        "due": due.isoformat() if due else before["due"],
        "closed": _closed(wanted, on, found if wanted == found.status else None, now),
    }
    if after == before:
        raise StateError(
            Problem(
                say("finding {id}", id=found.id),
                say("what stands there already: {status}", status=STATUSES[found.status]),
                say("another status, owner, measure or day"),
                say("`htkeval finding {trial} {id}` shows it.", trial=case.file.id, id=found.id),
            )
        )
    return _kept(case, {"finding": found.id, **after, "why": reason}, known, actor=actor, now=now)


def the_one(case: Case, every: tuple[Finding, ...], wanted: str) -> Finding:
    """The finding of a name. Raises `StateError` where there is none."""
    for one in every:
        if one.id.casefold() == wanted.strip().casefold():
            return one
    raise StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            say("no finding of this name"),
            say("a name in the list of findings"),
            say("`htkeval finding {name} --all` lists them.", name=case.file.id),
        )
    )


def _refuse_unknown(option: str, word: str, known: Iterable[str]) -> None:
    """What is kept for good must be read again, whichever way it came here."""
    if word not in known:
        keys = say("one of {keys}", keys=", ".join(known))
        raise Refused(Problem(option, say("another word"), keys))


def _kept(
    case: Case, said: dict[str, Any], known: Mapping[EventKind, int], *, actor: Actor, now: datetime
) -> tuple[Event, Finding]:
    """Store what was said, and read it back. Two at one moment do not get the same number."""
    event = case.store.append(case.file.id, "finding", said, actor=actor, now=now, known=known)
    return event, the_one(case, findings(case), str(said["finding"]))


def _first(said: dict[str, Any], step: FindingStep) -> Finding:
    told = {"id": said["finding"], **{key: said[key] for key in ("kind", "text", "areas")}}
    stands = step.model_dump(include=set(STANDS))
    return Finding.model_validate({**told, **stands, "history": (step,)})


def _after(before: Finding, step: FindingStep) -> Finding:
    stands = step.model_dump(include=set(STANDS))
    return before.model_copy(update={**stands, "history": (*before.history, step)})


def _closed(
    status: FindingStatus, on: date | None, same: Finding | None, now: datetime
) -> str | None:
    """The day on which it was closed; `same`: the finding, where it had this status before."""
    if status in UNSOLVED:
        if on is not None:
            raise Refused(_no_day(say("{day:d MMMM y} for what is not closed", day=on)))
        return None
    if on is not None and on > local_day(now):
        raise Refused(_no_day(say("{day:d MMMM y}, a day to come", day=on)))
    kept = same.closed if same else None
    return (on or kept or local_day(now)).isoformat()


def _no_day(found: Text) -> Problem:
    return Problem(
        "--date",
        found,
        say("the day on which it was solved or accepted"),
        say("The day by which something is to be done is told with --due."),
    )


def _said(case: Case, option: str, text: str) -> str:
    """A text that may be kept for good."""
    (clean,) = _clean(case, option, (text,))
    return clean


def _clean(case: Case, option: str, texts: Iterable[str]) -> tuple[str, ...]:
    clean = tuple(text.strip() for text in texts)
    for text in clean:
        if not text:
            raise Refused(Problem(option, say("nothing"), _WORDS, say("Nothing was stored.")))
        refuse({option: text})
        refuse_listed({option: text}, case.names)
    return clean
