"""How far each query has come: what the rules find now, what they found before, what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from htkeval.kept_row import KeptRow
from htkeval.queries import findings
from htkeval.queries.finding import Finding
from htkeval.queries.told import Came
from htkeval.query import Query, QueryRule, QueryStatus, QueryStep
from htkeval.text import say
from htkeval.trial import Trial

ORDER: Mapping[QueryStatus, int] = {
    "open": 0, "reopened": 0, "answered": 1, "closed": 2, "settled": 3
}  # fmt: skip
_GONE = say("It is not odd any more, now that other rows are in or are put right.")

About = tuple[QueryRule, int | None, str | None]
"""Rule, row and column of a query."""


def standing(
    trial: Trial,
    rows: Sequence[KeptRow],
    *,
    came: Came,
    said: Mapping[str, tuple[About, tuple[QueryStep, ...]]],
) -> tuple[Query, ...]:
    """Every query of a trial, those that somebody has to do something about first.

    Args:
        trial: The definition.
        rows: All rows with their history, in the order in which they came; not those of people
            who were forgotten.
        came: What rows brought with them.
        said: By query: what it is about and what was done about it.
    """
    now = {one.id: one for one in findings(trial, [row for row in rows if row.counts], came)}
    made = [_waiting(one, said) for one in now.values()]
    known = {row.id: row for row in rows}
    before = {} if not said and not any(row.history for row in rows) else _before(trial, rows, came)
    for name, one in before.items():
        ids = [each for each in (one.row, *one.beside) if each is not None]
        touched = [each for each in ids if each in known and known[each].history]
        if name not in now and (touched or name in said):
            made.append(_settled(one, said, known[touched[0]] if touched else None))
    for name, ((rule, row, column), steps) in said.items():
        if name not in now and name not in before and (row is None or row in known):
            gone = {"status": "settled", "settled_by": "other_rows", "message": _GONE}
            about = {"id": name, "rule": rule, "row": row, "column": column}
            made.append(Query.model_validate({**about, **gone, "history": steps}))
    return tuple(sorted(made, key=lambda q: (ORDER[q.status], q.row is None, q.row or 0, q.id)))


def _query(
    one: Finding,
    said: Mapping[str, tuple[About, tuple[QueryStep, ...]]],
    status: QueryStatus | None,
    by: Literal["correction", "exclusion", "other_rows"] | None,
) -> Query:
    steps = said[one.id][1] if one.id in said else ()
    return Query(
        id=one.id,
        rule=one.rule,
        row=one.row,
        column=one.column,
        status=status or (steps[-1].action if steps else "open"),
        settled_by=by,
        history=steps,
        message=one.message,
    )


def _waiting(one: Finding, said: Mapping[str, tuple[About, tuple[QueryStep, ...]]]) -> Query:
    return _query(one, said, None, None)


def _settled(
    one: Finding, said: Mapping[str, tuple[About, tuple[QueryStep, ...]]], row: KeptRow | None
) -> Query:
    if row is None:
        return _query(one, said, "settled", "other_rows")
    return _query(one, said, "settled", "exclusion" if not row.counts else "correction")


def _before(trial: Trial, rows: Sequence[KeptRow], came: Came) -> dict[str, Finding]:
    """What the rules found while rows still said what they said before."""
    lives = [_life(trial, row) for row in rows]
    found: dict[str, Finding] = {}
    for time in range(max((len(life) for life in lives), default=0) - 1):
        then = [life[min(time, len(life) - 1)] for life in lives]
        counting = [row for row in then if row.counts]
        found |= {one.id: one for one in findings(trial, counting, came)}
    return found


def _life(trial: Trial, row: KeptRow) -> list[KeptRow]:
    """A row as it stood before each thing that was done to it, oldest first, and as it stands."""
    states = [row]
    for event in dict.fromkeys(change.event for change in reversed(row.history)):
        states.append(_undone(states[-1], event, arm=trial.design.arm))
    return states[::-1]


def _undone(row: KeptRow, event: int, *, arm: str) -> KeptRow:
    """A row as it stood before an event, the newest that did something to it."""
    keys: dict[str, Any] = dict(row.keys)
    values: dict[str, Any] = dict(row.values)
    more: dict[str, Any] = {"counts": True, "keys": keys, "values": values}
    for change in row.history:
        if change.event != event or change.column is None:
            continue
        if change.column == arm:
            more["arm"] = change.before
        else:
            (keys if change.column in keys else values)[change.column] = change.before
    more["history"] = tuple(change for change in row.history if change.event < event)
    return row.model_copy(update=more)
