"""What a measured effect would be worth in a year, were the tool scaled."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from htkeval.analysis import Analysis
from htkeval.business import spans
from htkeval.business.lines import Line, lines
from htkeval.business_case import BusinessCase, Span, Step, YearOfGain
from htkeval.economics import KRONER, Assumption, Economics, Rates
from htkeval.effect import Effect
from htkeval.money import Money, converted
from htkeval.text import Text, say
from htkeval.trial import Trial

NOTHING = Span(low=0, expected=0, high=0)


def business_case(
    trial: Trial,
    analysis: Analysis,
    rates: Rates,
    *,
    fingerprint: str | None = None,
    years: Sequence[int] = (),
) -> BusinessCase:
    """What would the measured minutes be worth, and what is not known of that?

    The measured line is the arithmetic effect with its interval: hours are a sum of minutes, of
    which a ratio says nothing. What is not stated is unknown, and so is all that follows from it.

    Args:
        trial: The definition, with its own assumptions.
        analysis: Its effects.
        rates: What is the same for all trials.
        fingerprint: SHA-256 of the analysis as stored.
        years: The budget's years.

    Raises:
        Refused: Kroner are in the prices of a year that the index does not tell of.
    """
    effect = _minutes(trial, analysis)
    steps, known = _steps(trial.economics, rates, effect)
    return BusinessCase(
        trial=trial.id,
        analysis=fingerprint,
        simulated=analysis.simulated,
        price_level=rates.price_level,
        area=trial.area,
        account=trial.economics.account,
        owner=trial.economics.owner,
        steps=steps,
        years=tuple(_by_year(trial.economics.takes_effect, known, years)),
        message=effect if isinstance(effect, Text) else _summary(steps),
    )


def _minutes(trial: Trial, analysis: Analysis) -> Effect | Text:
    """The effect in minutes, or why there is none."""
    if trial.primary.kind != "duration":
        return say("The trial does not measure minutes.")
    if analysis.between_looks:
        return say("Nothing is told between the planned looks.")
    effect = analysis.effect(trial.primary.id, "difference")
    return say("No change in minutes was found out.") if effect is None else effect


def _summary(steps: Sequence[Step]) -> Text:
    """What it comes to a year, or which figures nobody has stated."""
    net = next(step for step in steps if step.id == "net_kr")
    if net.missing:
        labels = tuple(step.message for step in steps if step.id in net.missing)
        return say("What it is worth a year is not known. Not stated: {what}.", what=labels)
    return say(
        "Worth {expected:#,##0} kr. a year as expected; from {low:#,##0} to {high:#,##0} kr.",
        low=net.low,
        expected=net.expected,
        high=net.high,
    )


def _steps(
    of: Economics, rates: Rates, effect: Effect | Text
) -> tuple[tuple[Step, ...], dict[str, Any]]:
    """Every line in order, and by name what is known."""
    known: dict[str, Any] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    steps = []
    for line in lines(rates):
        given = None if line.follows else _given(line.id, of, rates, effect)
        if line.follows is not None:
            gaps = dict.fromkeys(gap for name in line.of for gap in lacking.get(name, ()))
            lacking[line.id] = tuple(gaps)
            if not gaps:
                known[line.id] = line.follows(known)
        elif given is None:
            lacking[line.id] = (line.id,)
        else:
            known[line.id] = given
        steps.append(_step(line, known.get(line.id), lacking.get(line.id, ())))
    return tuple(steps), known


def _given(
    name: str, of: Economics, rates: Rates, effect: Effect | Text
) -> Span | Assumption | None:
    if name == "measured_minutes":
        if isinstance(effect, Text):
            return None
        low, high = effect.benefit_ci
        gain = -effect.estimate if effect.better == "lower" else effect.estimate
        return Span(low=-high, expected=gain, high=-low)
    if name == "hour_kr":
        return rates.hour_kr
    given: Assumption | None = getattr(of, name)
    return _in_prices(given, of, rates) if given is not None and name in KRONER else given


def _in_prices(given: Assumption, of: Economics, rates: Rates) -> Assumption:
    """A trial's kroner in the prices in which results are told."""
    assert of.price_level is not None  # kroner without one are refused where they are read
    worth = {
        end: converted(
            Money(kr=getattr(given, end), price_level=of.price_level),
            rates.price_level,
            rates.price_index,
        ).kr
        for end in ("low", "expected", "high")
    }
    return given.model_copy(update=worth)


def _step(line: Line, found: Span | Assumption | None, missing: tuple[str, ...]) -> Step:
    told = found if isinstance(found, Assumption) else None
    return Step(
        id=line.id,
        given=line.follows is None,
        unit=line.unit,
        low=None if found is None else found.low,
        expected=None if found is None else found.expected,
        high=None if found is None else found.high,
        source=told.source if told else None,
        date=told.date if told else None,
        missing=missing,
        message=line.label,
    )


def _by_year(
    begins: date | None, known: Mapping[str, Any], years: Sequence[int]
) -> Iterator[YearOfGain]:
    """What each year gets: nothing before the day on which the tool takes effect.

    Training is paid then. The trial itself is not in it: the pool has paid for it, which is a line
    of the budget by itself.
    """
    net, training = known.get("net_kr"), known.get("training_kr")
    for year in years:
        share = 0.0 if begins is None else _share(year, begins)
        kr: Span | None = None
        if begins is not None and year < begins.year:
            kr = NOTHING
        elif begins is not None and net is not None and training is not None:
            kr = spans.scaled(net, share)
            kr = spans.plus(kr, training) if year == begins.year else kr
        yield YearOfGain(year=year, share=share, kr=kr)


def _share(year: int, begins: date) -> float:
    """The part of a year from the day on which the tool takes effect."""
    if year != begins.year:
        return float(year > begins.year)
    days = 366 if calendar.isleap(year) else 365
    return (days - begins.timetuple().tm_yday + 1) / days
