"""Who was informed, consented, objected or withdrew: recorded, and where everybody stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.intake.units import people_of
from htkeval.local_day import local_day
from htkeval.participation import (
    Participation,
    ParticipationState,
    Standing,
    closed_by,
    said_already,
    standing_of,
)
from htkeval.steps.case import Case
from htkeval.steps.withdrawn import day_of, named
from htkeval.store.store import Store
from htkeval.text import say


@dataclass(frozen=True)
class Recorded:
    """What was recorded of one person."""

    participant: str
    """The pseudonym."""
    said: Participation
    """What the record says of it."""
    stored: bool
    """Whether it was stored now; False where it was recorded already."""
    counts: date
    """The day that counts for rows: of an objection or withdrawal, the first of it."""
    new: bool
    """Whether the trial did not know the pseudonym before."""
    rows: int
    """Rows of the person that count."""
    later: int
    """How many of them say a day after the one that counts."""


LONGEST_WHY = 100
"""Characters of a reason: a code or a few words, for nobody has to give one."""
LONG_AGO = timedelta(days=730)
"""A day further back than this from today and from the trial's first day is a slip of the pen."""


def record(
    case: Case,
    people: tuple[str, ...],
    state: ParticipationState,
    *,
    on: date | None = None,
    why: str | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[Recorded, ...]:
    """Record what people were told or said, an event for each, or none of any.

    What is recorded already is found, not stored again: the same of the same day, and without a
    day what holds of the person anyhow.

    What is said later counts from its day: who withdrew and consents again takes part again, and is
    still not measured on the days between. What is entered late counts from its own day too. To be
    informed opens nothing that a withdrawal closed.

    Args:
        case: The trial.
        people: Pseudonyms as the sheet has them; who is new is known from now on.
        state: What they were told, or said.
        on: The day on which it happened; None: today, where it is new.
        why: A code or a few words that name nobody; they are kept for good.
        actor: Who records it.
        now: When, in UTC.

    Raises:
        Refused: A day to come or long ago; a reason that is long or names somebody.
        SheetError: A pseudonym that no sheet could have.
        StateError: Somebody unknown withdraws.
    """
    reason = (why or "").strip() or None
    today = local_day(now)
    _refuse_day(case, on or today, today)
    _refuse_reason(reason, people)

    seen: dict[str, Participation | None] = {}
    fresh: set[str] = set()

    def make(inside: Store) -> tuple[tuple[str, ...], Mapping[str, Any]]:
        then, known = replace(case, store=inside), inside.participations(case.file.id)
        named = people_of(then.trial, people, known=known, listed=case.names)
        _refuse_unlikely(case, named, known, state)
        seen.update({p: said_already(known.get(p, ()), state, on=on, why=reason) for p in named})
        fresh.update(set(named) - set(known))
        new = tuple(name for name in named if seen[name] is None)
        return new, {"state": state, "date": (on or today).isoformat(), "why": reason}

    events = iter(case.store.participate(case.file.id, make, actor=actor, now=now))
    said = {name: before or Participation.of(next(events)) for name, before in seen.items()}
    histories = case.store.participations(case.file.id)
    person_in, day_in = case.trial.design.participant or "", case.trial.design.date or ""
    rows = case.store.measurements(case.file.id, people=set(seen))
    who = [(row.keys.get(person_in), day_of(row.keys.get(day_in))) for row in rows]
    counts = {
        name: closes.date
        if (closes := closed_by(histories.get(name, ()))) and closes.state == state
        else one.date
        for name, one in said.items()
    }
    return tuple(
        Recorded(
            participant=name,
            said=one,
            stored=seen[name] is None,
            counts=counts[name],
            new=name in fresh,
            rows=sum(person == name for person, _ in who),
            later=sum(
                person == name and done is not None and done > counts[name] for person, done in who
            ),
        )
        for name, one in said.items()
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
) -> None:
    """A withdrawal of a misspelt name would leave the person measured."""
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
    if problems:
        raise StateError(problems)
