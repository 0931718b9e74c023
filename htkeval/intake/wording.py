"""What a column of a sheet holds, and what its cells may say, in words for people."""

from __future__ import annotations

from htkeval.intake.columns import Column, Kind
from htkeval.metric import DurationUnit
from htkeval.text import Text, say
from htkeval.trial import ARMS, Trial

UNITS: dict[DurationUnit, Text] = {
    "s": say("seconds"),
    "min": say("minutes"),
    "min:s": say("minutes and seconds (1:23)"),
    "h": say("hours"),
}
"""The unit of a duration."""

KINDS: dict[Kind, Text] = {
    "arm": say("one of the arms"),
    "word": say("short word"),
    "period": say("period"),
    "day": say("date"),
    "status": say("status"),
    "number": say("number"),
    "duration": say("duration"),
    "yes_no": say("yes or no"),
    "yes_no_or_count": say("how often"),
}
"""How the cells of a column are read."""


def unit_of(trial: Trial, column: Column) -> Text | str:
    """The unit of a column's numbers; empty where it has none, or nobody said."""
    if column.unit:
        return UNITS[column.unit]
    stated = (
        one.unit
        for one in trial.metrics
        if not one.exposure and column.name in (*one.parts, one.pre_period)
    )
    return next((unit for unit in stated if unit), "") if column.kind == "number" else ""


def allowed(trial: Trial, column: Column) -> Text:
    """What the cells of a column may say."""
    if column.kind == "arm":
        a, b = map(trial.arms.value, ARMS)
        return say("{a} or {b}", a=a, b=b)
    if column.kind == "day":
        return say("{first:d MMMM y} to {last:d MMMM y}", first=trial.starts, last=trial.ends)
    if column.kind == "duration" and column.unit:
        return say("0 or more, in {unit}", unit=UNITS[column.unit])
    return _NUMBERS_AND_WORDS.get(column.kind) or _range(column)


def _range(column: Column) -> Text:
    if column.lowest is None:
        return say("any number")
    if column.highest is not None:
        return say("from {low} to {high}", low=column.lowest, high=column.highest)
    if column.above_lowest:
        return say("more than {low}", low=column.lowest)
    return say("{low} or more", low=column.lowest)


_NUMBERS_AND_WORDS: dict[Kind, Text] = {
    "word": say("a pseudonym or a short word: no names, no CPR numbers"),
    "period": say("the period's name, the same on all its rows"),
    "status": say("done, abandoned or refused"),
    "yes_no": say("0 (no) or 1 (yes)"),
    "yes_no_or_count": say("0, or how often it happened"),
}
