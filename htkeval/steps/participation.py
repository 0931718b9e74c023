"""Who was informed, consented, objected or withdrew; and who may not be measured any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.intake.spelling import folded
from htkeval.intake.units import people_of
from htkeval.measurement import Batch, Measurement
from htkeval.participation import (
    CLOSES,
    Participation,
    ParticipationState,
    Standing,
    closed_by,
    standing_of,
)
from htkeval.steps.case import Case
from htkeval.store.lines import Line
from htkeval.store.store import Store
from htkeval.text import Text, say
from htkeval.trial import Design

Late = tuple[int, Measurement, Participation]
"""A row with its number in the delivery, and what its person said before it was done."""


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


MOST_NUMBERS = 20
"""Rows of one person that a message numbers."""
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
    _refuse_day(case, on, now.astimezone().date())
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
    who = [(row.keys.get(person_in), _day(row.keys.get(day_in))) for row in rows]
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
            day = _day(row.keys.get(design.date or ""))
            known = first.setdefault(person, day)
            first[person] = min((one for one in (known, day) if one), default=None)
    return tuple(
        standing_of(person, history, measured=person in first, first=first.get(person))
        for person, history in sorted(case.store.participations(name).items())
    )


def refuse_withdrawn(case: Case, people: Iterable[str], *, day: date | None = None) -> None:
    """May these people be measured, or given a lot, on this day?

    Args:
        case: The trial.
        people: Pseudonyms.
        day: The day of the work; None: now, by all that is recorded, also of today.

    Raises:
        StateError: Some of them objected or withdrew; all of them.
    """
    closed = _ever_closed(case)
    problems = [
        Problem(_participant(person), *_out(case, said))
        for person in dict.fromkeys(people if closed else ())
        if (said := closed_by(closed.get(folded(person), ()), day)) is not None
    ]
    if problems:
        raise StateError(problems)


def refuse_rows(case: Case, batches: Iterable[Batch]) -> None:
    """Refuse new rows of people who objected or withdrew, done after that day.

    Rows that are here already say nothing new: a sheet that grows comes again with them.

    Args:
        case: The trial, as it stands when it is our turn to write.
        batches: What is to be stored together.

    Raises:
        StateError: There are such rows; by person, with the numbers of the rows in the sheet.
    """
    closed, design = _ever_closed(case), case.trial.design
    if not closed or design.participant is None:
        return
    problems = []
    for batch in batches:
        late = [
            (number, row, said)
            for number, row in enumerate(batch.measurements, start=1)
            if (said := _closes(closed, row, design)) is not None
        ]
        by_person: dict[tuple[str | None, Participation], list[int]] = {}
        for number, row, said in _not_here(case, batch, late):
            by_person.setdefault((row.keys[design.participant], said), []).append(number)
        for (who, said), numbers in by_person.items():
            problems.append(Problem(_place(batch.name, who, numbers), *_out(case, said)))
    if problems:
        raise StateError(problems)


def _place(file: str, who: str | None, numbers: Sequence[int]) -> Text:
    """Whose rows of a sheet they are, and which, the first of them by number."""
    more = " …" if len(numbers) > MOST_NUMBERS else ""
    shown = ", ".join(map(str, numbers[:MOST_NUMBERS])) + more
    return say("{file}, {who}, measurement no. {numbers}", file=file, who=who, numbers=shown)


def _closes(
    closed: Mapping[str, tuple[Participation, ...]], row: Measurement, design: Design
) -> Participation | None:
    """What its person said that closes a row; None of who takes part on its day."""
    person = row.keys.get(design.participant or "")
    history = () if person is None else closed.get(folded(person), ())
    return closed_by(history, _day(row.keys.get(design.date or ""))) if history else None


def _not_here(case: Case, batch: Batch, late: Sequence[Late]) -> Iterator[Late]:
    """Those rows that no earlier delivery brought, each as often as it comes."""
    rows = tuple(row for _, row, _ in late)
    asked = batch.model_copy(update={"measurements": rows})
    here = case.store.here_already(asked, participant=case.trial.design.participant)
    used: Counter[str] = Counter()
    for one, times in zip(late, here, strict=True):
        whole = one[1].model_dump_json()
        used[whole] += 1
        if used[whole] > times:
            yield one


def refuse_moved(case: Case, line: Line, new: Measurement) -> None:
    """Refuse a correction that gives a row to somebody, or a day, that could not have had it.

    Whatever else of an old row is put right, its person and day stand.

    Args:
        case: The trial, as it stands when it is our turn to write.
        line: The row as it stands.
        new: What it is to say.

    Raises:
        StateError: The person had withdrawn by then.
    """
    design, old = case.trial.design, line.row
    names = [name for name in (design.participant, design.date) if name]
    person = new.keys.get(design.participant or "")
    if person is None or all(old.keys.get(name) == new.keys.get(name) for name in names):
        return
    came = next(event.at.date() for event in case.deliveries if event.seq == old.event)
    refuse_withdrawn(case, [person], day=_day(new.keys.get(design.date or "")) or came)


def _ever_closed(case: Case) -> dict[str, tuple[Participation, ...]]:
    """By name as an eye reads it: what is recorded of those who objected or withdrew some day."""
    if case.store.latest(case.file.id, "participation") is None:
        return {}
    found: dict[str, tuple[Participation, ...]] = {}
    for person, history in case.store.participations(case.file.id).items():
        if any(one.state in CLOSES for one in history):
            found[folded(person)] = (*found.get(folded(person), ()), *history)
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _participant(person: str) -> Text:
    return say("participant {who}", who=person)


def _out(case: Case, said: Participation) -> tuple[Text, Text, Text]:
    """What was found, what was expected, and how to go on."""
    found = (
        say("somebody who withdrew on {day:d MMMM y}", day=said.date)
        if said.state == "withdrawn"
        else say("somebody who objected on {day:d MMMM y}", day=said.date)
    )
    return (
        found,
        say("nothing new of that person after that day"),
        say(
            "Leave it out. What was measured before stays and counts; `htkeval erase {name}` "
            "forgets the person. Who consents again takes part from then on: htkeval participant "
            "{name} PSEUDONYM --state consented.",
            name=case.file.id,
        ),
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
                    _participant(person),
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
            problems.append(Problem(_participant(person), found, say("something new")))
    if problems:
        raise StateError(problems)
