"""What a plan could see: its floors, its power, the size it needs."""

from typing import Literal

from pydantic import Field

from htkeval.decision import Verdict
from htkeval.effect import Method, Scale
from htkeval.frozen import Finite, Frozen, Share, Spoken
from htkeval.looks import Limit


class Remark(Spoken):
    """Something that a plan is told."""


class Assumption(Spoken):
    """A number that the plan takes to be true; its sentence says what it rests on."""

    name: Literal["mean", "log_sd", "icc", "autocorrelation", "reaction_sd", "tasks_each_cv"]
    """Which."""
    value: Finite
    """The number."""


class Chance(Frozen):
    """A chance, counted in invented trials or told by a formula."""

    value: Share
    """Share of the trials."""
    error: Finite
    """Its Monte Carlo standard error; 0 by formula, which counts nothing."""


class Reach(Frozen):
    """What the draw alone allows, whatever is measured."""

    least: Finite | None
    """Smallest two-sided p-value that the draw can give; None where nothing is drawn."""
    allocations: int | None
    """In how many ways it can fall; None where these are too many to look at each."""
    reaching: int | None
    """How many of them can be found significant; None likewise."""
    refusals: tuple[Remark, ...] = ()
    """Why no measurement could answer the question, each with a way out."""
    warnings: tuple[Remark, ...] = ()
    """What makes the plan a poor bet."""


class Size(Frozen):
    """How many people or teams with how many tasks each."""

    units: int
    """Participants, or teams where teams have the tool."""
    tasks_each: Finite
    """Tasks of each, over all periods."""
    power: Chance
    """Chance of seeing the goal with so many."""


class Early(Frozen):
    """What a look before the end would see if the goal is true."""

    look: int
    """Its number, from 1."""
    power: Chance
    """Chance of seeing an improvement at it or before."""


class Point(Frozen):
    """One point of the power curve."""

    effect: Finite
    """Relative change by the tool."""
    power: Share
    """Chance of seeing an improvement."""


class Chances(Frozen):
    """How often the policy would say what, if a certain effect were true."""

    effect: Finite
    """Relative change by the tool."""
    verdicts: dict[Verdict, Share]
    """Share of the invented trials."""


class Glance(Frozen):
    """What a plan could see by its formula alone: an answer at once, and a rough one."""

    trial: str
    """The trial's id."""
    scale: Scale
    """The scale of the confirmatory figure."""
    units: int
    """Participants, or teams where teams have the tool."""
    tasks_each: Finite
    """Tasks of each, over all periods."""
    reach: Reach
    """What the draw alone allows."""
    goal: Finite | None
    """The smallest change worth having, relative."""
    wanted: Share
    """The chance with which the policy wants the goal to be seen."""
    power: Chance | None = None
    """Chance of seeing an improvement if the goal is true; None without a goal or a formula."""
    detectable: Finite | None = None
    """Relative change that is seen with the wanted chance; None where none is."""
    sized: bool = False
    """Whether the size that the goal takes was looked for."""
    needed_units: Size | None = None
    """How many people or teams the goal takes, with as many tasks each."""
    needed_tasks: Size | None = None
    """How many tasks each the goal takes, with as many people or teams."""
    curve: tuple[Point, ...] = ()
    """The chance by the true effect; empty where no formula fits."""

    @property
    def refused(self) -> bool:
        """Whether no measurement could answer the question."""
        return bool(self.reach.refusals)


class Outlook(Frozen):
    """All that a plan can know of itself before anybody is measured."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    trial: str
    """The trial's id."""
    method: Method
    """The method that the plan promises."""
    scale: Scale
    """The scale of the confirmatory figure."""
    units: int
    """Participants, or teams where teams have the tool."""
    tasks_each: Finite
    """Tasks of each, over all periods."""
    reach: Reach
    """What the draw alone allows."""
    looks: tuple[Limit, ...] = ()
    """The limit of each look, and whether the draw can reach it; none where there is one look."""
    assumed: tuple[Assumption, ...]
    """What is taken to be true."""
    trials: int
    """Invented trials behind each chance."""
    draws: int | None
    """Re-randomisations in each; None where the method has none."""
    goal: Finite | None
    """The smallest change worth having, relative."""
    wanted: Share
    """The chance with which the policy wants the goal to be seen."""
    answered: Share | None = None
    """Share of the invented trials with a figure; None where none were invented."""
    alarms: Chance | None = None
    """Chance of seeing a difference, either way, where there is none."""
    power: Chance | None = None
    """Chance of seeing an improvement if the goal is true, at any look."""
    early: tuple[Early, ...] = ()
    """The same for each look before the end that can find anything."""
    closed_form: Finite | None = None
    """The same by formula, as a cross-check; None where no formula fits."""
    detectable: Finite | None = None
    """Relative change that is seen with the wanted chance; None where none is."""
    detectable_range: tuple[Finite, Finite] | None = None
    """Between which it lies, for the trials that were invented."""
    sized: bool = False
    """Whether the size that the goal takes was looked for."""
    needed_units: Size | None = None
    """How many people or teams the goal takes, with as many tasks each."""
    needed_tasks: Size | None = None
    """How many tasks each the goal takes, with as many people or teams."""
    curve: tuple[Point, ...] = ()
    """The chance by the true effect."""
    verdicts: tuple[Chances, ...] = ()
    """At no effect, at the goal, at twice the goal."""
    policy: str
    """Version of the policy that was asked."""

    @property
    def refused(self) -> bool:
        """Whether no measurement could answer the question."""
        return bool(self.reach.refusals)
