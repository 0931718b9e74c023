"""What units were given, in the sheet's own words and columns."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.allocation_list import AllocationList
from htkeval.trial import ARMS, Trial


def drawn_word(trial: Trial, pattern: Sequence[int]) -> str:
    """What a unit drew: an arm, an order of arms (A is baseline), or the period of its start."""
    if trial.design.kind == "crossover":
        return "".join("AB"[arm] for arm in pattern)
    if trial.design.kind == "stepped_wedge":
        return str(len(pattern) - sum(pattern) + 1)
    return trial.arms.value(ARMS[pattern[0]])


def drawn_column(trial: Trial) -> str:
    """The column of what was drawn."""
    if trial.design.kind == "crossover":
        return trial.design.sequence or "sequence"
    if trial.design.kind == "stepped_wedge":
        return trial.design.sequence or "start"
    return trial.design.arm


def columns(trial: Trial, listed: AllocationList) -> list[str]:
    """The columns of a list as a sheet; where orders or starts are drawn, each period's arm too."""
    periods = len(listed.patterns[0])
    by_period = [f"{trial.design.period}_{n + 1}" for n in range(periods)] if periods > 1 else []
    names = (*listed.columns, *listed.strata, drawn_column(trial), *by_period)
    return list(dict.fromkeys(names))


def rows(trial: Trial, listed: AllocationList) -> list[dict[str, str]]:
    """A list as the rows of a sheet, in the order of entry."""
    words = [(drawn_word(trial, one), *arms(trial, one)) for one in listed.patterns]
    names = columns(trial, listed)
    first = len(listed.columns) + sum(name not in listed.columns for name in listed.strata)
    given = [dict(zip(names[first:], one, strict=False)) for one in words]
    inside = list(zip(*listed.strata.values(), strict=True)) or [()] * len(listed)
    return [
        {
            **dict(zip(listed.strata, its, strict=True)),
            **dict(zip(listed.columns, unit, strict=True)),
            **given[one],
        }
        for unit, its, one in zip(listed.named(), inside, listed.drawn, strict=True)
    ]


def arms(trial: Trial, pattern: Sequence[int]) -> tuple[str, ...]:
    """The arm of each period, in the sheet's own words."""
    return tuple(trial.arms.value(ARMS[arm]) for arm in pattern)
