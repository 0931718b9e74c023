"""What a simulated trial is like: the truth that the measurements are invented from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from htkeval import toml_file
from htkeval.errors import Refused
from htkeval.frozen import Contradiction, Finite, Frozen, Share

Holder = Literal["task", "participant", "team"]
BelowOne = Annotated[Finite, Field(ge=0, lt=1)]
Positive = Annotated[Finite, Field(gt=0)]
NotNegative = Annotated[Finite, Field(ge=0)]
Change = Annotated[Finite, Field(gt=-1)]


class MetricScenario(Frozen):
    """The truth about a metric that is not the primary. Mirrors `[metrics.<id>]`."""

    baseline: NotNegative
    """Mean without the tool, in the metric's unit; for `binary` and `share` a probability."""
    treatment: NotNegative
    """Mean with the tool, likewise."""
    log_sd: NotNegative = 0.5
    """For a duration, a rate, a count: SD of a task's natural logarithm within its cluster."""
    icc: BelowOne = 0.0
    """Share of that log variance between clusters; for a probability on the scale of a normal
    propensity behind it, so that the means stay those stated."""


class Spread(Frozen):
    """A positive column with a long tail to the right. Mirrors `[exposures.<column>]`."""

    mean: Positive
    """Arithmetic mean, in the column's unit."""
    sd: NotNegative
    """Standard deviation, in the column's unit."""


class CovariateScenario(Spread):
    """A column that explains part of the primary metric. Mirrors `[covariates.<column>]`."""

    elasticity: Finite = 0.0
    """Per cent by which the primary rises when the column rises by one per cent."""
    of: Holder = "task"
    """Whose property it is."""


class Group(Frozen):
    """A column of words: a stratum, a kind of task. Mirrors `[groups.<column>]`."""

    shares: dict[str, Positive] = Field(min_length=1)
    """By word: its share of all; they sum to one."""
    levels: dict[str, Positive] = {}
    """By word: the typical primary value relative to the others; a word not named here is 1."""
    of: Holder = "task"
    """Whose property it is."""
    dealt: bool = False
    """Whether the words go round in turn, as often as each other and as their pairs with those of
    other such columns, instead of being drawn by their shares; a participant's tasks each time."""

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        if abs(sum(self.shares.values()) - 1) > 1e-9:
            raise Contradiction("the shares must sum to 1")
        if unknown := sorted(set(self.levels) - set(self.shares)):
            raise Contradiction("level {name} has no share", name=unknown[0])
        return self


class Scenario(Frozen):
    """The truth of a simulated trial. Mirrors the `scenario.toml` beside a `trial.toml`.

    "Typical" is on the scale of logarithms: the geometric mean, near the median. The
    arithmetic mean moves as much only if people react alike and the spread stays the same.
    """

    seed: int = Field(ge=0)
    """Seed of the measurements that the demo shows."""
    participants: int = Field(ge=2)
    """People who take part."""
    teams: int | None = Field(default=None, ge=2)
    """Teams that they come from, where the trial has a column for it."""
    team_size_cv: NotNegative = 0.0
    """How unlike teams are in size: SD of the size over its mean, in expectation."""
    tasks_each: Finite = Field(ge=1)
    """Mean number of tasks a participant."""
    tasks_each_sd: NotNegative = 0.0
    """SD of that over participants; nobody has fewer than one planned."""
    shared_tasks: int | None = Field(default=None, ge=1)
    """Size of the set that everybody's tasks come from (the same questions for all), in an
    order of each one's own; not given: no task is done by two people."""
    shared_task_sd: NotNegative = 0.0
    """Log-SD of the primary between tasks of that set."""
    periods: int = Field(default=1, ge=1)
    """Equal stretches of time that the trial is divided into."""

    baseline_mean: Positive
    """Arithmetic mean of the primary without the tool in the first period, in its unit."""
    log_sd: Finite = Field(gt=0)
    """Residual SD of the primary's natural logarithm over the tasks of one participant, after
    covariates; 0.55-0.64 in published trials."""
    log_sd_treatment: Positive | None = None
    """The same with the tool; not given: unchanged. The typical task stays where it is."""
    icc: BelowOne = 0.0
    """Share of log variance between clusters: teams where teams were drawn, else participants."""
    participant_icc: BelowOne = 0.0
    """Where teams were drawn: share of log variance between the participants of one team."""
    cluster_autocorrelation: Share = 1.0
    """How much of a cluster's own level it keeps from one period to another: 1 is all of it."""
    period_sd: NotNegative = 0.0
    """Log-SD of what all tasks of one period share, beside the drift."""
    period_rho: Annotated[Finite, Field(gt=-1, lt=1)] = 0.0
    """Correlation of that in neighbouring periods."""
    relative_effect: Change
    """Change of the typical task when the tool is used for the first time: -0.20 is a fifth less.
    For a probability: change of the mean."""
    reaction_sd: NotNegative = 0.0
    """SD over clusters of the effect in log units: how differently they react to the tool."""
    learning: Change = 0.0
    """Relative change for each earlier task that the participant did with the tool."""
    drift: Change = 0.0
    """Relative change from period to period that comes without the tool."""

    dropout: Share = 0.0
    """Share of participants who leave, each at a random time; the rest of their tasks are gone."""
    missing: Share = 0.0
    """Share of tasks done whose primary value is missing: the clock was forgotten."""
    refusals: Share = 0.0
    """Share of tasks that the participant would not do as drawn: logged, nothing measured."""
    contamination: Share = 0.0
    """Share of tasks, in either arm, done as the other arm prescribes."""
    pre_tasks: int = Field(default=3, ge=1)
    """Tasks behind the value before the trial, where a metric has a column for it."""
    expected_change: Change | None = None
    """Mean of what participants expect, where the trial has a column for it."""
    expected_change_sd: NotNegative = 0.1
    """SD of that over participants."""

    parts: dict[str, Positive] = {}
    """By column of a primary that is a sum of columns: its share; not given: equal ones."""
    metrics: dict[str, MetricScenario] = {}
    """By id: every metric but the primary."""
    exposures: dict[str, Spread] = {}
    """By column: what rates and shares are divided by; whole numbers from 1."""
    covariates: dict[str, CovariateScenario] = {}
    """By column: numbers that explain part of the primary; whole numbers from 1."""
    groups: dict[str, Group] = {}
    """By column: words."""
    incidents: dict[str, Share] = {}
    """By column of a hard stop: chance that a task done with the tool ends so."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.icc + self.participant_icc >= 1:
            raise Contradiction("icc and participant_icc together must stay below 1")
        if self.shared_tasks and self.tasks_each > self.shared_tasks:
            raise Contradiction("tasks_each is more than the shared_tasks there are")
        if self.teams and self.teams > self.participants:
            raise Contradiction("there are more teams than participants")
        return self


def load_scenario(path: Path) -> Scenario:
    """Read and check a scenario.

    Raises:
        TrialUnreadable: The file is missing or is not TOML.
        Refused: An unknown key, a missing one or a contradiction; all of them at once.
    """
    return toml_file.read(path, Scenario, error=Refused)
