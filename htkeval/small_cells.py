"""Which counts of people can be shown: none below five, and none from which such a one follows.

A small count is held back (primary suppression), and so many others that it cannot be had by
subtraction from a total (complementary suppression). Whether a table that is shown in part leaves
a hidden count open is decided exactly, not by a rule of thumb.

Source: Willenborg & de Waal 2001, Elements of Statistical Disclosure Control, section 6.2; that a
table with given margins can only be changed along cycles: Gusfield 1988, SIAM Journal on Computing
17(3), theorem 1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from htkeval.text import Text, say

FEWEST = 5
"""No figure is shown for a group of fewer people than this."""

Place = tuple[int, int]
"""Row and column; those after the last are the totals."""


@dataclass(frozen=True)
class Shown:
    """A table of counts with its totals; None stands for what is held back."""

    cells: tuple[tuple[int | None, ...], ...]
    """By row: how many people in each column."""
    rows: tuple[int | None, ...]
    """Each row's total."""
    columns: tuple[int | None, ...]
    """Each column's total; all None in a table of one row, where they say nothing more."""
    total: int | None
    """All people."""


def small(count: int, *, zeros: bool = False) -> bool:
    """Whether a count of people is held back; nought is not, unless nought itself tells."""
    return count < FEWEST and (count > 0 or zeros)


def counted(count: int) -> Text:
    """A count of people in words or figures: exact, or only that it is below five."""
    if small(count):
        return say("under {fewest}", fewest=FEWEST)
    return say("{n:#,##0}", n=count)


def beside_total(people: Sequence[Collection[Hashable] | None]) -> tuple[bool, ...]:
    """Which figures of one list are not told, where their total is known?

    Figures may be of anything (rows, hours), and one person may stand behind several of them.
    Those of one to four people are not told; nor is that of the fewest people among the others,
    and the next, until five people stand behind those that are not told together, and these are
    two at least: the total less what is told is then of no small group, and of no single figure.

    Args:
        people: Who stands behind each figure; None where nobody is named, which is told.

    Returns:
        Whether each is withheld; which of these is the small one is not to be told either.
    """
    return beside_totals([(who,) for who in people])


def beside_totals(
    people: Sequence[Sequence[Collection[Hashable] | None]],
) -> tuple[bool, ...]:
    """The same where each figure is told by columns that each have a known total, such as arms.

    What is withheld of a figure is withheld in every column.

    Args:
        people: By figure: who stands behind it in each column; None where nobody is named.

    Returns:
        Whether each is withheld.
    """
    few = [any(small(len(cell or ())) for cell in cells) for cells in people]
    return _withheld(people, few, lambda _, together: not _any_small(together))


def beside_both(people: Sequence[Sequence[Collection[Hashable] | None]]) -> tuple[bool, ...]:
    """The same where a figure is told of all columns together, and of each column its total.

    A team that is in one arm is that arm less the other teams. Where somebody is told whose figure
    lies in several columns, nobody can say how much of it lies in each, and so neither of others.

    Args:
        people: As for `beside_totals`.

    Returns:
        Whether each is withheld.
    """
    several = [sum(bool(cell) for cell in cells) > 1 for cells in people]

    def enough(out: Collection[int], together: Sequence[Collection[Hashable]]) -> bool:
        if small(len(frozenset[Hashable]().union(*together))):
            return False
        told = (place for place in range(len(people)) if place not in out)
        return any(several[place] for place in told) or not _any_small(together)

    few = [small(len(frozenset[Hashable]().union(*(c or () for c in cells)))) for cells in people]
    return _withheld(people, few, enough)


def _any_small(groups: Iterable[Collection[Hashable]]) -> bool:
    return any(small(len(who)) for who in groups)


def _withheld(
    people: Sequence[Sequence[Collection[Hashable] | None]],
    few: Sequence[bool],
    enough: Callable[[Collection[int], Sequence[Collection[Hashable]]], bool],
) -> tuple[bool, ...]:
    """Those of few people, and of the others so many that they are two at least and `enough`, given
    which they are and whose they are in each column."""
    first = [place for place, one in enumerate(few) if one]
    if not first:
        return (False,) * len(people)
    others = {place for place, cells in enumerate(people) if any(cells) and not few[place]}
    together = [set[Hashable]() for _ in people[0]]
    out: set[int] = set()

    def next_best(place: int) -> tuple[bool, int, int]:
        """What fills a column of few people, and of that the fewest people."""
        cells = people[place]
        fills = any(small(len(who)) and cell for who, cell in zip(together, cells, strict=True))
        return not fills, sum(len(cell or ()) for cell in cells), place

    while first or (others and not (len(out) > 1 and enough(out, together))):
        place = first.pop() if first else min(others, key=next_best)
        others.discard(place)
        out.add(place)
        for who, more in zip(together, people[place], strict=True):
            who |= set(more or ())
    return tuple(place in out for place in range(len(people)))


