"""Invented trials, read as the analysis reads real ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from htkeval.design.draws import Drawn, draw
from htkeval.design.lottery import MOST, Arms, Lottery
from htkeval.design.outcomes import period
from htkeval.design.scenario import Scenario
from htkeval.effect import Method
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.rows import Known, Rows, read
from htkeval.evaluation.draw.listed import Held
from htkeval.evaluation.draw.lots import Lots, read_lots
from htkeval.planning.listed import held
from htkeval.planning.schedule import Stage, drawn_as_planned
from htkeval.text import Text
from htkeval.trial import Trial

BATCH = 100
"""Trials that are drawn together, and share what depends on no outcome."""
FEW = 1_000
"""Up to so many allocations all of them are looked at in each invented trial."""
PLACE = "(place)"
"""A column that tells which of the drawn rows stands where after sorting."""

Looked = dict[bytes, dict[str, Arms]]
"""By what a lottery rests on: the allocations that were looked at."""
Seen = dict[Stage, tuple[bytes, Rows, np.ndarray[Any, Any]]]
"""By look: the rows that the trial before had there, by what they are known again."""


def trials(
    trial: Trial,
    scenario: Scenario,
    *,
    method: Method,
    stages: tuple[Stage, ...],
    rng: np.random.Generator,
    number: int,
    draws: int,
) -> Iterator[Iterator[Basis]]:
    """So many trials of a plan, each as the analysis would read it at every look.

    Args:
        trial: The plan, bare.
        scenario: What is true.
        method: What the plan promises.
        stages: When it is looked at; the last at the end.
        rng: Source of all that is drawn.
        number: How many.
        draws: Re-randomisations where not all allocations are looked at.
    """
    looks = [(stage, at_level(trial, stage.level)) for stage in stages]
    for first in range(0, number, BATCH):
        drawn = draw(drawn_as_planned(trial), scenario, rng, trials=min(BATCH, number - first))
        yield from _read(scenario, drawn, method, looks, int(rng.integers(2**32)), draws)


def at_level(trial: Trial, level: float) -> Trial:
    """The plan with intervals of another level."""
    plan = trial.analysis.model_copy(update={"level": level})
    return trial.model_copy(update={"analysis": plan})


def _read(
    scenario: Scenario,
    drawn: Drawn,
    method: Method,
    looks: list[tuple[Stage, Trial]],
    seed: int,
    draws: int,
) -> Iterator[Iterator[Basis]]:
    looked: Looked = {}
    seen: Seen = {}
    for at in range(len(drawn.treated)):
        yield (
            _basis(trial, scenario, drawn, at, stage, method, seen, looked, seed, draws)
            for stage, trial in looks
        )


def _basis(
    trial: Trial,
    scenario: Scenario,
    drawn: Drawn,
    at: int,
    stage: Stage,
    method: Method,
    seen: Seen,
    looked: Looked,
    seed: int,
    draws: int,
) -> Basis:
    """One trial at one look."""
    roster = drawn.roster
    present = np.nonzero(roster.present[at] & (roster.time[at] <= stage.until))
    keys = _keys(trial, scenario, drawn, at, present)
    mark = b"".join(column.tobytes() for column in keys.values())
    if stage not in seen or seen[stage][0] != mark:
        seen[stage] = (mark, *_rows(trial, keys))
    _, bare_rows, order = seen[stage]
    arm = drawn.treated[at][present].astype(np.intp)
    values = {
        name: np.broadcast_to(column, drawn.treated.shape)[at][present]
        for name, column in drawn.values.items()
    }
    rows = filled(bare_rows, values, arm, order)
    if method != "rerandomisation":
        return Basis(trial, rows, None, method)
    who = present[0][order], present[1][order]
    return with_lots(
        trial,
        rows,
        method,
        looked,
        seed=seed,
        draws=draws,
        most=max(draws, FEW),
        listed=held(trial, drawn, at, rows, who),
    )


def _keys(
    trial: Trial, scenario: Scenario, drawn: Drawn, at: int, present: tuple[Any, ...]
) -> dict[str, np.ndarray[Any, Any]]:
    """Numbers by column: who, when, and what was known beforehand."""
    design, roster = trial.design, drawn.roster
    person = present[0]
    found = {design.participant or "participant": person}
    if design.team:
        found[design.team] = roster.team[at][person]
    if design.period:
        when = np.broadcast_to(period(trial, roster, scenario), roster.shape)
        found[design.period] = when[at][present] + 1
    for name, column in {**roster.groups, **roster.covariates}.items():
        found[name] = np.broadcast_to(column, roster.shape)[at][present]
    return found


def _rows(trial: Trial, keys: dict[str, np.ndarray[Any, Any]]) -> tuple[Rows, np.ndarray[Any, Any]]:
    """The rows without arms and values, and the order that sorting them gave."""
    import pyarrow as pa

    named = {trial.design.participant, trial.design.team, *trial.design.strata}
    named |= {covariate.column for covariate in trial.covariates if covariate.scale == "category"}
    columns = {
        name: [f"{one:04d}" for one in column] if name in named else column
        for name, column in keys.items()
    }
    place = np.arange(len(next(iter(keys.values()))))
    rows = read(trial, pa.table({**columns, PLACE: place}))
    return rows, np.asarray(rows.table.column(PLACE).combine_chunks().to_numpy())


def filled(
    rows: Rows,
    values: dict[str, np.ndarray[Any, Any]],
    arm: np.ndarray[Any, Any],
    order: np.ndarray[Any, Any],
) -> Rows:
    """Rows with what was drawn and measured, which follow the order that sorting gave."""
    import pyarrow as pa

    table = rows.table
    for name, column in values.items():
        table = table.append_column(name, pa.array(column[order]))
    return replace(rows, table=table, arm=arm[order], known=Known(words=rows.known.words))


def with_lots(
    trial: Trial,
    rows: Rows,
    method: Method,
    looked: Looked,
    *,
    seed: int,
    draws: int,
    most: int = MOST,
    listed: Held | None = None,
) -> Basis:
    """The trial with its lottery; trials whose lots are alike share the allocations looked at.

    Args:
        trial: The plan.
        rows: Its rows.
        method: What it promises.
        looked: What trials before it looked at; added to.
        seed: Of the draws.
        draws: How many, where not all allocations are looked at.
        most: Up to so many allocations all of them are looked at. The test is as exact with fewer
            that are drawn, and has a little less power.
        listed: What its draw left; None: it is read from the rows.
    """
    lots: Lots | Text | None = read_lots(trial, rows, listed)
    if not isinstance(lots, Lots):
        return Basis(trial, rows, lots, method)
    lots, mix = replace(lots, seed=seed, draws=draws, most=most), _mix(lots.lottery)
    kept = vars(lots)  # where cached_property keeps what it found
    kept.update(looked.get(mix, {}))
    if "arms" not in kept:  # looked at now, so that the trials to come share them
        kept["arms"] = lots.arms
    looked[mix] = {"arms": kept["arms"]}
    return Basis(trial, rows, lots, method)


def _mix(lottery: Lottery) -> bytes:
    """What a lottery's allocations rest on: lotteries that can fall alike have it alike.

    That is who hangs together with whom and how many of each group drew what, or the factors that
    a minimisation evens out; not who drew what.
    """
    rests = [lottery.patterns, lottery.unit, lottery.slot]
    if lottery.mechanism == "permuted":
        width = len(lottery.patterns)
        rests += [lottery.group, np.bincount(lottery.group * width + lottery.drawn)]
    elif lottery.mechanism == "minimisation":
        rests += lottery.factors
    return b"|".join(np.ascontiguousarray(one).tobytes() for one in rests)
