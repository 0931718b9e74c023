"""How far each method can be trusted: the campaign in which nothing happened, as tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist

from htkeval.metric import MetricKind
from htkeval.reporting.calibration import Campaign, Cell
from htkeval.reporting.designs import SHORT
from htkeval.reporting.labels import METHODS, SCALES
from htkeval.reporting.numbers import number
from htkeval.reporting.sentences import as_text
from htkeval.reporting.tables import NOTHING, Table
from htkeval.reporting.words import check_name
from htkeval.text import Text, render, say

PROMISED = say(
    "A method should say that AI does something in at most 5 % of trials in which it does nothing "
    "(5 to 6 % where it is right only with many people), and 95 % of its intervals should hold the "
    "truth."
)
"""What is promised, before the figures."""

EVERY = say(
    "False alarms and, in brackets, intervals that hold, in per cent. A star: the method is not "
    "meant for such a trial, and the user is told. A dash: not tried."
)
"""How the tables of every kind are read."""

NOT_YET = say("The methods have not been tried on invented trials yet.")
"""Where no campaign is stored."""


BELIEVED = 0.001
"""Chance, over all kinds, that luck alone breaks a promise that is kept."""


def told(found: Campaign) -> Text:
    """How it was tried, and how many kinds of trial keep the promise."""
    meant = [cell for cell in found.cells if cell.supported]
    kept = sum(cell.passed for cell in meant)
    return say(
        "{trials:#,##0} trials of each kind were invented in which AI does nothing on average. "
        "In {kept} of the {n} kinds that the methods are meant for, the promise is kept.",
        trials=found.trials,
        kept=kept,
        n=len(meant),
    )


def luck(found: Campaign) -> Text:
    """How far figures that are counted swing by themselves."""
    return say(
        "Figures counted in {trials:#,##0} trials vary: up to {exact} % around 5, or "
        "{approximate} % around 6, can be luck somewhere among so many kinds.",
        trials=found.trials,
        exact=_luck(0.05, found),
        approximate=_luck(0.06, found),
    )


def _luck(share: float, found: Campaign) -> Text:
    """The largest share, in per cent, that luck gives where this one is true."""
    far = NormalDist().inv_cdf(1 - BELIEVED / max(1, len(found.cells)))
    return _per_cent(share + far * math.sqrt(share * (1 - share) / found.trials))


def broken(found: Campaign) -> Text | None:
    """Where the promise is not kept, by plan and method; None where it is everywhere."""
    groups = _grouped(cell for cell in found.cells if cell.supported and not cell.passed)
    if not groups:
        return None
    names = tuple(say("{name} ({n})", name=_name(group[0]), n=len(group)) for group in groups)
    return say("It is not kept here, in so many kinds of trial: {names}.", names=names)


def summary(found: Campaign) -> Table:
    """By plan and method: how often it alarms for nothing, and how often its intervals hold."""
    head = (say("Plan and method"), say("Kinds"), say("Alarms, %"), say("Intervals hold, %"))
    grouped = _grouped(cell for cell in found.cells if cell.supported)
    body = tuple(
        (
            _name(group[0]),
            number(len(group), 0),
            _range(cell.alarms for cell in group),
            _range(cell.covered for cell in group),
        )
        for group in grouped
    )
    return Table(say("When nothing happened"), head, body, figures=True)


def unsupported(found: Campaign) -> Table:
    """Trials that the methods are not meant for, and what tells a user so.

    Kinds of one plan, method and size that are told the same share a row, which names what is
    awkward about every one of them.
    """
    head = (
        say("Plan and method"),
        say("Kind of trial"),
        say("Figure given, %"),
        say("Alarms, %"),
        say("What the user is told"),
    )
    outside = [cell for cell in found.cells if not cell.supported]
    groups: dict[tuple[object, ...], list[Cell]] = {}
    for cell in sorted(outside, key=lambda cell: _PLANS.index(cell.design)):
        told = (cell.warning, cell.reported < ANSWERED)
        groups.setdefault((cell.design, cell.method, cell.units, told), []).append(cell)
    body = tuple(
        (
            _name(group[0]),
            _kind(group),
            _range(cell.reported for cell in group),
            _range(cell.alarms for cell in group),
            _warning(group[0]),
        )
        for group in groups.values()
    )
    return Table(say("Where the methods do not reach"), head, body)


def every(found: Campaign) -> tuple[Table, ...]:
    """Every kind of trial, a table for each plan and method, a column for each size."""
    return tuple(_by_size(group) for group in _grouped(found.cells))


def _by_size(group: Sequence[Cell]) -> Table:
    sizes = sorted({cell.units: _size(cell) for cell in group}.items())
    rows: dict[str, dict[int, Cell]] = {}
    named: dict[str, Text] = {}
    for cell in group:
        name = Text("{parts}", {"parts": tuple(_marks(cell))})
        told = render(name, "en")
        named[told] = name
        rows.setdefault(told, {})[cell.units] = cell
    return Table(
        _name(group[0]),
        (say("Kind of trial"), *(size for _, size in sizes)),
        tuple(
            (named[told], *(_seen(of_size.get(units)) for units, _ in sizes))
            for told, of_size in rows.items()
        ),
        figures=True,
    )


def _seen(cell: Cell | None) -> Text:
    """Alarms and, in brackets, intervals that hold; starred where it is not meant."""
    if cell is None:
        return NOTHING
    if cell.reported < ANSWERED:
        return say("no figure")
    alarms, held = _per_cent(cell.alarms), _per_cent(cell.covered)
    if cell.supported:
        return Text("{alarms} ({held})", {"alarms": alarms, "held": held})
    return Text("{alarms} ({held}) *", {"alarms": alarms, "held": held})


def _grouped(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Cells of one plan and method together, in the order of the plans."""
    groups: dict[tuple[str, str | None], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.design, cell.method), []).append(cell)
    return sorted(groups.values(), key=lambda group: _PLANS.index(group[0].design))


