"""A sheet that brings somebody back who was forgotten: seen by what the rows say, not by the name.

No list of erased pseudonyms is kept. What is kept are rows that lead to nobody; where a person
whom the trial does not know has the rows of one of them, the old sheet has come again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from htkeval.errors import Problem, StateError
from htkeval.measurement import Batch
from htkeval.steps.case import Case
from htkeval.store import rows
from htkeval.store.forgotten import Forgotten, Said, said
from htkeval.text import say

BY_CHANCE = 3
"""So many rows alike are no chance; fewer may be, where they name neither task nor day."""


def refuse_forgotten(case: Case, batches: Iterable[Batch]) -> None:
    """Refuse a sheet with the rows of somebody who was forgotten, under a name nobody knows.

    At least half of what one delivery brought of that person must be there again, for a sheet may
    have grown, or been put right since. Whom the trial knows by other means (a lot, or a record of
    being informed or of a new consent) is let in: somebody has seen to it.

    Args:
        case: The trial, as it stands when it is our turn to write.
        batches: What is to be stored together.

    Raises:
        StateError: There are such rows; each person in each sheet.
    """
    name, column = case.file.id, case.trial.design.participant
    if column is None or case.store.latest(name, "erasure") is None:
        return
    known, gone = case.store.participations(name), case.store.forgotten(name)
    problems = []
    for batch in batches:
        for person, theirs in _of_unknown(batch, column, known).items():
            again = next((one for one in gone if _alike(case, batch, theirs, one)), None)
            if again is not None:
                problems.append(_back(case, batch, person, again))
    if problems:
        raise StateError(problems)


def _of_unknown(batch: Batch, column: str, known: Iterable[str]) -> dict[str, Counter[Said]]:
    """By person whom the trial does not know: what the rows say."""
    there, found = frozenset(known), dict[str, Counter[Said]]()
    for row in batch.measurements:
        person = row.keys.get(column)
        if person is not None and person not in there:
            found.setdefault(person, Counter())[said(rows.encode(row, column))] += 1
    return found


def _alike(case: Case, batch: Batch, theirs: Counter[Said], gone: Forgotten) -> bool:
    """Whether somebody's rows are those of a person who was forgotten."""
    same = (theirs & gone.rows).total()
    design = case.trial.design
    telling = same >= BY_CHANCE or batch.name == gone.sheet or bool(design.task or design.date)
    return same > 0 and 2 * same >= gone.rows.total() and telling


def _back(case: Case, batch: Batch, person: str, gone: Forgotten) -> Problem:
    return Problem(
        say("{file}, participant {who}", file=batch.name, who=person),
        say(
            "rows of somebody who was forgotten on {day:d MMMM y} (event {seq})",
            day=gone.erased.at.date(),
            seq=gone.erased.seq,
        ),
        say("a sheet without them"),
        say(
            "Take these rows out of the sheet. Where the person has agreed to be known again, or "
            "is somebody else, record that first: htkeval participant {name} {who} --state "
            "consented.",
            name=case.file.id,
            who=person,
        ),
    )
