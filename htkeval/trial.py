"""One AI tool tried on one kind of work: the trial and how units came to be in an arm."""

from datetime import date as Day
from typing import Literal, Self

from pydantic import Field, model_validator

from htkeval.economics import Economics
from htkeval.frozen import Contradiction, Finite, Frozen
from htkeval.metric import Metric
from htkeval.plan import Also, AnalysisPlan, Covariate, Exclusion, Forecast
from htkeval.text import say

Arm = Literal["baseline", "treatment"]
ARMS: tuple[Arm, ...] = ("baseline", "treatment")
Technology = Literal["chatbot", "domain_chatbot", "speech_to_text", "other"]
TECHNOLOGIES: tuple[Technology, ...] = ("chatbot", "domain_chatbot", "speech_to_text", "other")
DesignKind = Literal[
    "parallel",
    "within",
    "crossover",
    "cluster",
    "stepped_wedge",
    "before_after",
    "difference_in_differences",
    "interrupted_time_series",
]

QUESTION_ID = r"^[a-z0-9][a-z0-9-]{0,63}$"
"""How a question that several municipalities ask is named."""

NEEDED_COLUMN: dict[DesignKind, tuple[str, ...]] = {
    "parallel": ("participant",),
    "within": ("participant",),
    "crossover": ("participant", "period"),
    "cluster": ("team",),
    "stepped_wedge": ("team", "period"),
    "before_after": ("participant", "period"),
    "difference_in_differences": ("team", "period"),
    "interrupted_time_series": ("period",),
}
"""Which columns a design cannot do without, beside the arm."""

NEVER_RANDOMISED: tuple[DesignKind, ...] = (
    "before_after",
    "difference_in_differences",
    "interrupted_time_series",
)
BY_TEAM: tuple[DesignKind, ...] = ("cluster", "stepped_wedge", "difference_in_differences")
"""Designs in which teams have the tool or not, so that measurements hang together in teams."""
BY_CALENDAR: tuple[DesignKind, ...] = ("crossover", "stepped_wedge", *NEVER_RANDOMISED)
"""Designs in which it depends on the period who has the tool."""


class ArmText(Frozen):
    """How one arm is named."""

    label: str = Field(min_length=1)
    """What was done in this arm, for people: `AI-udkast rettes og godkendes`."""
    value: str | int | float | bool | None = None
    """What the arm column says for it; not given: the arm's own name."""


class Arms(Frozen):
    """The two arms."""

    baseline: ArmText
    """How the work is done today."""
    treatment: ArmText
    """How it is done with the tool."""

    def value(self, arm: Arm) -> str:
        """What the arm column of a sheet says for an arm, as text."""
        given = getattr(self, arm).value
        return arm if given is None else str(given)


