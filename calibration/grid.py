"""The cells of the campaign: which design, how large, and what is awkward about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, replace
from typing import Literal

from htkeval.effect import Scale
from htkeval.metric import MetricKind
from htkeval.trial import DesignKind

SIZES = (6, 8, 12, 24)
"""Participants or teams: the fewest that anybody tries, to what a municipality can spare."""
REACTIONS = 0.3
"""Standard deviation between units of what the tool does to each, in log minutes."""


@dataclass(frozen=True)
class Cell:
    """One kind of trial in which the tool does nothing on average."""

    design: DesignKind
    """The plan of the comparison."""
    units: int
    """Participants, teams, or for a series its periods."""
    scale: Scale = "ratio"
    """On which the effect is asked for; minutes are skewed on the difference scale."""
    kind: MetricKind = "duration"
    """What is measured."""
    icc: float = 0.1
    """Intraclass correlation of the outcome; of log minutes for a duration."""
    rho: float = 0.0
    """For a series: correlation of what is left in neighbouring periods."""
    balanced: bool = True
    """Whether both arms are alike in size; otherwise about a quarter has the tool."""
    reactions: float = 0.0
    """Standard deviation between units of the effect, in log minutes; its mean is nought."""
    sizes: Literal["unequal", "equal", "one"] = "unequal"
    """Whether units have as many tasks as one another; `one` each."""
    allocation: Literal["complete", "bernoulli", "blocks", "minimisation"] = "complete"
    """How chance decided."""
    randomised: bool = True
    """Whether chance decided; never for designs that know no draw."""
    weights: Literal["task", "unit"] = "task"
    """What counts the same."""
    asked: Literal["auto", "welch"] = "auto"
    """The method that the plan asks for."""
    estimand: Literal["effect", "exposure_average"] = "effect"
    """Which average over lengths of use."""

    @property
    def skew(self) -> bool:
        """Whether the outcome is skewed on the scale that is asked for."""
        return self.kind == "duration" and self.scale == "difference"

    @property
    def name(self) -> str:
        """The cell in words, which also give its seed: a new cell or field moves no other."""
        own = (f"{f.name}={getattr(self, f.name)}" for f in fields(self) if self._awkward(f))
        return " ".join([self.design, str(self.units), *own])

    def _awkward(self, field: Field[object]) -> bool:
        return field.default is not MISSING and getattr(self, field.name) != field.default


def grid() -> tuple[Cell, ...]:
    """Every cell of the campaign, each once."""
    found = [
        *_apart("parallel"),
        *_apart("cluster"),
        *_together("within"),
        *_together("crossover"),
        *_roll_out(),
        *_over_time("before_after"),
        *_over_time("difference_in_differences"),
        *_series(),
        *_by_other_lots(),
        *_by_cr2(),
        *_other_kinds(),
    ]
    assert len(set(found)) == len(found)
    return tuple(found)


def _apart(design: DesignKind) -> Iterator[Cell]:
    """Every unit in one arm, drawn."""
    base = Cell(design, 8)
    skewed = replace(base, scale="difference")
    yield from (replace(base, units=n) for n in SIZES)
    yield replace(skewed, units=8)
    yield from (replace(skewed, units=n, balanced=False) for n in (8, 12, 24))
    yield from (replace(base, units=n, reactions=REACTIONS) for n in (8, 24))
    if design == "cluster":
        yield from (replace(skewed, units=n) for n in (6, 12, 24))
        yield replace(base, units=12, reactions=REACTIONS)
        yield replace(base, units=24, balanced=False, reactions=REACTIONS)
        yield replace(base, units=6, sizes="equal")
        yield from (replace(base, units=n, icc=0.0) for n in (8, 24))
        yield from (replace(base, units=n, balanced=False) for n in (8, 12, 24))
        yield replace(skewed, units=12, reactions=REACTIONS)


def _together(design: DesignKind) -> Iterator[Cell]:
    """Every unit in both arms, tasks or orders drawn."""
    base = Cell(design, 8)
    skewed = replace(base, scale="difference")
    yield from (replace(base, units=n) for n in SIZES)
    yield from (replace(skewed, units=n) for n in (8, 24))
    yield replace(base, units=8, icc=0.0, sizes="equal")
    sizes: tuple[int, ...] = SIZES
    if design == "within":
        uneven = replace(base, balanced=False, allocation="bernoulli")
        yield replace(base, units=8, allocation="bernoulli")
    else:
        uneven, sizes = replace(base, balanced=False), SIZES[1:]
    yield from (replace(uneven, units=n) for n in (8, 12))
    yield replace(uneven, units=24, scale="difference")
    yield from (replace(base, units=n, reactions=REACTIONS) for n in sizes)
    yield replace(skewed, units=12, reactions=REACTIONS)
    if design == "within":
        yield replace(uneven, units=24, reactions=REACTIONS)


def _roll_out() -> Iterator[Cell]:
    """Teams that start one after another."""
    base = Cell("stepped_wedge", 8)
    yield from (replace(base, units=n) for n in SIZES)
    yield from (replace(base, units=n, scale="difference") for n in (8, 24))
    yield replace(base, units=8, icc=0.0, sizes="equal")
    yield replace(base, units=24, balanced=False)
    yield from (replace(base, units=n, reactions=REACTIONS) for n in (8, 12, 24))
    yield from (replace(base, units=n, estimand="exposure_average") for n in (8, 12, 24))


def _over_time(design: DesignKind) -> Iterator[Cell]:
    """Units before and after, with or without others beside them: CR2."""
    base = Cell(design, 8, randomised=False)
    yield from (replace(base, units=n) for n in SIZES)
    yield replace(base, units=24, scale="difference")
    yield replace(base, units=8, icc=0.0, sizes="equal")
    yield replace(base, units=8, reactions=REACTIONS)
    if design == "difference_in_differences":
        yield from (replace(base, units=n, balanced=False) for n in (12, 24))
        yield replace(base, units=24, balanced=False, scale="difference")


def _series() -> Iterator[Cell]:
    """One series of periods, interrupted once: REML."""
    base = Cell("interrupted_time_series", 24, randomised=False, icc=0.0)
    yield from (replace(base, units=t, rho=rho) for t in (12, 24, 36, 48) for rho in (0.0, 0.4))
    yield replace(base, units=36, rho=0.4, balanced=False)
    yield replace(base, units=36, rho=0.4, scale="difference")


def _by_other_lots() -> Iterator[Cell]:
    """Draws in blocks, and draws that even things out."""
    yield Cell("parallel", 12, allocation="blocks", sizes="one")
    yield Cell("parallel", 24, allocation="minimisation", sizes="one")
    yield Cell("cluster", 12, allocation="minimisation")


def _by_cr2() -> Iterator[Cell]:
    """Groups that nobody drew, or units that count alike: CR2, or Welch where it is asked for."""
    group = Cell("parallel", 12, randomised=False)
    yield group
    teams = replace(group, design="cluster")
    yield from (replace(teams, units=n) for n in (8, 24))
    yield replace(teams, units=24, balanced=False)
    alone = replace(group, sizes="one", icc=0.0, asked="welch")
    yield from (replace(alone, units=n) for n in (8, 12, 24))
    yield from (replace(alone, units=n, balanced=False, scale="difference") for n in (8, 24))
    yield from (Cell("within", n, weights="unit", reactions=REACTIONS) for n in (8, 24))


def _other_kinds() -> Iterator[Cell]:
    """What is not minutes: rates, yes and no, ratings."""
    for n in (8, 24):
        yield Cell("cluster", n, kind="rate", scale="difference")
        yield Cell("cluster", n, kind="rate")
    yield from (Cell("within", 12, kind="rate", scale=scale) for scale in _BOTH)
    yield from (Cell(design, 12, kind="binary", scale="difference") for design in _DRAWN)
    yield from (Cell("parallel", n, kind="rating", scale="probability") for n in (12, 24))
    yield Cell("parallel", 24, kind="rating", scale="probability", balanced=False)
    yield Cell("within", 12, kind="rating", scale="probability")
    ordered = Cell("crossover", 12, kind="rating", scale="probability")
    yield from (ordered, replace(ordered, units=24, balanced=False))
    yield Cell("parallel", 24, kind="rating", scale="probability", randomised=False)


_BOTH: tuple[Scale, ...] = ("difference", "ratio")
_DRAWN: tuple[DesignKind, ...] = ("cluster", "within")
