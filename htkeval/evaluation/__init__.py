"""A trial and a snapshot of its measurements in, an analysis out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from htkeval import __version__
from htkeval.allocation_list import AllocationList
from htkeval.analysis import Analysis
from htkeval.canonical import fingerprint
from htkeval.deviation import Deviation
from htkeval.effect import Bounds, Effect, Gap, Method, Sensitivity
from htkeval.evaluation.apart import in_groups
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.checks import checks
from htkeval.evaluation.checks.looks import as_far_as_shown, look_checks
from htkeval.evaluation.checks.rows import happened
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.data.outcome import SCALES
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.draw.listed import hold
from htkeval.evaluation.draw.lots import read_lots
from htkeval.evaluation.figures import arm_figures
from htkeval.evaluation.forecasts import forecasts
from htkeval.evaluation.level import Promise, evidence_level
from htkeval.evaluation.method import as_promised, from_data, planned
from htkeval.evaluation.panel.sensitivity import sensitivity
from htkeval.evaluation.panel.stopped import stopped
from htkeval.evaluation.panel.subgroups import subgroups
from htkeval.evaluation.panel.unknown import bounds
from htkeval.evaluation.roads.unfinished import often
from htkeval.evaluation.secondary import with_holm
from htkeval.evaluation.sight import Sight
from htkeval.looks import Standing
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["arm_figures", "evaluate", "in_groups", "planned"]


def evaluate(
    trial: Trial,
    table: pa.Table,
    *,
    snapshot: str,
    registration: str | None = None,
    method: Method | None = None,
    in_time: bool = False,
    unregistered_change: bool = False,
    deviations: tuple[Deviation, ...] = (),
    simulated: bool = False,
    allocation: AllocationList | None = None,
    standing: Standing | None = None,
) -> Analysis:
    """What do these measurements say, how surely, and what could spoil it?

    Args:
        trial: The definition that is followed.
        table: One row a task, columns named as in the sheet, the arm in canonical words.
        snapshot: SHA-256 of the table's Parquet bytes.
        registration: Fingerprint of the promise as it stands; None where there was none.
        method: What `planned` said when the promise was made; None where there was no promise,
            so that the sheet itself says what fits it.
        in_time: Whether the promise came before the first treatment measurement.
        unregistered_change: Whether metric, design or analysis changed without a deviation.
        deviations: What was changed and told; `trial` and `method` are as they left them.
        simulated: Whether any row was invented.
        allocation: What was drawn, units named as in the table; None where no list is stored.
        standing: Where this stands among the looks of the plan; None where there is one, or no
            promise. At a look the primary metric's figures have that look's level; between looks
            they are those that hold however often one looks, or gaps.

    Returns:
        For every metric and scale an effect or a gap. At most one effect is confirmatory: the
        primary metric's on the planned scale. Where that is a gap, no other takes its place.
    """
    under_way = standing is not None and not standing.final
    basis = _basis(trial, table, method, allocation, under_way=under_way)
    sight = Sight(basis, standing)
    promise = Promise(registration, in_time, unregistered_change, deviations)
    found = [
        one
        for metric in trial.metrics
        for scale in SCALES[metric.kind]
        for one in sight.answers(metric, scale)
    ]
    effects = with_holm(trial, [one.result for one in found if isinstance(one.result, Effect)])
    return Analysis(
        trial=trial.id,
        registration=registration,
        snapshot=snapshot,
        rows=table.num_rows,
        evidence_level=evidence_level(basis, promise),
        simulated=simulated,
        allocation=None if allocation is None else fingerprint(allocation.model_dump(mode="json")),
        software=f"htkeval {__version__}",
        effects=effects,
        gaps=tuple(one.result for one in found if isinstance(one.result, Gap)),
        checks=(
            *look_checks(sight, found),
            *as_far_as_shown(sight, checks(basis, promise, found)),
        ),
        sensitivity=(*stopped(sight, found), *_otherwise(sight, effects)),
        bounds=_bounds(sight),
        subgroups=() if sight.between else subgroups(sight.basis),
        hard_stops=happened(trial, basis.rows),
        deviations=deviations,
        forecasts=forecasts(trial, basis.rows),
    )


def _otherwise(sight: Sight, effects: tuple[Effect, ...]) -> tuple[Sensitivity, ...]:
    """Other models, at the level of the effect beside them; between looks none of the primary."""
    hidden = _hidden(sight)
    return tuple(
        row
        for effect in effects
        if effect.metric not in hidden
        for row in sensitivity(sight.basis, (effect,))
    )


def _bounds(sight: Sight) -> tuple[Bounds, ...]:
    """The same for what nobody knows."""
    hidden = _hidden(sight)
    return tuple(one for one in bounds(sight.basis) if one.metric not in hidden)


def _hidden(sight: Sight) -> frozenset[str]:
    """The metrics of which nothing plain may be shown today."""
    return frozenset(metric.id for metric in sight.plain.trial.metrics if sight.hides(metric))


def _basis(
    trial: Trial,
    table: pa.Table,
    method: Method | None,
    allocation: AllocationList | None = None,
    *,
    under_way: bool = False,
) -> Basis:
    """Read the rows, the list and the lottery once."""
    rows = read(trial, table)
    held = None if allocation is None else hold(trial, rows, allocation, under_way=under_way)
    lots = read_lots(trial, rows, held)
    clusters = len(np.unique(rows.cluster[rows.cluster != NONE]))
    chosen = (
        from_data(trial, lots, clusters) if method is None else as_promised(trial, method, lots)
    )
    basis = Basis(trial, rows, lots, chosen, held=held)
    return replace(basis, capped=frozenset(m.id for m in trial.metrics if often(basis, m)))
