"""Effects, gaps and checks of one trial on one snapshot."""

from typing import Literal

from pydantic import Field

from htkeval.deviation import Deviation
from htkeval.effect import Bounds, Check, Effect, Gap, Sensitivity, Subgroup
from htkeval.evidence import Level
from htkeval.frozen import Finite, Frozen


class Forecasts(Frozen):
    """What was expected of the primary metric before the trial, as relative changes."""

    lead: Finite
    """By who runs the trial: -0.25 is a quarter less."""
    participants: Finite | None = None
    """By the participants: the typical answer (geometric mean of the ratios, each person once);
    None where fewer than five answered."""
    people: int | None = 0
    """How many participants answered; None where they are one to four."""
    unread: int | None = 0
    """Answers that are no relative change: -1 or below, as where -25 was written for -0.25; None
    where they are of one to four people."""


class Analysis(Frozen):
    """All that was found out, as one document."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    trial: str
    """The trial's id."""
    registration: str | None
    """Fingerprint of the promise that was followed, as deviations left it; None without one."""
    snapshot: str
    """SHA-256 of the Parquet bytes that were analysed."""
    allocation: str | None = None
    """SHA-256 of the allocation list that the rows were held against; None where none is stored."""
    rows: int = Field(ge=0)
    """Rows in the snapshot, before exclusions."""
    evidence_level: Level
    """Computed, never typed in."""
    simulated: bool = False
    """Whether any row was invented by the simulator."""
    software: str
    """Name and version of the program that computed this."""
    effects: tuple[Effect, ...] = ()
    """What moved."""
    gaps: tuple[Gap, ...] = ()
    """What cannot be said, and why."""
    checks: tuple[Check, ...] = ()
    """What could spoil the conclusion."""
    sensitivity: tuple[Sensitivity, ...] = ()
    """The same by other models."""
    bounds: tuple[Bounds, ...] = ()
    """Between which figures an effect lies whatever the unknown values are."""
    subgroups: tuple[Subgroup, ...] = ()
    """The effect by kind of task and effect modifier."""
    hard_stops: tuple[str, ...] = ()
    """Columns of hard stops that are not zero."""
    deviations: tuple[Deviation, ...] = ()
    """What was changed after the registration and told, oldest first."""
    forecasts: Forecasts | None = None
    """What was expected before; None where nobody was asked."""

    @property
    def confirmatory(self) -> Effect | None:
        """The one effect that the trial is decided on."""
        return next((effect for effect in self.effects if effect.confirmatory), None)

    @property
    def between_looks(self) -> bool:
        """Whether it was made before the end and at no planned look, so that nothing is decided."""
        return any(check.name == "between_looks" for check in self.checks)

    @property
    def look_due(self) -> bool:
        """Whether the next planned look could be taken."""
        return any(check.name == "look_due" for check in self.checks)

    def effect(self, metric: str, scale: str) -> Effect | None:
        """An effect by metric and scale; an average over lengths of use never stands in for it."""
        found = (e for e in self.effects if (e.metric, e.scale) == (metric, scale))
        return next((effect for effect in found if effect.estimand == "effect"), None)
