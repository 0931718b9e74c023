"""What every paper says of a trial: its sentences are those of the pages."""

from __future__ import annotations

from htkeval.condition import ConditionStands
from htkeval.finding import Finding
from htkeval.paper import Behind
from htkeval.portfolio import TrialState
from htkeval.reporting import deviations, knowing, money, wording
from htkeval.reporting.certainty import level_of, measured
from htkeval.reporting.quality import guardrails
from htkeval.reporting.result import finding
from htkeval.reporting.sentences import count, joined, listed, title
from htkeval.reporting.words import VERDICTS, gate_name
from htkeval.text import Text, say

LONGEST = 600
"""Characters of anybody's own words on the two pages: the rest stands on the trial's own page."""


def short(state: TrialState, behind: Behind) -> Text:
    """A trial in a paragraph: what it gave and how surely, what it is worth, why this verdict."""
    if state.analysis is None:
        return wording.why(state)
    found = finding(state.trial, state.analysis)
    parts = [found.headline, found.uncertainty]
    parts.append(measured(state.trial, level_of(state.analysis)))
    if (worth := money.of_trial(behind.budget, state.trial.id)) is not None:
        parts.append(say("Worth: {worth}.", worth=_no_stop(worth)))
        parts += money.ends(behind.budget, state.trial.id)[:1]
    parts.append(say("Therefore: {why}", why=wording.why(state)))
    price = knowing.price(behind.going_on.get(state.trial.id), state.trial)
    parts += [price] if price is not None else []
    if (told := deviations.in_short(state)) is not None:
        parts.append(told)
    return joined(parts)


def _no_stop(text: Text) -> Text:
    """A phrase at the end of a sentence: one that is a sentence itself loses its full stop."""
    return Text("{phrase}", {"phrase": (text,)})


def decided(state: TrialState) -> Text | None:
    """What was decided of it, as the pages say it."""
    told = wording.decided(state)
    return None if told is None else say("{title}: {told}", title=title(state.trial), told=told)


def quality(state: TrialState) -> tuple[Text, ...]:
    """Whether quality suffered, a sentence for each guardrail."""
    if state.analysis is None:
        return ()
    watched = guardrails(state.trial, state.analysis, agreed_before=state.registered_in_time)
    return tuple(one.sentence for one in watched)


def in_place(state: TrialState) -> bool:
    """Whether no matter of law, security and co-operation that is required is open or forbidden."""
    return not any(one.required and one.state in ("open", "forbidden") for one in state.gates)


def law(state: TrialState) -> Text:
    """How many of the matters of law, security and co-operation are in place, and which are not."""
    gates = [one for one in state.gates if one.required]
    name = title(state.trial)
    if not gates:
        return say("{title}: no conditions of law were named.", title=name)
    open_ = [one for one in gates if one.state == "open"]
    held = [one for one in gates if one.state == "forbidden"]
    if not (open_ or held):
        return say(
            "{title}: all {n} matters of law, security and co-operation are in place.",
            title=name, n=count(len(gates)),
        )  # fmt: skip
    told = say(
        "{title}: {done} of {n} matters of law, security and co-operation are in place.",
        title=name, done=count(len(gates) - len(open_) - len(held)), n=count(len(gates)),
    )  # fmt: skip
    parts = [told]
    if open_:
        parts.append(say("Open: {names}.", names=listed([gate_name(one.id) for one in open_])))
    if held:
        parts.append(
            say("Not permitted: {names}.", names=listed([gate_name(one.id) for one in held]))
        )
    return joined(parts)


def closed_on(state: TrialState) -> Text | None:
    """When each matter was put in place, in a line; None where no day is known."""
    days = [
        say("{gate} {day:d MMMM y}", gate=gate_name(one.id), day=one.date)
        for one in state.gates
        if one.state == "closed" and one.date is not None
    ]
    return say("Closed: {gates}.", gates=listed(days)) if days else None


def changes(states: tuple[TrialState, ...], most: int) -> tuple[Text, ...]:
    """What would change the recommendations: the first of each trial, then the second of each."""
    every = [
        [_change(state, one, alone=len(states) == 1) for one in wording.changes(state)]
        for state in states
    ]
    deep = max(map(len, every), default=0)
    in_turn = [told[n] for n in range(deep) for told in every if n < len(told)]
    return tuple(in_turn[:most])


def _change(state: TrialState, change: wording.Change, *, alone: bool) -> Text:
    if alone:
        verdict = VERDICTS[change.to].word
        return say('To "{verdict}": {event}', verdict=verdict, event=change.event)
    return say(
        '{title}, to "{verdict}": {event}',
        title=title(state.trial), verdict=VERDICTS[change.to].word, event=change.event,
    )  # fmt: skip


def hidden(found: Finding, behind_closed: bool) -> bool:
    """Whether a finding is left out of a public paper: a weakness that anybody may still use."""
    return behind_closed and found.kind == "security" and found.unsolved


def condition(one: ConditionStands, name: Text) -> Text:
    """A condition in a line, with its trial."""
    from htkeval.reporting.decided import what

    return say(
        "{title}: {what}. {owner} sees to it by {due:d MMMM y}.",
        title=name, what=what(one), owner=one.condition.owner, due=one.condition.due,
    )  # fmt: skip
