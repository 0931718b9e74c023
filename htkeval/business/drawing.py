"""Many draws of a business case: each given figure between its ends, the effect by its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from htkeval.analysis import Analysis
from htkeval.annex import BudgetChances, Chances, Swing, YearChance
from htkeval.budget import Budget
from htkeval.business.believed import believed
from htkeval.business.case import Worked, work_out
from htkeval.business.lines import lines
from htkeval.business.net import GIVEN, net_kr
from htkeval.business_case import Span
from htkeval.economics import Rates
from htkeval.money import Money, converted
from htkeval.portfolio import TrialState

Floats = NDArray[np.float64]
Values = Mapping[str, Any]
"""By a given figure's name: a number, or an array of draws."""

QUANTILES = (5, 25, 50, 75, 95)


def chances(state: TrialState, rates: Rates, *, draws: int, seed: int) -> Chances | None:
    """What does chance make of a trial's net kroner? None where something is not known.

    Args:
        state: The trial, analysed.
        rates: What is the same for all trials.
        draws: How many.
        seed: Where they begin.

    Source: each assumption by the triangular distribution with its ends and its expected value;
        the effect by the normal distribution whose interval is the reported one. All of them are
        drawn independently of one another.
    """
    worked = _worked(state, rates)
    if worked is None:
        return None
    known = worked.known
    drawn = net_kr(_drawn(known, _level(state), np.random.default_rng(seed), draws))
    return Chances(
        trial=state.trial.id,
        simulated=state.simulated,
        price_level=rates.price_level,
        draws=draws,
        seed=seed,
        mean_kr=float(drawn.mean()),
        quantiles={
            f"p{q}": float(value)
            for q, value in zip(QUANTILES, np.percentile(drawn, QUANTILES), strict=True)
        },
        gain=float((drawn > 0).mean()),
        swings=_swings(known),
    )


def reached(
    budget: Budget, rates: Rates, states: Sequence[TrialState], *, draws: int, seed: int
) -> BudgetChances:
    """How likely do some trials together reach what is booked each year?

    Args:
        budget: What has been booked.
        rates: What is the same for all trials.
        states: The trials that count.
        draws: How many.
        seed: Where they begin; each trial has draws of its own, but for the price of an hour.
    """
    from htkeval.stats.student_information import sampled

    prices, *streams = np.random.SeedSequence(seed).spawn(len(states) + 1)
    # an hour costs the same whichever trial frees it: drawn apart it would average out
    hour_kr = _triangular(rates.hour_kr, np.random.default_rng(prices), draws)
    together = {year: np.zeros(draws) for year in budget.years}
    unknown = []
    for state, stream in zip(states, streams, strict=True):
        worked = _worked(state, rates, budget.years)
        begins = state.trial.economics.takes_effect
        if worked is None or begins is None or "training_hours" not in worked.known:
            unknown.append(state.trial.id)
            continue
        known = worked.known
        rng = np.random.default_rng(stream)
        values = {**_drawn(known, _level(state), rng, draws), "hour_kr": hour_kr}
        belief = believed(state.trial, _analysis(state), state.prior)
        if belief is not None and belief.error:  # as the sums they are held against
            values["measured_minutes"] = belief.saved(sampled(belief.student, rng=rng, draws=draws))
        net = net_kr(values)
        training = values["hour_kr"] * _triangular(known["training_hours"], rng, draws)
        for one in worked.years:
            together[one.year] += net * one.share
            if one.year == begins.year:
                together[one.year] -= training
    return BudgetChances(
        simulated=any(one.simulated for one in states),
        draws=draws,
        seed=seed,
        years=tuple(
            YearChance(
                year=year,
                reached=float((together[year] >= booked).mean()),
                unknown=tuple(unknown),
            )
            for year in budget.years
            if (booked := _booked(budget, rates, year)) > 0
        ),
    )


def _booked(budget: Budget, rates: Rates, year: int) -> float:
    saved = -sum(one.amounts.get(year, 0.0) for one in budget.lines if one.kind == "saving")
    worth = Money(kr=saved * budget.unit_kr, price_level=budget.price_level)
    return converted(worth, rates.price_level, rates.price_index).kr


def _worked(state: TrialState, rates: Rates, years: Sequence[int] = ()) -> Worked | None:
    """Every line; None where a given figure behind the net kroner is not known."""
    if state.analysis is None:
        return None
    worked = work_out(state.trial, state.analysis, rates, lines(rates), years=years)
    return worked if all(name in worked.known for name in GIVEN) else None


def _drawn(known: Values, level: float, rng: np.random.Generator, draws: int) -> dict[str, Floats]:
    minutes: Span = known["measured_minutes"]
    z = NormalDist().inv_cdf((1 + level) / 2)
    spread = (minutes.high - minutes.low) / (2 * z)
    drawn = {"measured_minutes": minutes.expected + spread * rng.standard_normal(draws)}
    for name in GIVEN[1:]:
        drawn[name] = _triangular(known[name], rng, draws)
    return drawn


def _triangular(given: Any, rng: np.random.Generator, draws: int) -> Floats:
    low, high = sorted((given.low, given.high))
    if low == high:
        return np.full(draws, float(low))
    return rng.triangular(low, given.expected, high, draws)


def _swings(known: Values) -> tuple[Swing, ...]:
    expected = {name: known[name].expected for name in GIVEN}
    found = [
        Swing(
            id=name,
            low_kr=float(net_kr({**expected, name: known[name].low})),
            high_kr=float(net_kr({**expected, name: known[name].high})),
        )
        for name in GIVEN
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.high_kr - one.low_kr)))


def _level(state: TrialState) -> float:
    effect = _analysis(state).effect(state.trial.primary.id, "difference")
    assert effect is not None  # its minutes are known
    return effect.level


def _analysis(state: TrialState) -> Analysis:
    assert state.analysis is not None
    return state.analysis
