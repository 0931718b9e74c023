"""What it is worth to know more, where the error so far has few degrees of freedom."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from htkeval.stats.information_value import TAIL, posterior, sensible
from htkeval.stats.scaling import Floats

NetBenefit = Callable[[Floats], Floats]
"""What one action gives above the other, for an array of effects: the same shape, finite."""

NODES = 16
"""Gauss-Legendre nodes a panel; a panel is as wide as one standard deviation."""

FAR = 2.0**120
"""Errors from the estimate beyond which t of more than two degrees of freedom holds nothing."""

APART = "prior and estimate: found too far apart, expected what a double can weigh"

WIDE = 8
"""Panels a standard deviation wide on either side of each centre; beyond they double."""

HALVES = 80
"""Times an interval is halved in search of a change of sign."""

NEGLIGIBLE = -230.0
"""Logarithm of a density beside its peak, 1e-100, below which an effect is left out: a benefit
that grows exponentially need not be finite there."""

KNOTS = 64
"""Evenly spread new estimates, and as many at their quantiles, at which the mean benefit is
integrated; between them it is a cubic, far nearer than the simulation's error."""


@dataclass(frozen=True)
class Student:
    """A normal prior times the likelihood of an estimate whose error has few degrees of freedom."""

    prior_mean: float
    """Mean of the prior, in the effect's unit."""
    prior_sd: float
    """Its standard deviation, above zero; infinite is no prior, and then `df` is above two."""
    estimate: float
    """The estimate, in the effect's unit."""
    error: float
    """Its standard error, above zero."""
    df: float
    """Degrees of freedom of `error`, above zero; infinite is the normal likelihood."""

    def __post_init__(self) -> None:
        sensible("prior_mean", self.prior_mean)
        sensible("estimate", self.estimate)
        sensible("prior_sd", self.prior_sd, above=0, endless=True)
        sensible("error", self.error, above=0)
        # without a prior the posterior is t itself, which has no variance at two and below
        least = 2 if math.isinf(self.prior_sd) else 0
        sensible("df", self.df, above=least, endless=True)


@dataclass(frozen=True)
class Simulated:
    """A value by simulation, and how far chance may have moved it."""

    value: float
    """The mean of the draws, in the unit of the net benefit."""
    error: float
    """Its Monte Carlo standard error, in the same unit; zero with a value of zero where no draw
    changed the choice, and then the value is small, not nothing."""


def _itself(effect: Floats) -> Floats:
    return effect


def expectation(belief: Student, net_benefit: NetBenefit = _itself) -> float:
    """What net benefit is expected, when the error has few degrees of freedom?

    Args:
        belief: Prior, estimate, and the degrees of freedom of its error.
        net_benefit: As for `student_perfect_information`.

    Returns:
        E[NB]; of the effect itself, the posterior mean.

    Raises:
        ValueError: As `student_perfect_information`.

    Example:
        >>> round(expectation(Student(0.0, 1.0, 4.0, 1.0, 4.0)), 3)  # where the error is normal: 2
        1.116
    """
    effects, weights = _kept(*_own_panels(belief))
    return float(weights @ _benefit(net_benefit, effects))


@dataclass(frozen=True)
class Summary:
    """A belief about something that an effect gives, in short."""

    mean: float
    """What is expected."""
    low: float
    """The smaller end of the central interval."""
    high: float
    """The larger one."""


def summary(belief: Student, gives: NetBenefit = _itself, *, level: float = 0.95) -> Summary:
    """What is expected, and between which ends with which chance?

    Args:
        belief: Prior, estimate, and the degrees of freedom of its error.
        gives: What an effect gives, for (n,) effects: rising or falling all the way.
        level: Chance of the central interval, between 0 and 1.

    Returns:
        The mean of what the effect gives, and the interval with equal chances outside.

    Raises:
        ValueError: As `student_perfect_information`.

    Example:
        >>> found = summary(Student(0.0, 1.0, 4.0, 1.0, math.inf))
        >>> round(found.mean, 6), round(found.low, 3), round(found.high, 3)
        (2.0, 0.614, 3.386)
    """
    effects, weights = _own_panels(belief)
    upto, chances = weights.sum(axis=1).cumsum(), ((1 - level) / 2, (1 + level) / 2)
    ends = [_quantile(effects, weights, upto, chance) for chance in chances]
    kept = weights > 0
    given = _benefit(gives, np.concatenate((effects[kept], ends)))
    low, high = sorted(given[-2:].tolist())
    return Summary(mean=float(weights[kept] @ given[:-2]), low=low, high=high)


