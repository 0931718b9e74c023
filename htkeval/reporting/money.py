"""What trials are worth and how much of the budget they carry, as the pages show it."""

from __future__ import annotations

from htkeval.business_case import BusinessCase, Span
from htkeval.knowing import Knowing
from htkeval.reporting import business, knowing
from htkeval.reporting.sentences import as_text, quoted
from htkeval.reporting.tables import Table
from htkeval.supported import Supported, TrialCarries
from htkeval.text import Text, say

NOT_STATED = say(
    "What it is worth in kroner is not known here: the municipality's own figures are missing "
    "(configs/economics.toml and budget.toml)."
)


MEANING = say(
    "Between low and high lies what the uncertainty allows. Measured minutes are drawn toward no "
    "change, for trials that are chosen are partly lucky ones."
)


def carried(found: Supported) -> Text | None:
    """How much of the first full booked year the evidence carries; None where nothing is booked."""
    most = max((one.booked_kr for one in found.years), default=0.0)
    if most <= 0:
        return None
    year = next(one for one in found.years if one.booked_kr == most)
    values = {"booked": most, "year": str(year.year), "kr": year.kr.expected}
    if year.kr.expected <= 0:
        return say(
            "There is no evidence yet for any of the {booked:#,##0} kr. the budget expects in "
            "{year}.",
            **values,
        )
    return say(
        "There is evidence for {kr:#,##0} of the {booked:#,##0} kr. the budget expects in {year}.",
        **values,
    )


def years(found: Supported) -> Table:
    """Each booked year: booked, carried, missing."""
    head = (say("Year"), say("Booked"), say("Carried by evidence"), say("Missing"))
    body = tuple(
        (
            as_text(str(one.year)),
            business.figure(one.booked_kr, "kr"),
            _between(one.kr),
            business.figure(one.missing_kr, "kr"),
        )
        for one in found.years
        if one.booked_kr
    )
    return Table(say("How much of each booked year the evidence carries"), head, body)


def _between(kr: Span) -> Text:
    return say(
        "{kr:#,##0} kr. (between {low:#,##0} and {high:#,##0})",
        kr=kr.expected + 0.0,
        low=kr.low + 0.0,
        high=kr.high + 0.0,
    )


def areas(found: Supported) -> Table:
    """Where what is carried arises, in the last year."""
    last = found.years[-1].year
    head = (say("Where it arises"), say("{year}, best estimate", year=str(last)))
    body = tuple((quoted(one.area), _between(one.years[-1].kr)) for one in found.areas)
    return Table(say("In which areas it arises"), head, body)


def of_trial(found: Supported | None, trial: str) -> Text | None:
    """What one trial would give in a whole year, in a line; None where nothing can be said."""
    one = next((each for each in found.trials if each.trial == trial), None) if found else None
    if one is None or not one.years:
        return None
    kr = one.years[-1].kr
    if kr is None:
        return say("Not known: figures are missing.")
    told = say("{kr:#,##0} kr. a year, best estimate", kr=kr.expected + 0.0)
    return told if one.counts else _not_counting(one, kr)


def _not_counting(one: TrialCarries, kr: Span) -> Text:
    return say("{kr:#,##0} kr. a year, which do not count yet", kr=kr.expected + 0.0)


def steps(case: BusinessCase) -> Table:
    """From measured minutes to kroner, a row a step, each with where it comes from."""
    head = (say("Step"), say("Best estimate"), say("Low to high"), say("From"))
    body = tuple(
        (
            as_text(label),
            as_text(expected),
            say("{low} to {high}", low=low, high=high) if low != high else as_text(low),
            as_text(source),
        )
        for label, low, expected, high, source in business.steps(case)
    )
    return Table(say("From minutes to kroner"), head, body)


def more(found: Knowing) -> tuple[Text, ...]:
    """What counts against the budget, whether more trial is worth its price, and on what it rests.

    Rounded to thousands: the budget's sums are of low, expected and high, this of one belief.
    """
    told: tuple[Text, ...] = (found.message, knowing.rests_on(found))
    if found.net_kr is None:
        return told
    counts = say(
        "Drawn toward no change, as is done before it is held against the budget, it is about "
        "{kr:#,##0} kr. a year.",
        kr=round(found.net_kr, -3) + 0.0,
    )
    return (counts, *told)
