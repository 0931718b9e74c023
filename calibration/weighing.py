"""Null trials through the evaluation's own functions: what would their reports have said?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from calibration.definition import trial_of
from calibration.grid import Cell
from calibration.lots import arms
from calibration.outcomes import outcomes
from calibration.roster import Roster, roster_of
from htkeval.effect import Inference, Method
from htkeval.evaluation import planned
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.draw.lots import Lots
from htkeval.evaluation.fitting import Fit, fit
from htkeval.evaluation.found import Found
from htkeval.evaluation.model import build
from htkeval.evaluation.roads import exposures, rates, ratings, series
from htkeval.planning.trials import Looked, filled, with_lots
from htkeval.text import Text
from htkeval.trial import ARMS

DRAWS = 499
"""Re-randomisations where not all allocations are looked at; the evaluation takes more. The test
is as exact with fewer, and has a little less power."""
BATCH = 50
"""Trials that share a roster and the allocations that are looked at, which depend on no outcome."""
NOTHING = {"ratio": 0.0, "difference": 0.0, "probability": 0.5}
"""No effect, on the scale of each answer; a ratio's is a logarithm."""


@dataclass(frozen=True)
class Weighed:
    """What came of one trial."""

    method: Method | None
    """The promised method's answer is by this; None where it had none."""
    reported: bool = False
    """Whether the answer was reported, not only computed."""
    alarm: bool = False
    """Whether it says that the tool does something."""
    covered: bool = False
    """Whether its interval holds what is true: nothing."""
    floor: float | None = None
    """The smallest p-value of the lottery that the answer is by."""
    df: float | None = None
    """CR2's degrees of freedom, whatever the answer is by."""


def weighed(cell: Cell, *, seed: int, trials: int, draws: int = DRAWS) -> Iterator[Weighed]:
    """So many null trials of a cell, each analysed as its report would have been."""
    for basis in null_trials(cell, seed=seed, trials=trials, draws=draws):
        yield weigh(cell, basis)


def null_trials(cell: Cell, *, seed: int, trials: int, draws: int = DRAWS) -> Iterator[Basis]:
    """So many trials of a cell in which the tool does nothing on average."""
    for first in range(0, trials, BATCH):
        rng = np.random.default_rng([seed, first, *cell.name.encode()])
        yield from _batch(cell, rng, min(BATCH, trials - first), draws)


def sheet(basis: Basis) -> pa.Table:
    """A null trial as a table that anybody could hand to `evaluate`."""
    return basis.rows.table.append_column("arm", pa.array([ARMS[i] for i in basis.rows.arm]))


def _batch(cell: Cell, rng: np.random.Generator, trials: int, draws: int) -> Iterator[Basis]:
    trial, roster = trial_of(cell), roster_of(cell, rng)
    keys = {**_keys(cell, roster), "place": np.arange(len(roster.unit))}
    rows = read(trial, pa.table(keys))  # sorted, so the arrays below must follow
    order = np.asarray(rows.table.column("place").combine_chunks().to_numpy())
    method, seed, looked = planned(trial), int(rng.integers(2**32)), Looked()
    for _ in range(trials):
        arm = arms(cell, roster, rng)
        now = filled(rows, outcomes(cell, roster, arm, rng), arm, order)
        yield with_lots(trial, now, method, looked, seed=seed, draws=draws)


def _keys(cell: Cell, roster: Roster) -> dict[str, Any]:
    """The columns that are known before the draw."""
    names = [f"unit {unit:02d}" for unit in roster.unit]
    columns: dict[str, Any] = {"period": roster.period}
    columns[trial_of(cell).cluster_column or "participant"] = names
    if cell.allocation == "minimisation":
        columns["stratum"] = [f"stratum {one}" for one in roster.stratum[roster.unit]]
    return columns


def weigh(cell: Cell, basis: Basis) -> Weighed:
    """What would this trial's report have said?"""
    answer = found(cell, basis)
    if isinstance(answer, Text):
        return Weighed(None)
    fitted, promised = answer
    reported = fitted.reported if isinstance(fitted.reported, Inference) else None
    told = reported or fitted.answers.get(promised)
    if told is None:
        return Weighed(None)
    by_lot = told.method == "rerandomisation"
    return Weighed(
        method=told.method,
        reported=reported is not None,
        alarm=told.p_value <= 1 - basis.trial.analysis.level + 1e-12,
        covered=told.ci[0] <= NOTHING[cell.scale] <= told.ci[1],
        floor=basis.lots.floor if by_lot and isinstance(basis.lots, Lots) else None,
        df=fitted.df,
    )


def found(cell: Cell, basis: Basis) -> tuple[Fit, Method] | Text:
    """The road that the evaluation takes, without the methods that are not reported.

    A test holds every cell's answer against `evaluate`.
    """
    metric, scale = basis.trial.primary, cell.scale
    if cell.design == "interrupted_time_series":
        return _alone(series.level_change(basis, metric, scale), "reml")
    if cell.kind == "rate" and scale == "ratio":
        return _alone(rates.ratio(basis, metric), "cr2")
    if scale == "probability":
        promised: Method = (
            "rerandomisation" if basis.method == "rerandomisation" else "brunner_munzel"
        )
        return _alone(ratings.probability(basis, metric), promised)
    if cell.estimand == "exposure_average":
        return _alone(exposures.average(basis, metric, scale), "cr2")
    model = build(basis, metric, scale)
    if isinstance(model, Text):
        return model
    return fit(basis, model, everything=False), basis.method


def _alone(found: Found | Text | None, method: Method) -> tuple[Fit, Method] | Text:
    assert found is not None  # a roll-out of several periods has its second average
    return found if isinstance(found, Text) else (found.fit, method)
