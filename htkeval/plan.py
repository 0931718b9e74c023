"""What was promised about the analysis: covariates, exclusions, methods, expectations."""

import itertools
import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen
from htkeval.metric import DurationUnit


class Covariate(Frozen):
    """A column known before the arm had its effect, that explains part of the spread."""

    column: str
    """The column of the sheet."""
    scale: Literal["linear", "log", "category"] = "linear"
    """As it is, as its natural logarithm, or as groups."""
    label: str | None = Field(default=None, min_length=1)
    """What it is called for people; not stated: as the column is."""


COMPARISON = re.compile(
    r"^\s*(?P<column>[^<>=!]+?)\s*(?P<sign><=|>=|==|!=|<|>)\s*(?P<value>.+?)\s*$"
)


class Exclusion(Frozen):
    """A rule, stated beforehand, for rows that do not count."""

    rule: str
    """A column, a comparison, a value: `task_time > 480`."""
    reason: str = Field(min_length=1)
    """Why such a row does not count."""

    @field_validator("rule")
    @classmethod
    def _is_one_comparison(cls, rule: str) -> str:
        if not COMPARISON.match(rule):
            raise Contradiction("must be a column, one of < <= > >= == != and a value")
        return rule

    @property
    def parts(self) -> tuple[str, str, str]:
        """Column, sign and value."""
        match = COMPARISON.match(self.rule)
        assert match  # the validator saw to it
        return match["column"], match["sign"], match["value"]


class AnalysisPlan(Frozen):
    """What was promised about the analysis."""

    primary_scale: Literal["ratio", "difference"] = "ratio"
    """The scale of the one confirmatory test of a duration."""
    weights: Literal["task", "unit"] = "task"
    """`task`: what the budget sees; `unit`: what the average person or team sees."""
    method: Literal["auto", "rerandomisation", "cr2", "welch"] = "auto"
    """The method of the reported interval and p-value."""
    level: Finite = Field(default=0.95, gt=0.5, lt=1)
    """Confidence level."""
    seed: int = Field(default=20260112, ge=0)
    """Seed of every draw."""
    looks: tuple[Finite, ...] = (1.0,)
    """Planned information fractions; the last is 1."""
    spending: Literal["obrien_fleming", "pocock"] | tuple[Finite, ...] = "obrien_fleming"
    """How the chance of a false alarm is spent over the looks: a function of Lan and DeMets, or
    what has been spent by each look as a share of all."""
    futility: Finite | None = Field(default=None, gt=0, lt=1)
    """Conditional power below which a look advises to stop; advice only, which no limit counts
    on."""
    effect_modifiers: tuple[str, ...] = ()
    """Columns by which the effect is also shown."""
    prior_sd: Finite | None = Field(default=None, gt=0, le=2)
    """How far from no change a tool is believed to lie before anybody measured it: SD of the
    logarithm of the ratio. No test uses it; what more trial is worth does, and savings are drawn
    toward it. None: 0.2."""

    @field_validator("looks")
    @classmethod
    def _rise_to_one(cls, looks: tuple[float, ...]) -> tuple[float, ...]:
        rising = all(a < b for a, b in itertools.pairwise(looks))
        if not looks or not rising or looks[0] <= 0 or looks[-1] != 1:
            raise Contradiction(
                "looks are shares of the planned information: they must rise and end in 1, "
                "such as [0.5, 1.0]"
            )
        return looks

    @model_validator(mode="after")
    def _spend_it_all(self) -> Self:
        if isinstance(self.spending, str):
            return self
        spent = self.spending
        if len(spent) != len(self.looks):
            raise Contradiction("spending needs a share for each of the looks")
        rising = all(a <= b for a, b in itertools.pairwise(spent))
        if not rising or spent[0] < 0 or spent[-1] != 1:
            raise Contradiction("spending must not fall and must end in 1")
        return self


class Also(Frozen):
    """Something that is asked of each task beside what is measured: no test uses it.

    It is what a time saving costs elsewhere, or what people expected and believe: `[[also]]`.
    """

    column: str = Field(min_length=1)
    """Column of the sheet."""
    label: str = Field(min_length=1)
    """What it is called for people."""
    kind: Literal["duration", "count", "yes_no", "change"]
    """A time, a number of things, yes or no, or a relative change (-0.25 is a quarter less)."""
    unit: DurationUnit | None = None
    """Of a duration."""
    means: Literal["checking", "correcting", "error_class", "only_because", "belief"]
    """Minutes of checking or of correcting what the tool made, errors of one class, a task that was
    made only because there is a tool, or what the participant believes afterwards."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        kinds = {
            "checking": "duration",
            "correcting": "duration",
            "error_class": "count",
            "only_because": "yes_no",
            "belief": "change",
        }
        if kinds[self.means] != self.kind:
            raise Contradiction(
                "what means {means} has kind = {kind}", means=self.means, kind=kinds[self.means]
            )
        if (self.kind == "duration") != (self.unit is not None):
            raise Contradiction(
                "a duration needs unit = s, min, min:s or h, and nothing else has one"
            )
        return self


class Forecast(Frozen):
    """What was expected, before."""

    relative_change: Finite = Field(gt=-1)
    """The lead's own expectation: -0.25 is a quarter less."""
    column: str | None = None
    """Column of the baseline sheet with the participants' expectation."""
