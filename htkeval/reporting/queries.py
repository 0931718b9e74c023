"""Words for queries, that the command line and the dashboard share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from htkeval.local_day import local_day
from htkeval.query import STATUSES, Query, QueryAction, QueryRule, QueryStep
from htkeval.reporting.sentences import as_text
from htkeval.reporting.tables import Table
from htkeval.text import Text, say

RULES: Mapping[QueryRule, Text] = {
    "out_of_range": say("outside the limits"),
    "unit_suspected": say("another unit?"),
    "missing": say("nothing there"),
    "duplicate": say("told twice?"),
    "impossible_duration": say("impossible time"),
    "identical_times": say("identical times"),
    "digit_preference": say("rounded times?"),
    "clocks_differ": say("clocks differ"),
    "resumed": say("stopwatch resumed"),
}
"""What a query is about, in a few words."""
_SETTLED = {
    "correction": say("settled by correction"),
    "exclusion": say("settled: the row was left out"),
    "other_rows": say("settled: no longer odd"),
}
_DONE: Mapping[QueryAction, tuple[Text, Text]] = {
    "answered": (
        say("Answered on {day:d MMMM y} by {by}: {text}"),
        say("Answered on {day:d MMMM y} by {by}."),
    ),
    "closed": (
        say("Closed on {day:d MMMM y} by {by}: {text}"),
        say("Closed on {day:d MMMM y} by {by}."),
    ),
    "reopened": (
        say("Opened again on {day:d MMMM y} by {by}: {text}"),
        say("Opened again on {day:d MMMM y} by {by}."),
    ),
}


def status_of(one: Query) -> Text:
    """Where a query stands."""
    return _SETTLED[one.settled_by] if one.settled_by else STATUSES[one.status]


def step_of(step: QueryStep) -> Text:
    """What somebody did about a query, with when and who."""
    worded, silent = _DONE[step.action]
    values: dict[str, Any] = {"day": local_day(step.at), "by": step.by}
    if step.text is None:
        return Text(silent.template, values)
    return Text(worded.template, {**values, "text": step.text})


TITLE = say("Queries")
_ROW = say("Row {row}: {about}")
_ROWS = say("Several rows: {about}")


def name_of(one: Query) -> Text:
    """What a query is called in a list of them."""
    about = RULES[one.rule]
    if one.row is None:
        return say("{what} ({id})", what=Text(_ROWS.template, {"about": about}), id=one.id)
    what = Text(_ROW.template, {"row": str(one.row), "about": about})
    return say("{what} ({id})", what=what, id=one.id)


def settled(after: Query) -> Text:
    """What became of it, and in which words."""
    what, status = name_of(after), status_of(after)
    said = after.history[-1].text if after.history else None
    if said is None:
        return say("Kept. {what}: {status}.", what=what, status=status)
    return say('Kept. {what}: {status}. Your words: "{said}"', what=what, status=status, said=said)


def for_people(one: Query, labels: Mapping[str, Text | str]) -> Text:
    """What is odd and what to do, each column called as the form calls it.

    Args:
        one: The query; its own sentence has the names that a sheet and a command know.
        labels: What a column is called for people, by its name.
    """
    values = dict(one.message.values)
    for key in _COLUMNS & values.keys():
        names = str(values[key]).split(", ")
        told = [labels.get(name, name) for name in names]
        values[key] = as_text(told[0]) if len(told) == 1 else _listed(told)
        if key in _AMID_A_SENTENCE:
            values[key] = say('"{name}"', name=values[key])
    return Text(one.message.template, values)


_COLUMNS = {"column", "columns", "status"}
"""Placeholders in which the sentence of a query names columns."""
_AMID_A_SENTENCE = {"status"}
"""Of them, where a label that is a question would read as one."""


def _listed(told: Sequence[Text | str]) -> Text:
    """Several names in one place."""
    first, *rest = told
    if not rest:
        return as_text(first)
    return say("{first}, {rest}", first=as_text(first), rest=_listed(rest))


def listed(some: Sequence[Query], labels: Mapping[str, Text | str] | None = None) -> Table:
    """What is odd, in which row, and how far each is.

    Args:
        some: The queries.
        labels: What a column is called for people, by its name.
    """
    head = (say("Row"), say("What is odd"), say("Status"))
    rows = tuple(
        (
            say("{row}", row="–" if one.row is None else str(one.row)),
            for_people(one, labels or {}),
            status_of(one),
        )
        for one in some
    )
    return Table(TITLE, head, rows)


def count(found: Sequence[Query]) -> Text:
    """How many there are, by how far they are."""
    if not found:
        return say("Nothing looks odd.")
    n = Counter(one.status for one in found)
    return say(
        "Open: {open:#,##0}. Answered and not closed: {answered:#,##0}. Done with: {done:#,##0}.",
        open=n["open"] + n["reopened"],
        answered=n["answered"],
        done=n["closed"] + n["settled"],
    )
