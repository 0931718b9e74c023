"""What every figure of one analysis rests on: the trial, its rows, its lottery, its method."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.effect import Method
from htkeval.evaluation.lots import Lots
from htkeval.evaluation.rows import Rows
from htkeval.text import Text
from htkeval.trial import Trial


@dataclass(frozen=True, eq=False)
class Basis:
    """One trial, read once."""

    trial: Trial
    """The definition that is followed."""
    rows: Rows
    """The snapshot."""
    lots: Lots | Text | None
    """How the arms could have fallen; a sentence where the rows do not follow the draw; None
    where there was none."""
    method: Method
    """The method of every reported interval that it applies to."""
