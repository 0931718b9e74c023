"""How many times as often something happens with the tool, for what it could have befallen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.loglinear import Counts, cr2, fit
from htkeval.stats.scaling import Codes, Floats, exponent, scaled, starts_of


def rate_ratio(
    events: Floats,
    exposure: Floats,
    x: Mapping[str, Floats],
    *,
    column: str,
    cluster: Codes,
    absorb: Codes | None = None,
) -> Estimate | Absence:
    """How many times as often does it happen, when only clusters are independent?

    log E(events) = log exposure + effect + columns, by quasi-likelihood: no more is taken for
    granted than that the mean is right. Effects are profiled out, which for counts is conditioning
    on each effect's events, so that many small effects bias nothing.

    Args:
        events: (N,) events, finite, not negative.
        exposure: (N,) what they could befall (words, cases, hours), finite, not negative. A row
            without exposure and without events says nothing and is left out, as is every row of an
            effect without events.
        x: Each column's name and its (N,) finite values, without an intercept, `column` last.
        column: The column asked for, 0 baseline and 1 treatment.
        cluster: (N,) which cluster a row belongs to.
        absorb: (N,) which fixed effect a row belongs to; every effect lies in one cluster.
            Without it there is an intercept.

    Returns:
        The logarithm of the ratio of rates, with its CR2 error and Satterthwaite's df; an absence
        where an arm has no event, where events have no exposure, where columns tell events from
        none or are redundant, or where one cluster alone identifies the ratio.

    Raises:
        ValueError: A fixed effect lies in more than one cluster.

    Source: Hausman, Hall & Griliches 1984 on conditioning; McCaffrey & Bell 2006 and Pustejovsky &
    Tipton 2018, equations 9-11, with the Poisson variance as the working model, as R's
    clubSandwich has for `glm(events ~ offset(log(exposure)) + ..., family = quasipoisson)`. We
    deviate where it takes an eigenvalue of rounding size for one: ours must exceed a share.

    Example:
        >>> events, words = np.array([1.0, 3, 2, 4, 8, 6]), np.full(6, 500.0)
        >>> arm, person = np.array([0.0, 0, 0, 1, 1, 1]), np.arange(6)
        >>> found = rate_ratio(events, words, {"arm": arm}, column="arm", cluster=person)
        >>> round(float(np.exp(found.value)), 6)
        3.0
    """
    counts = _informative(events, exposure, x, column=column, cluster=cluster, absorb=absorb)
    if isinstance(counts, Absence):
        return counts
    found = fit(counts)
    if found is None or column in found.solution.dropped:
        return Absence("not_identified")
    if len(counts.clusters) < 2:
        return Absence("one_cluster")
    if len(counts.events) <= len(counts.effects) + len(found.solution.kept):
        return Absence("saturated")
    return cr2(counts, found, column)


def _informative(
    events: Floats,
    exposure: Floats,
    x: Mapping[str, Floats],
    *,
    column: str,
    cluster: Codes,
    absorb: Codes | None,
) -> Counts | Absence:
    if (events[exposure == 0] > 0).any():
        return Absence("no_exposure")
    order = np.flatnonzero(exposure > 0)
    if not len(order):
        return Absence("no_rows")
    arms = np.unique(x[column][order], return_inverse=True)[1]
    shrunk = np.ldexp(events, -exponent(events))  # what vanishes beside the largest is none
    arm_events = np.bincount(arms, shrunk[order])
    if not events.any() or (len(arm_events) == 2 and not arm_events.all()):
        return Absence("no_events")
    effect = np.zeros(len(events), dtype=np.intp) if absorb is None else absorb
    keys = (effect,) if absorb is None else (effect, cluster)
    order = order[np.isin(effect[order], effect[shrunk > 0])]
    order = order[np.lexsort((effect[order], cluster[order]))]
    effects = starts_of(*(key[order] for key in keys))
    if len(effects) != len(np.unique(effect[order])):
        raise ValueError("a fixed effect lies in more than one cluster")
    return Counts(
        events=shrunk[order],
        log_exposure=np.log(exposure[order]),
        columns={name: scaled(values[order], effects) for name, values in x.items()},
        effects=effects,
        clusters=starts_of(cluster[order]),
        intercept=absorb is None,
    )
