"""What a user is told in a cell: the gap, or the check that fails because of what the cell is."""

from __future__ import annotations

from typing import get_args

from calibration.grid import Cell
from calibration.weighing import null_trials, sheet
from htkeval.analysis import Analysis
from htkeval.effect import Effect, Gap
from htkeval.evaluation import evaluate, planned, wording
from htkeval.stats.answer import Absence, Reason
from htkeval.trial import Trial

OF_THE_CELL = ("draw_reaches", "short_series", "few_clusters")
"""Checks that fail for what the cell is, not for how a trial fell out; the gravest first."""
SHEETS = 30
"""Trials that are looked through where an answer is sometimes refused."""


def warning(cell: Cell, *, seed: int, refused: bool) -> str | None:
    """The name of the gap's reason or of the failing check; None where nothing is held back.

    Args:
        cell: The cell.
        seed: Of its trials.
        refused: Whether an answer is refused so often that a gap is what to look for; a short
            series is told that it is one, answer or not.
    """
    found = None
    for basis in null_trials(cell, seed=seed, trials=SHEETS if refused else 1):
        analysis = evaluate(
            basis.trial, sheet(basis), snapshot="0" * 64, method=planned(basis.trial)
        )
        failing = {check.name for check in analysis.checks if check.passed is False}
        found = next((name for name in OF_THE_CELL if name in failing), None)
        result = answer(analysis, cell)
        if found == "short_series":
            return found
        if isinstance(result, Gap):
            return _reason(result, basis.trial)
    return found


def answer(analysis: Analysis, cell: Cell) -> Effect | Gap:
    """The analysis' figure on the cell's scale, or its gap."""
    mine = (e for e in analysis.effects if (e.scale, e.estimand) == (cell.scale, cell.estimand))
    gaps = (g for g in analysis.gaps if (g.scale, g.estimand) == (cell.scale, cell.estimand))
    return next(mine, None) or next(gaps)


def _reason(gap: Gap, trial: Trial) -> str:
    few = (
        wording.few_df(0.0, trial),
        wording.short_of_periods(0, 0),
        wording.few_ranked(0, 0, trial),
    )
    told = {sentence.template: "few_df" for sentence in few}
    told[wording.ranks_apart().template] = "no_spread"
    for reason in get_args(Reason):
        told.setdefault(wording.in_words(Absence(reason), trial).template, reason)
    return told[gap.message.template]
