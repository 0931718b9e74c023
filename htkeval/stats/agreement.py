"""How far raters agree beyond chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.scaling import ROUNDING, Codes, Floats, scaled

Scale = Literal["nominal", "ordinal", "interval"]
"""Whether two ratings are only alike or not, ordered, or a distance apart."""
Weights = Literal["none", "linear", "quadratic"]
"""Whether a disagreement counts as one, by its size, or by its size squared."""

BLOCK = 2**20
"""Numbers in one table of the bootstrap: 8 MiB."""
FLAT = 1e-12
"""A standard error of a coefficient below this is rounding."""


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha over all raters."""

    value: float
    """1 is agreement, 0 is chance; below zero where raters disagree systematically."""
    interval: tuple[float, float] | Absence
    """Percentile interval over units drawn anew; an absence where too many draws do not vary."""
    units: int
    """Units with at least two ratings; others say nothing of agreement."""
    ratings: int
    """Ratings of those units."""


@dataclass(frozen=True)
class Coefficient:
    """An agreement coefficient with its large-sample error."""

    value: float
    """1 is agreement, 0 is chance."""
    se: float | Absence
    """Standard error over units; an absence where every unit says the same."""
    units: int
    """Units the error is taken over."""

    def interval(self, level: float) -> tuple[float, float] | Absence:
        """Confidence interval with t on units - 1, as Gwet 2014, inside -1 to 1.

        Args:
            level: Confidence level, between 0 and 1.
        """
        if isinstance(self.se, Absence):
            return self.se
        found = Estimate(self.value, self.se, self.units - 1).interval(level)
        if isinstance(found, Absence):
            return found
        return max(-1.0, found[0]), min(1.0, found[1])


def krippendorff_alpha(
    ratings: Floats, scale: Scale, *, rng: Generator, draws: int = 2000, level: float = 0.95
) -> Alpha | Absence:
    """How far do several raters agree, some of whom rated only some of the units?

    With n ratings in all, m_u of unit u, and SS sums of squares about a mean,
    alpha = 1 - (n - 1) / n * sum_u m_u / (m_u - 1) SS_u / SS: of the ratings themselves
    (interval), of their mid-ranks in n (ordinal), or of one indicator a category (nominal). This
    is Krippendorff's coincidence matrix with its three difference functions, summed by unit.

    Args:
        ratings: (units, raters) ratings, finite; NaN where a rater did not rate.
        scale: How ratings differ.
        rng: Where the bootstrap draws from.
        draws: Samples of whole units.
        level: Confidence level, between 0 and 1.

    Returns:
        Alpha; an absence with fewer than two units that two raters rated, or where every rating is
        the same, which is agreement without anything to agree on.

    Source: Krippendorff 2011, Computing Krippendorff's alpha-reliability; the bootstrap of units
    instead of Krippendorff's own after Zapf et al. 2016.

    Example:
        >>> found = krippendorff_alpha(np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 2.0]]), "nominal",
        ...                            rng=np.random.default_rng(1))
        >>> round(found.value, 3)
        0.444
    """
    counts, values = _counts(ratings[(~np.isnan(ratings)).sum(axis=1) >= 2])
    units = len(counts)
    if not units:
        return Absence("no_rows")
    if units == 1:
        return Absence("too_few")
    place = scaled(values, np.zeros(1, dtype=np.intp)).values
    value = _alphas(counts, np.ones((1, units), dtype=np.intp), scale, place)
    if not len(value):
        return Absence("no_spread")
    block = max(1, BLOCK // max(counts.shape))
    sizes = [min(block, draws - first) for first in range(0, draws, block)]
    chance = np.full(units, 1 / units)
    drawn = [_alphas(counts, rng.multinomial(units, chance, size), scale, place) for size in sizes]
    interval = _percentiles(np.concatenate([np.zeros(0), *drawn]), draws, level)
    return Alpha(float(value[0]), interval, units, int(counts.sum()))


def _percentiles(drawn: Floats, draws: int, level: float) -> tuple[float, float] | Absence:
    """The interval; draws without variation are left out, unless they could have been its end."""
    tail = (1 - level) / 2
    if not len(drawn) or draws - len(drawn) > tail * draws:
        return Absence("no_spread")
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)


def _counts(ratings: Floats) -> tuple[Floats, Floats]:
    """(U, V) how often each value was given to a unit, and (V,) the values, rising."""
    unit, rater = np.nonzero(~np.isnan(ratings))
    values, code = np.unique(ratings[unit, rater], return_inverse=True)
    size = len(ratings) * len(values)
    counts = np.bincount(unit * len(values) + code, minlength=size)
    return counts.reshape(len(ratings), len(values)).astype(np.float64), values


def _alphas(counts: Floats, often: Codes, scale: Scale, place: Floats) -> Floats:
    """Alpha of units taken (B, U) so often; without the rows in which nothing varies."""
    total = often @ counts
    m, n = counts.sum(axis=1), total.sum(axis=1)
    within: Floats
    if scale == "nominal":
        within, whole = m - (counts**2).sum(axis=1) / m, n - (total**2).sum(axis=1) / n
    elif scale == "ordinal":  # ranks are taken anew in every sample; their mean is n / 2
        rank = total.cumsum(axis=1) - total / 2
        within = rank**2 @ counts.T - (rank @ counts.T) ** 2 / m
        whole = (total * (rank - n[:, None] / 2) ** 2).sum(axis=1)
    else:
        within = (counts * (place - (counts @ place / m)[:, None]) ** 2).sum(axis=1)
        whole = (total * (place - (total @ place / n)[:, None]) ** 2).sum(axis=1)
    disagreement = (often * within * (m / (m - 1))).sum(axis=1)
    varied = whole > n * ROUNDING**2
    alphas: Floats = 1 - ((n - 1) / n * disagreement)[varied] / whole[varied]
    return alphas


