"""May a person be measured, or given a lot, on a day? Not after an objection or withdrawal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from htkeval.errors import Problem, StateError
from htkeval.intake.spelling import folded
from htkeval.measurement import Batch, Measurement
from htkeval.participation import CLOSES, Participation, closed_by
from htkeval.steps.case import Case
from htkeval.store.lines import Line
from htkeval.text import Text, say
from htkeval.trial import Design

Late = tuple[int, Measurement, Participation]
"""A row with its number in the delivery, and what its person said before it was done."""
MOST_NUMBERS = 20
"""Rows of one person that a message numbers."""


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
        Problem(named(person), *_out(case, said))
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
    return closed_by(history, day_of(row.keys.get(design.date or ""))) if history else None


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
    refuse_withdrawn(case, [person], day=day_of(new.keys.get(design.date or "")) or came)


def _ever_closed(case: Case) -> dict[str, tuple[Participation, ...]]:
    """By name as an eye reads it: what is recorded of those who objected or withdrew some day."""
    if not case.store.has(case.file.id, "participation"):
        return {}
    found: dict[str, tuple[Participation, ...]] = {}
    for person, history in case.store.participations(case.file.id).items():
        if any(one.state in CLOSES for one in history):
            found[folded(person)] = (*found.get(folded(person), ()), *history)
    return found


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def named(person: str) -> Text:
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
