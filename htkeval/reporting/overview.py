"""What the overview says around its cards: when, how much, what waits, how to read it."""

from __future__ import annotations

from datetime import date

from htkeval.local_day import local_day
from htkeval.portfolio import Portfolio, SignedDecision, TrialState
from htkeval.reporting.certainty import grounds, method
from htkeval.reporting.decided import open_conditions
from htkeval.reporting.followed import due
from htkeval.reporting.locking import void
from htkeval.reporting.sentences import area, joined, quoted, tasks, title
from htkeval.reporting.wording import asked, waiting
from htkeval.reporting.words import OUTCOMES, gate_name
from htkeval.small_cells import FEWEST
from htkeval.text import Text, say

MOST_LINES = 12
"""Lines that are told of each kind; the table of all trials says the rest."""

HOW_TO_READ: tuple[Text, ...] = (
    say(
        "The dot is the best estimate. The thick line is the uncertainty: every value on it fits "
        "the measurements. Where the line touches the black line, there may be no difference."
    ),
    say(
        "The dashed line is the smallest gain worth having; it was set before the measurements "
        "began. All charts have the same scale, so that they can be compared."
    ),
    say(
        "The squares tell how well it was measured, whatever came out. They judge the method, "
        "not the result."
    ),
)


def figures_of(portfolio: Portfolio) -> Text:
    """Who decides, and how new the figures are."""
    days = [local_day(state.analysed_at) for state in portfolio.trials if state.analysed_at]
    committee, municipality = quoted(portfolio.committee), quoted(portfolio.municipality)
    if not days:
        return say("{committee}, {municipality}", committee=committee, municipality=municipality)
    return say(
        "{committee}, {municipality} · figures of {day}",
        committee=committee,
        municipality=municipality,
        day=max(days),
    )


def seen(portfolio: Portfolio, today: date) -> Text:
    """The same with the day on which it is looked at: deadlines are held against that one."""
    told = figures_of(portfolio)
    return say("{told} · seen {day:d MMMM y}", told=told, day=today)


def scope(state: TrialState) -> Text:
    """Where it was tried, and on how many tasks."""
    effect = state.analysis.confirmatory if state.analysis else None
    n = effect.tasks if effect else sum(state.rows.values())
    if n is None and (rows := sum(state.rows.values())) >= FEWEST:
        return say(
            "{area} · {n:#,##0} {tasks} registered",
            area=area(state.trial),
            n=rows,
            tasks=tasks(state.trial),
        )
    if n is None or n < FEWEST:
        return area(state.trial)
    return say("{area} · {n:#,##0} {tasks}", area=area(state.trial), n=n, tasks=tasks(state.trial))


def short_method(state: TrialState) -> Text:
    """The method, and the first thing that speaks against it."""
    against = [ground.sentence for ground in grounds(state) if ground.lowers]
    told = say("Measured by {method}.", method=method(state.trial))
    return joined([told, *against[:1]])


def agenda(portfolio: Portfolio, today: date) -> tuple[tuple[Text, tuple[Text, ...]], ...]:
    """What waits for the committee, what waits for others, what is decided: name and lines."""
    states = portfolio.trials
    parts = (
        (
            say("Waiting for {committee}", committee=portfolio.committee),
            tuple(asked(state) for state in states if waiting(state)),
        ),
        (
            say("Waiting for others"),
            tuple(line for state in states for line in _elsewhere(state, today)),
        ),
        (say("Decided"), tuple(line for state in states for line in _decided(state))),
    )
    return tuple((name, _first(lines) or (say("Nothing."),)) for name, lines in parts)


def _first(lines: tuple[Text, ...]) -> tuple[Text, ...]:
    """The first lines, and how many more there are: the table of all trials has the rest."""
    if len(lines) <= MOST_LINES:
        return lines
    return (*lines[:MOST_LINES], say("… and {n} more.", n=len(lines) - MOST_LINES))


def _elsewhere(state: TrialState, today: date) -> list[Text]:
    """What others have to do: measure, close a gate, see to a condition, follow a booking up."""
    name = title(state.trial)
    asked = {one.condition.gate for one in state.conditions}
    lines = [
        _open_gate(name, gate_name(gate.id), gate.responsible)
        for gate in state.gates
        if gate.required and gate.state == "open" and gate.id not in asked
    ]
    waits = (*open_conditions(state, today), *(due(state.follow_up) if state.follow_up else ()))
    lines += [say("{title}: {what}", title=name, what=one) for one in waits]
    if state.analysis is None:
        lines.append(say("{title}: measurements until {ends}.", title=name, ends=state.trial.ends))
    elif state.stale:
        lines.append(say("{title}: new measurements are not analysed yet.", title=name))
    return lines


def _open_gate(name: Text, gate: Text | str, responsible: str | None) -> Text:
    if responsible:
        return say("{title}: {gate}, {who}.", title=name, gate=gate, who=responsible)
    return say("{title}: {gate}.", title=name, gate=gate)


def _decided(state: TrialState) -> list[Text]:
    return [_one_decided(state, signed) for signed in state.decisions]


def _one_decided(state: TrialState, signed: SignedDecision) -> Text:
    """A decision with its reason, or why it holds no more."""
    if (voided := void(signed)) is not None:
        return say("{title}. {what}", title=title(state.trial), what=voided)
    return say(
        "{day}: {title}. {outcome}. {reason}",
        day=local_day(signed.at),
        title=title(state.trial),
        outcome=OUTCOMES[signed.decision.outcome],
        reason=signed.decision.reason,
    )
