"""A business case, and the budget beside the evidence, as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from htkeval.annex import BudgetChances, Chances
from htkeval.budget import Appraisal
from htkeval.business_case import BusinessCase, Span, Step, Unit
from htkeval.supported import Supported, TrialCarries
from htkeval.text import Text, say

NOT_KNOWN = say("not known")
NOT_DECIDED = say("not decided")
_SHAPES: dict[Unit, Text] = {
    "min": say("{n:#,##0.0} min."),
    "h": say("{n:#,##0} h"),
    "tasks": say("{n:#,##0}"),
    "share": say("{n:0} %"),
    "kr": say("{n:#,##0} kr."),
    "posts": say("{n:0.000}"),
}
_MEASURED = say("measured in the trial")
_FOLLOWS = say("follows")

Cell = Text | str


def figure(value: float | None, unit: Unit) -> Text:
    """A figure in its unit, or that it is not known."""
    if value is None:
        return NOT_KNOWN
    shown = 100 * value if unit == "share" else value
    return Text(_SHAPES[unit].template, {"n": shown + 0.0})


def amount(kr: float | None) -> Text:
    """Kroner as committees read them, to the nearest thousand, or that they are not known; the
    steps of a business case and what chance makes of it are the method, and exact."""
    return NOT_KNOWN if kr is None else say("{n:kr} kr.", n=kr + 0.0)


def steps(case: BusinessCase) -> list[list[Cell]]:
    """Label, three figures, and where they come from, a row each."""
    return [
        [
            one.message,
            *(figure(end, one.unit) for end in (one.low, one.expected, one.high)),
            _from(one),
        ]
        for one in case.steps
    ]


def _from(one: Step) -> Cell:
    if not one.given:
        return _FOLLOWS
    if one.source is None:
        return _MEASURED if one.id == "measured_minutes" else "–"
    return say("{source} ({day:dd-MM-y})", source=one.source, day=one.date)


def years(case: BusinessCase) -> list[list[Cell]]:
    """Each budget year, in the budget's signs: a saving is negative, so what is favourable last."""
    return [[str(one.year), *_turned(one.kr)] for one in case.years]


def _turned(kr: Span | None) -> list[Cell]:
    ends = (None, None, None) if kr is None else (-kr.low, -kr.expected, -kr.high)
    return [figure(end, "kr") for end in ends]


def booked(found: Supported) -> list[list[Cell]]:
    """The budget in its own form: a row of investments, savings, both together, and posts."""
    of = found.appraisal.years
    rows: Sequence[tuple[Text, str]] = (
        (say("Investment"), "investment"),
        (say("Saving"), "saving"),
        (say("Change in all (net)"), "net"),
    )
    amounts: list[list[Cell]] = [
        [label, *(Text("{n:#,##0}", {"n": getattr(one, name) + 0.0}) for one in of)]
        for label, name in rows
    ]
    posts = [Text("{n:0.0#}", {"n": one.posts + 0.0}) for one in of]
    return [*amounts, [say("Change in full-time posts"), *posts]]


def drawn(found: Supported) -> list[Text]:
    """How the minutes count, which trials are taken as measured, and which way the signs go."""
    told = []
    counting = [one for one in found.trials if one.counts and one.minutes is not None]
    if any(one.shrunken for one in counting):
        told.append(
            say(
                "Measured minutes are drawn toward what was believed before (no change): the "
                "trials that count are those that showed most, which is partly luck. The last "
                "column takes them as measured."
            )
        )
    if plain := [one.title for one in counting if not one.shrunken]:
        told.append(
            say(
                "Taken as measured, for they are certain or figures are withheld: {trials}.",
                trials=", ".join(plain),
            )
        )
    told.append(
        say("Here a saving is above nought and a loss below, unlike in the budget's own form.")
    )
    return told


def realised_so_far(found: Supported) -> list[Text]:
    """The head of one column more, where anybody has said what was realised."""
    return [say("Realised so far")] if _any_realised(found) else []


def _any_realised(found: Supported) -> bool:
    return any(one.realised_kr is not None for one in found.years)


def carried(found: Supported) -> list[list[Cell]]:
    """Each year: booked, carried at low, expected and high, missing, realised so far where anybody
    has said so, and carried as measured."""
    realised = _any_realised(found)
    return [
        [
            str(one.year),
            amount(one.booked_kr),
            *(amount(end) for end in (one.kr.low, one.kr.expected, one.kr.high)),
            amount(one.missing_kr),
            *([_or_nothing(one.realised_kr)] if realised else []),
            amount(one.kr_as_measured.expected),
        ]
        for one in found.years
    ]


def _or_nothing(kr: float | None) -> Cell:
    return "–" if kr is None else amount(kr)


def trials(found: Supported) -> list[list[Cell]]:
    """Each trial: area, owner, level, the last year's kroner, and why it counts or does not."""
    return [
        [
            one.title,
            one.area,
            one.owner or NOT_DECIDED,
            one.level or "–",
            _of_last_year(one),
            one.message,
        ]
        for one in found.trials
    ]


def areas(found: Supported) -> list[list[Cell]]:
    """Each area: its trials that count, and what they carry of each year as expected."""
    return [
        [
            one.area,
            ", ".join(one.trials),
            *(amount(each.kr.expected) for each in one.years),
        ]
        for one in found.areas
    ]


def _of_last_year(one: TrialCarries) -> Cell:
    kr = one.years[-1].kr if one.years else None
    return amount(None if kr is None else kr.expected)


def comes_to(of: Appraisal) -> Text:
    """The sum, its present value, and when no more is spent than saved."""
    values = {
        "total": of.total,
        "value": of.present_value,
        "rate": 100 * of.rate,
        "base": str(of.years[0].year),
    }
    if of.break_even is None:
        return say(
            "In all {total:#,##0}; {value:#,##0.00} at {rate:0.0#} % a year from {base}. It is not "
            "even within these years.",
            **values,
        )
    year, month = of.break_even
    return say(
        "In all {total:#,##0}; {value:#,##0.00} at {rate:0.0#} % a year from {base}. Even in "
        "{month:MMMM y}, where each year's amount is spread evenly.",
        **values,
        month=date(year, month, 1).isoformat(),
    )


def spread(of: Chances) -> list[list[Cell]]:
    """Net kroner of a year at some of the draws in order."""
    return [
        [say("{n} of 100 draws are below", n=name.removeprefix("p")), figure(kr, "kr")]
        for name, kr in of.quantiles.items()
    ]


def tornado(of: Chances, labels: Mapping[str, Text]) -> list[list[Cell]]:
    """Each given figure that moves the net kroner, the one that moves them most first."""
    return [
        [labels[one.id], figure(one.low_kr, "kr"), figure(one.high_kr, "kr")]
        for one in of.swings
        if one.low_kr != one.high_kr
    ]


def chance(of: BudgetChances) -> list[list[Cell]]:
    """Each year with a saving booked, and how many draws in a hundred reach it."""
    return [[str(one.year), figure(one.reached, "share")] for one in of.years]
