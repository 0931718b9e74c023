"""What is believed of a trial's minutes once they are drawn toward the prior."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from htkeval.analysis import Analysis
from htkeval.business.case import Worked, by_year
from htkeval.business.minutes import measured
from htkeval.business.net import GIVEN, net_kr
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

    @cached_property
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
    effect = measured(trial, analysis)
    if not isinstance(effect, Effect):
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


def expected_of(worked: Worked, belief: Believed, trial: Trial, years: Sequence[int]) -> Worked:
    """The lines with what is expected of kroner and posts over the whole belief.

    A loss is carried in whole and a gain in part, so what is expected of the minutes gives more
    kroner than are expected. All else is as expected; the ends stay those of the minutes' ends.

    Args:
        worked: The lines by the minutes' ends, without years.
        belief: What is believed of the minutes.
        trial, years: As for `work_out`.
    """
    if any(name not in worked.known for name in GIVEN):
        told = by_year(trial.economics.takes_effect, worked.known, years)
        return Worked(worked.known, worked.lacking, tuple(told))
    from htkeval.stats.student_information import expectation

    known = dict(worked.known)
    expected = {name: known[name].expected for name in GIVEN}

    def a_year(change: Any) -> Any:
        return net_kr({**expected, "measured_minutes": belief.saved(change)})

    net = expectation(belief.student, a_year)
    gross = net + expected["licence_kr"] + expected["support_kr"]
    known["net_kr"] = _about(known["net_kr"], net)
    known["gross_kr"] = _about(known["gross_kr"], gross)
    hours, hour_kr = known["cashable_hours"], expected["hour_kr"]
    for name in [each for each in known if each.startswith("posts_")] if hour_kr else ():
        a_post = hours.expected / known[name].expected if known[name].expected else 0.0
        known[name] = _about(known[name], gross / hour_kr / a_post if a_post else 0.0)
    return Worked(known, worked.lacking, tuple(by_year(trial.economics.takes_effect, known, years)))


def _about(span: Span, expected: float) -> Span:
    return Span(low=span.low, expected=min(max(expected, span.low), span.high), high=span.high)


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
