"""Who was informed, consented, objected or withdrew: recorded, and where everybody stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.intake.units import people_of
from htkeval.local_day import local_day
from htkeval.participation import Participation, ParticipationState, Standing, standing_of
from htkeval.steps.case import Case
from htkeval.steps.withdrawn import day_of, named
from htkeval.store.store import Store
from htkeval.text import say


@dataclass(frozen=True)
class Recorded:
    """What was recorded of one person."""

    participant: str
    """The pseudonym."""
    event: Event
    """The event that keeps it."""
    new: bool
    """Whether the trial did not know the pseudonym before."""
    rows: int
    """Rows of the person that count."""
    later: int
    """How many of them say a day after it."""


LONGEST_WHY = 100
"""Characters of a reason: a code or a few words, for nobody has to give one."""
LONG_AGO = timedelta(days=730)
"""A day further back than this from today and from the trial's first day is a slip of the pen."""


def record(
    case: Case,
    people: tuple[str, ...],
    state: ParticipationState,
    *,
    on: date,
    why: str | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[Recorded, ...]:
    """Record what people were told or said, an event for each, or none of any.

    What is said later counts from its day: who withdrew and consents again takes part again, and is
    still not measured on the days between. What is entered late counts from its own day too. To be
    informed opens nothing that a withdrawal closed.

    Args:
        case: The trial.
        people: Pseudonyms as the sheet has them; who is new is known from now on.
        state: What they were told, or said.
        on: The day on which it happened.
        why: A code or a few words that name nobody; they are kept for good.
        actor: Who records it.
        now: When, in UTC.

    Raises:
        Refused: A day to come or long ago; a reason that is long or names somebody.
        SheetError: A pseudonym that no sheet could have.
        StateError: Somebody unknown withdraws; or the same was recorded already.
    """
    reason = (why or "").strip() or None
    _refuse_day(case, on, local_day(now))
    _refuse_reason(reason, people)

    seen: list[tuple[str, bool]] = []

    def make(inside: Store) -> tuple[tuple[str, ...], Mapping[str, Any]]:
        known = inside.participations(case.file.id)
        named = people_of(replace(case, store=inside).trial, people, known=known)
        _refuse_unlikely(case, named, known, state, on)
        seen[:] = [(name, name not in known) for name in named]
        return named, {"state": state, "date": on.isoformat(), "why": reason}

    events = case.store.participate(case.file.id, make, actor=actor, now=now)
    person_in, day_in = case.trial.design.participant or "", case.trial.design.date or ""
    rows = case.store.measurements(case.file.id, people={name for name, _ in seen})
    who = [(row.keys.get(person_in), day_of(row.keys.get(day_in))) for row in rows]
    return tuple(
        Recorded(
            participant=name,
            event=event,
            new=new,
            rows=sum(person == name for person, _ in who),
            later=sum(person == name and done is not None and done > on for person, done in who),
        )
        for (name, new), event in zip(seen, events, strict=True)
    )


def participants(case: Case) -> tuple[Standing, ...]:
    """Where everybody stands whom the trial knows, in the order of their pseudonyms."""
    name, design = case.file.id, case.trial.design
    first: dict[str, date | None] = {}
    for row in case.store.measurements(name):
        person = row.keys.get(design.participant or "")
        if person is not None:
            day = day_of(row.keys.get(design.date or ""))
            known = first.setdefault(person, day)
            first[person] = min((one for one in (known, day) if one), default=None)
    return tuple(
        standing_of(person, history, measured=person in first, first=first.get(person))
        for person, history in sorted(case.store.participations(name).items())
    )


def _refuse_day(case: Case, on: date, today: date) -> None:
    earliest = min(case.trial.starts, today) - LONG_AGO
    expected = say("the day on which it happened")
    if on > today:
        raise Refused(Problem("--date", say("{day:d MMMM y}, a day to come", day=on), expected))
    if on < earliest:
        found = say("{day:d MMMM y}, long before the trial", day=on)
        raise Refused(Problem("--date", found, expected))


def _refuse_reason(why: str | None, people: tuple[str, ...]) -> None:
    if why is None:
        return
    if len(why) > LONGEST_WHY:
        found = say("a text of {n:#,##0} characters", n=len(why))
        expected = say("a code or a few words, at most {n:#,##0} characters", n=LONGEST_WHY)
        raise Refused(Problem("--why", found, expected))
    if any(person.casefold() in why.casefold() for person in people):
        found = say("the pseudonym itself")
        raise Refused(Problem("--why", found, say("a text that names nobody")))


def _refuse_unlikely(
    case: Case,
    people: tuple[str, ...],
    known: Mapping[str, tuple[Participation, ...]],
    state: ParticipationState,
    on: date,
) -> None:
    """A withdrawal of a misspelt name would leave the person measured; the same twice is a slip."""
    problems = []
    for person in people:
        if state == "withdrawn" and person not in known:
            problems.append(
                Problem(
                    named(person),
                    say("nobody of this pseudonym, so nobody to withdraw"),
                    say("a pseudonym as the sheet has it"),
                    say(
                        "`htkeval participants {name}` lists them; who never began and does not "
                        "want to: --state objected.",
                        name=case.file.id,
                    ),
                )
            )
        elif any((one.state, one.date) == (state, on) for one in known.get(person, ())):
            found = say("the same of the same day already")
            problems.append(Problem(named(person), found, say("something new")))
    if problems:
        raise StateError(problems)
