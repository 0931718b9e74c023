"""What a road to an effect hands over: every method's answer, and the arms' means beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from htkeval.effect import Effect, Estimand, Gap, Inference, Scale
from htkeval.evaluation.fitting import Fit

Means = tuple[float | None, float | None]
"""Both arms' means as they would be with the same mix of everything else."""


@dataclass(frozen=True)
class Found:
    """One metric on one scale, computed."""

    fit: Fit
    """Every method's answer and the reported one."""
    means: Means = (None, None)
    """Adjusted means; they differ by exactly the estimate, or have it as their ratio."""
    estimand: Estimand = "effect"
    """Which average over exposures."""
    weights: Literal["task", "unit"] | None = None
    """What counts the same, where that is not the plan's own choice."""


@dataclass(frozen=True)
class Answer:
    """What came of one metric on one scale."""

    result: Effect | Gap
    """The effect, or why there is none."""
    fit: Fit | None = None
    """What was computed on the way; None where nothing could be."""


def alone(one: Inference) -> Fit:
    """A fit of one method."""
    return Fit(answers={one.method: one}, reported=one, df=one.df, dropped=())


def pair(low: float, coefficient: float, scale: Scale) -> Means:
    """The two means from the baseline's on the model's scale; None where a double cannot hold."""
    with np.errstate(over="ignore"):
        base = float(np.exp(low)) if scale == "ratio" else low
        high = base * float(np.exp(coefficient)) if scale == "ratio" else base + coefficient
    return (base, high) if math.isfinite(base) and math.isfinite(high) else (None, None)
