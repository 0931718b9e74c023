"""The queries of a trial: read from its rows and its record, and what people did about them."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event, EventKind
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.kept_row import KeptRow
from htkeval.queries.standing import About, standing
from htkeval.queries.told import Came, RowRemark
from htkeval.query import STATUSES, Query, QueryAction, QueryStatus, QueryStep
from htkeval.steps.case import Case
from htkeval.text import say

BUILT_ON: tuple[EventKind, ...] = ("query", "correction", "exclusion", "erasure")
"""What changes whether a query can be answered; more rows come in all the time."""

FROM: dict[QueryAction, tuple[QueryStatus, ...]] = {
    "answered": ("open", "reopened", "answered"),
    "closed": ("open", "reopened", "answered"),
    "reopened": ("answered", "closed"),
}
"""What can be done about a query, by where it stands."""


def kept_rows(case: Case, *, counted: bool = False) -> tuple[KeptRow, ...]:
    """Every row with its history, but those of people who were forgotten; `counted`: only to be
    counted, and none of them is told."""
    lines = case.store.lines(case.file.id, arm=case.trial.design.arm, counted=counted)
    return tuple(line.row for line in lines)


def queries(case: Case, rows: tuple[KeptRow, ...] | None = None) -> tuple[Query, ...]:
    """Every query of a trial as it stands, those that wait for somebody first.

    Args:
        case: The trial.
        rows: Its rows, where they were read already.
    """
    found = kept_rows(case) if rows is None else rows
    return standing(case.trial, found, came=_came(case), said=_said(case))


def settle(
    case: Case, query: str, action: QueryAction, *, text: str | None, actor: Actor, now: datetime
) -> tuple[Event, Query]:
    """Answer a query, close it, or open it again.

    Args:
        case: The trial.
        query: What `htkeval query` calls it.
        action: What is done.
        text: The answer, or why; in the actor's own words.
        actor: Who does it.
        now: When, in UTC.

    Raises:
        Refused: Nothing is said where something has to be; or it names a person.
        StateError: There is no such query, or it does not stand where this can be done; or
            somebody else did something about it at the same moment.
    """
    known = case.store.newest(case.file.id, *BUILT_ON)
    rows = kept_rows(case)
    found = the_one(case, queries(case, rows), query)
    if found.status not in FROM[action]:
        raise _not_now(case, found)
    said = (text or "").strip() or None
    if said is None and (action == "answered" or (action == "closed" and not found.history)):
        option = "--answer" if action == "answered" else "--why"
        expected = say("a few words of one's own: nobody has answered it")
        raise Refused(Problem(option, say("nothing"), expected))
    if said is not None:
        option = "--answer" if action == "answered" else "--why"
        refuse({option: said})
        refuse_listed({option: said}, case.names)
        _refuse_pseudonyms(case, rows, option, said)
    payload = {
        "query": found.id,
        "rule": found.rule,
        "row": found.row,
        "column": found.column,
        "action": action,
        "text": said,
    }
    event = case.store.append(case.file.id, "query", payload, actor=actor, now=now, known=known)
    after = found.model_copy(
        update={"status": action, "history": (*found.history, _step(event))},
    )
    return event, after


def the_one(case: Case, every: tuple[Query, ...], wanted: str) -> Query:
    """The query of a name. Raises `StateError` where there is none."""
    for one in every:
        if one.id == wanted.strip().casefold():
            return one
    raise StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            say("no query of this name"),
            say("a name in the list of queries"),
            say("`htkeval query {name}` lists them.", name=case.file.id),
        )
    )


def _not_now(case: Case, found: Query) -> StateError:
    step = say("A row that is put right settles its query by itself.")
    if found.status == "closed":
        step = say("Open it again first: --reopen.")
    return StateError(
        Problem(
            say("query {id}", id=found.id),
            say("a query that is {status}", status=STATUSES[found.status]),
            say("one to which this can be done"),
            step,
        )
    )


def _refuse_pseudonyms(case: Case, rows: tuple[KeptRow, ...], option: str, said: str) -> None:
    """What an event says stays for good, so no pseudonym stands in it; a bare number may be any."""
    column = case.trial.design.participant
    names = {row.keys.get(column) for row in rows} if column else set()
    words = [re.escape(name.casefold()) for name in names if name and not name.isdecimal()]
    if words and re.search(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", said.casefold()):
        raise Refused(Problem(option, say("the pseudonym itself"), say("a text that names nobody")))


def _step(event: Event) -> QueryStep:
    said = event.payload
    return QueryStep(
        action=said["action"], text=said["text"], at=event.at, by=event.actor.name, event=event.seq
    )


def _said(case: Case) -> dict[str, tuple[About, tuple[QueryStep, ...]]]:
    """By query: what it is about and what was done about it."""
    steps: dict[str, tuple[About, tuple[QueryStep, ...]]] = {}
    for event in case.store.events(case.file.id, "query"):
        kept = event.payload
        if kept["action"] == "second":  # times of a second observer: see `steps/second.py`
            continue
        about = (kept["rule"], kept["row"], kept["column"])
        before = steps[kept["query"]][1] if kept["query"] in steps else ()
        steps[kept["query"]] = (about, (*before, _step(event)))
    return steps


def _came(case: Case) -> Came:
    """What the stopwatch saw: `timed` of the event that brought one row, of clocks that lie apart
    and of a page that was opened again."""
    came: dict[tuple[int, int], list[RowRemark]] = defaultdict(list)
    for event in case.store.events(case.file.id, "batch"):
        timed = event.payload.get("timed") or {}
        if timed.get("apart") is not None:
            came[event.seq, 1].append("clocks_differ")
        if timed.get("resumed"):
            came[event.seq, 1].append("resumed")
    return came
