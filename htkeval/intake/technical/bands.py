"""A survey that asked in bands: how many (or which share) said from how much to how much."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from htkeval.attachment import Flag, flag
from htkeval.errors import Problem, SheetError, UsageError
from htkeval.intake.cells import Fault
from htkeval.intake.number import marks, notation, number
from htkeval.intake.sheet import Sheet, read_sheet
from htkeval.small_cells import FEWEST
from htkeval.text import Text, say

LOWER = ("lower", "lower_min", "nedre", "nedre_min")
UPPER = ("upper", "upper_min", "øvre", "øvre_min")
SHARE = ("share", "andel")
COUNT = ("n", "count", "antal")
_WANTED = (*LOWER, *UPPER, *SHARE, *COUNT)

ROUNDED = 0.02
"""How far printed shares may miss their whole, for each was rounded by itself."""

_A_TABLE = say("a row a band: lower, upper, and n or share; the top band may have no upper")


@dataclass(frozen=True)
class Bands:
    """A survey's bands, in minutes."""

    low: tuple[float, ...]
    """Lower ends."""
    high: tuple[float | None, ...]
    """Upper ends; None of an open band."""
    weights: tuple[float, ...]
    """How many said so, or which share."""
    counted: bool
    """Whether the weights are persons."""
    cap: float | None
    """What was given as the upper end of the open band."""

    @property
    def is_open(self) -> bool:
        """Whether the top band has no upper end of its own."""
        return None in self.high

    @property
    def flags(self) -> Iterator[Flag]:
        """What a reader must know."""
        if self.is_open:
            yield flag("open_band", _open(self.cap))
        if not self.counted:
            text = say("The file gives shares: how many answered, it does not say.")
            yield flag("shares", text)


def _open(cap: float | None) -> Text:
    if cap is None:
        return say(
            "The top band has no upper end, so the mean has no upper bound; --cap states one."
        )
    return say("The top band has no upper end; {cap:#,##0.##} minutes was given as one.", cap=cap)


def read_bands(file: Path, *, cap: float | None) -> Bands:
    """Read the table of a survey.

    Args:
        file: CSV, Excel or Parquet with a row a band.
        cap: The upper end of an open top band, in minutes.

    Raises:
        SheetError: The file is not so, its bands overlap, or fewer than five answered.
        UsageError: A cap that does not fit the bands.
    """
    sheet = read_sheet(file, wanted=_WANTED, optional=frozenset(_WANTED))
    low, high = _numbers(sheet, LOWER), _numbers(sheet, UPPER)
    counts, shares = _numbers(sheet, COUNT), _numbers(sheet, SHARE)
    weights = shares if counts is None else counts
    if low is None or high is None or weights is None:
        raise SheetError(Problem(file.name, say("no such columns"), _A_TABLE))
    bands = sorted(zip(low, high, weights, strict=True), key=_place)
    _check(file, bands, counted=counts is not None)
    found = Bands(
        low=tuple(lower for lower, _, _ in bands if lower is not None),
        high=tuple(upper for _, upper, _ in bands),
        weights=tuple(weight for _, _, weight in bands if weight is not None),
        counted=counts is not None,
        cap=cap,
    )
    if cap is not None and (not found.is_open or cap < found.low[-1]):
        wrong = say("a top band that has an upper end") if not found.is_open else say("less")
        expected = say("at least the lower end of an open top band")
        raise UsageError(Problem("--cap", wrong, expected))
    return found


Band = tuple[float | None, float | None, float | None]


def _place(band: Band) -> tuple[float, float]:
    lower, upper, _ = band
    return (-math.inf if lower is None else lower, math.inf if upper is None else upper)


def _numbers(sheet: Sheet, wanted: Sequence[str]) -> list[float | None] | None:
    """A column by any of its names; None where there is none."""
    name = next((one for one in wanted if one in sheet.columns), None)
    if name is None:
        return None
    cells = sheet.columns[name]
    shown = marks(cell for cell in cells if isinstance(cell, str))
    way = notation(shown, frozenset(), sheet.delimiter)
    values = []
    for at, cell in zip(sheet.rows, cells, strict=True):
        value = number(cell, way)
        if isinstance(value, Fault):
            place = say("{file}, row {row}, column {column}", file=sheet.file, row=at, column=name)
            raise SheetError(Problem(place, say("no number"), value.expected, value.next_step))
        values.append(value)
    return values


def _check(file: Path, bands: Sequence[Band], *, counted: bool) -> None:
    def refuse(found: Text) -> SheetError:
        return SheetError(Problem(file.name, found, _A_TABLE))

    if any(lower is None or (upper is not None and upper < lower) for lower, upper, _ in bands):
        raise refuse(say("a band without a lower end, or one that ends before it begins"))
    if any(weight is None or weight < 0 for _, _, weight in bands):
        raise refuse(say("a band without a number of answers"))
    for (_, upper, _), (lower, _, _) in itertools.pairwise(bands):
        if upper is None or (lower is not None and lower < upper):
            raise refuse(say("bands that overlap, or an open band below another"))
    total = sum(weight or 0 for _, _, weight in bands)
    if counted and (total < FEWEST or any(not (w or 0.0).is_integer() for _, _, w in bands)):
        raise refuse(say("fewer than {least} answers, or parts of one", least=FEWEST))
    if not counted and min(abs(total - 1), abs(total - 100) / 100) > ROUNDED:
        raise refuse(say("shares that make no whole: {total:#,##0.##} together", total=total))
