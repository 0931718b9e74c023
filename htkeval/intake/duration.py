"""Times as offices write them, in the unit that the metric promises.

`35`, `35,5` and `35 min` are minutes where the unit is `min`; `0:35` and a time cell of Excel are
hours and minutes; `0,58 t` and `2 t 5 min` are what they say. Where the unit is `min:s`, `1:23` is
one minute and 23 seconds, and what is stored is minutes: 1.3833…
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from htkeval.intake import number
from htkeval.intake.cells import BLANK, NOT_MEASURED, Broken, Fault, Raw, broken
from htkeval.intake.number import Notation
from htkeval.metric import DurationUnit
from htkeval.text import Text, say

SECONDS: dict[DurationUnit, int] = {"s": 1, "min": 60, "min:s": 60, "h": 3600}
"""Seconds in one of what is stored; `min:s` is stored as minutes."""

_DAY = 24 * 3600
_WORDS: dict[str, DurationUnit] = {
    **dict.fromkeys(("s", "sek", "sekund", "sekunder", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "minut", "minutter", "minute", "minutes"), "min"),
    **dict.fromkeys(("t", "time", "timer", "h", "hr", "hrs", "hour", "hours"), "h"),
}
_PIECE = re.compile(r"\s*(?:(?:og|and|,)\s+)?([0-9][0-9.,]*)\s*([a-z]+)\.?", re.IGNORECASE)
_CLOCK = re.compile(r"([0-9]{1,5}):([0-5][0-9])(?::([0-5][0-9](?:[.,][0-9]+)?))?")
_SHORT_CLOCK = re.compile(r"([0-9]{1,5}):([0-5][0-9](?:[.,][0-9]+)?)")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-5][0-9])\s*([a-z]*)\.?", re.IGNORECASE)
_DECIMALS = re.compile(r"(?<![0-9.,])[0-9]+\.(?:[0-9]|[6-9][0-9]|[0-9]{4,})(?![0-9.,])")
_EXCEL_EPOCH = datetime(1899, 12, 31)  # noqa: DTZ001 - Excel's days have no time zone
_LAST_TIME_YEAR = 1900

NOT_A_TIME: dict[DurationUnit, Fault] = {
    "s": Fault(say("seconds, such as 90, 90 s or 0:02 (hours:minutes)")),
    "min": Fault(say("minutes, such as 35, 35,5, 35 min or 0:35 (hours:minutes)")),
    "min:s": Fault(say("minutes and seconds, such as 1:23, or minutes, such as 1,5")),
    "h": Fault(say("hours, such as 0,58, 35 min or 0:35 (hours:minutes)")),
}


def duration(cell: Raw, unit: DurationUnit, notation: Notation) -> float | Fault | None:
    """The time in a cell, in `unit` (minutes for `min:s`); None where the cell is empty.

    Example:
        >>> from htkeval.intake.number import Notation
        >>> comma = Notation(None, "decimal")
        >>> duration("0:35", "min", comma), duration("2 t 5 min", "min", comma)
        (35.0, 125.0)
        >>> duration("1:30", "min:s", comma), duration(time(0, 35), "h", comma)
        (1.5, 0.5833333333333334)
    """
    if isinstance(cell, str):
        text = cell.strip()
        return None if text in BLANK or text in NOT_MEASURED else _from_text(text, unit, notation)
    if cell is None or isinstance(cell, int | float):
        return number.number(cell, notation)
    return broken(cell) if isinstance(cell, Broken) else _from_clock_cell(cell, unit)


def lacks_seconds(cell: Raw) -> bool:
    """Whether a time cell of Excel stands on a whole minute: `1:23` was typed, perhaps."""
    return isinstance(cell, time | timedelta | datetime) and not _seconds(cell) % 60


def shows_decimals(cell: Raw) -> bool:
    """Whether a text has a point that can only be a decimal one: `1.5`, `1.75`."""
    return isinstance(cell, str) and _DECIMALS.search(cell) is not None


def clock_or_decimals(cell: Raw, unit: DurationUnit) -> Fault | None:
    """The question about `1.30 t`: an hour and 30 minutes, as Danes write the clock, or 1.3 hours?

    None where the point can be read in one way. The caller has seen that no other cell decides it.
    """
    shape = _DOTTED.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if shape is None or (shape[3] and shape[3].lower() not in _WORDS):
        return None
    whole, part = int(shape[1]), int(shape[2])
    its: DurationUnit = _WORDS[shape[3].lower()] if shape[3] else unit
    known = {"cell": shape[0], "a": whole, "b": part, "c": f"{whole},{shape[2]}"}
    if its == "h":
        found = say('"{cell}", which is {a} hours and {b} minutes or {c} hours', **known)
        step = say("Write {minutes} min, or {c} t.", minutes=60 * whole + part, c=known["c"])
    elif its == "min:s" or (its == "min" and shape[3]):
        found = say('"{cell}", which is {a} minutes and {b} seconds or {c} minutes', **known)
        step = say("Write {a} min {b} s, or {c} min.", a=whole, b=part, c=known["c"])
    elif its == "min" and shape[1].startswith("0") and len(shape[1]) == 2:  # no number begins so
        found = say('"{cell}", which is {a} hours and {b} minutes or {c} minutes', **known)
        step = say("Write {minutes} min, or {c} min.", minutes=60 * whole + part, c=known["c"])
    else:
        return None
    return Fault(NOT_A_TIME[unit].expected, found, step)


def typed_short(cell: Raw) -> Fault:
    """The question where `min:s` was wanted and no time cell of the column has seconds."""
    whole = _seconds(cell) if isinstance(cell, time | timedelta | datetime) else 0.0
    hours, minutes = divmod(int(whole) // 60, 60)
    found = _hours_or_minutes(hours, minutes)
    return Fault(NOT_A_TIME["min:s"].expected, found, _write(hours * 60 + minutes))


def _from_text(text: str, unit: DurationUnit, notation: Notation) -> float | Fault:
    negative = text[0] in "-−–"
    body = text[1:].lstrip() if negative else text
    if ":" in body:
        value = _from_clock(body, unit)
    elif body[-1:].isalpha() or body[-1:] == ".":
        value = _from_pieces(body, unit, notation)
    else:
        value = number.from_text(body, notation)
        value = NOT_A_TIME[unit] if value is number.NOT_A_NUMBER else value
    return 0.0 - value if negative and isinstance(value, float) else value


def _from_pieces(text: str, unit: DurationUnit, notation: Notation) -> float | Fault:
    """`2 t 5 min`: hours before minutes before seconds, each at most once."""
    pieces: list[tuple[float, int]] = []
    position = 0
    while position < len(text):
        piece = _PIECE.match(text, position)
        its_unit = _WORDS.get(piece[2].lower()) if piece else None
        if piece is None or its_unit is None or len(pieces) == 3:
            return NOT_A_TIME[unit]
        value = number.from_text(piece[1], notation)
        if isinstance(value, Fault):
            return value
        pieces.append((value, SECONDS[its_unit]))
        position = piece.end()
    sizes = [size for _, size in pieces]
    if sizes != sorted(set(sizes), reverse=True):
        return NOT_A_TIME[unit]
    if sizes == [SECONDS[unit]]:
        return pieces[0][0]
    return sum(value * size for value, size in pieces) / SECONDS[unit]


def _from_clock(text: str, unit: DurationUnit) -> float | Fault:
    short = _SHORT_CLOCK.fullmatch(text) if unit == "min:s" else None
    if short:
        return (int(short[1]) * 60 + float(short[2].replace(",", "."))) / 60
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return NOT_A_TIME[unit]
    seconds = float((clock[3] or "0").replace(",", "."))
    return _in_unit(int(clock[1]) * 3600 + int(clock[2]) * 60 + seconds, unit)


def _from_clock_cell(cell: date | datetime | time | timedelta, unit: DurationUnit) -> float | Fault:
    is_day = not isinstance(cell, time | timedelta | datetime)
    if is_day or (isinstance(cell, datetime) and cell.year > _LAST_TIME_YEAR):
        return Fault(NOT_A_TIME[unit].expected, next_step=_MADE_A_DAY)
    return _in_unit(_seconds(cell), unit)


_MADE_A_DAY = say("Excel may have made a date of it; format the column as text and type it again.")


def _seconds(cell: date | datetime | time | timedelta) -> float:
    """Seconds of a time cell. Excel keeps times over 24 hours as days after 31 December 1899."""
    if isinstance(cell, datetime):
        cell = cell.replace(tzinfo=None) - _EXCEL_EPOCH
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    return cell.total_seconds() if isinstance(cell, timedelta) else 0.0


def _in_unit(seconds: float, unit: DurationUnit) -> float | Fault:
    """`35:20` in a column of minutes is asked about: 35 hours, or minutes and seconds?"""
    if seconds > _DAY and unit != "h":
        hours, rest = divmod(int(seconds) // 60, 60)
        found = _hours_or_minutes(hours, rest)
        return Fault(NOT_A_TIME[unit].expected, found, _write(hours * 60 + rest))
    return seconds / SECONDS[unit]


def _hours_or_minutes(hours: int, rest: int) -> Text:
    return say(
        '"{cell}", which is {a} hours and {b} minutes or {a} minutes and {b} seconds',
        cell=f"{hours}:{rest:02d}",
        a=hours,
        b=rest,
    )


def _write(minutes: int) -> Text:
    """What to type instead: with its unit it can be read in one way only."""
    low, rest = divmod(minutes, 60)
    return say("Write {minutes} min, or {low} min {rest} s.", minutes=minutes, low=low, rest=rest)
