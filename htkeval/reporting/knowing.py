"""What it is worth to know more, in words and rows of a table."""

from __future__ import annotations

from htkeval.knowing import From, Knowing, Sample
from htkeval.reporting.business import NOT_KNOWN, Cell, amount, figure
from htkeval.reporting.numbers import LEAST_KR
from htkeval.reporting.sentences import joined, tasks
from htkeval.text import Text, say
from htkeval.trial import Trial

QUESTION = say("Is more trial worth its price?")
TOO_DEAR = say(
    "The advice looks at how sure the result is, not at that price: the committee can stop the "
    "trial instead."
)

_OF: dict[From, Text] = {
    "more_people": say("{n:#,##0} by more people"),
    "same_people": say("{n:#,##0} by the same people"),
    "plan": say("{n:#,##0} as planned"),
}


def price(found: Knowing | None, trial: Trial) -> Text | None:
    """Sentence 19: what a longer trial costs beside what it is worth; None where either is not
    known."""
    if found is None or not found.samples or found.samples[0].cost_kr is None:
        return None
    best, cost = found.samples[0], found.samples[0].cost_kr
    told = say(
        "A longer trial with {n:#,##0} {tasks} more costs {price:kr} kr., and what it teaches of "
        "the minutes is calculated to be worth {value:kr} kr.",
        n=best.tasks,
        tasks=tasks(trial),
        price=cost,
        value=best.value_kr,
    )
    parts, waits = [told], best.delay_kr or 0.0
    if waits >= LEAST_KR:
        parts.append(say("Waiting for it costs {kr:kr} kr. besides.", kr=waits))
    if best.value_kr < cost + waits:
        parts.append(TOO_DEAR)
    return joined(parts)


def figures(found: Knowing) -> list[list[Cell]]:
    """What is believed, how surely it pays, and what certainty would be worth."""
    return [
        [say("Minutes saved a task, as believed"), figure(found.believed_minutes, "min")],
        [say("Chance that it pays, all else as expected"), figure(found.gain, "share")],
        [say("Net kroner a year, as believed"), amount(found.net_kr)],
        [say("Worth of certainty, over the whole horizon"), amount(found.perfect_kr)],
    ]


def samples(found: Knowing) -> list[list[Cell]]:
    """Further tasks: how long they take, what they are worth, what waiting and they cost."""
    return [
        [
            Text(_OF[one.of].template, {"n": one.tasks}),
            NOT_KNOWN if one.days is None else say("{n:#,##0}", n=one.days),
            *(amount(kr) for kr in _kroner(one)),
        ]
        for one in found.samples
    ]


def _kroner(one: Sample) -> tuple[float | None, ...]:
    return one.value_kr, one.delay_kr, one.cost_kr, one.net_kr


def rests_on(found: Knowing) -> Text:
    """The prior, the horizon, and that only minutes vary."""
    values = {
        "sd": found.prior.sd,
        "years": found.horizon_years,
        "level": str(found.price_level),
    }
    promised = (
        say("It was frozen with the registration.")
        if found.prior_registered
        else say("It was not frozen before the measurements.")
    )
    return joined(
        [
            say(
                "Believed before: no change, SD {sd:0.0#} of the logarithm of the ratio.", **values
            ),
            promised,
            say(
                "Over {years:0.#} years, {level} prices. It is a part of the value: only the "
                "minutes vary, all else is as expected; cost is what the trial cost so far by "
                "task.",
                **values,
            ),
        ]
    )