class Design(Frozen):
    """How units came to be in an arm, and which column of the sheet says what."""

    kind: DesignKind
    """The plan of the comparison."""
    randomised: bool
    """Whether chance decided the arm."""
    allocation: Literal["bernoulli", "complete", "blocks", "minimisation"] | None = None
    """How chance decided; not stated: conditional on the arm counts."""
    block: int | None = Field(default=None, ge=2)
    """Size of a block, for `blocks`."""
    ratio: tuple[int, int] = (1, 1)
    """Units to baseline for units to treatment."""
    favour: Finite = Field(default=0.8, ge=0.5, lt=1)
    """For `minimisation`: the chance of the arm that evens things out; 1 would leave no draw."""
    clusters: int | None = Field(default=None, ge=2)
    """How many participants (or teams, where teams were drawn) are planned."""
    tasks_each: Finite | None = Field(default=None, ge=1)
    """How many tasks each of them is planned to do, over all periods."""
    baseline_tasks: int | None = Field(default=None, ge=1)
    """How many tasks without the tool must be in before the first with it is taken."""
    steps: int | None = Field(default=None, ge=2)
    """For a roll-out: in how many different periods teams start; not stated: see
    `evaluation/draw/foreseen.py`."""
    reversible: bool = True
    """False for training: what was learnt cannot be un-learnt."""
    arm: str = "arm"
    """Column: the arm that was assigned to the row."""
    participant: str | None = None
    """Column: the pseudonym of who did the task."""
    task: str | None = None
    """Column: the task; without it each row is a task."""
    team: str | None = None
    """Column: the team."""
    period: str | None = None
    """Column: the period of the plan."""
    sequence: str | None = None
    """Column: the order of arms that a participant of a crossover was given, or the start that a
    team of a roll-out was given, in any words."""
    task_type: str | None = None
    """Column: the kind of task."""
    date: str | None = None
    """Column: the day the task was done."""
    status: str | None = None
    """Column: done, abandoned or refused."""
    realised_arm: str | None = None
    """Column: the arm that the task was in fact done under."""
    strata: tuple[str, ...] = ()
    """Columns within whose combinations chance decided."""
    wash_in_days: int = Field(default=0, ge=0)
    """Days at the start of each period that do not count."""
    interruption: Day | None = None
    """The day the tool came into use, for an interrupted time series."""

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Every column of the sheet that the design reads, the arm first, each once."""
        names = (self.arm, self.participant, self.task, self.team, self.period, self.sequence)
        more = (self.task_type, self.date, self.status, self.realised_arm, *self.strata)
        return tuple(dict.fromkeys(name for name in (*names, *more) if name))

    @property
    def drawable(self) -> bool:
        """Whether lots can be drawn: of tasks, only where they have a column of their own."""
        return self.randomised and not (self.kind == "within" and self.task is None)

    @property
    def one_by_one(self) -> bool:
        """Whether lots can be drawn one at a time, while nobody knows how many there will be."""
        if not self.drawable or self.kind in BY_TEAM:
            return False
        if self.allocation not in (None, "complete"):
            return True
        return self.kind == "within" and not self.strata and self.tasks_each is not None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        for name in NEEDED_COLUMN[self.kind]:
            if getattr(self, name) is None:
                raise Contradiction(
                    "design {kind} needs the name of the column {name}", kind=self.kind, name=name
                )
        if self.kind == "crossover" and not self.reversible:
            raise Contradiction("what cannot be un-learnt (reversible = false) cannot cross over")
        if self.randomised and self.kind in NEVER_RANDOMISED:
            raise Contradiction("design {kind} is never randomised", kind=self.kind)
        if self.allocation == "blocks" and self.block is None:
            raise Contradiction("allocation blocks needs block = its size")
        if self.allocation and not self.randomised:
            raise Contradiction("allocation is stated, but randomised = false")
        if self.allocation == "minimisation" and self.kind == "stepped_wedge":
            raise Contradiction("minimisation chooses between two arms; a roll-out draws a start")
        if self.steps is not None and self.kind != "stepped_wedge":
            raise Contradiction("steps are the starts of a roll-out (stepped_wedge)")
        if self.steps is not None and self.clusters is not None and self.steps > self.clusters:
            raise Contradiction("there are more steps than teams (clusters)")
        if min(self.ratio) < 1:
            raise Contradiction("ratio needs at least one unit in each arm")
        return self


class Gate(Frozen):
    """A condition of law, security or co-operation. Its state is an event, never in this file."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """dpia, legal_basis, ai_act, security, accessibility, med, supplier, …"""
    required: bool = True
    """Whether it must be closed before go."""


class HardStop(Frozen):
    """Something that must not happen, not even once."""

    column: str
    """A column whose sum must stay zero."""
    text: str = Field(min_length=1)
    """What happened, if it is not zero."""


class TaskName(Frozen):
    """What one task is called in sentences: `task_name = {one = "referat", many = "referater"}`."""

    one: str = Field(min_length=1)
    """Singular, as after "per": `referat`."""
    many: str = Field(min_length=1)
    """Plural, as after a count: `referater`."""


class Retention(Frozen):
    """How long anything leads from a measurement to a person."""

    until: Day
    """The last day on which it does; from the day after, `htkeval erase TRIAL --due` forgets
    everybody."""


class Trial(Frozen):
    """One AI tool tried on one kind of work. Mirrors `trial.toml`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    """Name in the store, in MLflow and in addresses; need not equal the folder's name."""
    title: str = Field(min_length=1)
    """Name for people."""
    question: str = Field(min_length=1)
    """What the trial answers."""
    area: str = Field(min_length=1)
    """The part of the administration where the gain would arise."""
    technology: Technology
    """The kind of tool."""
    question_id: str | None = Field(default=None, pattern=QUESTION_ID)
    """What municipalities that ask the same have agreed to call it: `tale-til-tekst-referat`. The
    results of trials of one question can be pooled; not stated: this trial is not exchanged."""
    task_name: TaskName | None = None
    """What one task is called; not stated: a task."""
    starts: Day
    """First day of measurement."""
    ends: Day
    """Last day of measurement."""
    arms: Arms
    """The two arms."""
    design: Design
    """How units came to be in an arm."""
    metrics: tuple[Metric, ...] = Field(min_length=1)
    """What is measured; exactly one is primary."""
    covariates: tuple[Covariate, ...] = ()
    """What explains part of the spread."""
    exclusions: tuple[Exclusion, ...] = ()
    """Which rows do not count."""
    also: tuple[Also, ...] = ()
    """What is asked of each task beside what is measured."""
    analysis: AnalysisPlan = Field(default_factory=AnalysisPlan)
    """What was promised about the analysis."""
    forecast: Forecast | None = None
    """What was expected."""
    economics: Economics = Field(default_factory=Economics)
    """What turns minutes into money."""
    gates: tuple[Gate, ...] = ()
    """Which gates must be closed."""
    hard_stops: tuple[HardStop, ...] = ()
    """What must not happen."""
    retention: Retention | None = None
    """How long people are known; not stated: until somebody erases them one by one."""

    @property
    def primary(self) -> Metric:
        """The metric that the trial is decided on."""
        return next(metric for metric in self.metrics if metric.role == "primary")

    @property
    def cluster_column(self) -> str | None:
        """The column within whose values measurements hang together."""
        return self.design.team if self.design.kind in BY_TEAM else self.design.participant

    @property
    def value_columns(self) -> tuple[str, ...]:
        """Columns of the sheet that hold values, not keys, each once."""
        names = [name for metric in self.metrics for name in metric.sheet_columns]
        names += [covariate.column for covariate in self.covariates]
        names += [exclusion.parts[0] for exclusion in self.exclusions]
        names += [stop.column for stop in self.hard_stops]
        names += list(self.analysis.effect_modifiers)
        if self.forecast and self.forecast.column:
            names.append(self.forecast.column)
        names += [one.column for one in self.also]
        keys = self.design.key_columns
        return tuple(dict.fromkeys(name for name in names if name not in keys))

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.ends < self.starts:
            raise Contradiction("ends is before starts")
        if self.retention is not None and self.retention.until < self.ends:
            raise Contradiction("retention.until is before ends: people are measured until then")
        if sum(metric.role == "primary" for metric in self.metrics) != 1:
            raise Contradiction("exactly one metric must have role = primary")
        for names, what in (
            ([metric.id for metric in self.metrics], say("the metric")),
            ([gate.id for gate in self.gates], say("the gate")),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise Contradiction("{what} {id} stands twice", what=what, id=twice[0])
        keys = (self.design.arm, self.design.participant)
        for exclusion in self.exclusions:
            if exclusion.parts[0] in keys:
                raise Contradiction(
                    "an exclusion is a rule about a value, not about {column}",
                    column=exclusion.parts[0],
                )
        if self.arms.value("baseline") == self.arms.value("treatment"):
            raise Contradiction("both arms have the same value in the arm column")
        return self
