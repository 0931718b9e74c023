"""What a measured effect would be worth in a year, were the tool scaled."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from htkeval.analysis import Analysis
from htkeval.business import spans
from htkeval.business.lines import Line, lines
from htkeval.business.minutes import measured
from htkeval.business_case import BusinessCase, Span, Step, YearOfGain
from htkeval.economics import KRONER, Assumption, Economics, Rates, faults
from htkeval.effect import Effect
from htkeval.money import Money, converted
from htkeval.text import Text, say
from htkeval.trial import Trial

NOTHING = Span(low=0, expected=0, high=0)


@dataclass(frozen=True)
class Worked:
    """Every line by its name, as far as it is known."""

    known: Mapping[str, Any]
    """Spans and assumptions."""
    lacking: Mapping[str, tuple[str, ...]]
    """Of a line that is not known: which given figures it lacks."""
    years: tuple[YearOfGain, ...]
    """By budget year."""


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
    table = lines(rates)
    found = work_out(trial, analysis, rates, table, years=years)
    steps = tuple(
        _step(line, found.known.get(line.id), found.lacking.get(line.id, ())) for line in table
    )
    minutes = measured(trial, analysis)
    return BusinessCase(
        trial=trial.id,
        analysis=fingerprint,
        simulated=analysis.simulated,
        price_level=rates.price_level,
        area=trial.area,
        account=trial.economics.account,
        owner=trial.economics.owner,
        steps=steps,
        years=found.years,
        message=minutes if isinstance(minutes, Text) else _summary(steps),
    )


def work_out(
    trial: Trial,
    analysis: Analysis | None,
    rates: Rates,
    table: Sequence[Line],
    *,
    years: Sequence[int] = (),
) -> Worked:
    """The same without its sentences: what a hundred trials are held against a budget by.

    Args:
        trial, rates, years: As for `business_case`.
        analysis: Its effects; None: no minutes are known yet.
        table: `lines` of the rates, made once for all trials.
    """
    effect = measured(trial, analysis) if analysis else None
    known: dict[str, Any] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    wrong = {key for key, _ in faults(trial.economics)}
    for line in table:
        if line.follows is not None:
            continue
        given = None
        needs = "price_level" if line.id in KRONER and "price_level" in wrong else line.id
        if needs not in wrong:
            given = _given(line.id, trial.economics, rates, effect)
        if given is None:
            stated = getattr(trial.economics, line.id, None) is not None
            lacking[line.id] = (needs if stated else line.id,)
        else:
            known[line.id] = given
    given_lines = {*known, *lacking}
    return _followed(trial, known, lacking, table, years, new=given_lines)


def with_minutes(
    worked: Worked, minutes: Span, trial: Trial, table: Sequence[Line], *, years: Sequence[int] = ()
) -> Worked:
    """Every line again, with other minutes saved a task than those that were measured.

    Args:
        worked: The lines as they are.
        minutes: Minutes saved a task.
        trial, table, years: As for `work_out`.
    """
    known, lacking = {**worked.known, "measured_minutes": minutes}, dict(worked.lacking)
    lacking.pop("measured_minutes", None)
    return _followed(trial, known, lacking, table, years, new={"measured_minutes"})


def _followed(
    trial: Trial,
    known: dict[str, Any],
    lacking: dict[str, tuple[str, ...]],
    table: Sequence[Line],
    years: Sequence[int],
    new: set[str],
) -> Worked:
    """What follows from the lines that are new; the others stay."""
    for line in table:
        if line.follows is None or new.isdisjoint(line.of):
            continue
        new.add(line.id)
        gaps = _gaps(line, lacking) if lacking else ()
        if gaps:
            lacking[line.id] = gaps
        else:
            lacking.pop(line.id, None)
            known[line.id] = line.follows(known)
    return Worked(known, lacking, tuple(by_year(trial.economics.takes_effect, known, years)))


def _gaps(line: Line, lacking: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gap for of in line.of for gap in lacking.get(of, ())))


def missing(steps: Sequence[Step], names: Sequence[str]) -> Iterator[tuple[str, Text]]:
    """What is not stated, by its name in files, and what it is called."""
    called = {step.id: step.message for step in steps} | {"price_level": _PRICES}
    for name in names:
        yield name, called[name]


_PRICES = say("the year in whose prices kroner are")


def _summary(steps: Sequence[Step]) -> Text:
    """What it comes to a year, or which figures nobody has stated."""
    net = next(step for step in steps if step.id == "net_kr")
    if net.missing:
        labels = tuple(label for name, label in missing(steps, net.missing))
        return say("What it is worth a year is not known. Not stated: {what}.", what=labels)
    return say(
        "As measured, worth {expected:kr} kr. a year as expected; from {low:kr} to {high:kr} kr.",
        low=net.low,
        expected=net.expected,
        high=net.high,
    )


def _given(
    name: str, of: Economics, rates: Rates, effect: Effect | Text | None
) -> Span | Assumption | None:
    if name == "measured_minutes":
        if not isinstance(effect, Effect):
            return None
        low, high = effect.benefit_ci
        return Span(low=-high, expected=-effect.estimate, high=-low)
    if name == "hour_kr":
        return rates.hour_kr
    given: Assumption | None = getattr(of, name)
    return _in_prices(given, of, rates) if given is not None and name in KRONER else given


def _in_prices(given: Assumption, of: Economics, rates: Rates) -> Assumption:
    """A trial's kroner in the prices in which results are told."""
    assert of.price_level is not None  # kroner without one are not known
    if of.price_level == rates.price_level:
        return given
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


def by_year(
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
