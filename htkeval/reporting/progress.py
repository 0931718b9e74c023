"""How far a trial is, as the tables that the command line and the dashboard share."""

from __future__ import annotations

from htkeval.progress import FATES, ByArm, DrawnFlow, Flow, Part, Progress
from htkeval.reporting.numbers import number
from htkeval.reporting.queries import RULES
from htkeval.reporting.sentences import quoted
from htkeval.reporting.tables import NOTHING, WITH, WITHOUT, Table
from htkeval.text import Text, say

_ARMS = {"baseline": WITHOUT, "treatment": WITH}
WITHHELD = say("withheld")
"""In place of a count from which one of few people could be reckoned."""
HEADING = say("How far is it?")
WEEKS = say("Rows by week, against the plan")
MEANING = say(
    "The plan is spread evenly over the trial's working days. Rows of one to four people are not "
    "told, nor what would give them away."
)


def parts(progress: Progress) -> Table:
    """Rows against the plan: in all, by arm, week and team."""
    return _parts(say("Rows against the plan"), progress.parts)


def without_weeks(progress: Progress) -> Table:
    """The same without its weeks, which are many on a page."""
    shown = tuple(part for part in progress.parts if part.of != "week")
    return _parts(say("Rows against the plan"), shown)


def weeks(progress: Progress) -> Table | None:
    """The same of the weeks alone; None where there is none."""
    shown = tuple(part for part in progress.parts if part.of == "week")
    return _parts(WEEKS, shown) if shown else None


def weeks_in_short(progress: Progress) -> Text:
    """Which weeks there are, in one line; no figure stands in it."""
    named = [part for part in progress.parts if part.of == "week"]
    known = [part.name.split("-W") for part in named if part.name is not None]
    if len(known) < 2:
        return say("Week by week, {n:#,##0} in all", n=len(named))
    first, last = (
        say("week {week} of {year}", week=str(int(week)), year=year)
        for year, week in (known[0], known[-1])
    )
    return say(
        "Week by week, {n:#,##0} in all: {first} to {last}", n=len(named), first=first, last=last
    )


def _parts(name: Text, shown: tuple[Part, ...]) -> Table:
    head = (say("Part"), say("Rows"), say("Planned"), say("People"))
    body = tuple((_named(part), *_figures(part)) for part in shown)
    return Table(name, head, body, figures=True)


def _named(part: Part) -> Text:
    if part.of == "all":
        return say("The whole trial")
    if part.of == "arm":
        return _ARMS[part.name or ""]
    if part.of == "team":
        return say("Team {name}", name=part.name) if part.name else say("No team told")
    if part.name is None:
        return say("No day told")
    year, week = part.name.split("-W")
    return say("Week {week} of {year}", week=str(int(week)), year=year)


def _figures(part: Part) -> tuple[Text, Text, Text]:
    planned = NOTHING if part.planned is None else number(part.planned, 0)
    if part.withheld:
        return WITHHELD, planned, WITHHELD
    people = NOTHING if part.people is None else number(part.people, 0)
    return number(part.rows or 0, 0), planned, people


def flow(progress: Progress) -> Table:
    """What became of every row; the steps add up to the first line."""
    came = progress.flow.came_in
    head = (say("What became of the rows"), say("In all"), WITHOUT, WITH)
    body = [(say("Came in"), *_by_arm(came))]
    body += [(FATES[step.fate], *_by_arm(step)) for step in progress.flow.steps]
    return Table(say("What became of the rows"), head, tuple(body), figures=True)


def _by_arm(n: ByArm) -> tuple[Text, Text, Text]:
    rows, low, high = (
        WITHHELD if one is None else number(one, 0) for one in (n.rows, n.baseline, n.treatment)
    )
    return rows, low, high


def drawn(flow: Flow) -> Table | None:
    """Units that were drawn, and how many of them have rows; None where nothing was drawn."""
    if flow.unit is None:
        return None
    head = (
        say("Drawn ({unit})", unit=flow.unit),
        say("Drawn"),
        say("With rows"),
        say("Without rows"),
    )
    body = tuple((quoted(one.drawn), *_units(one)) for one in flow.drawn)
    return Table(say("Drawn and measured"), head, body, figures=True)


def _units(one: DrawnFlow) -> tuple[Text, Text, Text]:
    units, measured, unmeasured = (
        WITHHELD if n is None else number(n, 0) for n in (one.units, one.measured, one.unmeasured)
    )
    return units, measured, unmeasured


def queries(progress: Progress) -> Text:
    """How many queries wait."""
    if None in (progress.open_queries, progress.answered_queries):
        return say("Queries wait; how many is withheld.")
    if not progress.open_queries and not progress.answered_queries:
        return say("No query is open.")
    return say(
        "Open queries: {n:#,##0}. Answered and not closed: {answered:#,##0}.",
        n=progress.open_queries or 0,
        answered=progress.answered_queries or 0,
    )


def by_rule(progress: Progress) -> Table:
    """What the open queries are about; no row and nobody is named."""
    head = (say("About"), say("Unanswered"))
    body = tuple(
        (RULES[rule], WITHHELD if n is None else number(n, 0))
        for rule, n in progress.open_by_rule.items()
    )
    return Table(say("What the open queries are about"), head, body, figures=True)


def refusals(progress: Progress) -> Text:
    """How many tasks somebody refused to do in their arm."""
    if progress.refused is None:
        return say("How many tasks somebody refused to do in their arm is withheld.")
    return say("Tasks that somebody refused to do in their arm: {n:#,##0}.", n=progress.refused)
