"""Which look this is, what its limit is, and whether it is worth going on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from htkeval.effect import Check, Effect, Inference
from htkeval.evaluation.between import when
from htkeval.evaluation.found import Answer
from htkeval.evaluation.sight import Sight, limits_to_come
from htkeval.looks import Standing
from htkeval.stats.answer import Absence
from htkeval.stats.sequential import Look
from htkeval.stats.sequential.futility import conditional_power
from htkeval.stats.sequential.stagewise import as_z
from htkeval.text import Text, say

TELLING = frozenset(
    ("tipping_point", "influence", "informative_size", "confidence_set", "tail", "practice",
     "learning", "carry_over", "secular_trend", "slope", "same_tasks")
)  # fmt: skip
"""Checks whose sentences say how large the primary effect is, or seems among some of the rows."""


def as_far_as_shown(sight: Sight, checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks without those that would tell between looks what the effect's own row does not."""
    if sight.between is None:
        return tuple(checks)
    return tuple(check for check in checks if check.name not in TELLING)


def look_checks(sight: Sight, answers: Sequence[Answer]) -> tuple[Check, ...]:
    """What a reader must know of looks; nothing in a trial with one look."""
    one = next((a for a in answers if isinstance(a.result, Effect) and a.result.confirmatory), None)
    looked = (at_look(sight, one), between_looks(sight, one), due(sight), futility(sight, one))
    return tuple(check for check in looked if check is not None)


def at_look(sight: Sight, one: Answer | None) -> Check | None:
    """Which look this is; shown, not judged."""
    stands, today = sight.standing, sight.today
    if stands is None or today is None:
        return None
    text = say(
        "This is look {k} of {n}, at {share:0} % of the planned information. {limit} {meaning}",
        k=stands.k,
        n=stands.of,
        share=100 * stands.fractions[-1],
        limit=_limit(today),
        meaning=_meaning(stands, today, one),
    )
    return Check(name="look", passed=None, message=text)


def _limit(today: Look) -> Text:
    if today.nominal == 0:
        return say("The plan lets nothing be found today.")
    if today.nominal < 5e-7:
        return say("The limit today lies below one in a million: nothing can be found.")
    if today.nominal < 0.001:
        return say("The limit today is p ≤ {limit:0.000000}.", limit=today.nominal)
    return say("The limit today is p ≤ {limit:0.000}.", limit=today.nominal)


def _meaning(stands: Standing, today: Look, one: Answer | None) -> Text:
    """What that means for going on."""
    effect = one.result if one else None
    if not isinstance(effect, Effect):
        told = say("There is no main figure to hold against it.")
    elif effect.p_value <= today.nominal:
        told = say(
            "The main figure has passed it; its interval is widened so that all looks together "
            "alarm no more often than one would."
        )
    else:
        told = say(
            "The main figure has not passed it; its interval is widened so that all looks "
            "together alarm no more often than one would."
        )
    if stands.passed is not None:
        told = say("{told} The limit was passed at look {k} already.", told=told, k=stands.passed)
    if stands.final:
        return say("{told} This was the last look.", told=told)
    return told


def between_looks(sight: Sight, one: Answer | None) -> Check | None:
    """That nothing is decided today, and what was adjusted; shown, not judged."""
    stands, trial = sight.between, sight.plain.trial
    if stands is None:
        return None
    if stands.reached is None:
        come = say("How much of the planned information is in cannot be told yet.")
    else:
        come = say("{share:0} % of the planned information is in.", share=100 * stands.reached)
    shown = (
        say("No main figure is shown.")
        if one is None
        else say(
            "The main figure has an interval that holds however often one looks, and which is "
            "wider for it; every participant or team counts the same, and columns that explain "
            "are left out."
        )
    )
    text = say(
        "This is no planned look, so nothing is decided. {come} {shown} {when}",
        come=come,
        shown=shown,
        when=when(stands, trial),
    )
    return Check(name="between_looks", passed=None, message=text)


def due(sight: Sight) -> Check | None:
    """That the next look can be taken; shown, not judged."""
    stands = sight.between
    if stands is None or not stands.due:
        return None
    return Check(name="look_due", passed=None, message=when(stands, sight.plain.trial))


def futility(sight: Sight, one: Answer | None) -> Check | None:
    """Whether going on as before is likely to find an improvement; said where it is not."""
    stands, trial = sight.standing, sight.plain.trial
    wanted, effect = trial.analysis.futility, one.result if one else None
    if wanted is None or stands is None or not stands.at or stands.final or one is None:
        return None
    if not isinstance(effect, Effect) or one.fit is None:
        return None
    reported, limits = one.fit.reported, limits_to_come(trial, stands)
    if not isinstance(reported, Inference) or isinstance(limits, Absence):
        return None
    z = as_z(reported.p_value, reported.estimate)
    z = -z if effect.better == "lower" else z
    # a trend the wrong way is taken as none: what is asked for is the chance of an improvement
    drift = max(z / math.sqrt(stands.fractions[-1]), 0.0)
    chance = conditional_power(z, limits, look=stands.k, drift=drift)
    if isinstance(chance, Absence) or chance >= wanted:
        return None
    text = say(
        "If it goes on as until now, a later look finds an improvement in {chance:0} of 100 "
        "cases; below {wanted:0} the plan advises to stop. It is advice: going on costs nothing "
        "in certainty.",
        chance=100 * chance,
        wanted=100 * wanted,
    )
    return Check(name="futility", passed=None, message=text)
