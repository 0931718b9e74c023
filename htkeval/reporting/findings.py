"""Words and tables for findings, that the command line, the dashboard and the papers share."""

from __future__ import annotations

from htkeval.finding import KINDS, STATUSES, Finding, FindingStep
from htkeval.local_day import local_day
from htkeval.portfolio import Portfolio, TrialState
from htkeval.reporting.plain import shortened
from htkeval.reporting.sentences import joined, listed, quoted, title
from htkeval.reporting.tables import Table
from htkeval.text import Text, say

HEADING = say("Experience and challenges")
UNSOLVED = say("Which challenges are not solved?")
IN_SHORT = 200
"""Characters of a text where many trials stand together; the trial's own page has the rest."""
HEAD = (say("What was found"), say("Measure and owner"), say("How far"))


def register(found: tuple[Finding, ...]) -> Table:
    """Every finding of a trial, those that are not closed first.

    A phone has room for three columns, so what belongs together shares one.
    """
    return Table(HEADING, HEAD, rows(found))


def rows(found: tuple[Finding, ...]) -> tuple[tuple[Text, ...], ...]:
    """The same below its head, as a letter takes it."""
    ordered = sorted(found, key=lambda one: not one.unsolved)
    return tuple((_what(one), measure_and_owner(one), how_far(one)) for one in ordered)


def not_solved(state: TrialState) -> Text | None:
    """What kinds of challenges of a trial are not solved; what each is stands further down."""
    kinds = [KINDS[kind] for kind in dict.fromkeys(one.kind for one in state.unsolved)]
    return say("Not solved: {kinds}.", kinds=listed(kinds)) if kinds else None


def unsolved(portfolio: Portfolio) -> Table:
    """The challenges of all trials that nobody has solved or accepted."""
    head = (say("Challenge"), say("Trial"), say("Owner and how far"))
    body = tuple(
        (_what(_cut(one)), title(state.trial), _owned(_cut(one)))
        for state in portfolio.trials
        for one in state.unsolved
    )
    return Table(UNSOLVED, head, body)


def how_far(one: Finding | FindingStep) -> Text:
    """The status, with the day that belongs to it."""
    status = STATUSES[one.status]
    if one.closed:
        return say("{status}, {day:d MMMM y}", status=status, day=one.closed)
    if one.due:
        return say("{status}, by {day:d MMMM y}", status=status, day=one.due)
    return status


def measure_and_owner(one: Finding | FindingStep) -> Text:
    """What is done about it, and by whom."""
    if one.measure is None:
        return quoted(one.owner)
    return say("{measure} ({owner})", measure=one.measure, owner=one.owner)


def in_short(one: Finding) -> Text:
    """One finding in a line: its name, kind, text and owner."""
    cut = _cut(one)
    values = {"id": cut.id, "kind": KINDS[cut.kind], "text": cut.text, "owner": cut.owner}
    return say("{id}, {kind}: {text} ({owner})", **values)


def step_of(step: FindingStep) -> Text:
    """What somebody said of it, with when and who."""
    values = {
        "day": local_day(step.at),
        "by": step.by,
        "how": how_far(step),
        "what": measure_and_owner(step),
    }
    if step.why is None:
        return say("{day:d MMMM y}, {by}: {how}; {what}.", **values)
    return say("{day:d MMMM y}, {by}: {how}; {what}. {why}", **values, why=step.why)


def _what(one: Finding) -> Text:
    what = say("{id}, {kind}: {text}", id=one.id, kind=KINDS[one.kind], text=one.text)
    if not one.areas:
        return what
    areas = tuple(quoted(area) for area in one.areas)
    return joined([what, say("[Matters to: {areas}]", areas=areas)])


def _owned(one: Finding) -> Text:
    return say("{owner}: {how}", owner=one.owner, how=how_far(one))


def _cut(one: Finding) -> Finding:
    """The same with texts that are no longer than a line or two."""
    areas = tuple(shortened(area, IN_SHORT) for area in one.areas)
    text, owner = shortened(one.text, IN_SHORT), shortened(one.owner, IN_SHORT)
    return one.model_copy(update={"text": text, "owner": owner, "areas": areas})
