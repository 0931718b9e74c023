"""What became of units and rows, so told that the counts add up and give nobody away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from htkeval.kept_row import KeptRow
from htkeval.progress import ByArm, DrawnFlow, Fate, Flow, FlowStep, Withheld
from htkeval.small_cells import beside_total, beside_totals, shown, small
from htkeval.steps.case import Case
from htkeval.steps.drawn import drawn_word
from htkeval.trial import ARMS, Arm, Trial

if TYPE_CHECKING:
    from htkeval.evaluation.flow import Became, Group

Step = dict[str, str | int | None]
"""A step of the flow, before it is read as one."""
HELD: Withheld = "derivable"
"""The one reason that is told: which of two parts is the small one would say how small it is. Of
eight people two parts of under five each are four and four."""


def flow_of(
    case: Case,
    rows: Sequence[KeptRow],
    became: Became | None,
    unit: str | None,
    drawn: tuple[DrawnFlow, ...],
) -> Flow:
    """Rows of people who were forgotten are in none of it."""
    trial = case.trial
    in_arm = {arm: [row for row in rows if row.arm == arm] for arm in ARMS}
    by_hand = {arm: sum(not row.counts for row in mine) for arm, mine in in_arm.items()}
    kept = [[row for row in mine if row.counts] for mine in in_arm.values()]
    by_arm = not any(
        any(beside_total([people_of(trial, mine) for mine in arms]))
        for arms in (in_arm.values(), kept)
    )

    def told(n: Mapping[Arm, int]) -> dict[str, int | None]:
        arms: dict[str, int | None] = {arm: n[arm] if by_arm else None for arm in ARMS}
        return {"rows": sum(n.values()), **arms}

    steps: list[Step] = [{"fate": "by_hand", **told(by_hand)}] if any(by_hand.values()) else []
    steps += _steps(became, told, by_arm=by_arm)
    came = {arm: len(mine) for arm, mine in in_arm.items()}
    return Flow(
        unit=unit,
        drawn=drawn,
        came_in=ByArm.model_validate(told(came)),
        steps=tuple(FlowStep.model_validate(one) for one in steps),
    )


def _steps(
    became: Became | None,
    told: Callable[[Mapping[Arm, int]], dict[str, int | None]],
    *,
    by_arm: bool,
) -> list[Step]:
    """What became of the rows that nobody left out; fates of few people are told as one sum.

    Where that would keep back how many rows count, no step is told by arm, if it can be told then.
    """
    if became is None:
        return [{"fate": "analysed", **told(dict.fromkeys(ARMS, 0))}]
    groups = {
        fate: arms
        for fate, arms in became.fates.items()
        if fate == "analysed" or any(one.rows for one in arms.values())
    }
    held = _held(groups, by_arm=by_arm)
    if by_arm and "analysed" in held and "analysed" not in _held(groups, by_arm=False):
        held, by_arm = _held(groups, by_arm=False), False
    nothing: dict[str, int | None] = {"rows": None, "baseline": None, "treatment": None}
    counted = {fate: {arm: one.rows for arm, one in arms.items()} for fate, arms in groups.items()}

    def step(n: Mapping[Arm, int]) -> dict[str, int | None]:
        return told(n) if by_arm else {**nothing, "rows": sum(n.values())}

    steps: list[Step] = [
        {"fate": fate, **(nothing if fate in held else step(n))} for fate, n in counted.items()
    ]
    if held:
        whole = {arm: sum(counted[fate][arm] for fate in held) for arm in ARMS}
        steps.append({"fate": "together", **step(whole)})
    return steps


def _held(groups: Mapping[Fate, Mapping[Arm, Group]], *, by_arm: bool) -> frozenset[Fate]:
    """The fates that are not told apart: those of few people, and what would give them away.

    The rows that count are told beside the result, so they are withheld only where the others
    together are of few people; then the result does not tell them either.
    """
    who = {fate: _by_column(arms, by_arm=by_arm) for fate, arms in groups.items()}
    who = {fate: cells for fate, cells in who.items() if any(one is None or one for one in cells)}
    if len(who) < 2:  # its rows are all there are, and these are told
        return frozenset()
    lost = [fate for fate in who if fate != "analysed"]
    held = {
        fate for fate, out in zip(lost, beside_totals([who[f] for f in lost]), strict=True) if out
    }
    together = [
        frozenset[str]().union(*(who[fate][at] or () for fate in held))
        for at in range(len(who[lost[0]]))
    ]
    few = [small(len(one or ())) for one in (*together, *who.get("analysed", ()))]
    return frozenset(
        (*who,) if any(few) and not held else (*held, "analysed") if any(few) else held
    )


def _by_column(arms: Mapping[Arm, Group], *, by_arm: bool) -> tuple[frozenset[str] | None, ...]:
    """Whose rows they are in each arm, or in both together."""
    each = tuple(arms[arm].people for arm in ARMS if arms[arm].rows or by_arm)
    if by_arm or any(one is None for one in each):
        return each
    return (frozenset[str]().union(*(one or () for one in each)),)


def became_of(case: Case, rows: Sequence[KeptRow]) -> Became | None:
    """What became of the rows that nobody left out; None where there is none."""
    counting = tuple(row.measurement for row in rows if row.counts)
    if not counting:
        return None
    from htkeval.evaluation.flow import fates
    from htkeval.store import snapshots

    return fates(case.trial, snapshots.table(case.trial, counting))


def refused_of(became: Became | None, flow: Flow, n: int) -> int | None:
    """How many tasks were refused; None where it, or it less what the flow tells, is of few."""
    if became is None or not n:
        return n
    held = any(step.fate == "refused" and step.rows is None for step in flow.steps)
    groups = (became.refused, became.otherwise, became.rest)
    return None if held or any(small(len(who or ())) for who in groups) else n


def drawn_of(case: Case, rows: Sequence[KeptRow]) -> tuple[str | None, tuple[DrawnFlow, ...], bool]:
    """Units that were drawn, and how many of them were measured, by what they drew; and whether a
    number of people elsewhere would give away how many were not."""
    listed = case.store.allocated(case.file.id, counted=True)
    if listed is None:
        return None, (), False
    trial = case.trial
    seen = {tuple(row.keys.get(name) or "" for name in listed.columns) for row in rows}
    by_word: dict[str, list[bool]] = defaultdict(list)
    for unit, pattern in zip(listed.named(), listed.drawn, strict=True):
        by_word[drawn_word(trial, listed.patterns[pattern])].append(unit in seen)
    counts = {word: (sum(its), len(its) - sum(its)) for word, its in sorted(by_word.items())}
    people = listed.columns == (trial.design.participant,)
    flow = _of_people(counts) if people else _of_units(counts)
    return " / ".join(listed.columns), flow, any(one.withheld for one in flow)


def _of_units(counts: Mapping[str, tuple[int, int]]) -> tuple[DrawnFlow, ...]:
    return tuple(
        DrawnFlow(drawn=word, units=seen + missing, measured=seen, unmeasured=missing)
        for word, (seen, missing) in counts.items()
    )


def _of_people(counts: Mapping[str, tuple[int, int]]) -> tuple[DrawnFlow, ...]:
    """Of people a part of one to four is not told, nor anything that would give it away."""
    table = shown(tuple(counts.values()))
    found = []
    for place, word in enumerate(counts):
        seen, missing = table.cells[place]
        whole = table.rows[place]
        held = HELD if None in (seen, missing, whole) else None
        one = {"drawn": word, "units": whole, "measured": seen, "unmeasured": missing}
        found.append(DrawnFlow.model_validate({**one, "withheld": held}))
    return tuple(found)


def people_of(trial: Trial, rows: Iterable[KeptRow]) -> frozenset[str | None] | None:
    """Whose rows they are; None where rows name nobody."""
    column = trial.design.participant
    return None if column is None else frozenset(row.keys.get(column) for row in rows) - {None}
