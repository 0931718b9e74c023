"""The variance of the arm's coefficient in any planned trial, by least squares or weighted."""

from __future__ import annotations

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.moments import Moments
from htkeval.stats.power import Planned
from htkeval.stats.power.covariance import Covariance, Spread, covariance
from htkeval.stats.power.layout import Layout
from htkeval.stats.regression import NULL, by_cluster, satterthwaite, solve, stretch
from htkeval.stats.scaling import Floats

ARM = "(arm)"
"""Name of the arm's column."""


def least_squares(layout: Layout, spread: Spread | Covariance) -> Planned | Absence:
    """How uncertain will the effect be, as the registered regression estimates it?

    With the regression's pulls w = X M c, so that the coefficient is the sum of w y, the variance
    is w'Vw: least squares are not told how tasks hang together, and so may lose by it. Degrees of
    freedom are those that CR2 will have for this layout. CR2 is right on average where tasks are
    alike as its working model says; elsewhere, with few clusters, its errors may be a little large
    or small on average, which only a simulation of the analysis knows.

    Args:
        layout: Who does what; its regressors are an intercept, or each cluster's own effect, the
            periods where they count, any others, and the arm.
        spread: How tasks hang together.

    Returns:
        Variance and degrees of freedom; an absence with fewer than two clusters, where the arm is
        told by the other columns or by one cluster alone, with as many unknowns as tasks, or where
        nothing varies.

    Source: Bell & McCaffrey 2002 and Pustejovsky & Tipton 2018 for the degrees of freedom, with
    independent errors as the working model, as `regression.cr2`.

    Example:
        >>> from htkeval.stats.power.layout import within
        >>> found = least_squares(within([5.0] * 12, [5.0] * 12), Spread(task=0.3, cluster=0.1))
        >>> round(found.variance, 12), round(found.df, 9)
        (0.01, 11.0)
    """
    used = layout.used
    if len(used.tasks) < 2:
        return Absence("one_cluster")
    columns = _columns(used, own=used.own)
    design = _about_means(used, columns) if used.own else columns
    m = _moments(
        design.transpose(0, 2, 1) @ (design * used.tasks[:, :, None]),
        totals=np.einsum("gck,gc,gck->k", columns, used.tasks, columns, optimize=True),
        absorbed=len(used.tasks) if used.own else 0,
    )
    solution = solve(m)
    if ARM not in solution.kept:
        return Absence("not_identified")
    if used.tasks.sum() <= m.absorbed + len(solution.kept):
        return Absence("saturated")
    v = solution.root[-1]
    hat, _ = by_cluster(m, solution)
    stretched, own, lost = stretch(hat, v)
    if lost > NULL * float(v @ v):
        return Absence("lone_cluster")
    df = satterthwaite(own, np.einsum("gij,gj->gi", hat, stretched))
    pull = design[:, :, list(solution.index)] @ (solution.root @ v)
    found = _as_covariance(layout, spread)
    weight = used.tasks * pull
    between = float(np.einsum("gc,gcd,gd->", weight, found.shared, weight, optimize=True))
    return _planned(between + float((weight * pull * found.alone).sum()), df)


def weighted(layout: Layout, spread: Spread | Covariance, *, df: float) -> Planned | Absence:
    """How uncertain would the effect be, if all that tasks share were known and used?

    Generalised least squares with the spreads as given: the smallest variance of all, and the
    textbooks' for roll-outs and uneven teams. Clusters' levels are random, whether or not the
    layout gives each its own effect.

    Args:
        layout: Who does what.
        spread: How tasks hang together.
        df: Degrees of freedom to go with it, such as clusters less two; infinite for the normal.

    Returns:
        Variance and `df`; an absence with fewer than two clusters, where the arm is told by the
        other columns, or where nothing varies.

    Source: Aitken 1935; for roll-outs Hussey & Hughes 2007, Hooper et al. 2016.
    """
    used = layout.used
    if len(used.tasks) < 2:
        return Absence("one_cluster")
    design = _columns(used, own=False)
    seen = used.tasks > 0
    found = _as_covariance(layout, spread)
    both = seen[:, :, None] & seen[:, None, :]
    v = np.where(both, found.shared, 0.0)
    cell = np.arange(used.tasks.shape[1])
    v[:, cell, cell] += np.where(seen, found.alone / np.where(seen, used.tasks, 1.0), 1.0)
    x = np.where(seen[:, :, None], design, 0.0)
    try:
        information = x.transpose(0, 2, 1) @ np.linalg.solve(v, x)
    except np.linalg.LinAlgError:
        return Absence("no_spread")
    solution = solve(_moments(information, totals=np.einsum("gii->i", information), absorbed=0))
    if ARM not in solution.kept:
        return Absence("not_identified")
    return _planned(float(solution.root[-1] @ solution.root[-1]), df)


def information_fraction(look: Planned | Absence, end: Planned | Absence) -> float | Absence:
    """Which share of all that the trial will know is known at a look?

    Args:
        look: What is planned to be there at the look.
        end: What is planned to be there at the end.

    Returns:
        Variance at the end over that at the look; an absence where either has none.

    Source: Jennison & Turnbull 2000: information is one over the variance.

    Example:
        >>> information_fraction(Planned(0.02, 10), Planned(0.01, 20))
        0.5
    """
    if isinstance(look, Absence):
        return look
    return end if isinstance(end, Absence) else end.variance / look.variance


def _columns(layout: Layout, *, own: bool) -> Floats:
    """(G, C, k) regressors, the arm last; an intercept first, unless each cluster has its own."""
    parts = [] if own else [np.ones((*layout.arm.shape, 1))]
    if layout.by_period:
        later = np.unique(layout.period[layout.tasks > 0])[1:]
        parts.append((layout.period[:, :, None] == later).astype(float))
    if layout.others is not None:
        parts.append(layout.others)
    return np.concatenate([*parts, layout.arm[:, :, None]], axis=2)


def _about_means(layout: Layout, columns: Floats) -> Floats:
    """Columns less their cluster's mean over tasks."""
    sums = np.einsum("gck,gc->gk", columns, layout.tasks)
    return np.asarray(columns - (sums / layout.tasks.sum(axis=1)[:, None])[:, None, :])


def _moments(xx: Floats, *, totals: Floats, absorbed: int) -> Moments:
    """Cross-products by cluster as the regression takes them, without an outcome."""
    clusters, k = xx.shape[:2]
    return Moments(
        columns=(*(f"(column {j})" for j in range(k - 1)), ARM),
        rows=np.zeros(clusters, dtype=np.intp),
        xx=xx,
        xy=np.zeros((clusters, k)),
        yy=np.zeros(clusters),
        absorbed=absorbed,
        exponents=(0,) * k,
        y_exponent=0,
        totals=totals,
        y_total=0.0,
        y_rounding=0.0,
    )


def _as_covariance(layout: Layout, spread: Spread | Covariance) -> Covariance:
    """The covariance of the clusters that have tasks."""
    if isinstance(spread, Spread):
        return covariance(layout.used, spread)
    some = layout.tasks.sum(axis=1) > 0
    return Covariance(spread.shared[some], spread.alone[some])


def _planned(variance: float, df: float) -> Planned | Absence:
    return Planned(variance, df) if variance > 0 and df > 0 else Absence("no_spread")
