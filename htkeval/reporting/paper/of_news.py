"""The status paper: what is new since the last meeting, and what it asks of this one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Day

from htkeval.local_day import local_day
from htkeval.paper import Behind
from htkeval.portfolio import Portfolio, TrialState
from htkeval.reporting import deviations, findings, notes, overview, wording
from htkeval.reporting.decided import how_far, what
from htkeval.reporting.paper.annex import annex
from htkeval.reporting.paper.content import Block, Boxed, Heading, Listed, Paper, Said
from htkeval.reporting.paper.economy import pool
from htkeval.reporting.paper.sections import about, annexes, holds_closed, laws, paper, proposals
from htkeval.reporting.paper.telling import hidden
from htkeval.reporting.plain import shortened
from htkeval.reporting.result import finding
from htkeval.reporting.sentences import count, joined, listed, title
from htkeval.reporting.tables import look_taken
from htkeval.reporting.words import OUTCOMES
from htkeval.text import Text, say

MOST = 6
"""Lines of one kind on the two pages; how many more there are is said."""
LONGEST = 300
"""Characters of anybody's own words in a line."""

Told = tuple[Day, Text]
"""A day and what happened on it."""


def of_news(behind: Behind, since: Day, *, public: bool = False) -> Paper:
    """Make the status paper.

    Args:
        behind: What it is made from.
        since: The day of the last one: what came after it is new.
        public: Whether closed parts are left out.
    """
    whole = behind.portfolio
    parts = news(behind, since, public=public)
    touched = tuple(one for one in whole.trials if _touched(one, since))
    closed = not public and holds_closed(behind, whole.trials)
    return paper(
        behind,
        {
            "summary": lambda: _summary(behind, since, parts),
            "background": lambda: about(behind),
            "case": lambda: _case(parts),
            "economy": lambda: _money(behind, since),
            "law": lambda: laws(touched),
            "proposal": lambda: proposals(behind, whole.trials),
            "annexes": lambda: annexes(behind, closed=closed, public=public),
        },
        whole.trials,
        public=public,
        annex=lambda drawn: annex(behind, touched[:MOST], drawn, public=public),
        kind="status",
        since=since,
        title=say("AI trials: what is new?"),
        under=say(
            "What came after {since:d MMMM y}. {figures}",
            since=since, figures=overview.figures_of(whole),
        ),
    )  # fmt: skip


def news(behind: Behind, since: Day, *, public: bool) -> tuple[tuple[Text, tuple[Told, ...]], ...]:
    """By kind: what happened after a day, oldest first; a kind of which nothing did is left out."""
    whole = behind.portfolio
    parts = (
        (say("Begun and changed"), _promised(whole)),
        (say("Analysed"), _analysed(whole)),
        (say("Decided"), _decided(whole)),
        (say("Conditions"), _conditions(whole, behind.day)),
        (findings.HEADING, _findings(whole, public=public)),
        (say("Realised"), _realised(whole)),
        (say("What others told"), _notes(whole)),
    )
    new = ((name, tuple(sorted(_new(told, since, behind.day), key=lambda one: one[0])))
           for name, told in parts)  # fmt: skip
    return tuple((name, told) for name, told in new if told)


def _new(told: Iterable[Told], since: Day, until: Day) -> Iterable[Told]:
    return (one for one in told if since < one[0] <= until)


def _promised(whole: Portfolio) -> Iterable[Told]:
    for state in whole.trials:
        name = title(state.trial)
        if state.registered_at is not None:
            told = say("{title}: goal, limits and method were frozen.", title=name)
            yield local_day(state.registered_at), told
        for one in state.deviations:
            yield local_day(one.at), say("{title}: {told}", title=name, told=deviations.headed(one))
        for look in state.looks:
            yield local_day(look.at), say("{title}: {told}", title=name, told=look_taken(look))


def _analysed(whole: Portfolio) -> Iterable[Told]:
    for state in whole.trials:
        if state.analysis is None or state.analysed_at is None:
            continue
        found = finding(state.trial, state.analysis)
        told = say(
            "{title}: {gave} {verdict}.",
            title=title(state.trial), gave=joined([found.headline, found.uncertainty]),
            verdict=wording.verdict_mark(state).word,
        )  # fmt: skip
        yield local_day(state.analysed_at), told


