"""How much a trial will know at its end, and which share of that is in now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from htkeval.errors import Problem, Refused
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.method import planned as method_of
from htkeval.evaluation.model import BY_PERIOD, OWN_EFFECTS, usable
from htkeval.evaluation.wording import in_words
from htkeval.looks import Information
from htkeval.planning.assumed import Assumed, Number, usual
from htkeval.planning.closed_form import layout_of, rolled_out
from htkeval.planning.floors import floor
from htkeval.planning.limits import limits
from htkeval.stats.answer import Absence
from htkeval.stats.power import Planned
from htkeval.stats.power.covariance import Covariance, Spread, covariance, spread_of
from htkeval.stats.power.layout import Layout
from htkeval.stats.power.variance import information_fraction, least_squares
from htkeval.stats.scaling import Codes
from htkeval.stats.sequential.recursion import LEAST_STEP
from htkeval.text import Text, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa


def information(trial: Trial, taken: Assumed | None = None) -> Information | None:
    """What does a promise keep of its looks? None where the trial is looked at once.

    Arguments and errors as for `planned_information`.
    """
    return None if trial.analysis.looks == (1.0,) else planned_information(trial, taken)


def planned_information(trial: Trial, taken: Assumed | None = None) -> Information:
    """What is the trial planned to know at its end?

    Args:
        trial: The definition.
        taken: What is taken to be true of the work; None: what others have seen.

    Raises:
        Refused: It is not planned how many people or teams do how many tasks; or the design has no
            planned variance.
    """
    units, each = trial.design.clusters, trial.design.tasks_each
    missing = [
        _missing(trial, key) for key, n in (("clusters", units), ("tasks_each", each)) if n is None
    ]
    if missing or units is None or each is None:
        raise Refused(missing)
    taken = taken or usual(trial)
    found = Information(
        units=units,
        tasks_each=each,
        log_sd=taken.log_sd.value,
        icc=taken.icc.value,
        autocorrelation=taken.autocorrelation.value if rolled_out(trial) else 1.0,
        reaction_sd=taken.reaction_sd.value,
        log_sd_from=taken.log_sd.source,
        icc_from=taken.icc.source,
        variance=1.0,
        limits=limits(trial, floor(trial, units=units, tasks_each=each), method=method_of(trial)),
    )
    layout = layout_of(trial, units=units, tasks_each=each)
    end = Absence("no_rows") if layout is None else _variance(trial, layout, spread(found))
    if isinstance(end, Absence):
        raise Refused(_no_variance(trial, None if layout is None else in_words(end, trial)))
    return found.model_copy(update={"variance": end.variance})


def taken_before(trial: Trial, promised: Information) -> Assumed:
    """What an earlier promise took to be true: what was measured since then does not count."""
    known = usual(trial)
    return replace(
        known,
        log_sd=Number(promised.log_sd, promised.log_sd_from or known.log_sd.source),
        icc=Number(promised.icc, promised.icc_from or known.icc.source),
        reaction_sd=Number(promised.reaction_sd, known.reaction_sd.source),
    )


def reached(trial: Trial, planned: Information, table: pa.Table) -> float | Absence:
    """Which share of the planned information is in?

    The planned variance at the end over that of the tasks that are in, by cluster, arm and period,
    both by the registered model and assumptions: what was measured of the effect or its spread
    does not count, so no result can choose when a look comes.

    Args:
        trial: The definition that counts.
        planned: What was registered.
        table: The snapshot.

    Returns:
        The share, which may be above 1; an absence where the effect cannot be told yet.
    """
    rows = read(trial, table)
    basis = Basis(trial, rows, None, method_of(trial))
    used = usable(basis, basis.values(trial.primary, main_scale(trial)).known)
    when = rows.period.codes[used] if trial.design.kind in BY_PERIOD else None
    return fraction(trial, planned, rows.cluster[used], rows.arm[used], when)


def fraction(
    trial: Trial,
    planned: Information,
    cluster: Codes,
    arm: Codes,
    when: Codes | None = None,
) -> float | Absence:
    """Which share of the planned information do some tasks hold?

    Args:
        trial: The definition.
        planned: What was registered.
        cluster: (N,) whose task it is: the participant, or the team where teams have the tool.
        arm: (N,) 0 or 1.
        when: (N,) its period; None in designs that compare no periods.

    Returns:
        The share, which may be above 1; an absence where the effect cannot be told.
    """
    if len(np.unique(arm)) < 2:
        return Absence("no_rows")
    clusters, cluster = np.unique(cluster, return_inverse=True)
    pairs = np.column_stack([arm, np.zeros_like(arm) if when is None else when])
    cells, cell = np.unique(pairs, axis=0, return_inverse=True)
    tasks = np.zeros((len(clusters), len(cells)))
    np.add.at(tasks, (cluster, cell.ravel()), 1.0)
    armed, period = (np.broadcast_to(cells[:, column], tasks.shape) for column in (0, 1))
    layout = Layout(
        armed.astype(float),
        tasks,
        period,
        np.zeros_like(period),
        own=trial.design.kind in OWN_EFFECTS,
        by_period=trial.design.kind in BY_PERIOD,
    )
    end = Planned(planned.variance, np.inf)
    return information_fraction(_variance(trial, layout, spread(planned)), end)


def adds(before: float, fraction: float) -> bool:
    """Whether a look has enough new information to have a limit of its own."""
    return fraction - before >= LEAST_STEP * fraction


def spread(planned: Information) -> Spread:
    """The variances behind what was registered."""
    return spread_of(
        planned.log_sd,
        icc=planned.icc,
        autocorrelation=planned.autocorrelation,
        reaction_sd=planned.reaction_sd,
    )


def _variance(trial: Trial, layout: Layout, spread: Spread) -> Planned | Absence:
    """By task, or with each cluster's mean in an arm and period counting the same."""
    if trial.analysis.weights == "task":
        return least_squares(layout, spread)
    found, tasks = covariance(layout, spread), layout.tasks
    alone = found.alone / np.where(tasks > 0, tasks, 1.0)
    once = replace(layout, tasks=(tasks > 0).astype(float))
    return least_squares(once, Covariance(found.shared, alone))


def _missing(trial: Trial, key: str) -> Problem:
    return Problem(
        say("trial {name}, {key}", name=trial.id, key=f"design.{key}"),
        say("nothing, and looks before the end"),
        say("how many are planned: a look comes at a share of that"),
        say("State {key}, or leave looks out.", key=key),
    )


def _no_variance(trial: Trial, why: Text | None) -> Problem:
    place = say("trial {name}, {key}", name=trial.id, key="analysis.looks")
    series = say("In a series over time nothing says beforehand how much is known when.")
    return Problem(place, why or series, "", "")