def _name(cell: Cell) -> Text:
    method = METHODS[cell.method] if cell.method else say("no figure")
    return say("{plan}: {method}", plan=SHORT[cell.design], method=method)


def _size(cell: Cell) -> Text:
    if cell.design == "interrupted_time_series":
        return say("{n} periods", n=cell.units)
    if cell.design in ("cluster", "stepped_wedge", "difference_in_differences"):
        return say("{n} teams", n=cell.units)
    return say("{n} people", n=cell.units)


KINDS: dict[MetricKind, Text] = {
    "share": say("shares"),
    "rate": say("rates"),
    "rating": say("ratings"),
    "count": say("counts"),
    "binary": say("yes or no"),
}
"""What is measured where it is not time."""

ALLOCATIONS = {
    "bernoulli": say("drawn one by one"),
    "blocks": say("drawn in blocks"),
    "minimisation": say("drawn to be alike"),
}
"""How chance decided where it did not deal out a fixed number."""


def _kind(group: Sequence[Cell]) -> Text:
    """Kinds of trial of one size, by what is the same of all: the scale, what is awkward."""
    marks = [_marks(cell) for cell in group]
    shared = [mark for mark in marks[0] if all(mark in others for others in marks[1:])]
    kind = Text("{parts}", {"parts": (_size(group[0]), *shared)})
    return kind if len(group) == 1 else say("{kind} ({n} kinds)", kind=kind, n=len(group))


def _marks(cell: Cell) -> list[Text]:
    alike = say("neighbouring periods alike ({rho})", rho=number(cell.rho, 1))
    marks = (
        (True, SCALES[cell.scale]),
        (cell.kind in KINDS, KINDS.get(cell.kind)),
        (cell.allocation in ALLOCATIONS, ALLOCATIONS.get(cell.allocation or "")),
        (cell.icc == 0 and cell.design != "interrupted_time_series", say("tasks not alike")),
        (cell.skew, say("skewed figures")),
        (not cell.balanced, say("unequal sides")),
        (cell.reactions > 0, say("people react differently")),
        (cell.sizes == "equal", say("as many tasks each")),
        (cell.sizes == "one", say("one task each")),
        (cell.rho > 0, alike),
        (cell.estimand == "exposure_average", say("short and long use count the same")),
        (cell.weights == "unit", say("every person or team counts the same")),
        (not cell.randomised and cell.design in _DRAWN, say("without a draw")),
    )
    return [word for holds, word in marks if holds and word]


ONLY_CHECKS = ("draw_reaches", "short_series")
"""Names that no reason of a gap has."""

_PLANS = list(SHORT)
"""Designs in the order in which they are shown."""
_DRAWN = ("parallel", "within", "crossover", "cluster", "stepped_wedge")


ANSWERED = 0.95
"""Where fewer trials than this share have a figure, the gap is what a user meets."""

REASONS: dict[str, Text] = {
    "few_df": say("too few people or teams"),
    "few_clusters": say("too few people or teams"),
    "lone_cluster": say("one person or team alone carries it"),
    "no_end": say("the draw can fall in too few ways"),
    "no_spread": say("the figures do not vary"),
}
"""Why there is no figure; another reason is called by its code."""


def _warning(cell: Cell) -> Text:
    """The gap where there mostly is one, else the check that is not fine."""
    name = cell.warning
    if name is None:
        return NOTHING
    if cell.reported < ANSWERED and name not in ONLY_CHECKS:
        reason = REASONS.get(name) or as_text(name.replace("_", " "))
        return say("No figure: {reason}.", reason=reason)
    return say('"{check}" is not fine.', check=as_text(check_name(name)))


def _range(shares: Iterable[float]) -> Text:
    """Lowest to highest, in per cent."""
    found = sorted(shares)
    low, high = _per_cent(found[0]), _per_cent(found[-1])
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _per_cent(share: float) -> Text:
    return number(100 * share, 1)
