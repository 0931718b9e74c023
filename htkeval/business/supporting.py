"""How much of each booked year the trials together carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htkeval.budget import Budget
from htkeval.business.appraising import appraise
from htkeval.business.case import NOTHING, Worked, work_out
from htkeval.business.following import in_year
from htkeval.business.lines import Line, lines
from htkeval.business.spans import plus, scaled
from htkeval.business_case import Span, YearOfGain
from htkeval.decision import Policy
from htkeval.economics import Economics, Rates
from htkeval.evidence import LEVELS
from htkeval.money import Money, converted
from htkeval.portfolio import TrialState
from htkeval.supported import Carried, Supported, TrialCarries, YearCarried
from htkeval.text import Text, say

BOOKS: tuple[str, ...] = ("go", "go_with_conditions")
"""Verdicts under which a saving may be booked."""


def support(
    budget: Budget, rates: Rates, policy: Policy, trials: Sequence[TrialState]
) -> Supported:
    """How much of each year's booked saving does the evidence carry, and what is missing?

    A trial counts where its level is the policy's lowest that may carry a saving, or above, and it
    is recommended. The others are shown with why they do not; what is not known is in no sum.

    Args:
        budget: What has been booked.
        rates: In whose prices it is told, and the discount rate.
        policy: The lowest level that may carry a saving.
        trials: Every trial as it stands.

    Raises:
        Refused: The budget is in the prices of a year that the index does not tell of.
    """
    table = lines(rates)
    carries = tuple(_carries(one, policy, rates, table, budget.years) for one in trials)
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
    )


def _carries(
    one: TrialState, policy: Policy, rates: Rates, table: Sequence[Line], years: Sequence[int]
) -> TrialCarries:
    why_not, of = _why_not(one, policy), one.trial.economics
    worked = None
    if one.analysis is not None:
        worked = work_out(one.trial, one.analysis, rates, table, years=years)
    return TrialCarries(
        trial=one.trial.id,
        title=one.trial.title,
        area=one.trial.area,
        account=of.account,
        owner=of.owner,
        level=None if one.analysis is None else one.analysis.evidence_level,
        verdict=None if one.recommendation is None else one.recommendation.verdict,
        counts=why_not is None,
        missing=() if worked is None else _missing(worked, of),
        years=() if worked is None else tuple(_of_year(worked, each) for each in worked.years),
        message=why_not or say("Well enough measured, and recommended."),
    )


def _why_not(one: TrialState, policy: Policy) -> Text | None:
    if one.analysis is None or one.recommendation is None:
        return say("Nothing has been analysed yet.")
    has, needs = one.analysis.evidence_level, policy.go.evidence_level
    if LEVELS.index(has) < LEVELS.index(needs):
        return say("It was measured at {has}; a saving takes {needs}.", has=has, needs=needs)
    if one.recommendation.verdict not in BOOKS:
        return say("It is not recommended for wider use.")
    return None


def _missing(worked: Worked, of: Economics) -> tuple[str, ...]:
    lacking = [gap for line in ("net_kr", "training_kr") for gap in worked.lacking.get(line, ())]
    begins = ("takes_effect",) if of.takes_effect is None else ()
    return tuple(dict.fromkeys((*lacking, *begins)))


def _of_year(worked: Worked, of: YearOfGain) -> Carried:
    posts: Span | None = worked.known.get("posts_1")
    if posts is not None:
        posts = scaled(posts, of.share) if of.share else NOTHING
    return Carried(year=of.year, kr=of.kr, posts=posts if of.kr is not None else None)


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
    kr = posts = NOTHING
    for each in of_year.values():
        kr = plus(kr, each.kr or NOTHING)
        posts = plus(posts, each.posts or NOTHING)
    return YearCarried(
        year=year,
        booked_kr=booked,
        booked_posts=-sum(one.posts.get(year, 0.0) for one in budget.lines),
        kr=kr,
        posts=posts,
        missing_kr=max(0.0, booked - kr.expected),
        unknown=tuple(name for name, each in of_year.items() if each.kr is None),
        realised_kr=realised,
    )