def _decided(whole: Portfolio) -> Iterable[Told]:
    for state in whole.trials:
        for one in state.decisions:
            told = say(
                "{title}: {outcome}. {reason}",
                title=title(state.trial), outcome=OUTCOMES[one.decision.outcome],
                reason=shortened(one.decision.reason, LONGEST),
            )  # fmt: skip
            yield local_day(one.at), told
            if one.void is not None:
                gone = say("{title}: the decision holds no more.", title=title(state.trial))
                yield local_day(one.void.at), gone


def _conditions(whole: Portfolio, today: Day) -> Iterable[Told]:
    """Met or dropped, and those whose day has passed since."""
    for state in whole.trials:
        for one in state.conditions:
            told = say(
                "{title}: {what}, {how}.",
                title=title(state.trial), what=what(one), how=how_far(one, today),
            )  # fmt: skip
            if one.late(today):
                yield _day_after(one.condition.due), told
            elif one.state != "open" and one.on is not None:
                yield one.on, told


def _day_after(day: Day) -> Day:
    """A condition is overdue from the day after its own."""
    return Day.fromordinal(day.toordinal() + 1)


def _findings(whole: Portfolio, *, public: bool) -> Iterable[Told]:
    for state in whole.trials:
        for one in state.findings:
            if hidden(one, public):
                continue
            told = say(
                "{title}: {what}. {how}.",
                title=title(state.trial), what=findings.in_short(one), how=findings.how_far(one),
            )  # fmt: skip
            yield local_day(one.history[-1].at), told


def _realised(whole: Portfolio) -> Iterable[Told]:
    for state in whole.trials:
        for one in state.realised:
            told = say(
                "{title}: {kr:kr} kr. from {first:d MMMM y} to {last:d MMMM y}.",
                title=title(state.trial), kr=one.kr, first=one.begins, last=one.until,
            )  # fmt: skip
            yield local_day(one.at), told


def _notes(whole: Portfolio) -> Iterable[Told]:
    for one in whole.notes:
        yield local_day(one.sent[0].history[0].at), notes.in_short(one)


def _touched(state: TrialState, since: Day) -> bool:
    """Whether something of a trial's result or decision is new."""
    moments = [state.analysed_at, *(one.at for one in state.decisions)]
    return any(one is not None and local_day(one) > since for one in moments)


def _summary(
    behind: Behind, since: Day, parts: tuple[tuple[Text, tuple[Told, ...]], ...]
) -> list[Block]:
    if not parts:
        lead = say("Nothing is new since {since:d MMMM y}.", since=since)
    else:
        counts = [say("{kind}: {n}", kind=name, n=count(len(told))) for name, told in parts]
        lead = say("New since {since:d MMMM y}: {counts}.", since=since, counts=listed(counts))
    return [
        Boxed(lead=lead, lines=(wording.title(behind.portfolio), wording.lead(behind.portfolio)))
    ]


def _case(parts: tuple[tuple[Text, tuple[Told, ...]], ...]) -> list[Block]:
    told: list[Block] = []
    for name, lines in parts:
        newest = lines[-MOST:]
        items = [say("{day:d MMMM y}: {told}", day=day, told=one) for day, one in newest]
        told += [Heading(text=name), Listed(items=tuple(items))]
        if more := len(lines) - len(newest):
            told.append(Said(text=say("Before these: {n} more.", n=count(more)), small=True))
    return told


def _money(behind: Behind, since: Day) -> list[Block]:
    """What was granted and spent since, and what is left."""
    fund = behind.fund
    if fund is None:
        return []
    granted = sum(one.amount_kr for of in fund.applications for one in of.grants
                  if local_day(one.at) > since)  # fmt: skip
    spent = sum(one.amount_kr for of in fund.applications for one in of.spendings
                if local_day(one.at) > since)  # fmt: skip
    new = say(
        "Since {since:d MMMM y} {granted:kr} kr. were granted and {spent:kr} kr. spent.",
        since=since, granted=granted, spent=spent,
    )  # fmt: skip
    told = pool(fund)
    return [Said(text=new), *([Said(text=told)] if told else [])]
