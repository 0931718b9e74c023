"""How much a metric moved, how surely, by which method; or why that cannot be said."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen, Spoken
from htkeval.metric import Role

Estimand = Literal["effect", "exposure_average"]
Scale = Literal["ratio", "difference", "probability"]
Method = Literal[
    "rerandomisation",
    "cr2",
    "welch",
    "reml",
    "kenward_roger",
    "score",
    "brunner_munzel",
    "jackknife",
    "always_valid",
]
Interval = tuple[Finite, Finite]


class ArmFigures(Frozen):
    """What was seen in one arm, before any model, and the model's mean beside it."""

    tasks: int | None
    """Rows that count; None where an arm has fewer than five people, and where the rows that do not
    count are of one to four: how many rows there are is known."""
    clusters: int | None
    """Participants or teams with at least one row in this arm; None, as the figures below, where
    an arm has fewer than five people: one arm and the effect would give the other. None also where
    one to four people are in this effect and not in the result, or the other way round."""
    mean: Finite | None
    """Arithmetic mean in the metric's unit (a share: the pooled share)."""
    sd: Finite | None
    """Standard deviation over tasks, in the metric's unit; None with fewer than two."""
    adjusted_mean: Finite | None
    """Mean at the average of all regressors; the arms' differ by exactly the estimate on the
    difference scale, and by exactly the ratio on the ratio scale."""


class Inference(Frozen):
    """One method's answer. A ratio stands here on the natural-log scale."""

    method: Method
    """Which method."""
    estimate: Finite
    """Treatment minus baseline, in the metric's unit or in log units."""
    se: Finite | None = None
    """Standard error of the estimate."""
    df: Finite | None = None
    """Degrees of freedom."""
    ci: Interval
    """Confidence interval at the effect's level."""
    p_value: Finite = Field(gt=0, le=1)
    """Two-sided p-value, from the same method as the interval."""
    draws: int | None = None
    """Number of re-randomisations."""
    exact: bool | None = None
    """Whether all allocations were enumerated."""


class Effect(Frozen):
    """How much one metric moved between the arms, and how surely."""

    metric: str
    """The metric's id."""
    role: Role
    """The metric's role."""
    confirmatory: bool
    """Whether this is the one effect that the trial is decided on."""
    scale: Scale
    """`difference` in the unit, `ratio` of treatment to baseline, or `probability`."""
    estimand: Estimand = "effect"
    """Which average over exposure times."""
    weights: Literal["task", "unit"]
    """What counts the same: every task, or every unit."""
    unit: str | None
    """The metric's unit."""
    better: Literal["lower", "higher"]
    """The direction that is an improvement."""
    estimate: Finite
    """The effect: 0.80 is a fifth less; a difference is in the unit."""
    ci: Interval
    """Confidence interval, from `method`."""
    p_value: Finite = Field(gt=0, le=1)
    """Two-sided p-value, from `method`."""
    p_adjusted: Finite | None = None
    """The p-value after Holm, for secondary metrics."""
    level: Finite
    """Confidence level."""
    method: Method
    """The method of `ci` and `p_value`."""
    look: dict[str, Finite] | None = None
    """Which planned look this is: `k`, `of`, and `nominal_level`, the limit of p today; the
    interval is the repeated one, at 1 - nominal_level. None where there is one look only, and
    between looks."""
    baseline: ArmFigures
    """What was seen without the tool."""
    treatment: ArmFigures
    """What was seen with it."""
    icc: Finite | None = None
    """Intraclass correlation within clusters."""
    icc_ci: Interval | None = None
    """Its interval, at `level`."""
    cluster_autocorrelation: Finite | None = None
    """In a roll-out: how alike two periods of one team are, as a share of how alike one is."""
    cluster_autocorrelation_ci: Interval | None = None
    """Its interval, at `level`."""
    inference: tuple[Inference, ...]
    """Every method that could be computed."""

    @model_validator(mode="after")
    def _interval_in_order(self) -> Self:
        if self.ci[0] > self.ci[1]:
            raise Contradiction("the interval's ends are the wrong way round")
        return self

    @property
    def tasks(self) -> int | None:
        """Rows that count in both arms; None where that is not told."""
        arms = (self.baseline.tasks, self.treatment.tasks)
        return None if None in arms else sum(n for n in arms if n is not None)

    @property
    def null(self) -> float:
        """The value that means no effect."""
        return {"ratio": 1.0, "difference": 0.0, "probability": 0.5}[self.scale]

    @property
    def benefit_ci(self) -> Interval:
        """The interval turned so that less than zero is a benefit, measured from no effect."""
        low, high = self.ci[0] - self.null, self.ci[1] - self.null
        return (low, high) if self.better == "lower" else (-high, -low)

    @property
    def relative(self) -> float | None:
        """The estimate as a relative change; None where the baseline mean is not positive."""
        return self.relative_of(self.estimate)

    def relative_of(self, value: float) -> float | None:
        """A value on this effect's scale as a relative change of the baseline."""
        if self.scale == "ratio":
            return value - 1
        base = self.baseline.adjusted_mean
        usable = self.scale == "difference" and base is not None and base > 0
        return value / base if usable and base else None


class Gap(Spoken):
    """The typed absence of an effect, with its reason."""

    word: ClassVar[str] = "reason"

    metric: str
    """The metric's id."""
    scale: Scale
    """The scale that has no answer."""
    estimand: Estimand = "effect"
    """Which average over exposure times has none."""


class Check(Spoken):
    """Something that could spoil the conclusion."""

    name: str
    """Name in files."""
    passed: bool | None
    """True, false, or None: it cannot be told."""


class Bounds(Frozen):
    """Between which figures an effect lies, whatever the values that nobody knows."""

    metric: str
    """The metric's id."""
    scale: Scale
    """As for an effect."""
    model: str
    """What is unknown and how far it may go: `banded`, `worst_case`, `lee`."""
    low: Finite
    """The smallest effect that the known values allow."""
    high: Finite
    """The largest."""
    ci: Interval
    """The same with the uncertainty of the known values."""


class Subgroup(Frozen):
    """The effect among the rows that say the same in one column, drawn towards the common one."""

    metric: str
    """The metric's id."""
    scale: Scale
    """As for the effect."""
    column: str
    """The column: a kind of task, or an effect modifier of the plan."""
    value: str
    """What it says."""
    tasks: int | None
    """Rows; None where that would say how many rows of one to four people are in none."""
    clusters: int | None
    """Participants or teams; None where one to four people of the result have no row here."""
    estimate: Finite
    """The effect among these rows alone."""
    ci: Interval
    """Its interval."""
    shrunken: Finite
    """The best guess: drawn towards the mean of all groups by as much as they seem alike."""


class Sensitivity(Frozen):
    """The same effect by another model."""

    metric: str
    """The metric's id."""
    scale: Scale | Literal["odds_ratio"]
    """As for the effect; proportional odds have a scale of their own."""
    model: str
    """Name of the model."""
    estimate: Finite
    """The effect, on the same scale as the reported one."""
    ci: Interval | None
    """Its interval; None for an exact test that has none of its own."""
    p_value: Finite = Field(gt=0, le=1)
    """Its p-value."""
    flips: bool
    """Whether sign, "excludes no effect" or "excludes worthwhile" differs from the reported."""
