"""What the committee is asked to decide: numbered points from verdicts, bookings and money."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date as Day

from htkeval.decision import Verdict
from htkeval.paper import Behind
from htkeval.portfolio import TrialState
from htkeval.reporting.decided import what
from htkeval.reporting.numbers import LEAST_KR
from htkeval.reporting.sentences import area, count, listed, quoted, tasks, title
from htkeval.reporting.wording import waiting
from htkeval.reporting.words import gate_name
from htkeval.supported import TrialCarries
from htkeval.text import Text, say

EACH = 3
"""Trials of one verdict that have a point each; more share one."""
LATE = 3
"""Conditions past their day that have a point each."""

NOTHING = say("takes the paper as information")


def points(behind: Behind, states: Sequence[TrialState]) -> tuple[Text, ...]:
    """The points, each ending as a part of one sentence does.

    Args:
        behind: What the paper is made from.
        states: The trials that it is about.
    """
    found = [
        *_verdicts(behind, [one for one in states if waiting(one)]),
        *_savings(behind, states),
        *_money(behind, states),
        *_conditions(states, behind.day),
        *_missing(behind),
    ]
    told = found or [NOTHING]
    ends = [","] * (len(told) - 1) + ["."]
    return tuple(Text("{point}" + end, {"point": one}) for one, end in zip(told, ends, strict=True))


def _verdicts(behind: Behind, states: Sequence[TrialState]) -> Iterable[Text]:
    """What is recommended of each trial that nobody has decided on; many of one share a point."""
    for verdict, (one, many) in _POINTS.items():
        of = [s for s in states if s.recommendation and s.recommendation.verdict == verdict]
        if len(of) <= EACH:
            yield from (_priced(one(state), behind, state) for state in of)
        else:
            names = listed([title(state.trial) for state in of[:EACH]])
            yield Text(many.template, {"names": names, "n": count(len(of) - EACH)})


def _priced(point: Text, behind: Behind, state: TrialState) -> Text:
    """What a longer trial costs, in the point that asks for it."""
    known = behind.going_on.get(state.trial.id)
    cost = known.samples[0].cost_kr if known is not None and known.samples else None
    if cost is None:
        return point
    return say("{point}, at a price of {kr:kr} kr.", point=point, kr=cost)


def _go(state: TrialState) -> Text:
    begins = state.trial.economics.takes_effect
    values = {"title": title(state.trial), "area": area(state.trial)}
    if begins is None:
        return say("approves that {title} is scaled in {area}", **values)
    return say(
        "approves that {title} is scaled in {area} from {day:d MMMM y}", **values, day=begins
    )


def _on_conditions(state: TrialState) -> Text:
    open_ = [gate_name(one.id) for one in state.gates if one.required and one.state == "open"]
    if not open_:
        return _go(state)
    return say(
        "approves that {title} is scaled in {area} when these are in place: {names}",
        title=title(state.trial), area=area(state.trial), names=listed(open_),
    )  # fmt: skip


def _prolong(state: TrialState) -> Text:
    more = state.recommendation.next.n_more if state.recommendation else None
    if not more:
        return say("approves that the trial {title} goes on", title=title(state.trial))
    return say(
        "approves that the trial {title} goes on with about {n:#,##0} {tasks} more",
        title=title(state.trial), n=more, tasks=tasks(state.trial),
    )  # fmt: skip


def _no(state: TrialState) -> Text:
    return say("takes note that {title} cannot carry a saving", title=title(state.trial))


def _stop(state: TrialState) -> Text:
    return say("decides that the trial {title} is stopped", title=title(state.trial))


def _forbidden(state: TrialState) -> Text:
    return say("takes note that the law does not permit {title}", title=title(state.trial))


_POINTS: dict[Verdict, tuple[Callable[[TrialState], Text], Text]] = {
    "stop": (_stop, say("decides that {names} and {n} more trials are stopped")),
    "go": (_go, say("approves that {names} and {n} more trials are scaled")),
    "go_with_conditions": (
        _on_conditions,
        say("approves that {names} and {n} more trials are scaled on the conditions of the annex"),
    ),
    "prolong": (_prolong, say("approves that {names} and {n} more trials go on")),
    "no_go": (_no, say("takes note that {names} and {n} more trials cannot carry a saving")),
    "not_permitted": (
        _forbidden,
        say("takes note that the law does not permit {names} and {n} more trials"),
    ),
}
"""By verdict: the point of one trial, and that of many."""


def _savings(behind: Behind, states: Sequence[TrialState]) -> Iterable[Text]:
    """What is taken home where: what is booked with a decision is decided already."""
    if behind.budget is None:
        return
    undecided = {one.trial.id for one in states if waiting(one)}
    counting = [
        one for one in behind.budget.trials
        if one.counts and one.trial in undecided and _last(one) > 0
    ]  # fmt: skip
    for one in counting[:EACH]:
        yield say(
            "approves that about {kr:kr} kr. a year from {year} is taken home in {area}",
            kr=_last(one), year=str(one.years[-1].year), area=quoted(one.area),
        )  # fmt: skip


def _last(one: TrialCarries) -> float:
    kr = one.years[-1].kr if one.years else None
    return kr.expected if kr is not None else 0.0


def _money(behind: Behind, states: Sequence[TrialState]) -> Iterable[Text]:
    """Applications to the pool that wait for an answer."""
    names = {one.trial.id: title(one.trial) for one in states}
    asked = behind.fund.ranked if behind.fund else ()
    for one in [each for each in asked if each.state == "waiting" and each.trial in names][:EACH]:
        yield say(
            "grants {kr:#,##0} kr. from the pool to {title} ({id})",
            kr=one.amount_kr, title=names[one.trial], id=one.id,
        )  # fmt: skip


def _conditions(states: Sequence[TrialState], day: Day) -> Iterable[Text]:
    """Conditions of a decision whose day has passed."""
    late = [(state, one) for state in states for one in state.conditions if one.late(day)]
    for state, one in late[:LATE]:
        yield say(
            "takes note that a condition of {title} is overdue since {due:d MMMM y}: {what}",
            title=title(state.trial), due=one.condition.due, what=what(one),
        )  # fmt: skip
    if len(late) > LATE:
        yield say("takes note that {n} more conditions are overdue", n=count(len(late) - LATE))


def _missing(behind: Behind) -> Iterable[Text]:
    """What of the budget nothing carries, in its first and its last year."""
    years = [one for one in behind.budget.years if one.booked_kr > 0] if behind.budget else []
    lacking = [one for one in years if one.missing_kr >= LEAST_KR]
    if not lacking:
        return
    told = [say("{kr:kr} kr. in {year}", kr=one.missing_kr, year=str(one.year)) for one in lacking]
    yield say(
        "takes note that there is no evidence yet for {amounts} of what the budget expects",
        amounts=listed(told),
    )
