"""Which numbers of people a result can tell, beside how many have rows, in each arm and in both.

Several such numbers stand on one page. Where two of them differ by one to four people, it can be
read from them how many lack something, and colleagues know who that is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.rows import Rows
from htkeval.evaluation.wording import how_many, people
from htkeval.small_cells import small
from htkeval.text import Text, say
from htkeval.trial import Trial


def whose(rows: Rows, which: Bools) -> set[int]:
    """The codes of the participants or teams to whom some rows belong."""
    return set(rows.cluster[which].tolist()) - {NONE}


def all_told(trial: Trial, rows: Rows, who: Collection[int]) -> bool:
    """Whether it can be told how many of those who have rows some are.

    Args:
        trial: The definition; teams are always told.
        rows: The snapshot's rows.
        who: Some of the codes.
    """
    return not people(trial) or _like(set(who), whose(rows, rows.arm != NONE))


def number(trial: Trial, rows: Rows, who: Collection[int], enough: int) -> Text | int:
    """How many some are; where that is not to be told, whether they are `enough`."""
    if all_told(trial, rows, who):
        return how_many(trial, len(who))
    return say("{n} or more", n=enough) if len(who) >= enough else say("fewer than {n}", n=enough)


def arms_told(
    trial: Trial, rows: Rows, arms: Sequence[Bools], main: Sequence[Bools] | None = None
) -> bool:
    """Whether it can be told of each arm how many people some of its rows are of.

    How many have rows in an arm is told, and of how many there the main figure is; where each is
    in both arms, how many are in both together too.

    Args:
        trial: The definition; teams are always told.
        rows: The snapshot's rows.
        arms: (N,) the rows that are counted, in either arm.
        main: The same of the main figure, where these are of another.
    """
    if not people(trial):
        return True
    whole = [rows.arm == code for code in (0, 1)]
    some, of, all_of = (
        [whose(rows, mine) for mine in both] for both in (arms, main or arms, whole)
    )
    pairs = [tuple(some), tuple(of)]
    pairs += [pair for others in (of, all_of) for pair in zip(some, others, strict=True)]
    return all(_like(one, other) for one, other in pairs)


def _like(some: set[int], others: set[int]) -> bool:
    """Whether no one to four people are in one of two groups alone."""
    return not (small(len(some - others)) or small(len(others - some)))
