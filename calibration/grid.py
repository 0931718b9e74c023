"""The cells of the campaign: which design, how large, and what is awkward about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, replace
from itertools import product
from typing import Literal

from htkeval.effect import Scale
from htkeval.metric import MetricKind
from htkeval.trial import DesignKind

SIZES = (6, 8, 12, 24)
"""Participants or teams: the fewest that anybody tries, to what a municipality can spare."""
ALIKE = (0.1, 0.0)
"""Intraclass correlations: tasks of one unit are alike, or no more alike than others."""
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
    """Whether both arms are alike in size; otherwise about a quarter has the tool, and half the
    teams of a roll-out start first."""
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


_BOTH: tuple[Scale, ...] = ("ratio", "difference")
WITH_UNITS: dict[DesignKind, bool] = {
    "parallel": True,
    "cluster": True,
    "within": True,
    "crossover": True,
    "stepped_wedge": True,
    "before_after": False,
    "difference_in_differences": False,
}
"""Designs that compare people or teams, and whether chance decides in them."""
TOGETHER = tuple(WITH_UNITS)[2:]
"""Those in which units, or other teams beside them, are seen without the tool and with it."""


def grid() -> tuple[Cell, ...]:
    """Every cell of the campaign, each once."""
    found = [*_product(), *_other_tasks(), *_series(), *_by_other_lots(), *_by_cr2()]
    found += [*_other_kinds()]
    assert len(set(found)) == len(found)
    return tuple(found)


def _product() -> Iterator[Cell]:
    """Minutes in every design with units: everything that is awkward, with everything else."""
    for design, randomised in WITH_UNITS.items():
        for units, icc, scale, balanced, reactions in product(
            SIZES, ALIKE, _BOTH, (True, False), (0.0, REACTIONS)
        ):
            yield Cell(
                design,
                units,
                scale=scale,
                icc=icc,
                balanced=balanced,
                reactions=reactions,
                randomised=randomised,
            )


def _other_tasks() -> Iterator[Cell]:
    """As many tasks each, tasks drawn one by one, and the other average of a roll-out."""
    yield Cell("cluster", 6, sizes="equal")
    for design in TOGETHER:
        yield Cell(design, 8, icc=0.0, sizes="equal", randomised=WITH_UNITS[design])
    single = Cell("within", 8, allocation="bernoulli")
    uneven = replace(single, balanced=False)
    many = replace(uneven, units=24)
    yield from (single, uneven, replace(uneven, units=12))
    yield from (replace(many, scale="difference"), replace(many, reactions=REACTIONS))
    yield from (Cell("stepped_wedge", n, estimand="exposure_average") for n in (8, 12, 24))


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


_DRAWN: tuple[DesignKind, ...] = ("cluster", "within")
