"""What it is worth to know more before deciding, in kroner."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from htkeval.business.believed import Believed, believed, shrunken
from htkeval.business.case import Worked, work_out
from htkeval.business.lines import lines
from htkeval.business.minutes import measured
from htkeval.business.net import GIVEN, net_kr
from htkeval.economics import Horizon, Rates
from htkeval.effect import Effect
from htkeval.knowing import From, Knowing, Sample
from htkeval.portfolio import TrialState
from htkeval.prior import Prior
from htkeval.text import Text, say
from htkeval.trial import Trial

DRAWS = 100_000
DAYS_A_YEAR = 365.25
NOT_MEASURED = (*GIVEN[1:], "training_hours")
"""What the net kroner of a year, and of the years together, take beside the minutes."""
Net = Callable[[Any], Any]
"""Net kroner at changes of the logarithm."""


@dataclass(frozen=True)
class More:
    """Further tasks whose value is asked."""

    of: From
    """By whom."""
    tasks: int
    """How many."""
    after: float
    """Standard error of the change of the logarithm once they are in."""


Left = Callable[[float], float | None]
"""What is left of the squared error with so many times as many tasks more by the same people, from
the design; None where that cannot be told."""


def _not_told(_share: float) -> None:
    return None


def knowing(
    state: TrialState,
    rates: Rates,
    *,
    same_people: Left = _not_told,
    seed: int = 1,
    draws: int = DRAWS,
) -> Knowing | None:
    """Is more trial worth its price?

    The choice is between using the tool in the whole area and not, over the horizon: years times
    what it nets a year, which follows from the minutes by the business case's own formula with all
    else as expected, less training once. What the trial itself has cost is spent whatever is
    chosen. Certainty is worth what
    the choice that looks best now is expected to lose; further tasks are worth the part of it that
    they bring. The belief is the registered prior times the likelihood of the estimate, which is t
    with the estimate's degrees of freedom.

    Args:
        state: The trial as it stands.
        rates: What is the same for all trials, with the horizon.
        same_people: What more tasks by the same people would leave of the squared error.
        seed: Where the draws begin.
        draws: How many.

    Returns:
        None where nothing was analysed, nothing is told yet, or it does not measure minutes.
    """
    if state.analysis is None or not isinstance(measured(state.trial, state.analysis), Effect):
        return None
    belief = believed(state.trial, state.analysis, state.prior)
    worked = work_out(state.trial, state.analysis, rates, lines(rates))
    missing = _missing(worked, belief, rates)
    base = {
        "trial": state.trial.id,
        "simulated": state.simulated,
        "price_level": rates.price_level,
        "prior": state.prior,
        "prior_registered": state.prior_registered,
        "horizon_years": rates.horizon.years if rates.horizon else 0.0,
        "minutes": None if belief is None else belief.minutes,
        "believed_minutes": None if belief is None else shrunken(belief, level=0.95).expected,
    }
    if missing or belief is None or rates.horizon is None:
        return Knowing(
            **base,
            gain=None,
            net_kr=None,
            perfect_kr=None,
            missing=missing,
            message=say(
                "What it would be worth to know more is not known. Not stated: {what}.",
                what=tuple(_called(missing, rates)),
            ),
        )
    found = _valued(state, belief, worked.known, rates.horizon, same_people, seed=seed, draws=draws)
    return Knowing(**base, **found, message=_summary(found))


def planned(
    trial: Trial,
    rates: Rates,
    prior: Prior,
    *,
    minutes: float,
    error: float,
    seed: int = 1,
    draws: int = DRAWS,
) -> float | None:
    """What is a trial expected to be worth that has not been measured yet?

    Args:
        trial: The plan, with its assumptions.
        rates: What is the same for all trials, with the horizon.
        prior: What is believed of the tool.
        minutes: Minutes a task without it.
        error: Standard error of the change of the logarithm at the trial's end, as planned.
        seed: Where the draws begin.
        draws: How many.

    Returns:
        Kroner over what the trial's own length leaves of the horizon; None where an assumption is
        missing.
    """
    import numpy as np

    from htkeval.stats.student_information import Student, simulated_sample_information

    worked = work_out(trial, None, rates, lines(rates))
    if rates.horizon is None or any(name in worked.lacking for name in NOT_MEASURED):
        return None
    # the prior itself as a belief: a flat one and a normal likelihood
    belief = Student(0.0, math.inf, prior.mean, prior.sd, math.inf)
    length = (trial.ends - trial.starts + timedelta(days=1)).days / DAYS_A_YEAR
    found = simulated_sample_information(
        belief,
        over(
            max(0.0, rates.horizon.years - length),
            net_of(lambda change: -minutes * np.expm1(change), worked.known),
            worked.known,
        ),
        error_n=error,
        rng=np.random.default_rng(seed),
        draws=draws,
    )
    return found.value


def _missing(worked: Worked, belief: Believed | None, rates: Rates) -> tuple[str, ...]:
    lacking = [gap for name in NOT_MEASURED for gap in worked.lacking.get(name, ())]
    lacking += [] if belief else ["minutes"]
    lacking += [] if rates.horizon else ["horizon"]
    return tuple(dict.fromkeys(lacking))


_NO_LINES = {
    "minutes": say("minutes a task without the tool"),
    "horizon": say("over how many years a choice counts (configs/economics.toml)"),
    "price_level": say("the year in whose prices kroner are"),
}


def _called(missing: Sequence[str], rates: Rates) -> Iterator[Text]:
    """What each missing figure is called."""
    labels = {line.id: line.label for line in lines(rates)} | _NO_LINES
    yield from (labels[name] for name in missing)


def _valued(
    state: TrialState,
    belief: Believed,
    known: Mapping[str, Any],
    horizon: Horizon,
    same_people: Left,
    *,
    seed: int,
    draws: int,
) -> dict[str, Any]:
    a_year = net_of(belief.saved, known)
    whole = over(horizon.years, a_year, known)
    if belief.error == 0:
        pays = float(whole(belief.estimate) > 0)
        net = float(a_year(belief.estimate))
        return {"gain": pays, "net_kr": net, "perfect_kr": 0.0, "samples": ()}
    from htkeval.stats.student_information import (
        chance_above,
        expectation,
        student_perfect_information,
    )

    student = belief.student
    samples = tuple(
        _sample(state, belief, more, a_year, horizon.years, known, seed=seed, draws=draws)
        for more in _mores(state, belief, same_people)
    )
    return {
        "gain": chance_above(student, whole),
        "net_kr": expectation(student, a_year),
        "perfect_kr": student_perfect_information(student, whole),
        "samples": samples,
    }


def over(years: float, a_year: Net, known: Mapping[str, Any]) -> Net:
    """Net kroner over so many years: what each nets, less training once."""
    training = known["training_hours"].expected * known["hour_kr"].expected

    def together(change: Any) -> Any:
        return years * a_year(change) - training

    return together


def net_of(saved: Callable[[Any], Any], known: Mapping[str, Any]) -> Net:
    """Net kroner a year at a change of the logarithm, all else as expected.

    Args:
        saved: Minutes saved a task at a change.
        known: The lines of the business case.
    """
    expected = {name: known[name].expected for name in GIVEN[1:]}

    def a_year(change: Any) -> Any:
        return net_kr({**expected, "measured_minutes": saved(change)})

    return a_year


def _mores(state: TrialState, belief: Believed, same_people: Left) -> tuple[More, ...]:
    """As many further tasks as are asked for, else as many as there are: by more people, and by the
    same people where the design says what is left of the error then."""
    assert state.analysis is not None
    effect = state.analysis.effect(state.trial.primary.id, "difference")
    assert effect is not None
    asked = state.recommendation.next.n_more if state.recommendation else None
    tasks = asked or state.analysis.rows
    share = tasks / (effect.tasks or state.analysis.rows)
    found = [More("more_people", tasks, belief.error / math.sqrt(1 + share))]
    left = same_people(share)
    if left is not None:
        found.append(More("same_people", tasks, belief.error * math.sqrt(left)))
    return tuple(found)


def _sample(
    state: TrialState,
    belief: Believed,
    more: More,
    a_year: Net,
    years: float,
    known: Mapping[str, Any],
    *,
    seed: int,
    draws: int,
) -> Sample:
    import numpy as np

    from htkeval.stats.student_information import expectation, simulated_sample_information

    days = _days(state, more.tasks)
    left = over(max(0.0, years - (days or 0.0) / DAYS_A_YEAR), a_year, known)
    found = simulated_sample_information(
        belief.student,
        left,
        error_n=_of_more_alone(belief.error, more.after),
        rng=np.random.default_rng(seed),
        draws=draws,
    )
    today = max(0.0, expectation(belief.student, over(years, a_year, known)))
    waiting = None if days is None else today - max(0.0, expectation(belief.student, left))
    trial_kr = known.get("trial_kr")
    cost = None
    if trial_kr is not None and state.analysis is not None:
        cost = trial_kr.expected * more.tasks / state.analysis.rows
    return Sample(
        of=more.of,
        tasks=more.tasks,
        error_after=more.after,
        value_kr=found.value,
        simulation_error_kr=found.error,
        days=days,
        delay_kr=waiting,
        cost_kr=cost,
        net_kr=None if cost is None else found.value - (waiting or 0.0) - cost,
    )


def _of_more_alone(now: float, after: float) -> float:
    """Standard error of further data alone, by which an error falls from one to the other."""
    if after >= now:
        return math.inf
    return 1 / math.sqrt(1 / after**2 - 1 / now**2)


def _days(state: TrialState, tasks: int) -> float | None:
    """Days that so many tasks take at the pace of the trial so far."""
    if state.analysis is None or not state.analysis.rows:
        return None
    length = (state.trial.ends - state.trial.starts + timedelta(days=1)).days
    return tasks / state.analysis.rows * length


def _summary(found: Mapping[str, Any]) -> Text:
    values: dict[str, Any] = {"perfect": found["perfect_kr"], "gain": 100 * found["gain"]}
    if not found["samples"]:
        return say(
            "Certainty would be worth {perfect:kr} kr.; the chance that it pays, all else as "
            "expected, is {gain:0} %.",
            **values,
        )
    best: Sample = found["samples"][0]
    values |= {"n": best.tasks, "value": best.value_kr}
    if best.net_kr is None:
        return say(
            "Certainty would be worth {perfect:kr} kr., {n:#,##0} more tasks {value:kr} kr. "
            "before their price, which is not stated; the chance that it pays, all else as "
            "expected, is {gain:0} %.",
            **values,
        )
    if best.net_kr > 0:
        return say(
            "As far as minutes go, more trial is worth its price: {n:#,##0} more tasks give "
            "{value:kr} kr., {net:kr} kr. above what they cost and delay.",
            **values,
            net=best.net_kr,
        )
    return say(
        "As far as minutes go, more trial is not worth its price: {n:#,##0} more tasks give "
        "{value:kr} kr., {net:kr} kr. less than they cost and delay.",
        **values,
        net=-best.net_kr,
    )
