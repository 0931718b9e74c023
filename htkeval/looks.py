"""Looks before the end: what was foreseen of each, and which of them a trial has come to."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from htkeval.frozen import Finite, Frozen, Share
from htkeval.text import Text


class Limit(Frozen):
    """One look as it was planned."""

    look: int
    """Its number, from 1."""
    of: int
    """How many looks are planned."""
    fraction: Finite
    """Information at it, as a share of the planned information."""
    nominal_level: Share
    """The p-value, of the registered method, at or below which the trial may stop; 0 where the
    plan never stops it."""
    possible: bool
    """Whether the draw can give so small a p-value at all."""


class Information(Frozen):
    """What a trial is planned to know at its end, and what that rests on."""

    units: int
    """Participants, or teams where teams have the tool."""
    tasks_each: Finite
    """Tasks of each, over all periods."""
    log_sd: Finite
    """SD of a task's natural logarithm; 1 where the primary metric is no duration, as only shares
    of the variance count."""
    icc: Finite
    """Share of that variance between people or teams."""
    autocorrelation: Finite
    """How much of a team's level lasts to the next period; 1 where teams are not followed."""
    reaction_sd: Finite
    """SD between them of what the tool does, in log units."""
    log_sd_from: Text | None = None
    """What `log_sd` rests on; None in a promise from before it was said."""
    icc_from: Text | None = None
    """What `icc` rests on; likewise."""
    variance: Finite = Field(gt=0)
    """Planned variance of the primary effect at the end, from all of this."""
    limits: tuple[Limit, ...]
    """The looks, if they come when planned."""


class Standing(Frozen):
    """Where an analysis stands among the looks of its trial."""

    k: int = Field(ge=0)
    """The look that this is, or the newest that was taken; 0 before the first."""
    of: int
    """How many there are."""
    fractions: tuple[Finite, ...]
    """(k,) information at each of them, as a share of the planned information."""
    at: bool
    """Whether this analysis is look k; else it lies between looks, or after the last."""
    final: bool
    """Whether look k was the last: by number, or because all planned information was in, or the
    trial was over."""
    rest: bool = True
    """Whether a last look spends all that is left: not where its end was moved once measurements
    with the tool were in."""
    due: bool = False
    """Whether the next look can be taken now, so that nothing is shown until it is."""
    ends: date | None = None
    """When the trial is over, whatever has come in by then."""
    reached: Finite | None = None
    """Share of the planned information that is in now; None where it cannot be told."""
    passed: int | None = None
    """The first look before this one whose limit the main figure passed: there the trial could
    have stopped."""
