"""Trials of one question, what they say together, and what the next one may expect."""

from __future__ import annotations

import math
from dataclasses import dataclass

from htkeval.evidence_pool import PooledQuestion, PooledTrial, Stratum
from htkeval.reporting import pooled
from htkeval.reporting.numbers import number
from htkeval.reporting.tables import NOTHING, Table
from htkeval.text import Text, say

WIDEST = (-90.0, 150.0)
"""Per cent; an interval beyond is cut, with its figures beside it."""


@dataclass(frozen=True)
class Study:
    """One trial's relative change, in per cent."""

    name: Text
    """Whose it is."""
    estimate: float
    """The best estimate."""
    ends: tuple[float, float]
    """Its interval."""
    counts: bool
    """Whether it is in the figure of all together."""


@dataclass(frozen=True)
class Forest:
    """One stratum: trials that are compared and measured in one way."""

    caption: Text
    """What is shown, with its unit."""
    studies: tuple[Study, ...]
    """The oldest first."""
    together: Study | None
    """All that count as one; None where they are too few."""
    prediction: tuple[float, float] | None
    """Between which changes one more trial is expected; None where that cannot be told."""
    lower_is_better: bool
    """Whether a fall is the improvement."""

    @property
    def prediction_name(self) -> Text:
        """What the lowest row is."""
        return say("The next municipality may expect")

    @property
    def domain(self) -> tuple[float, float]:
        """The axis in tens, from the lowest end to the highest, nought inside."""
        ends = [end for one in self.every for end in one.ends]
        ends += [*(self.prediction or ()), 0.0]
        low = max(WIDEST[0], 10 * math.floor((min(ends) - 4) / 10))
        high = min(WIDEST[1], 10 * math.ceil((max(ends) + 4) / 10))
        return low, high

    @property
    def every(self) -> tuple[Study, ...]:
        """Each trial, then all together."""
        return (*self.studies, *((self.together,) if self.together else ()))

    @property
    def alt(self) -> Text:
        """The chart in a sentence, for those who do not see it."""
        parts = {
            f"row{n}": say(
                "{name} {estimate}, between {low} and {high}",
                name=one.name,
                estimate=figure(one.estimate),
                low=figure(one.ends[0]),
                high=figure(one.ends[1]),
            )
            for n, one in enumerate(self.every)
        }
        if self.prediction:
            low, high = (figure(end) for end in self.prediction)
            parts["next"] = say(
                "{name} between {low} and {high}", name=self.prediction_name, low=low, high=high
            )
        template = "; ".join("{" + name + "}" for name in parts)
        return Text("{caption}: " + template + ".", {"caption": self.caption, **parts})

    def table(self) -> Table:
        """The same figures as a table."""
        head = (say("What"), say("Best estimate"), say("From"), say("To"))
        body = [(one.name, figure(one.estimate), *map(figure, one.ends)) for one in self.every]
        if self.prediction:
            body.append((self.prediction_name, NOTHING, *map(figure, self.prediction)))
        return Table(self.caption, head, tuple(body), figures=True)


def figure(percent: float) -> Text:
    """A change in per cent as the chart writes it."""
    return number(percent, 0 if abs(percent) >= 10 or percent == 0 else 1, signed=True)


def forest(stratum: Stratum) -> Forest | None:
    """The chart of a stratum; None where no trial tells a relative change."""
    studies = tuple(study for one in stratum.trials if (study := _study(one)) is not None)
    if not studies:
        return None
    found = stratum.pooled
    together = prediction = None
    if found is not None:
        together = Study(
            say("{n} trials together", n=found.trials),
            _percent(found.estimate),
            (_percent(found.ci[0]), _percent(found.ci[1])),
            counts=True,
        )
        if found.prediction is not None:
            prediction = (_percent(found.prediction[0]), _percent(found.prediction[1]))
    return Forest(
        caption=say("Relative change with AI, %"),
        studies=studies,
        together=together,
        prediction=prediction,
        lower_is_better=stratum.trials[0].better == "lower",
    )


def _study(one: PooledTrial) -> Study | None:
    if one.scale != "ratio" or one.estimate is None or one.ci is None:
        return None
    ends = (_percent(one.ci[0]), _percent(one.ci[1]))
    return Study(pooled.who(one), _percent(one.estimate), ends, counts=one.reason is None)


def _percent(ratio: float) -> float:
    return 100 * (ratio - 1)


def title(found: PooledQuestion) -> Text:
    """What the page says of one question, in a sentence."""
    counted = [one for one in found.strata if one.pooled is not None and not one.simulated]
    if counted and (first := counted[0].pooled) is not None:
        return pooled.expected(first)
    told = sum(len(one.trials) for one in found.strata)
    if told == 0:
        return say("Nobody has a result of this question yet.")
    return say(
        "Too few have tried it to say what the next municipality may expect: {n} so far.", n=told
    )