def _quantile(effects: Floats, weights: Floats, upto: Floats, chance: float) -> float:
    """The effect below which the belief lies with a chance, from panels of nodes.

    How much lies below each node of its panel is the integral of the polynomial through them; a
    cubic through the four nodes about it is turned round.

    Args:
        effects: (panels, NODES) nodes.
        weights: (panels, NODES) their weights.
        upto: (panels,) weight of each panel and all before it.
        chance: Which quantile, between 0 and 1.
    """
    panel = min(int(upto.searchsorted(chance)), len(upto) - 1)
    below = _below() @ (weights[panel] / _panel()[1])
    if panel:
        below = below + upto[panel - 1]
    first = min(max(int(below.searchsorted(chance)) - 2, 0), NODES - 4)
    x = below[first : first + 4].tolist()
    y = effects[panel, first : first + 4].tolist()
    if not x[0] < x[1] < x[2] < x[3]:  # nearly nothing lies here
        return float(np.interp(chance, below, effects[panel]))
    found = 0.0
    for k in range(4):
        share = 1.0
        for other in range(4):
            if other != k:
                share *= (chance - x[other]) / (x[k] - x[other])
        found += y[k] * share
    return found


def sampled(belief: Student, *, rng: np.random.Generator, draws: int) -> Floats:
    """Effects as the belief has them.

    Args:
        belief: Prior, estimate, and the degrees of freedom of its error.
        rng: Source of the draws.
        draws: How many.

    Returns:
        (draws,) effects, by the inverse of the distribution function at the nodes.

    Raises:
        ValueError: As `student_perfect_information`.

    Example:
        >>> found = sampled(
        ...     Student(0.0, 1.0, 4.0, 1.0, math.inf), rng=np.random.default_rng(1), draws=10_000
        ... )
        >>> round(float(found.mean()), 1), round(float(found.var()), 1)
        (2.0, 0.5)
    """
    effects, weights = _kept(*_own_panels(belief))
    below = np.cumsum(weights) - weights / 2
    return np.interp(rng.random(draws), below, effects)


def chance_above(belief: Student, net_benefit: NetBenefit = _itself) -> float:
    """How likely is the net benefit above nought?

    Args:
        belief: Prior, estimate, and the degrees of freedom of its error.
        net_benefit: As for `student_perfect_information`.

    Raises:
        ValueError: As `student_perfect_information`.

    Example:
        >>> round(chance_above(Student(0.0, 1.0, 2.0, 1.0, math.inf)), 4)  # Phi(sqrt 2)
        0.9214
    """
    effects, weights = _split(belief, net_benefit)
    return min(1.0, float(weights[_benefit(net_benefit, effects) > 0].sum()))


def student_perfect_information(belief: Student, net_benefit: NetBenefit = _itself) -> float:
    """What would certainty be worth, when the error has few degrees of freedom?

    EVPI = E[max(0, NB)] - max(0, E[NB]), as the expected loss of the choice that looks best now,
    which loses no digits. The posterior is integrated, and panels end where NB changes sign.

    Without a prior, and with the estimate z errors from where NB changes sign, the normal form
    with the same error is too small by this factor:

        df    z = 0     1      2      3     factor 2 to 5 at z of
         4    1.25   2.05   7.14   66.5     0.97 to 1.78
         8    1.11   1.43   3.11   15.7     1.54 to 2.36
        20    1.04   1.16   1.66   4.03     2.28 to 3.17
        29    1.03   1.10   1.43   2.78     2.60 to 3.52

    A prior as sure as the estimate takes most of it away (df 4: 1.01, 1.24, 2.90, 15.2), and one
    much surer nearly all (0.3 errors: 0.99, 1.02, 1.43, 2.43): near the choice's edge the normal
    form may then be the larger, by 2 to 4 percent at most at 4 degrees of freedom.

    Args:
        belief: Prior, estimate, and the degrees of freedom of its error.
        net_benefit: What one action gives above the other at (n,) effects, a smooth function; the
            effect itself unless told. Without a prior it may grow no faster than the effect does,
            or it has no mean.

    Returns:
        The expected value of perfect information, in the unit of `net_benefit`.

    Raises:
        ValueError: A net benefit that is not finite, or not one for each effect; a prior and an
            estimate that contradict each other beyond what a double can weigh.

    Source: Raiffa & Schlaifer 1961; Claxton 1999; the posterior is by Gauss-Legendre quadrature.

    Example:
        >>> cost = student_perfect_information(
        ...     Student(0.0, 1.0, 0.4, 0.2, 8.0), lambda effect: 300 * effect - 90
        ... )
        >>> round(cost, 2)
        15.61
    """
    effects, weights = _split(belief, net_benefit)
    benefit = _benefit(net_benefit, effects)
    return float(weights @ _loss(benefit, float(weights @ benefit)))