def shown(counts: Sequence[Sequence[int]], *, zeros: bool = False) -> Shown:
    """What of a table of people may be shown beside its totals?

    Args:
        counts: By row: how many people in each column; nobody stands in two cells.
        zeros: Whether a nought is held back too.

    Returns:
        The table. Each count that is held back can have at least two values, for all that the
        others say.
    """
    whole = _with_totals(counts)
    hidden = {place for place, n in whole.items() if small(n, zeros=zeros)}
    # in a table of one row a column's total would only repeat its one number: it is not shown
    repeats = {(1, column) for column in range(len(counts[0]))} if len(counts) == 1 else set()
    hidden -= repeats
    while stuck := _fixed(whole, hidden, repeats):
        hidden.add(_best(whole, hidden, repeats, stuck))
    hidden |= repeats
    at = {place: None if place in hidden else n for place, n in whole.items()}
    wide, high = len(counts[0]) if counts else 0, len(counts)
    return Shown(
        cells=tuple(tuple(at[row, column] for column in range(wide)) for row in range(high)),
        rows=tuple(at[row, wide] for row in range(high)),
        columns=tuple(at[high, column] for column in range(wide)),
        total=at[high, wide],
    )


def _with_totals(counts: Sequence[Sequence[int]]) -> dict[Place, int]:
    """The table with a row and a column of totals."""
    rows = [[*row, sum(row)] for row in counts]
    columns = [sum(column) for column in zip(*rows, strict=True)] if rows else [0]
    return {
        (at, place): n for at, row in enumerate([*rows, columns]) for place, n in enumerate(row)
    }


def _fixed(whole: dict[Place, int], hidden: set[Place], repeats: set[Place]) -> list[Place]:
    """The hidden counts that follow from what is shown."""
    unknown = hidden | repeats
    return sorted(place for place in hidden if not _open(whole, unknown, place))


def _open(whole: dict[Place, int], hidden: set[Place], place: Place) -> bool:
    """Whether a hidden count could be another, with all that is shown as it is.

    With the totals' signs turned, every row and column sums to nought. Two tables that agree in
    what is shown differ by cycles through hidden places, up and down in turn, and from a whole
    number each of them can be gone once if what goes down does not go below nought.
    """
    row, column = place
    up, down = ("row", row), ("column", column)
    can_rise, can_fall = _moves(whole, place)
    return (can_rise and _way(whole, hidden, down, up, place)) or (
        can_fall and _way(whole, hidden, up, down, place)
    )


Node = tuple[str, int]


def _moves(whole: dict[Place, int], place: Place) -> tuple[bool, bool]:
    """Whether a place, its sign turned in a total of one direction, can rise and fall by one."""
    high, wide = max(whole)
    turned = (place[0] == high) != (place[1] == wide)
    some = whole[place] > 0
    return (some, True) if turned else (True, some)


def _way(
    whole: dict[Place, int], hidden: set[Place], start: Node, end: Node, without: Place
) -> bool:
    """Whether a cycle can be closed: from a row along a place that rises, back along one that
    falls, never along the place itself."""
    seen, queue = {start}, deque([start])
    while queue:
        here = queue.popleft()
        if here == end:
            return True
        for there in _steps(whole, hidden, here, without):
            if there not in seen:
                seen.add(there)
                queue.append(there)
    return False


def _steps(
    whole: dict[Place, int], hidden: set[Place], here: Node, without: Place
) -> Iterator[Node]:
    kind, number = here
    for place in hidden:
        if place == without:
            continue
        rises, falls = _moves(whole, place)
        if kind == "row" and place[0] == number and rises:
            yield ("column", place[1])
        if kind == "column" and place[1] == number and falls:
            yield ("row", place[0])


def _best(
    whole: dict[Place, int], hidden: set[Place], repeats: set[Place], stuck: list[Place]
) -> Place:
    """What to hide next: what leaves the fewest counts fixed; of those the smallest count, and a
    count inside the table before a total."""
    high, wide = max(whole)
    free = whole.keys() - hidden - repeats
    near = [
        place for place in free if any(place[0] == one[0] or place[1] == one[1] for one in stuck)
    ]

    def cost(place: Place) -> tuple[int, bool, bool, int, Place]:
        total = place[0] == high or place[1] == wide
        left = len(_fixed(whole, {*hidden, place}, repeats))
        return left, total, whole[place] == 0, whole[place], place

    return min(near or free, key=cost)
