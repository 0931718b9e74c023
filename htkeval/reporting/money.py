"""What trials are worth and how much of the budget they carry, as the pages show it."""

from __future__ import annotations

from datetime import date

from htkeval.business_case import BusinessCase, Span
from htkeval.knowing import Knowing
from htkeval.portfolio import TrialState
from htkeval.reporting import business
from htkeval.reporting.numbers import LEAST_KR, ROUNDED, adds_up, number, whole
from htkeval.reporting.sentences import as_text, count, listed, quoted
from htkeval.reporting.tables import NOTHING, Table
from htkeval.reporting.wording import SCALING
from htkeval.supported import Supported, TrialCarries, YearCarried
from htkeval.text import Text, say, to_the_thousand

NOT_STATED = say(
    "What it is worth in kroner is not known here: the municipality's own figures are missing "
    "(configs/economics.toml and budget.toml)."
)


COUNTS = say("Only savings of trials that are well enough measured, and recommended, count.")
HOW_TO_READ = say(
    "Blue: evidence for it, best estimate. Frame: the budget's line. Light: no evidence. Thin "
    "line: every assumption low at once, and every one high at once. It is a span, not a "
    "probability."
)
SIGNS = say("In this table a saving has the budget's minus; a figure without it is an expense.")
MEANING = say(
    "Measured minutes are drawn toward no change, for trials that are chosen are partly lucky ones."
)


def _full_year(found: Supported) -> YearCarried | None:
    """The first of the years with the most booked; None where nothing is."""
    most = max((one.booked_kr for one in found.years), default=0.0)
    return next(one for one in found.years if one.booked_kr == most) if most > 0 else None


def carried(found: Supported) -> Text | None:
    """How much of the first full booked year the evidence carries; None where nothing is booked."""
    if (year := _full_year(found)) is None:
        return None
    values = {"booked": year.booked_kr, "year": str(year.year), "kr": year.kr.expected}
    if year.kr.expected <= 0:
        return say(
            "There is no evidence yet for any of the {booked:kr} kr. the budget expects in {year}.",
            **values,
        )
    return say(
        "There is evidence for {kr:kr} of the {booked:kr} kr. the budget expects in {year}.",
        **values,
    )


def lacking(found: Supported) -> Text | None:
    """What of that year nothing carries; None where all is carried, or nothing at all."""
    year = _full_year(found)
    if year is None or year.kr.expected <= 0 or year.missing_kr < LEAST_KR:
        return None
    return say("For the other {kr:kr} kr. there is no evidence yet.", kr=year.missing_kr)


def net(found: Supported) -> tuple[Text, ...]:
    """What the budget's years come to together, by the budget and by what is proved alone."""
    of, unit = found.appraisal, found.unit_kr
    spent = unit * sum(one.investment for one in of.years)
    proved = sum(one.kr.expected for one in found.years) - spent
    n = count(len(of.years))
    booked = -unit * of.total
    if booked >= 0:
        told = [say("Over the {n} years the budget expects {kr:kr} kr. saved net.", n=n, kr=booked)]
    else:
        told = [say("Over the {n} years the budget costs {kr:kr} kr. net.", n=n, kr=-booked)]
    if proved >= 0:
        told.append(say("With what is proved alone {kr:kr} kr. are saved net.", kr=proved))
    else:
        told.append(say("With what is proved alone it costs {kr:kr} kr. net.", kr=-proved))
    if of.break_even is not None:
        day = date(*of.break_even, 1)
        told.append(say("By the budget the money is back in {month:MMMM y}.", month=day))
    return tuple(told)


def hours(case: BusinessCase) -> Text | None:
    """Sentence 14: how much of the time saved becomes money, and what the tool costs; None where
    it is not known, or no time is saved."""
    steps = {one.id: one.expected for one in case.steps}
    saved, taken, gross, left = (
        steps.get(name) for name in ("net_hours", "cashable_hours", "gross_kr", "net_kr")
    )
    if saved is None or taken is None or gross is None or left is None or min(saved, taken) < 1:
        return None
    return say(
        "Of {saved:#,##0} hours saved a year {taken:#,##0} are taken out of the budget, worth "
        "{gross:kr} kr.; licences and support cost {cost:kr} kr.",
        saved=saved,
        taken=taken,
        gross=gross,
        cost=gross - left,
    )