def simulated_sample_information(
    belief: Student,
    net_benefit: NetBenefit = _itself,
    *,
    error_n: float,
    rng: np.random.Generator,
    draws: int = 100_000,
) -> Simulated:
    """What is a further estimate worth, when the error so far has few degrees of freedom?

    An effect is drawn from the posterior, a new estimate from N(effect, error_n^2), and
    E[NB | new] is integrated: the new estimate sharpens the prior, and the likelihood stays.

    Args:
        belief: Prior, estimate, and the degrees of freedom of its error.
        net_benefit: As for `student_perfect_information`.
        error_n: Standard error that the further data alone will have, in the effect's unit.
        rng: Source of the draws.
        draws: New estimates to draw, at least two.

    Returns:
        EVSI = E[max(0, E[NB | new])] - max(0, E[NB]), with its Monte Carlo error. It is a mean of
        losses, so never below zero, and where chance took it above EVPI it is EVPI.

    Raises:
        ValueError: As `student_perfect_information`; `error_n` negative, or fewer than two draws.

    Source: Ades, Lu & Claxton 2004.

    Example:
        >>> belief = Student(0.0, 1.0, 0.1, 0.2, 8.0)
        >>> found = simulated_sample_information(
        ...     belief, error_n=0.2, rng=np.random.default_rng(1)
        ... )
        >>> found.value < student_perfect_information(belief)
        True
    """
    from scipy.interpolate import PchipInterpolator

    sensible("error_n", error_n, least=0, endless=True)
    sensible("draws", draws, least=2)
    perfect = student_perfect_information(belief, net_benefit)
    if error_n == 0 or math.isinf(error_n):
        return Simulated(0.0 if error_n else perfect, 0.0)
    new = sampled(belief, rng=rng, draws=draws) + error_n * rng.standard_normal(draws)
    spread = np.linspace(0, 1, KNOTS)
    knots = np.unique(
        [*np.quantile(new, spread), *np.interp(spread, [0, 1], [new.min(), new.max()])]
    )
    means = [expectation(_sharpened(belief, float(y), error_n), net_benefit) for y in knots]
    expected = expectation(belief, net_benefit)
    losses = _loss(PchipInterpolator(knots, means)(new), expected)
    return Simulated(
        min(float(losses.mean()), perfect), float(losses.std(ddof=1)) / math.sqrt(draws)
    )


def _loss(benefit: Floats, expected: float) -> Floats:
    """What the choice that looks best now loses at each benefit; zero where it is right."""
    lost: Floats = np.maximum(0.0, -benefit if expected > 0 else benefit)
    return lost


def _sharpened(belief: Student, new: float, error_n: float) -> Student:
    """The belief once a further normal estimate is known: it is one with a surer prior."""
    prior = posterior(belief.prior_mean, belief.prior_sd, new, error_n)
    return replace(belief, prior_mean=prior.mean, prior_sd=prior.sd)


def _benefit(net_benefit: NetBenefit, effects: Floats) -> Floats:
    with np.errstate(over="ignore"):  # refused below, in words
        benefit = np.asarray(net_benefit(effects), dtype=np.float64)
    if benefit.shape != effects.shape:
        raise ValueError(f"net_benefit: found shape {benefit.shape}, expected {effects.shape}")
    if not np.isfinite(benefit).all():
        raise ValueError("net_benefit: found no finite number at an effect that is possible")
    return benefit


def _split(belief: Student, net_benefit: NetBenefit) -> tuple[Floats, Floats]:
    """As `_weighed`, with the ends of panels also where the net benefit changes sign.

    The loss has a kink there, which no polynomial follows.
    """
    edges = _edges(belief)
    effects, weights = _weighed(belief, edges)
    sign = np.signbit(_benefit(net_benefit, effects))
    turns = np.flatnonzero(sign[1:] != sign[:-1])
    if not len(turns):
        return effects, weights
    low, high = effects[turns], effects[turns + 1]
    for _ in range(HALVES):
        middle = low + (high - low) / 2
        same = np.signbit(_benefit(net_benefit, middle)) == sign[turns]
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return _weighed(belief, np.union1d(edges, (high - belief.estimate) / belief.error))


