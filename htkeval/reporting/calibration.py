"""How often each method alarms when nothing happened, as `make calibration` measured it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from htkeval.effect import Method, Scale
from htkeval.frozen import Frozen, Share
from htkeval.metric import MetricKind
from htkeval.trial import DesignKind

FILE = "calibration.json"
"""Where the campaign stores it, beside this module."""


class Cell(Frozen):
    """One kind of trial in which the tool does nothing on average, and what came of it."""

    design: DesignKind
    """The plan of the comparison."""
    units: int
    """Participants, teams, or for a series its periods."""
    kind: MetricKind
    """What is measured."""
    scale: Scale
    """On which the effect is asked for."""
    estimand: Literal["effect", "exposure_average"]
    """Which average over lengths of use."""
    weights: Literal["task", "unit"]
    """What counts the same."""
    randomised: bool
    """Whether chance decided."""
    allocation: Literal["complete", "bernoulli", "blocks", "minimisation"] | None
    """How; None where it did not."""
    icc: Share
    """Intraclass correlation of the outcome; of log minutes for a duration."""
    rho: float
    """For a series: correlation of what is left in neighbouring periods."""
    skew: bool
    """Whether the outcome is skewed on this scale."""
    balanced: bool
    """Whether both arms are alike in size."""
    sizes: Literal["unequal", "equal", "one"]
    """Whether units have as many tasks as one another; `one` each."""
    reactions: float
    """Standard deviation between units of the effect, in log minutes; its mean is nought."""
    method: Method | None
    """What the report's figure is by."""
    reported: Share
    """Share of the trials whose report has a figure; a gap is what the rest have."""
    alarms: Share
    """Share of figures that say that the tool does something; 5 % is what is promised."""
    covered: Share
    """Share of intervals that hold nothing; 95 % is what is promised."""
    attainable: Share | None
    """The largest share of alarms, up to 5 %, that so few allocations can give; None where the
    method is not by lot."""
    df: float | None = None
    """Median of CR2's degrees of freedom, whatever the figure is by; None where CR2 has none."""
    limit: float
    """0.05 for a test that is exact, 0.06 for one whose level is right with many units."""
    supported: bool
    """Whether the method is meant for such a trial."""
    warning: str | None
    """The check that fails or the reason of the gap that a user meets in such a trial."""
    passed: bool
    """Whether alarms and intervals are as promised, but for luck; true where not supported."""


class Campaign(Frozen):
    """Every cell, run and judged together."""

    schema_: Literal[1] = Field(alias="schema")
    """Version of the document."""
    trials: int
    """Null trials a cell."""
    draws: int
    """Re-randomisations of a trial whose allocations are too many to look at each; a report takes
    9,999."""
    seed: int
    """What gives the same trials again."""
    cells: tuple[Cell, ...]
    """In the order of the grid."""
    failed: int
    """Cells that broke the promise."""


@lru_cache(maxsize=1)
def campaign() -> Campaign:
    """What the last campaign found."""
    stored = (files("htkeval.reporting") / FILE).read_text(encoding="utf-8")
    return Campaign.model_validate_json(stored)


def cells() -> tuple[Cell, ...]:
    """Its cells, in the order of the grid."""
    return campaign().cells