def cohen_kappa(
    first: Floats, second: Floats, *, weights: Weights = "none"
) -> Coefficient | Absence:
    """How far do two raters agree beyond what their habits would give by chance?

    kappa = 1 - D / E: D the mean disagreement d of the pairs, E that of every first rating with
    every second one. With e_i the mean disagreement of unit i's ratings with all of the other
    rater, summed over both, the variance is that of (d_i - (1 - kappa) e_i) / E over n.

    Args:
        first: (N,) one rater's ratings, finite or NaN; a pair with a NaN is left out.
        second: (N,) the other's.
        weights: How disagreements count; distances are between the ratings as numbers.

    Returns:
        Kappa; an absence with fewer than two pairs, or where all ratings are one value.

    Source: Cohen 1960 and 1968; the error is that of Fleiss, Cohen & Everitt 1969, which does not
    suppose kappa to be zero; as statsmodels' `cohens_kappa`.

    Example:
        >>> cohen_kappa(np.array([1.0, 1, 2, 2]), np.array([1.0, 1, 2, 1])).value
        0.5
    """
    both = ~(np.isnan(first) | np.isnan(second))
    n = int(both.sum())
    if n < 2:
        return Absence("too_few" if n else "no_rows")
    values = np.append(first[both], second[both])
    if weights != "none":
        values = scaled(values, np.zeros(1, dtype=np.intp)).values
    a, b = values[:n], values[n:]
    if (values == values[0]).all():
        return Absence("no_spread")
    d, to_b, to_a = _distance(a, b, weights), _mean_to(b, a, weights), _mean_to(a, b, weights)
    by_chance = float(to_b.mean())
    ratio = float(d.mean()) / by_chance
    influence = (d - ratio * (to_a + to_b)) / by_chance
    return Coefficient(1 - ratio, _error(float(influence.std()) / math.sqrt(n)), n)


def _distance(a: Floats, b: Floats, weights: Weights) -> Floats:
    apart = np.abs(a - b) if weights != "none" else (a != b).astype(np.float64)
    return np.asarray(apart**2 if weights == "quadratic" else apart, dtype=np.float64)


def _mean_to(others: Floats, x: Floats, weights: Weights) -> Floats:
    """(N,) mean distance from each x to all others, without a table of pairs."""
    n, ranked = len(others), np.sort(others)
    if weights == "quadratic":
        return np.asarray((x - others.mean()) ** 2 + others.var(), dtype=np.float64)
    below = np.searchsorted(ranked, x, side="right")
    if weights == "none":
        return np.asarray(1 - (below - np.searchsorted(ranked, x)) / n, dtype=np.float64)
    sums = np.append(0.0, ranked.cumsum())
    return np.asarray((x * (2 * below - n) + sums[-1] - 2 * sums[below]) / n, dtype=np.float64)


def gwet_ac1(ratings: Floats, *, categories: int = 2) -> Coefficient | Absence:
    """How far do raters agree where almost every answer is the same?

    (p - e) / (1 - e), p the share of agreeing pairs and e = sum pi (1 - pi) / (q - 1), pi being the
    share of each of q categories. Kappa falls to zero when one category is rare; this does not.

    Args:
        ratings: (units, raters) categories as numbers, finite; NaN where a rater did not rate.
        categories: How many categories raters could choose from; those seen where they are more.

    Returns:
        AC1, with an error over units as if raters were fixed; an absence with fewer than two units
        that two raters rated.

    Source: Gwet 2008; with missing ratings Gwet 2014, Handbook of inter-rater reliability; irrCAC.

    Example:
        >>> round(gwet_ac1(np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 2.0]])).value, 3)
        0.538
    """
    counts, values = _counts(ratings[(~np.isnan(ratings)).any(axis=1)])
    m = counts.sum(axis=1)
    paired, n, q = m >= 2, len(counts), max(2, categories, len(values))
    if paired.sum() < 2:
        return Absence("too_few" if n else "no_rows")
    agreeing = (counts * (counts - 1)).sum(axis=1) / np.where(paired, m * (m - 1), 1)
    share = (counts / m[:, None]).mean(axis=0)
    # a category nobody chose adds nothing to this sum
    chance = float((share * (1 - share)).sum()) / (q - 1)
    value = (float(agreeing[paired].mean()) - chance) / (1 - chance)
    own = np.where(paired, (agreeing - chance) / (1 - chance), 0.0) * (n / paired.sum())
    own_chance = counts @ (1 - share) / m / (q - 1)
    influence = own - 2 * (1 - value) * (own_chance - chance) / (1 - chance)
    return Coefficient(value, _error(float(influence.std(ddof=1)) / math.sqrt(n)), n)


def _error(se: float) -> float | Absence:
    return se if se > FLAT else Absence("no_spread")
