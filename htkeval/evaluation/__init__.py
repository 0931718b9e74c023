"""A trial and a snapshot of its measurements in, an analysis out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htkeval import __version__
from htkeval.analysis import Analysis
from htkeval.effect import Effect, Gap
from htkeval.evaluation.checks import checks
from htkeval.evaluation.effects import answer
from htkeval.evaluation.figures import arm_figures
from htkeval.evaluation.level import Promise, evidence_level
from htkeval.evaluation.outcome import SCALES
from htkeval.evaluation.row_checks import happened
from htkeval.evaluation.rows import read
from htkeval.evaluation.sensitivity import sensitivity
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["arm_figures", "evaluate"]


def evaluate(
    trial: Trial,
    table: pa.Table,
    *,
    snapshot: str,
    registration: str | None = None,
    in_time: bool = False,
    unregistered_change: bool = False,
    simulated: bool = False,
) -> Analysis:
    """What do these measurements say, how surely, and what could spoil it?

    Args:
        trial: The definition that is followed.
        table: One row a task, columns named as in the sheet, the arm in canonical words.
        snapshot: SHA-256 of the table's Parquet bytes.
        registration: Fingerprint of the promise; None where there was none.
        in_time: Whether the promise came before the first treatment measurement.
        unregistered_change: Whether metric, design or analysis changed without a deviation.
        simulated: Whether any row was invented.

    Returns:
        For every metric and scale an effect or a gap. At most one effect is confirmatory: the
        primary metric's on the planned scale. Where that is a gap, no other takes its place.
    """
    rows = read(trial, table)
    promise = Promise(registration, in_time, unregistered_change)
    answers = [
        answer(trial, rows, metric, scale)
        for metric in trial.metrics
        for scale in SCALES[metric.kind]
    ]
    effects = tuple(one.result for one in answers if isinstance(one.result, Effect))
    return Analysis(
        trial=trial.id,
        registration=registration,
        snapshot=snapshot,
        rows=table.num_rows,
        evidence_level=evidence_level(trial, rows, promise),
        simulated=simulated,
        software=f"htkeval {__version__}",
        effects=effects,
        gaps=tuple(one.result for one in answers if isinstance(one.result, Gap)),
        checks=checks(trial, rows, promise, answers),
        sensitivity=sensitivity(trial, rows, effects),
        hard_stops=happened(trial, rows),
    )
