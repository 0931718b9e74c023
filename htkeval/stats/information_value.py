"""What it is worth to know more before choosing between two actions."""

from __future__ import annotations

import math
from dataclasses import dataclass

TAIL = 39.0
"""Standard deviations beyond which the normal density is zero in a double."""


@dataclass(frozen=True)
class Normal:
    """A normal belief about an effect."""

    mean: float
    """Expected effect, in the effect's unit."""
    sd: float
    """Standard deviation of the belief, in the effect's unit; zero is certainty."""


def perfect_information(mean: float, sd: float) -> float:
    """What would it be worth to know for certain which of two actions is better?

    EVPI = sd phi(z) - |mean| Phi(-z), z = |mean| / sd: what the choice that looks best now is
    expected to lose where it is wrong.

    Args:
        mean: Expected net benefit of one action over the other, in any unit (kroner).
        sd: Standard deviation of that belief, which is normal, in the same unit.

    Returns:
        The expected value of perfect information, in the same unit; zero where `sd` is.

    Raises:
        ValueError: A number that is not finite, or a negative `sd`.

    For an error of few degrees of freedom it is too small: see `student_perfect_information`.

    Source: Raiffa & Schlaifer 1961, the unit normal loss integral; Claxton 1999. The density is
    taken out of both terms, so that the difference keeps its digits far out.

    Example:
        >>> round(perfect_information(100_000.0, 100_000.0))
        8332
    """
    from scipy.special import erfcx

    sensible("mean", mean)
    sensible("sd", sd, least=0)
    if sd == 0 or abs(mean) > TAIL * sd:
        return 0.0
    z = abs(mean) / sd
    # Phi(-z) = exp(-z^2 / 2) erfcx(z / sqrt 2) / 2
    rest = 1 / math.sqrt(2 * math.pi) - z / 2 * float(erfcx(z / math.sqrt(2)))
    return max(0.0, sd * (math.exp(-z * z / 2) * rest))


def sample_information(mean: float, prior_sd: float, posterior_sd: float) -> float:
    """What is it worth to learn so much that doubt falls from one size to another?

    Before the data are seen their mean will be N(mean, prior_sd^2 - posterior_sd^2), and EVSI is
    EVPI with that standard deviation.

    Args:
        mean: Expected net benefit now, in any unit.
        prior_sd: Standard deviation of the belief now, in the same unit.
        posterior_sd: The one that the new data will leave; at most `prior_sd`.

    Returns:
        The expected value of sample information: zero to `perfect_information(mean, prior_sd)`.

    Raises:
        ValueError: A number that is not finite, a negative one, or doubt that would grow.

    Source: Raiffa & Schlaifer 1961; Ades, Lu & Claxton 2004.

    Example:
        >>> sample_information(0.0, 5.0, 4.0) == perfect_information(0.0, 3.0)
        True
    """
    sensible("prior_sd", prior_sd, least=0)
    sensible("posterior_sd", posterior_sd, least=0)
    if posterior_sd > prior_sd:
        raise ValueError(f"posterior_sd: found {posterior_sd}, expected at most {prior_sd}")
    # the share is squared, not the sds: they may be too large for that
    left = posterior_sd / prior_sd if prior_sd else 1.0
    return perfect_information(mean, prior_sd * math.sqrt((1 - left) * (1 + left)))


def posterior(prior_mean: float, prior_sd: float, estimate: float, error: float) -> Normal:
    """What is to be believed of an effect once an estimate of it is known?

    Each is weighed by its precision, 1 / sd^2.

    Args:
        prior_mean: Mean of the normal prior, in the effect's unit.
        prior_sd: Its standard deviation; infinite is no prior.
        estimate: A normal estimate, in the effect's unit.
        error: Its standard error; infinite is no data.

    Returns:
        The normal posterior. Give it back as the prior for the next estimate.

    Raises:
        ValueError: A negative standard deviation, no number, or two that are both zero or infinite.

    Source: Raiffa & Schlaifer 1961; Gelman et al., Bayesian Data Analysis, section 2.5.

    Example:
        >>> found = posterior(0.0, 3.0, 25.0, 4.0)
        >>> round(found.mean, 9), round(found.sd, 9)
        (9.0, 2.4)
    """
    sensible("prior_mean", prior_mean)
    sensible("estimate", estimate)
    sensible("prior_sd", prior_sd, least=0, endless=True)
    sensible("error", error, least=0, endless=True)
    if prior_sd == error and (error == 0 or math.isinf(error)):
        raise ValueError(f"prior_sd and error: found both {error}, expected one to be otherwise")
    if math.isinf(prior_sd):
        return Normal(estimate, error)
    if math.isinf(error):
        return Normal(prior_mean, prior_sd)
    both = math.hypot(prior_sd, error)
    trust = (prior_sd / both) ** 2
    mean = trust * estimate + (error / both) ** 2 * prior_mean
    return Normal(mean, prior_sd * (error / both))


def with_more(now: Normal, *, error_n: float) -> Normal:
    """How sure will one be after further data that nobody has seen yet?

    Args:
        now: The belief before them.
        error_n: Standard error that the further data alone will have.

    Returns:
        The mean that is expected, which is today's, and the standard deviation that will be left.

    Raises:
        ValueError: As `posterior`.

    Example:
        >>> round(with_more(Normal(9.0, 3.0), error_n=4.0).sd, 9)
        2.4
    """
    return Normal(now.mean, posterior(now.mean, now.sd, now.mean, error_n).sd)


def sensible(
    name: str,
    value: float,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    endless: bool = False,
) -> None:
    """Refuse what is no number, or lies where it cannot."""
    finite = math.isfinite(value) or (endless and value == math.inf)
    if not (finite and value >= least and value > above):
        low = f" above {above}" if math.isfinite(above) else ""
        low = f" of at least {least}" if math.isfinite(least) else low
        kind = "number" if endless else "finite number"
        raise ValueError(f"{name}: found {value}, expected a {kind}{low}")