def posts(case: BusinessCase) -> Text | None:
    """Sentence 14's other half: the hours taken out as full-time posts, by each definition of one;
    None where they are not known, or round to nothing."""
    known = [one for one in case.steps if one.unit == "posts" and one.expected is not None]
    if not known or round(min(one.expected or 0.0 for one in known), 2) <= 0:
        return None
    first, *others = (
        {"n": number(one.expected or 0.0, 2), "hours": one.message.values["hours"]} for one in known
    )
    told = [say("{n} full-time posts at {hours:#,##0} hours", **first)]
    told += [say("{n} at {hours:#,##0} hours", **each) for each in others]
    return say("That is {posts}.", posts=listed(told))


def halved(case: BusinessCase) -> Text | None:
    """How few would have to use the tool for the expected amount to be half; None where it is not
    known, or there is nothing to halve."""
    few, share = case.halved_at, case.step("adoption").expected
    if few is None or share is None:
        return None
    fine = 1 if round(100 * few) == round(100 * share) else 0
    return say(
        "The expected {kr:kr} kr. are halved if only {few} % of the employees use the tool, not "
        "{share:0.#} %, and licences and support cost the same.",
        kr=case.step("net_kr").expected,
        few=number(100 * few, fine),
        share=100 * share,
    )


def span(found: Supported) -> Text | None:
    """Between what it lies in that year; None where nothing is booked or both ends are one."""
    year = _full_year(found)
    if year is None or year.kr.low == year.kr.high:
        return None
    kr = year.kr
    return say(
        "With every assumption low it is {low:kr} kr., with every one high {high:kr} kr. "
        "This is a span, not a probability.",
        low=kr.low,
        high=kr.high,
    )


def years(found: Supported) -> Table:
    """Each booked year: booked, carried, missing."""
    head = (say("Year"), say("Booked"), say("Carried by evidence"), say("Missing"))
    body = tuple(
        (
            as_text(str(one.year)),
            business.amount(one.booked_kr),
            _between(one.kr),
            business.amount(one.missing_kr),
        )
        for one in found.years
        if one.booked_kr
    )
    return Table(say("How much of each booked year the evidence carries"), head, body)


def rounded(found: Supported) -> Text | None:
    """That amounts are rounded each by itself, where they do not add up as they are shown."""
    for year in found.years:
        if year.missing_kr and not adds_up(year.booked_kr, (year.kr.expected, year.missing_kr)):
            return ROUNDED
    last = found.years[-1]
    arises = [one.years[-1].kr.expected for one in found.areas]
    return ROUNDED if arises and not adds_up(last.kr.expected, arises) else None


def own_form(found: Supported) -> Table:
    """The same in the budget's own form and signs: a saving is negative."""
    of, unit = found.appraisal.years, found.unit_kr
    carried = {one.year: one for one in found.years}
    ends = [(carried[one.year].kr, carried[one.year]) for one in of]
    head = (
        say("{unit:#,##0} kr., {level} prices", unit=unit, level=str(found.price_level)),
        *(as_text(str(one.year)) for one in of),
    )
    rows: tuple[tuple[Text, ...], ...] = (
        (say("Investment"), *(_amount(one.investment) for one in of)),
        (say("Saving in the budget"), *(_amount(one.saving) for one in of)),
        (say("Of it with evidence"), *(_amount(-kr.expected / unit) for kr, _ in ends)),
        (say("at the low end"), *(_amount(-kr.low / unit) for kr, _ in ends)),
        (say("at the high end"), *(_amount(-kr.high / unit) for kr, _ in ends)),
        (say("Evidence is missing for"), *(_amount(-one.missing_kr / unit) for _, one in ends)),
        (say("Posts in the budget"), *(_posts(one.posts) for one in of)),
        (say("Posts with evidence"), *(_posts(-one.posts.expected) for _, one in ends)),
    )
    return Table(say("The same in the budget's own form"), head, rows, figures=True)


def _amount(units: float) -> Text:
    return whole(units) if units else NOTHING


def _posts(posts: float) -> Text:
    return number(posts, 2) if round(posts, 2) else NOTHING


