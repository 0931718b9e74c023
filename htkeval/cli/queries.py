"""query: what looks odd in the rows, and what somebody did about it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.query import Query, QueryAction

_COLUMNS = ("query", "status", "settled_by", "rule", "row", "column", "text", "answer", "by", "at")


@click.command(
    help=words(say("What looks odd in the rows: list the questions, answer them, close them."))
)
@named_trial
@click.argument("query", metavar="[ID]", required=False)
@click.option("--answer", metavar="TEXT", callback=kept, help=words(say("The answer, in words.")))
@click.option("--close", is_flag=True, help=words(say("Close it: there is nothing more to do.")))
@click.option("--reopen", is_flag=True, help=words(say("Open it again.")))
@click.option("--why", metavar="TEXT", callback=kept, help=words(say("Why, in your own words.")))
@click.option("--all", "every", is_flag=True, help=words(say("Also those that are done with.")))
@reading
@acting
@placed
def query(trial: str, query: str | None, every: bool, form: str, actor: Actor, **done: Any) -> None:
    """Without an option it reads; --answer, --close and --reopen store what is done."""
    action = _action(query, **done)
    if action is None:
        _show(trial, query, every=every, form=form)
        return
    from htkeval.reporting.queries import status_of
    from htkeval.steps.case import open_case
    from htkeval.steps.queries import settle

    text = done["answer"] if action == "answered" else done["why"]
    with open_case(here(), trial) as case:
        event, after = settle(case, str(query), action, text=text, actor=actor, now=now())
    line(
        say(
            "Query {id}: {status}. Stored as event {seq}.",
            id=after.id,
            status=status_of(after),
            seq=event.seq,
        )
    )


def _action(
    query: str | None, *, answer: str | None, close: bool, reopen: bool, why: str | None
) -> QueryAction | None:
    chosen: dict[QueryAction, bool] = {
        "answered": answer is not None,
        "closed": close,
        "reopened": reopen,
    }
    found = [action for action, asked in chosen.items() if asked]
    one_of = say("one of {keys}", keys="--answer, --close, --reopen")
    if len(found) > 1:
        raise UsageError(Problem("query", say("several of them at once"), one_of))
    if not found and why is not None:
        raise UsageError(Problem("--why", say("a reason for nothing"), one_of))
    if found == ["answered"] and why is not None:
        raise UsageError(Problem("--why", say("an answer and a reason"), say("the answer alone")))
    if found and query is None:
        raise UsageError(Problem("query", say("no query"), say("its name in the list: ID")))
    return found[0] if found else None


def _show(trial: str, wanted: str | None, *, every: bool, form: str) -> None:
    from htkeval.steps.case import read_case
    from htkeval.steps.queries import queries, the_one

    with read_case(here(), trial) as case:
        found = queries(case)
        if wanted is not None:
            found = (the_one(case, found, wanted),)
        name, simulated = case.trial.id, case.store.is_simulated(case.file.id)
    if form == "json":
        from htkeval.cli.printed.lists import Queries

        waiting = sum(one.waiting for one in found)
        print_json(Queries(trial=name, waiting=waiting, queries=found))
    elif form == "csv":
        print_csv([_flat(one) for one in found], _COLUMNS)
    else:
        if simulated:
            line(simulated_banner())
        _table(found, every=every or wanted is not None)
        if wanted is None:
            line(_count(found))
        if any(one.waiting for one in found):
            _what_now(name)


def _flat(one: Query) -> dict[str, Any]:
    last = one.history[-1] if one.history else None
    return {
        **one.model_dump(include={"status", "settled_by", "rule", "row", "column"}),
        "query": one.id,
        "text": words(one.message),
        "answer": last.text if last else None,
        "by": last.by if last else None,
        "at": last.at.isoformat() if last else None,
    }


def _table(found: tuple[Query, ...], *, every: bool) -> None:
    from htkeval.reporting.queries import RULES, status_of, step_of

    shown = [one for one in found if every or one.waiting]
    if shown:
        print_table(
            [say("Query"), say("Row"), say("Status"), say("About"), say("What is odd")],
            [
                [
                    one.id,
                    "–" if one.row is None else str(one.row),
                    status_of(one),
                    RULES[one.rule],
                    one.message,
                ]
                for one in shown
            ],
        )
    for one in shown:
        for step in one.history:
            paragraph(say("{id}: {told}", id=one.id, told=step_of(step)))


def _what_now(trial: str) -> None:
    paragraph(
        say(
            "`htkeval rows {trial} --row NUMBER` shows a row, `htkeval correct` puts it right. "
            'Else: htkeval query {trial} ID --answer "…", and then --close.',
            trial=trial,
        )
    )


def _count(found: tuple[Query, ...]) -> Text:
    n = Counter(one.status for one in found)
    done = n["closed"] + n["settled"]
    values = {"open": n["open"] + n["reopened"], "answered": n["answered"], "done": done}
    if not found:
        return say("Nothing looks odd.")
    if done:
        return say(
            "Open: {open:#,##0}. Answered and not closed: {answered:#,##0}. Done with: "
            "{done:#,##0} (--all shows them).",
            **values,
        )
    return say("Open: {open:#,##0}. Answered and not closed: {answered:#,##0}.", **values)
