"""What explains part of the spread: the trial's covariates as regressors."""

from __future__ import annotations

import numpy as np

from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.rows import Rows
from htkeval.metric import Metric
from htkeval.plan import Covariate
from htkeval.stats.scaling import Floats
from htkeval.trial import Trial


def known(trial: Trial, rows: Rows) -> Bools:
    """(N,) whether a row has every covariate; a logarithm needs a number above zero.

    A series over time has a value a period and no covariates, so none can be missing.
    """
    every = np.ones(rows.table.num_rows, dtype=bool)
    for covariate in trial.covariates if trial.design.kind != "interrupted_time_series" else ():
        if covariate.scale == "category":
            every &= rows.words(covariate.column).codes != NONE
        else:
            every &= np.isfinite(_number(covariate, rows))
    return every


def regressors(trial: Trial, rows: Rows, used: Bools) -> dict[str, Floats]:
    """The covariates of the rows that are used, by a name that a person can read.

    A category becomes one column of zeros and ones for each of its words but the first.
    """
    columns: dict[str, Floats] = {}
    for covariate in trial.covariates:
        if covariate.scale == "category":
            columns |= _groups(covariate, rows, used)
        else:
            name = f"log({covariate.column})" if covariate.scale == "log" else covariate.column
            columns[name] = _number(covariate, rows)[used]
    return columns


def value_before(
    trial: Trial, metric: Metric, rows: Rows, used: Bools, *, log: bool
) -> dict[str, Floats]:
    """The metric's own value before the trial, on the scale of the comparison.

    A value that is missing is put at the mean of the known ones and has a column that says so:
    whoever was not there before is not lost, and a draw keeps the arm apart from both.

    Source: White & Thompson 2005, for covariates of randomised trials.
    """
    name = metric.pre_period
    if name is None or name in {covariate.column for covariate in trial.covariates}:
        return {}
    values = rows.numbers(name)[used]
    if log:
        values = np.log(values, where=values > 0, out=np.full_like(values, np.nan))
    seen = np.isfinite(values)
    if not seen.any():
        return {}
    shown = f"log({name})" if log else name
    filled = {shown: np.where(seen, values, values[seen].mean())}
    return filled if seen.all() else filled | {f"{name} = –": (~seen).astype(np.float64)}


def _number(covariate: Covariate, rows: Rows) -> Floats:
    values = rows.numbers(covariate.column)
    if covariate.scale == "linear":
        return values
    return np.log(values, where=values > 0, out=np.full_like(values, np.nan))


def _groups(covariate: Covariate, rows: Rows, used: Bools) -> dict[str, Floats]:
    read = rows.words(covariate.column)
    codes = read.codes[used]
    present = np.unique(codes)[1:].tolist()
    return {
        f"{covariate.column} = {read.labels[code]}": (codes == code).astype(np.float64)
        for code in present
    }
