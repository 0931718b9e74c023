"""Trials of one question side by side and as one: what the next municipality may expect."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from htkeval.effect import Interval
from htkeval.evidence import Level
from htkeval.frozen import Finite, Frozen, Share, Spoken
from htkeval.text import Text, say
from htkeval.trial import DesignKind

SHOWN_FROM = 3
"""Trials from which a pooled figure is shown."""
USABLE_FROM = 5
"""Trials from which a policy may use it."""
LEVEL = 0.95
"""Confidence level of what is pooled."""

Drawn = Literal["drawn", "concurrent", "over_time"]
DRAWN: Mapping[Drawn, Text] = {
    "drawn": say("By lot, with and without AI over the same time"),
    "concurrent": say("With and without AI over the same time, but nobody drew"),
    "over_time": say("Before and after, or a series over time"),
}
"""How it is compared, the surest first. What is compared in different ways is never one figure."""


class Why(Spoken):
    """The reason for something."""


class PooledTrial(Frozen):
    """One trial of a question."""

    own: bool
    """Whether it is ours."""
    trial: str | None
    """The trial's id, where it is ours."""
    municipality: str | None
    """Whose it is, where it is told."""
    origin: str
    """Which trial, by the hash of its registration."""
    measure: str
    """What it is decided on."""
    design: DesignKind
    """The plan of the comparison."""
    evidence_level: Level
    """How well it was measured."""
    better: Literal["lower", "higher"]
    """The direction that is an improvement."""
    scale: str | None
    """Scale of its confirmatory effect; None where there is none."""
    estimate: Finite | None
    """Its confirmatory effect on that scale."""
    ci: Interval | None
    """Its interval as reported."""
    level: Finite | None
    """The level of that."""
    error: Finite | None
    """Standard error of the ratio's logarithm, from the interval; None where it is not pooled."""
    analysed: date
    """The day of the analysis."""
    stale: bool
    """Whether something came in after it."""
    reason: Why | None
    """Why it is in no pooled figure; None where nothing about it speaks against that."""


class LeftOut(Frozen):
    """What is pooled without one of the trials."""

    origin: str
    """The trial that is left out."""
    estimate: Finite
    """The pooled ratio without it."""
    ci: Interval
    """Its interval."""
    tau: Finite
    """Spread between the others."""
    flips: bool
    """Whether the side of no effect on which the whole interval lies is another, or none now."""


class Together(Frozen):
    """What several trials say as one, on the ratio scale."""

    trials: int = Field(ge=SHOWN_FROM)
    """How many."""
    estimate: Finite
    """The average ratio of the population of trials."""
    ci: Interval
    """Its interval: the wider of Hartung-Knapp's and Wald's."""
    prediction: Interval | None
    """Where the ratio of one more trial is expected; None where that is too wide for a number."""
    level: Finite
    """Confidence level of both."""
    p_value: Finite = Field(gt=0, le=1)
    """Two-sided."""
    method: Literal["reml"] = "reml"
    """How the variance between trials is found."""
    interval_by: Literal["hartung_knapp", "wald"]
    """Which of the two was the wider."""
    tau: Finite
    """Standard deviation between trials of the logarithm of the true ratio."""
    i2: Share
    """Share of the variance that lies between trials."""
    q: Finite
    """Cochran's Q."""
    q_p: Finite
    """How often chance alone would scatter the trials so much."""
    usable: bool
    """Whether a policy may use it: enough trials, none of them invented."""
    without: tuple[LeftOut, ...]
    """The same without each trial in turn, in their order."""

    @property
    def side(self) -> int:
        """-1 or 1: the side of no effect on which the whole interval lies; 0: it includes it."""
        return side(self.ci)


def side(ci: Interval) -> int:
    """The same of an interval of a ratio."""
    return -1 if ci[1] < 1 else 1 if ci[0] > 1 else 0


class Stratum(Frozen):
    """Trials that are compared and measured in one way."""

    compared: Drawn
    """How the comparison came to be."""
    self_reported: bool
    """Whether the figure is what people say that it took."""
    simulated: bool
    """Whether the measurements were invented."""
    trials: tuple[PooledTrial, ...]
    """Each, oldest analysis first."""
    pooled: Together | None
    """What they say as one; None where they are too few."""
    reason: Why | None
    """Why they are not pooled; None where they are."""


class Waiting(Frozen):
    """A trial of ours of this question whose result cannot be told."""

    trial: str
    """The trial's id."""
    reason: Why
    """Why."""


class PooledQuestion(Frozen):
    """All that is known here of one question."""

    question: str
    """As municipalities have agreed to call it."""
    strata: tuple[Stratum, ...]
    """The surest comparison first; never one figure across them."""
    waiting: tuple[Waiting, ...] = ()
    """Trials of ours that are not among them."""
