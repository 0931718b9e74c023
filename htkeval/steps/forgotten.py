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
from htkeval.store.own_words import without
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
    if column is None or not case.store.has(name, "erasure"):
        return
    known, left = case.store.participations(name), _Left(case.store.forgotten(name))
    problems = []
    for batch in batches:
        for person, theirs in _of_unknown(batch, column, known).items():
            if (again := left.again(case, batch, theirs)) is not None:
                problems.append(_back(case, batch, person, again))
    if problems:
        raise StateError(problems)


def _of_unknown(batch: Batch, column: str, known: Iterable[str]) -> dict[str, Counter[Said]]:
    """By person whom the trial does not know: what the rows say."""
    there, found = frozenset({*known, None}), dict[str, Counter[Said]]()
    unknown = [row for row in batch.measurements if row.keys.get(column) not in there]
    for row in rows.encode(unknown, column):
        if row.pseudonym is not None:
            found.setdefault(row.pseudonym, Counter())[said(row)] += 1
    return found


class _Left:
    """What is left of people who were forgotten, looked up by row: there may be thousands."""

    def __init__(self, gone: tuple[Forgotten, ...]) -> None:
        self._gone = gone
        self._by_row: dict[Said, list[int]] = {}
        for place, one in enumerate(gone):
            for row in one.rows:
                self._by_row.setdefault(row, []).append(place)

    def again(self, case: Case, batch: Batch, theirs: Counter[Said]) -> Forgotten | None:
        """Whose rows somebody has again; None where nobody's."""
        same: Counter[int] = Counter()
        for row, times in theirs.items():
            for place in self._by_row.get(row, ()):
                same[place] += min(times, self._gone[place].rows[row])
        design = case.trial.design
        named = bool(design.task or design.date)
        for place, alike in same.most_common():
            one = self._gone[place]
            telling = named or alike >= BY_CHANCE or _called(case, batch) == one.sheet
            if telling and 2 * alike >= one.rows.total():
                return one
        return None


def _called(case: Case, batch: Batch) -> str:
    """What the record calls a sheet of this name."""
    column = case.trial.design.participant or ""
    named = (row.keys.get(column) for row in batch.measurements)
    return without(batch.name, {*case.store.people(case.file.id), *filter(None, named)})


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
