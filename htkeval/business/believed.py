"""What is believed of a trial's minutes once they are drawn toward the prior."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from htkeval.analysis import Analysis
from htkeval.business_case import Span
from htkeval.effect import Effect
from htkeval.prior import Prior
from htkeval.trial import Trial

if TYPE_CHECKING:
    from htkeval.stats.student_information import Student


@dataclass(frozen=True)
class Believed:
    """The arithmetic effect as a change of the logarithm of mean minutes, and the prior with it.

    Money follows the arithmetic mean, so the typical task's ratio is not asked. With B minutes
    without the tool and a difference d, the change is log(1 + d / B) and its error se / (B + d): B
    is taken as known, whose own uncertainty is in se already.
    """

    minutes: float
    """Minutes a task without the tool."""
    estimate: float
    """Change of the logarithm; below nought is a saving."""
    error: float
    """Its standard error; zero is certainty."""
    df: float
    """Degrees of freedom of the error; infinite where they are not told."""
    prior: Prior
    """What was believed before."""

    @property
    def student(self) -> Student:
        """The belief; only where there is an error."""
        from htkeval.stats.student_information import Student

        return Student(
            prior_mean=self.prior.mean,
            prior_sd=self.prior.sd,
            estimate=self.estimate,
            error=self.error,
            df=self.df,
        )

    def saved(self, change: Any) -> Any:
        """Minutes saved a task at a change of the logarithm, or at an array of them."""
        import numpy as np

        return -self.minutes * np.expm1(change)


def believed(trial: Trial, analysis: Analysis, prior: Prior) -> Believed | None:
    """What the newest analysis and the prior say of the minutes together.

    Args:
        trial: The definition.
        analysis: Its effects.
        prior: What was believed before.

    Returns:
        None where there is no effect in minutes, nothing is told yet, or the minutes without the
        tool are withheld because they would tell of few people.
    """
    if trial.primary.kind != "duration" or analysis.between_looks:
        return None
    effect = analysis.effect(trial.primary.id, "difference")
    if effect is None:
        return None
    arm = effect.baseline
    minutes = arm.mean if arm.adjusted_mean is None else arm.adjusted_mean
    if minutes is None or minutes <= 0 or minutes + effect.estimate <= 0:
        return None
    error, df = error_of(effect)
    return Believed(
        minutes=minutes,
        estimate=math.log1p(effect.estimate / minutes),
        error=error / (minutes + effect.estimate),
        df=df,
        prior=prior,
    )


def error_of(effect: Effect) -> tuple[float, float]:
    """Standard error and degrees of freedom, in the effect's unit.

    Those of the method that is reported, else of the first that has some. Where none is told, or
    their degrees of freedom would tell of few people, half the interval is taken for a normal
    error's: what few degrees of freedom widened stays wide.
    """
    told = sorted(effect.inference, key=lambda one: one.method != effect.method)
    for one in told:
        if one.se and one.df:
            return one.se, one.df
    z = NormalDist().inv_cdf((1 + effect.level) / 2)
    return (effect.ci[1] - effect.ci[0]) / (2 * z), math.inf


def shrunken(belief: Believed, *, level: float) -> Span:
    """Minutes saved a task as believed: drawn toward the prior, least favourable first.

    What an estimate says beyond the prior is partly luck, and of several trials the one that is
    looked at is the luckiest: drawn toward the prior it is right on average.

    Args:
        belief: The belief.
        level: Chance of the interval.
    """
    if belief.error == 0:
        certain = float(belief.saved(belief.estimate))
        return Span(low=certain, expected=certain, high=certain)
    from htkeval.stats.student_information import summary

    found = summary(belief.student, belief.saved, level=level)
    return Span(low=found.low, expected=found.mean, high=found.high)
