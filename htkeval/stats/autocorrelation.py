"""How alike two periods of a team are, as a share of how alike one period is."""

from __future__ import annotations

import math

import numpy as np

from htkeval.stats.answer import Absence
from htkeval.stats.mixed import Mixed
from htkeval.stats.mixed.equations import equations
from htkeval.stats.mixed.icc import Likeness
from htkeval.stats.mixed.optimum import bounds

TIE = 1e-6
"""Shares that lie closer together than this are the same."""


def autocorrelation(fit: Mixed, whole: str, part: str, *, level: float) -> Likeness | Absence:
    """Which share of what one period of a team has in common lasts to the next?

    The cluster autocorrelation s_w^2 / (s_w^2 + s_p^2) of a team's own level and its level in one
    period: 1 where a team stays as it is, 0 where each of its periods is as good as another team.

    Args:
        fit: A mixed model with both effects.
        whole: The effect of teams.
        part: The effect of a team in a period.
        level: Confidence level, between 0 and 1.

    Returns:
        The share with its profile interval; an absence (`few_clusters`) where an effect's spread
        is not seen, or (`no_spread`) where neither differs.

    Source: Hooper, Teerenstra, de Hoop & Eldridge 2016; interval: the REML deviance, profiled
    over the sum of both, against chi-squared with one degree of freedom.
    """
    from scipy.special import ndtri

    places = [fit.effects.index(name) for name in (whole, part) if name in fit.effects]
    if len(places) < 2 or not fit.seen[places].all() or len(fit.effects) != 2:
        return Absence("few_clusters")
    lasting, passing = fit.ratios[places]
    if lasting + passing <= 0:
        return Absence("no_spread")
    value = float(lasting / (lasting + passing))
    limit = float(ndtri((1 - level) / 2)) ** 2
    ends = []
    for end in (0.0, 1.0):
        inside, outside = value, end
        if _rise(fit, places, outside) <= limit:
            ends.append(outside)
            continue
        while abs(outside - inside) > TIE:
            middle = (inside + outside) / 2
            if _rise(fit, places, middle) <= limit:
                inside = middle
            else:
                outside = middle
        ends.append(outside)
    return Likeness(value, *ends)


def _rise(fit: Mixed, places: list[int], share: float) -> float:
    """How far the deviance is above its floor when the share is held: over the sum, in logs."""
    from scipy.optimize import minimize_scalar

    low, high = (float(ends[places].mean()) for ends in bounds(fit.at))

    def height(log: float) -> float:
        ratios = np.zeros(len(fit.effects))
        ratios[places] = math.exp(log) * np.array([share, 1 - share])
        try:
            return float(equations(fit.at, ratios).deviance - fit.deviance)
        except np.linalg.LinAlgError:
            return math.inf

    centre = math.log(max(float(fit.ratios[places].sum()), math.exp(low)))
    found = minimize_scalar(
        height,
        bounds=(max(low, centre - 12), min(high, centre + 12)),
        method="bounded",
        options={"xatol": 1e-4},
    )
    return min(float(found.fun), height(centre))
