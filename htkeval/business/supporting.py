"""How much of each booked year the trials together carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from htkeval.budget import Budget
from htkeval.business.appraising import appraise
from htkeval.business.believed import believed, expected_of, shrunken
from htkeval.business.case import NOTHING, Worked, with_minutes, work_out
from htkeval.business.claimed import claimed
from htkeval.business.following import in_year
from htkeval.business.lines import Line, lines
from htkeval.business.spans import plus, scaled
from htkeval.business_case import Span, YearOfGain
from htkeval.claims import refuse_claimed_twice
from htkeval.criteria import BOOKS as LOWEST
from htkeval.decision import Policy
from htkeval.economics import Economics, Rates
from htkeval.evidence import LEVELS
from htkeval.money import Money, converted
from htkeval.municipality import Programme
from htkeval.portfolio import TrialState
from htkeval.supported import (
    AreaCarries,
    AreaYear,
    Carried,
    Claim,
    Supported,
    TrialCarries,
    YearCarried,
)
from htkeval.text import Text, say

BOOKS: tuple[str, ...] = ("go", "go_with_conditions")
"""Verdicts under which a saving may be booked."""


def support(
    budget: Budget,
    rates: Rates,
    policy: Policy,
    trials: Sequence[TrialState],
    programmes: Sequence[Programme] = (),
) -> Supported:
    """How much of each year's booked saving does the evidence carry, and what is missing?

    A trial counts where its level is the policy's lowest that may carry a saving, or above, and it
    is recommended. The others are shown with why they do not; what is not known is in no sum.
    Measured minutes enter drawn toward the registered prior: the trials that count were chosen for
    what they showed, which is partly luck. What they are as measured stands beside.

    Args:
        budget: What has been booked.
        rates: In whose prices it is told, and the discount rate.
        policy: The lowest level that may carry a saving.
        trials: Every trial as it stands.
        programmes: Which gain each of the municipality's programmes claims.

    Raises:
        Refused: Two programmes claim one gain; or the budget is in the prices of a year that the
            index does not tell of.
    """
    refuse_claimed_twice(programmes, [one.trial for one in trials])
    table = lines(rates)
    carries = tuple(
        _carries(one, policy, rates, table, budget.years, claimed(one.trial, budget, programmes))
        for one in trials
    )
    return Supported(
        simulated=any(one.simulated for one in trials),
        price_level=rates.price_level,
        source=budget.source,
        unit_kr=budget.unit_kr,
        appraisal=appraise(budget, rate=rates.discount_rate),
        years=tuple(
            _year(year, budget, rates, carries, _realised(year, rates, trials))
            for year in budget.years
        ),
        trials=carries,
        areas=tuple(_areas(carries, budget.years)),
    )


def _areas(carries: Sequence[TrialCarries], years: Sequence[int]) -> Iterator[AreaCarries]:
    """Where the gains arise: trials of one area together, in the order of their names."""
    by_area: dict[str, list[TrialCarries]] = {}
    for one in carries:
        if one.counts:
            by_area.setdefault(one.area, []).append(one)
    for area in sorted(by_area):
        mine = by_area[area]
        sums = dict.fromkeys(years, NOTHING)
        for one in mine:
            for each in one.years:
                sums[each.year] = plus(sums[each.year], each.kr or NOTHING)
        yield AreaCarries(
            area=area,
            trials=tuple(one.trial for one in mine),
            unknown=tuple(one.trial for one in mine if any(y.kr is None for y in one.years)),
            years=tuple(AreaYear(year=year, kr=kr) for year, kr in sums.items()),
        )


def _carries(
    one: TrialState,
    policy: Policy,
    rates: Rates,
    table: Sequence[Line],
    years: Sequence[int],
    claim: Claim | None,
) -> TrialCarries:
    why_not, of = _why_not(one, policy), one.trial.economics
    worked = as_measured = None
    if one.analysis is not None:
        as_measured = work_out(one.trial, one.analysis, rates, table, years=years)
        worked = _drawn_toward_prior(one, as_measured, table, years)
    return TrialCarries(
        trial=one.trial.id,
        title=one.trial.title,
        area=one.trial.area,
        account=of.account,
        owner=of.owner,
        level=None if one.analysis is None else one.analysis.evidence_level,
        verdict=None if one.recommendation is None else one.recommendation.verdict,
        counts=why_not is None,
        shrunken=worked is not as_measured,
        minutes=worked.known.get("measured_minutes") if worked else None,
        minutes_as_measured=as_measured.known.get("measured_minutes") if as_measured else None,
        missing=() if worked is None else _missing(worked, of),
        years=()
        if worked is None or as_measured is None
        else tuple(map(_of_year, repeat(worked), worked.years, as_measured.years)),
        claim=claim,
        kr_a_year=worked.known.get("net_kr") if worked else None,
        message=why_not or say("Well enough measured, and recommended."),
    )


def _drawn_toward_prior(
    one: TrialState, as_measured: Worked, table: Sequence[Line], years: Sequence[int]
) -> Worked:
    """Every line from the minutes as they are believed; as measured where that makes none."""
    assert one.analysis is not None
    belief = believed(one.trial, one.analysis, one.prior)
    measured: Span | None = as_measured.known.get("measured_minutes")
    if belief is None or belief.error == 0 or measured is None:
        return as_measured
    drawn = shrunken(belief, level=one.trial.analysis.level)
    worked = with_minutes(as_measured, drawn, one.trial, table)
    return expected_of(worked, belief, one.trial, years)


def _why_not(one: TrialState, policy: Policy) -> Text | None:
    if one.analysis is None or one.recommendation is None:
        return say("Nothing has been analysed yet.")
    has = one.analysis.evidence_level
    needs = LEVELS[max(LEVELS.index(policy.go.evidence_level), LOWEST)]
    if LEVELS.index(has) < LEVELS.index(needs):
        return say("It was measured at {has}; a saving takes {needs}.", has=has, needs=needs)
    if one.recommendation.verdict not in BOOKS:
        return say("It is not recommended for wider use.")
    if one.standing and one.standing[-1].decision.outcome not in BOOKS:
        return say("It was decided not to use it more widely.")
    return None


def _missing(worked: Worked, of: Economics) -> tuple[str, ...]:
    lacking = [gap for line in ("net_kr", "training_kr") for gap in worked.lacking.get(line, ())]
    begins = ("takes_effect",) if of.takes_effect is None else ()
    return tuple(dict.fromkeys((*lacking, *begins)))


def _of_year(worked: Worked, of: YearOfGain, as_measured: YearOfGain) -> Carried:
    posts: Span | None = worked.known.get("posts_1")
    if posts is not None:
        posts = scaled(posts, of.share) if of.share else NOTHING
    return Carried(
        year=of.year,
        kr=of.kr,
        posts=posts if of.kr is not None else None,
        kr_as_measured=as_measured.kr,
    )


def _realised(year: int, rates: Rates, trials: Sequence[TrialState]) -> float | None:
    """What was said to be realised of a year, in the prices in which results are told."""
    told = [amount for one in trials if one.realised for amount in in_year(one.realised, year)]
    if not told:
        return None
    return sum(converted(one, rates.price_level, rates.price_index).kr for one in told)


def _year(
    year: int,
    budget: Budget,
    rates: Rates,
    carries: Sequence[TrialCarries],
    realised: float | None,
) -> YearCarried:
    saved = -sum(one.amounts.get(year, 0.0) for one in budget.lines if one.kind == "saving")
    booked = converted(
        Money(kr=saved * budget.unit_kr, price_level=budget.price_level),
        rates.price_level,
        rates.price_index,
    ).kr
    of_year: Mapping[str, Carried] = {
        one.trial: next(each for each in one.years if each.year == year)
        for one in carries
        if one.counts
    }
    kr = posts = as_measured = NOTHING
    for each in of_year.values():
        as_measured = plus(as_measured, each.kr_as_measured or NOTHING)
        kr = plus(kr, each.kr or NOTHING)
        posts = plus(posts, each.posts or NOTHING)
    return YearCarried(
        year=year,
        booked_kr=booked,
        booked_posts=-sum(one.posts.get(year, 0.0) for one in budget.lines),
        kr=kr,
        posts=posts,
        kr_as_measured=as_measured,
        missing_kr=max(0.0, booked - kr.expected),
        unknown=tuple(name for name, each in of_year.items() if each.kr is None),
        realised_kr=realised,
    )
