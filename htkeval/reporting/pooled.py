"""Words for trials of one question, side by side and together."""

from __future__ import annotations

from collections.abc import Mapping

from htkeval.evidence_pool import (
    DRAWN,
    USABLE_FROM,
    PooledQuestion,
    PooledTrial,
    Stratum,
    Together,
)
from htkeval.reporting.labels import SCALES
from htkeval.reporting.numbers import digits, number
from htkeval.reporting.plain import shortened
from htkeval.reporting.sentences import quoted
from htkeval.text import Text, say

HEAD = (
    say("Who"),
    say("Level"),
    say("Analysed"),
    say("What"),
    say("Change"),
    say("Uncertainty"),
    say("Counts"),
)
SHOWN = 8
"""Signs of a fingerprint that stand for a trial whose municipality is not told."""


def heading(stratum: Stratum) -> Text:
    """How the trials of a stratum are compared and measured."""
    how = DRAWN[stratum.compared]
    if stratum.self_reported:
        how = say("{how}; as people say themselves", how=how)
    return say("{how}; simulated figures", how=how) if stratum.simulated else how


def titled(found: PooledQuestion, titles: Mapping[str, str]) -> PooledQuestion:
    """The same with our trials under their titles, which are told to people, not their ids."""

    def of(one: PooledTrial) -> PooledTrial:
        name = titles.get(one.trial or "", one.trial)
        return one.model_copy(update={"trial": shortened(name, 60) if name else None})

    strata = tuple(
        each.model_copy(update={"trials": tuple(map(of, each.trials))}) for each in found.strata
    )
    waiting = tuple(
        one.model_copy(update={"trial": titles.get(one.trial, one.trial)}) for one in found.waiting
    )
    return found.model_copy(update={"strata": strata, "waiting": waiting})


def asked(found: PooledQuestion) -> Text:
    """A question in a list: as municipalities have agreed to call it, behind our own trial's title
    where one of ours asks it."""
    ours = [one.trial for each in found.strata for one in each.trials if one.own and one.trial]
    ours += [one.trial for one in found.waiting]
    if not ours:
        return quoted(found.question)
    return say("{title} ({question})", title=ours[0], question=found.question)


def rows(stratum: Stratum) -> list[list[Text]]:
    """A row for each trial, below `HEAD`."""
    return [
        [
            who(one),
            say("{level} of 5", level=int(one.evidence_level[1:])),
            say("{day:d MMM y}", day=one.analysed),
            quoted(shortened(one.measure, 40)),
            _figure(one),
            _interval(one),
            say("yes") if one.reason is None else say("no"),
        ]
        for one in stratum.trials
    ]


def who(one: PooledTrial) -> Text:
    """Whose trial it is."""
    if one.own:
        return say("ours: {trial}", trial=one.trial)
    return quoted(one.municipality) if one.municipality else _unnamed(one.origin)


def _unnamed(origin: str) -> Text:
    return say("not told ({origin})", origin=origin[:SHOWN])


def change(ratio: float) -> Text:
    """A ratio as a change in per cent."""
    percent = 100 * (ratio - 1)
    return say("{n} %", n=number(percent, digits(percent), signed=True))


def _figure(one: PooledTrial) -> Text:
    if one.estimate is None:
        return quoted("–")
    if one.scale == "ratio":
        return change(one.estimate)
    shown = number(one.estimate, digits(one.estimate), signed=True)
    return say("{n} ({scale})", n=shown, scale=SCALES[str(one.scale)])


def _interval(one: PooledTrial) -> Text:
    if one.ci is None:
        return quoted("–")
    if one.scale == "ratio":
        return say("{low} to {high}", low=change(one.ci[0]), high=change(one.ci[1]))
    low, high = (number(end, digits(*one.ci), signed=True) for end in one.ci)
    return say("{low} to {high}", low=low, high=high)


def remarks(stratum: Stratum) -> list[Text]:
    """What is to be known of single trials."""
    told = [
        say("{who}: {reason}", who=who(one), reason=one.reason.message)
        for one in stratum.trials
        if one.reason is not None
    ]
    told += [
        say("{who}: something came in after the analysis.", who=who(one))
        for one in stratum.trials
        if one.stale
    ]
    return told


def conclusion(stratum: Stratum) -> list[Text]:
    """What a stratum says as one; or why it says nothing."""
    if stratum.pooled is None:
        return [stratum.reason.message] if stratum.reason else []
    told, found = concluded(stratum), stratum.pooled
    return [*told[:2], spread(found), *told[2:]]


def concluded(stratum: Stratum) -> list[Text]:
    """The same without the measures of spread, which belong to a method section."""
    if stratum.pooled is None:
        return [stratum.reason.message] if stratum.reason else []
    found = stratum.pooled
    return [_average(found), expected(found), _without(found, stratum), _use(found)]


def _average(found: Together) -> Text:
    return say(
        "{n} trials together: {estimate} on average ({level:#,##0} % interval {low} to {high}).",
        n=found.trials,
        estimate=change(found.estimate),
        level=100 * found.level,
        low=change(found.ci[0]),
        high=change(found.ci[1]),
    )


def expected(found: Together) -> Text:
    """What the next municipality may expect."""
    if found.prediction is None:
        return say("In the next municipality nearly anything may be expected.")
    low, high = found.prediction
    return say(
        "In the next municipality expect a change between {low} and {high} ({level:#,##0} % "
        "prediction interval).",
        low=change(low),
        high=change(high),
        level=100 * found.level,
    )


def spread(found: Together) -> Text:
    """How much the trials differ among one another."""
    return say(
        "Between trials: tau {tau:0.000} on the log scale, I² {i2:#,##0} %.",
        tau=found.tau,
        i2=100 * found.i2,
    )


def _without(found: Together, stratum: Stratum) -> Text:
    names = {one.origin: who(one) for one in stratum.trials}
    turning = tuple(names[one.origin] for one in found.without if one.flips)
    if turning:
        return say(
            "It hangs on single trials. Without one of these the conclusion is another: {all}.",
            all=turning,
        )
    if not found.without:
        return say("What it would be without each trial cannot be told.")
    low, high = (pick(one.estimate for one in found.without) for pick in (min, max))
    return say(
        "No single trial decides it: without any one of them it is {low} to {high} on average.",
        low=change(low),
        high=change(high),
    )


def _use(found: Together) -> Text:
    if found.usable:
        return say("Enough trials for a policy to use it.")
    if found.trials >= USABLE_FROM:
        return say("Invented measurements: no policy may use it.")
    return say("Shown, not used: a policy may use it from {fewest} trials.", fewest=USABLE_FROM)
