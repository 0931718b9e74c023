"""The days of a trial, from its own definition: what stands in a letter and in a calendar."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from htkeval.text import Text, say
from htkeval.trial import Trial
from htkeval.working_day import working_day

FOLLOW_UP = (6, 12, 24)
"""Months after the end at which a gain that was promised is looked for."""


@dataclass(frozen=True)
class Moment:
    """One day of a trial."""

    kind: str
    """Name in files: `start`, `look-1`, `end` …; the same day has the same name each time."""
    day: date
    """The day."""
    title: Text
    """What happens."""
    firm: bool = True
    """Whether the plan itself names the day; otherwise it is counted out, as a proposal."""


def timetable(trial: Trial, *, afterwards: bool = True) -> tuple[Moment, ...]:
    """Which days does everybody in this trial need to know?

    Args:
        trial: The definition.
        afterwards: With the days on which a gain is looked for when the trial is over.

    Returns:
        First and last day; the days on which the way of working changes, where the plan has any;
        the planned looks, else the middle if nothing else happens then; and the follow-ups. In
        order of time. What the plan does not name is counted out as if tasks came evenly, and
        moved from a weekend or public holiday to the next working day.
    """
    changes = [*_baseline(trial), *_changes(trial)]
    taken = {moment.day for moment in changes}
    made = [
        Moment("start", trial.starts, say("The measurements begin")),
        *changes,
        *(look for look in _looks(trial) if look.kind != "half-way" or look.day not in taken),
        Moment("end", trial.ends, say("Last day of measurement")),
        *(_follow_ups(trial) if afterwards else ()),
    ]
    return tuple(sorted(made, key=lambda moment: moment.day))


def _changes(trial: Trial) -> list[Moment]:
    """The day on which all change over, or the days on which the next units begin."""
    design = trial.design
    if design.kind == "crossover":
        title = say("Everybody changes to the other way")
        return [Moment("change", _part(trial, 0.5), title, firm=False)]
    if design.kind != "stepped_wedge" or design.steps is None:
        return []
    return [
        Moment(
            f"step-{k}",
            _part(trial, k / (design.steps + 1)),
            say("Step {k} of {n}: the next units begin with AI", k=k, n=design.steps),
            firm=False,
        )
        for k in range(1, design.steps + 1)
    ]


def _baseline(trial: Trial) -> list[Moment]:
    """The last day without the tool, where all begin with measurements without it."""
    design = trial.design
    if design.interruption is not None:
        last = design.interruption - timedelta(days=1)
        return [
            Moment("baseline-end", last, say("Last day without AI")),
            Moment("interruption", design.interruption, say("AI is taken into use")),
        ]
    share = _baseline_share(trial)
    if share is None:
        return []
    title = say("The measurements without AI should be in, and AI can begin")
    return [Moment("baseline-end", _part(trial, share), title, firm=False)]


def _baseline_share(trial: Trial) -> float | None:
    """How large a part of all tasks comes before the first with the tool; None: not planned so."""
    design = trial.design
    if design.baseline_tasks and design.clusters and design.tasks_each:
        return min(design.baseline_tasks / (design.clusters * design.tasks_each), 1.0)
    return 0.5 if design.kind in ("before_after", "difference_in_differences") else None


def _looks(trial: Trial) -> list[Moment]:
    planned = trial.analysis.looks
    if len(planned) == 1:
        title = say("Half-way: are there enough measurements?")
        return [Moment("half-way", _part(trial, 0.5), title, firm=False)]
    return [
        Moment(
            f"look-{k}",
            _part(trial, share),
            say("Planned look {k} of {n} at the result", k=k, n=len(planned)),
            firm=False,
        )
        for k, share in enumerate(planned[:-1], start=1)
    ]


def _follow_ups(trial: Trial) -> list[Moment]:
    return [
        Moment(
            f"follow-up-{months}",
            working_day(_later(trial.ends, months)),
            say("If it is scaled: {n} months after, has the gain come?", n=months),
            firm=False,
        )
        for months in FOLLOW_UP
    ]


def _part(trial: Trial, share: float) -> date:
    """The working day by which so large a part of the time has gone."""
    day = trial.starts + timedelta(days=round(share * (trial.ends - trial.starts).days))
    return min(working_day(day), trial.ends)


def _later(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
