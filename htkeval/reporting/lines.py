"""Lines over an axis: a distribution by arm, the same people twice, what a model leaves over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from htkeval.in_groups import ArmCurve, InGroups, PairedGroup, Residual
from htkeval.reporting.numbers import digits, number
from htkeval.reporting.pictures import Domain, round_domain
from htkeval.reporting.sentences import quoted, task, tasks
from htkeval.reporting.tables import WITH, WITHOUT, Table
from htkeval.text import Text, say
from htkeval.trial import Trial

Point = tuple[float, float]
ROWS = 12
"""Rows of a curve's table, about."""


@dataclass(frozen=True)
class Series:
    """One line or one row of points."""

    name: Text | None
    """What stands beside it; None where it needs no name."""
    points: tuple[Point, ...]
    """From left to right."""
    dashed: bool = False
    """Whether it is dashed and dark, as what is without AI is."""
    dots: bool = False
    """Whether it is points, not a line."""


@dataclass(frozen=True)
class Lines:
    """Lines on two axes."""

    caption: Text
    """What the height is, with its unit."""
    axis: Text
    """What lies along it."""
    series: tuple[Series, ...]
    """The lines."""
    x: tuple[Domain, float]
    """The axis along, and the distance of its ticks."""
    y: tuple[Domain, float]
    """The axis upwards, likewise."""
    alt: Text
    """The chart in a sentence, for those who do not see it."""
    figures: Table
    """The same figures as a table."""
    places: tuple[Text, ...] = ()
    """Names of the places 0, 1, … along the axis, where these are no numbers."""
    level: float | None = None
    """A height at which a line is drawn across, as half of all."""
    note: Text | None = None
    """What that line means."""
    equal: bool = False
    """Whether the line on which both axes are the same is drawn."""

    def table(self) -> Table:
        """The same figures as a table."""
        return self.figures


def distribution(trial: Trial, found: InGroups) -> Lines | None:
    """Chart 9: how many tasks were done within a time, by arm."""
    if len(found.curves) != 2:
        return None
    axis = _value(trial)
    medians = [one.median for one in found.curves]
    low = min(one.points[0][0] for one in found.curves)
    high = max(_nearly_all(one) for one in found.curves)
    return Lines(
        caption=_share(trial),
        axis=axis,
        series=tuple(
            Series(
                WITH if one.arm == "treatment" else WITHOUT,
                _up_to(one, high),
                dashed=one.arm == "baseline",
            )
            for one in found.curves
        ),
        x=round_domain(0.0 if 0 <= low < high / 2 else low, high, side=0.0),
        y=((0.0, 100.0), 25.0),
        alt=say(
            "{caption}: one line with AI, one without. {medians}",
            caption=_share(trial),
            medians=_medians(trial, medians),
        ),
        figures=_curve_table(trial, found.curves, axis),
        level=50.0,
        note=_medians(trial, medians),
    )


def _share(trial: Trial) -> Text:
    if trial.primary.kind == "duration":
        return say("Share of {tasks} done within so many minutes, %", tasks=tasks(trial))
    return say("Share of {tasks} with at most so much, %", tasks=tasks(trial))


def _value(trial: Trial) -> Text:
    if trial.primary.kind == "duration":
        return say("minutes per {task}", task=task(trial))
    return quoted(trial.primary.label)


def _nearly_all(curve: ArmCurve) -> float:
    """Where the axis ends: at nineteen tasks of twenty, or where the curve does."""
    return next((x for x, share in curve.points if share >= 95), curve.points[-1][0])


def _up_to(curve: ArmCurve, end: float) -> tuple[Point, ...]:
    return tuple(point for point in curve.points if point[0] <= end * (1 + 1e-9))


def _medians(trial: Trial, medians: Sequence[float | None]) -> Text:
    without, with_ai = medians
    if without is None or with_ai is None:
        return say("Half of the tasks cannot be told.")
    shown = digits(with_ai, without)
    told = {"with_ai": number(with_ai, shown), "without": number(without, shown)}
    if trial.primary.kind == "duration":
        return say("Half are done after {with_ai} min with AI, {without} without.", **told)
    return say("Half are at most {with_ai} with AI, {without} without.", **told)


def _curve_table(trial: Trial, curves: Sequence[ArmCurve], axis: Text) -> Table:
    """Some of the points of each curve; each arm has places of its own."""
    body = []
    for one in curves:
        name = WITH if one.arm == "treatment" else WITHOUT
        every = max(1, len(one.points) // ROWS)
        for x, share in one.points[::every]:
            body.append((name, number(x, digits(x)), number(share, 0)))
    head = (say("Arm"), axis, say("Tasks at most so, %"))
    return Table(_share(trial), head, tuple(body), figures=True)


def pairs(trial: Trial, found: InGroups) -> Lines | None:
    """What the same people did without and with, some people at a time."""
    if not found.paired:
        return None
    every = [value for one in found.paired for value in (one.baseline, one.treatment)]
    said = say("Average of the same people, {what}", what=_value(trial))
    return Lines(
        caption=said,
        axis=say("each line is the average of five people or more"),
        series=tuple(
            Series(None, ((0.0, one.baseline), (1.0, one.treatment))) for one in found.paired
        ),
        x=((-0.15, 1.15), 1.0),
        y=round_domain(min(0.0, *every), max(every), side=0.0),
        alt=say(
            "{caption}: {n} groups, of whom {less} are lower with AI.",
            caption=said,
            n=len(found.paired),
            less=sum(one.treatment < one.baseline for one in found.paired),
        ),
        figures=_pair_table(said, found.paired),
        places=(WITHOUT, WITH),
    )


def _pair_table(said: Text, paired: Sequence[PairedGroup]) -> Table:
    body = tuple(
        (
            say("Group {n}", n=place),
            number(one.baseline, digits(one.baseline)),
            number(one.treatment, digits(one.treatment)),
        )
        for place, one in enumerate(paired, 1)
    )
    return Table(said, (say("Group"), WITHOUT, WITH), body, figures=True)


def left_over(found: InGroups) -> Lines | None:
    """What the model leaves over, held against a normal distribution."""
    if not found.residuals:
        return None
    points = tuple((one.expected, one.seen) for one in found.residuals)
    reach = max(abs(value) for point in points for value in point)
    said = say("What the model leaves over, in standard deviations")
    ends = round_domain(-reach, reach, side=0.0)
    return Lines(
        caption=said,
        axis=say("what a normal distribution would leave over"),
        series=(Series(None, points, dots=True),),
        x=ends,
        y=ends,
        alt=say(
            "{caption}: {n} points, each of five people or more; on the slanting line they would "
            "be normal. The farthest lies {far} from it.",
            caption=said,
            n=len(points),
            far=number(max(abs(x - y) for x, y in points), 2),
        ),
        figures=_residual_table(said, found.residuals),
        equal=True,
    )


def _residual_table(said: Text, residuals: Sequence[Residual]) -> Table:
    body = tuple(
        (number(place, 0), number(one.expected, 2, signed=True), number(one.seen, 2, signed=True))
        for place, one in enumerate(residuals, 1)
    )
    return Table(said, (say("Point"), say("If normal"), say("Seen")), body, figures=True)