def _edges(belief: Student) -> Floats:
    """Ends of the panels, in errors from the estimate: a sd wide near each centre, then doubling.

    The posterior may have a peak at the prior, at the estimate, or between: every peak is a root
    of the slope of its logarithm, a cubic.
    """
    if math.isinf(belief.prior_sd):
        return _about(0.0, 1.0, FAR)
    m = (belief.prior_mean - belief.estimate) / belief.error
    s = belief.prior_sd / belief.error
    if not (math.isfinite(m) and 1 / FAR < s < FAR):
        raise ValueError(APART)
    df, centres = belief.df, [(m, s), (0.0, 1.0)]
    narrow = s / math.hypot(s, 1)
    if abs(m) <= WIDE * min(s, 1):
        pass  # every peak lies between the centres, so among panels that are narrow enough
    elif math.isinf(df):
        centres.append((m / (1 + s * s), narrow))
    else:  # (x - m)(df + x^2) + s^2 (df + 1) x = 0
        roots = np.roots([1.0, -m, df + s * s * (df + 1), -m * df])
        centres += [(float(root.real), narrow) for root in roots]
    low, high = min(m, 0.0) - TAIL * s, max(m, 0.0) + TAIL * s
    about = [_about(centre, width, high - low) for centre, width in centres]
    edges = np.concatenate([(low, high), *about])
    edges = edges[(low <= edges) & (edges <= high)]
    edges.sort()  # one that stands twice ends a panel of no width, which weighs nothing
    return edges


def _about(centre: float, width: float, reach: float) -> Floats:
    return centre + width * _steps(max(1, math.ceil(math.log2(reach / width)) - 2))


@cache
def _steps(doublings: int) -> Floats:
    """Ends of panels about nought: one wide, and beyond `WIDE` twice as far each time."""
    far = WIDE * np.exp2(np.arange(1, doublings + 1))
    return np.concatenate([-far[::-1], np.arange(-WIDE, WIDE + 1.0), far])


@cache
def _panel() -> tuple[Floats, Floats]:
    """(NODES,) Gauss-Legendre nodes and weights between -1 and 1."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    return x, w


@cache
def _below() -> Floats:
    """(NODES, NODES) by node: what the values at all of them add up to from -1 to it."""
    x, _ = _panel()
    legendre = np.polynomial.legendre
    values = legendre.legvander(x, NODES - 1)
    sums = [legendre.legval(x, legendre.legint(row, lbnd=-1)) for row in np.eye(NODES)]
    found: Floats = np.array(sums).T @ np.linalg.inv(values)
    return found


@lru_cache(maxsize=4)
def _own_panels(belief: Student) -> tuple[Floats, Floats]:
    """`_panels` of a belief by itself: asked of one belief several times after another."""
    return _panels(belief, _edges(belief))


def _weighed(belief: Student, edges: Floats) -> tuple[Floats, Floats]:
    """(n,) effects and their posterior weights, whose sum is one."""
    return _kept(*_panels(belief, edges))


def _kept(effects: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The nodes that weigh anything."""
    some = weights > 0
    return effects[some], weights[some]


def _panels(belief: Student, edges: Floats) -> tuple[Floats, Floats]:
    """(panels, NODES) effects and their posterior weights, whose sum is one."""
    x, w = _panel()
    half = (edges[1:] - edges[:-1]) / 2
    at = (edges[:-1] + half)[:, None] + half[:, None] * x
    df = belief.df
    log = -(at**2) / 2 if math.isinf(df) else -(df + 1) / 2 * np.log1p(at**2 / df)
    effects = belief.estimate + belief.error * at
    log = log - ((effects - belief.prior_mean) / belief.prior_sd) ** 2 / 2
    top = float(log.max())
    if not top > -1e10:  # beyond it the logarithm has too few digits left for its differences
        raise ValueError(APART)
    log -= top
    weights = np.exp(log) * (half[:, None] * w)
    weights[log <= NEGLIGIBLE] = 0.0
    weights /= weights.sum()
    return effects, weights
