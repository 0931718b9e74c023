"""Packages of one question as strata, and each stratum as one figure: how is chosen here alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

from htkeval.effect import Effect, Interval
from htkeval.evidence import CLOCKED, CONCURRENT
from htkeval.evidence_package import EvidencePackage
from htkeval.evidence_pool import (
    DRAWN,
    LEVEL,
    SHOWN_FROM,
    USABLE_FROM,
    Drawn,
    LeftOut,
    PooledQuestion,
    PooledTrial,
    Stratum,
    Together,
    Waiting,
    Why,
    side,
)
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.stats.pooling import Pooled

Key = tuple[Drawn, bool, bool]
"""How it was compared, whether it is self-reported, whether it is invented."""


def pooled(
    question: str,
    packages: Iterable[EvidencePackage],
    *,
    own: Mapping[str, str] | None = None,
    waiting: tuple[Waiting, ...] = (),
) -> PooledQuestion:
    """What do the trials of one question say, each and together?

    Ratios are pooled on the log scale by restricted maximum likelihood; reported is the wider of
    Hartung-Knapp's and Wald's interval. What was compared by lot, what nobody drew and what was
    compared over time are never one figure, nor are clocks and memory, real and invented rows.

    Args:
        question: As it is called.
        packages: One for each trial, of this question; of others are left out.
        own: By origin: id of the trials that are ours.
        waiting: Trials of ours whose result cannot be told.

    Example:
        >>> pooled("referat", ()).strata
        ()
    """
    mine = dict(own or {})
    strata: dict[Key, list[EvidencePackage]] = {}
    for one in sorted(packages, key=lambda each: (each.analysed, each.origin)):
        if one.question_id == question:
            strata.setdefault(stratum_of(one), []).append(one)
    wrong = _two_directions([one for some in strata.values() for one in some])
    order = tuple(DRAWN)
    keys = sorted(strata, key=lambda key: (key[2], key[1], order.index(key[0])))
    return PooledQuestion(
        question=question,
        strata=tuple(_stratum(key, strata[key], mine, wrong) for key in keys),
        waiting=waiting,
    )


def stratum_of(package: EvidencePackage) -> Key:
    """With which trials it may be pooled."""
    compared: Drawn = "over_time"
    if package.comparison.kind in CONCURRENT:
        compared = "drawn" if package.comparison.randomised else "concurrent"
    return compared, package.primary.source not in CLOCKED, package.simulated


def log_error(effect: Effect) -> float:
    """The standard error of a ratio's logarithm, as its reported interval implies it.

    Half the interval's width on the log scale, divided by the normal quantile of its level. Where
    degrees of freedom are few the interval is wider than a normal one, and so is this error: the
    trial then weighs less, as it should. At a planned look it is the repeated interval's own level
    that counts. What lies off the interval's middle (intervals of draws) is not used.

    Args:
        effect: On the ratio scale.

    Source: Higgins et al. 2019, Cochrane Handbook 6.3.2 (standard errors from intervals).
    """
    look = effect.look or {}
    alpha = look.get("nominal_level", 1 - effect.level)
    low, high = effect.ci
    return (math.log(high) - math.log(low)) / 2 / -NormalDist().inv_cdf(alpha / 2)


def _stratum(
    key: Key, packages: Sequence[EvidencePackage], own: Mapping[str, str], wrong: Text | None
) -> Stratum:
    seen: set[str] = set()
    trials = tuple(_trial(one, own, seen) for one in packages)
    fit = [one for one in trials if one.reason is None]
    together = wrong or _together(fit, invented=key[2])
    return Stratum(
        compared=key[0],
        self_reported=key[1],
        simulated=key[2],
        trials=trials,
        pooled=None if isinstance(together, Text) else together,
        reason=Why(message=together) if isinstance(together, Text) else None,
    )


def _trial(package: EvidencePackage, own: Mapping[str, str], seen: set[str]) -> PooledTrial:
    effect = package.confirmatory
    reason = _unfit(effect)
    if effect is not None and reason is None:
        figures = f"{package.rows} {effect.estimate!r} {effect.ci!r} {effect.p_value!r}"
        if figures in seen:
            reason = say("It has the very figures of another trial here, and counts once.")
        seen.add(figures)
    return PooledTrial(
        own=package.origin in own,
        trial=own.get(package.origin),
        municipality=package.municipality,
        origin=package.origin,
        measure=package.primary.label,
        design=package.comparison.kind,
        evidence_level=package.evidence_level,
        better=package.primary.better,
        scale=effect.scale if effect else None,
        estimate=effect.estimate if effect else None,
        ci=effect.ci if effect else None,
        level=effect.level if effect else None,
        error=log_error(effect) if effect and reason is None else None,
        analysed=package.analysed,
        stale=package.stale,
        reason=None if reason is None else Why(message=reason),
    )


def _unfit(effect: Effect | None) -> Text | None:
    """Why the effect of one trial cannot be pooled."""
    if effect is None:
        return say("The trial has no figure for what it is decided on.")
    if effect.scale != "ratio":
        return say("What it is decided on is no ratio, and only ratios mean the same everywhere.")
    if effect.ci[0] == effect.ci[1]:
        return say("Its interval has no width, so nobody knows how sure it is.")
    return None


def _two_directions(packages: Sequence[EvidencePackage]) -> Text | None:
    """Ratios of which one is better when lower and another when higher are of two questions."""
    named: dict[str, str] = {}
    for one in packages:
        named.setdefault(one.primary.better, one.primary.label)
    if len(named) < 2:
        return None
    return say(
        "No common figure: “{lower}” is better when it is lower, “{higher}” when it is higher. "
        "These are two questions, and need two names.",
        lower=named["lower"],
        higher=named["higher"],
    )


def _together(trials: Sequence[PooledTrial], *, invented: bool) -> Together | Text:
    if len(trials) < SHOWN_FROM:
        return say(
            "No common figure yet: trials that count here: {n}. It is shown from {fewest}; of "
            "fewer it would be more chance than knowledge.",
            n=len(trials),
            fewest=SHOWN_FROM,
        )
    import numpy as np

    from htkeval.stats.answer import Absence
    from htkeval.stats.pooling import pool

    logs = np.array([math.log(one.estimate or 1.0) for one in trials])
    errors = np.array([one.error or 0.0 for one in trials])
    found = pool(logs, errors, level=LEVEL)
    if isinstance(found, Absence):
        return _TOO_FAR
    estimate = _ratio(found.reported.effect.value)
    ci = _ratios(found.reported.interval)
    if ci is None or estimate is None:
        return _TOO_FAR
    return Together(
        trials=found.trials,
        estimate=estimate,
        ci=ci,
        prediction=_ratios(found.reported.prediction),
        level=LEVEL,
        p_value=found.reported.effect.p_value,
        interval_by="wald" if found.reported is found.wald else "hartung_knapp",
        tau=found.tau,
        i2=found.i2,
        q=found.q,
        q_p=found.q_p,
        usable=len(trials) >= USABLE_FROM and not invented,
        without=tuple(_left_out(found, trials, side(ci))),
    )


_TOO_FAR = say("No common figure: the trials' figures are too far apart for one number.")


def _left_out(found: Pooled, trials: Sequence[PooledTrial], before: int) -> Iterable[LeftOut]:
    """Without each in turn; one whose absence leaves no number is not told."""
    from htkeval.stats.answer import Absence

    for one, rest in zip(trials, found.without, strict=True):
        if isinstance(rest, Absence):
            continue
        ci = _ratios(rest.reported.interval)
        estimate = _ratio(rest.reported.effect.value)
        if ci is None or estimate is None:
            continue
        yield LeftOut(
            origin=one.origin, estimate=estimate, ci=ci, tau=rest.tau, flips=side(ci) != before
        )


def _ratios(interval: object) -> Interval | None:
    """An interval of logarithms as one of ratios; None where it is none, or too wide for one."""
    if not isinstance(interval, tuple):
        return None
    low, high = map(_ratio, interval)
    return None if low is None or high is None else (low, high)


def _ratio(log: float) -> float | None:
    try:
        found = math.exp(log)
    except OverflowError:
        return None
    return found if found > 0 else None