def _between(kr: Span) -> Text:
    return say(
        "{kr:kr} kr. (between {low:kr} and {high:kr})",
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
    kr = _a_year(one)
    if kr is None:
        return say("Not known: figures are missing.")
    if kr.expected < 0:
        return say("A loss of {kr:kr} kr. a year, best estimate", kr=-kr.expected)
    told = say("{kr:kr} kr. a year, best estimate", kr=kr.expected)
    return told if one.counts else _not_counting(one, kr)


def beside(found: Supported | None, trial: str) -> tuple[Text, ...]:
    """What belongs to a trial's sum: its span, why it counts or not, and what is not stated."""
    one = next((each for each in found.trials if each.trial == trial), None) if found else None
    if one is None or not one.years:
        return ()
    told = [*_ends(one)]
    if not one.counts:
        told.append(say("Does it count in the budget? {why}", why=one.message))
    if one.years[-1].kr is None and one.missing:
        told += _not_stated(one)
    return tuple(told)


def _not_stated(one: TrialCarries) -> list[Text]:
    """How many figures are missing; the first day is none of those that a year's worth lacks, and
    is asked for only where it would be in use."""
    figures = [name for name in one.missing if name != "takes_effect"]
    if figures:
        return [say("Figures that are needed and nobody has stated: {n}.", n=len(figures))]
    return [say("Nobody has stated from which day it is in use.")] if one.counts else []


def ends(found: Supported | None, trial: str) -> tuple[Text, ...]:
    """Between what a trial's kroner of a year lie; nothing where they are not known."""
    one = next((each for each in found.trials if each.trial == trial), None) if found else None
    return () if one is None or not one.years else _ends(one)


def _ends(one: TrialCarries) -> tuple[Text, ...]:
    kr = _a_year(one)
    if kr is None:
        return ()
    told = say(
        "{low:kr} kr. with every assumption low, {high:kr} kr. with every one high.",
        low=kr.low,
        high=kr.high,
    )
    return (told, say("Minus is a loss.")) if kr.low < 0 else (told,)


def _a_year(one: TrialCarries) -> Span | None:
    """The last year's kroner; where no day is stated from which it counts, a whole year's."""
    return one.years[-1].kr or one.kr_a_year


def _not_counting(one: TrialCarries, kr: Span) -> Text:
    return say("{kr:kr} kr. a year, which do not count yet", kr=kr.expected)


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
    """What counts against the budget, and whether more trial is worth its price.

    The budget's sums are of low, expected and high, this of one belief.
    """
    counts = counted(found)
    return (found.message,) if counts is None else (counts, found.message)


def counted(found: Knowing) -> Text | None:
    """What counts against the budget; None where it is not known."""
    if found.net_kr is None:
        return None
    return say(
        "Drawn toward no change it is about {kr:kr} kr. a year, and that is what is held against "
        "the budget: trials that are chosen are partly lucky ones.",
        kr=found.net_kr,
    )


def proved_kr(found: Supported | None, trial: str) -> float | None:
    """Kroner a year of a trial that counts; None where it does not, or they are not known."""
    one = next((each for each in found.trials if each.trial == trial), None) if found else None
    kr = _a_year(one) if one is not None and one.counts and one.years else None
    return None if kr is None else kr.expected


def booked_beside(state: TrialState, proved: float | None) -> Text | None:
    """Why more is booked than the evidence carries: what is in the one and not in the other.

    Args:
        state: The trial.
        proved: Kroner a year by minutes drawn toward no change; None: not known.

    Returns:
        None where nothing is booked, no more than is carried, or it is not known.
    """
    books = state.standing[-1].decision.books if state.standing else None
    advice = state.recommendation
    if books is None or advice is None:
        return None
    if advice.verdict not in SCALING:
        return say("What is booked counts as proved no more: the trial is not recommended now.")
    if proved is None or to_the_thousand(books.kr_a_year) <= to_the_thousand(proved):
        return None
    values = {"booked": books.kr_a_year, "carried": max(proved, 0.0)}
    if books.expected_kr is None:
        return say(
            "{booked:kr} kr. are booked and about {carried:kr} kr. a year proved: what is booked "
            "follows the minutes as measured; in what is proved they are drawn toward no change, "
            "for trials that are chosen are partly lucky ones.",
            **values,
        )
    return say(
        "{booked:kr} kr. are booked and about {carried:kr} kr. a year proved: what is booked "
        "follows the minutes as measured, which gave {expected:kr} kr. a year; in what is proved "
        "they are drawn toward no change, for trials that are chosen are partly lucky ones.",
        expected=books.expected_kr,
        **values,
    )
