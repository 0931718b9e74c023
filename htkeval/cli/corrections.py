"""rows, correct, exclude: what stands in each row, what it said before, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import Command, acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import line, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.kept_row import KeptRow, RowChange
    from htkeval.trial import Trial


def numbered(*, required: bool) -> Callable[[Command], Command]:
    """`--row ID`."""
    return click.option(
        "--row",
        metavar="ID",
        type=click.IntRange(min=1),
        required=required,
        help=words(say("The row's number, as `htkeval rows` shows it.")),
    )


def keyed(command: Command) -> Command:
    """`--participant`, `--task` and `--period`."""
    for option, text in (
        ("--period", say("Only rows of this period.")),
        ("--task", say("Only rows of this task.")),
        ("--participant", say("Only rows of the participant with this pseudonym.")),
    ):
        command = click.option(option, help=words(text))(command)
    return command


_WHY = click.option(
    "--why", required=True, callback=kept, help=words(say("Why, in your own words."))
)


@click.command(
    help=words(say("The rows of a trial with their numbers: who changed what, when and why."))
)
@named_trial
@numbered(required=False)
@keyed
@reading
@placed
def rows(trial: str, form: str, **keys: Any) -> None:
    """Reads the store; rows of people who were forgotten are not shown."""
    from htkeval.steps.case import read_case
    from htkeval.steps.correct import Which, kept_rows

    with read_case(here(), trial) as case:
        found = [one.row for one in kept_rows(case, Which(**keys))]
        definition, simulated = case.trial, case.store.is_simulated(case.file.id)
    if form == "json":
        from htkeval.cli.printed.lists import Rows

        print_json(Rows(trial=definition.id, rows=tuple(found)))
    elif form == "csv":
        flat = [flat for row in found for flat in _flat(definition, row)]
        print_csv(flat, ["row", "counts", *_columns(definition, found), *_CHANGE])
    else:
        if simulated:
            line(simulated_banner())
        everything = all(value is None for value in keys.values())
        _table(definition, found, none=_EMPTY if everything else _NO_SUCH)


_EMPTY = say("No row came in yet.")
_NO_SUCH = say("No row is so. `htkeval rows TRIAL` shows them all.")
_CHANGE = ("change", "column", "before", "after", "at", "by", "why")


def _columns(trial: Trial, found: list[KeptRow]) -> tuple[str, ...]:
    from htkeval.measurement import columns

    return columns(trial, tuple(row.measurement for row in found))


def _flat(trial: Trial, row: KeptRow) -> list[dict[str, Any]]:
    """A line for each change, or one for a row that was never touched."""
    from htkeval.reporting.row_history import cells

    stands = {"row": row.id, "counts": row.counts, **cells(trial, row)}
    return [{**stands, **_change(trial, one)} for one in row.history] or [stands]


def _change(trial: Trial, one: RowChange) -> dict[str, Any]:
    from htkeval.reporting.row_history import in_sheet

    said = one.model_dump(mode="json", exclude={"kind", "event"})
    said |= {name: in_sheet(trial, one.column, said[name]) for name in ("before", "after")}
    return {"change": one.kind, **said}


def _table(trial: Trial, found: list[KeptRow], *, none: Text) -> None:
    from htkeval.reporting.row_history import cells, worded

    if not found:
        line(none)
        return
    names = _columns(trial, found)
    print_table(
        [say("Row"), *names],
        [
            [f"{row.id}" if row.counts else f"({row.id})"]
            + [worded(trial, name, cells(trial, row).get(name)) for name in names]
            for row in found
        ],
    )
    for row in found:
        for one in row.history:
            line(_told(trial, row, one))


def _told(trial: Trial, row: KeptRow, one: RowChange) -> Text:
    """One change in a line."""
    from htkeval.local_day import local_day
    from htkeval.reporting.row_history import worded

    said = {"id": row.id, "by": one.by, "day": local_day(one.at), "why": one.why}
    if one.kind == "excluded":
        return say("Row {id}: left out on {day:d MMMM y} by {by}: {why}", **said)
    before, after = (worded(trial, one.column, value) for value in (one.before, one.after))
    values = {"column": one.column, "before": before, "after": after}
    return say(
        "Row {id}: {column} from {before} to {after} on {day:d MMMM y} by {by}: {why}",
        **said,
        **values,
    )


@click.command(
    help=words(
        say("Put values of one row right, with a reason; what stood before stays on record.")
    )
)
@named_trial
@numbered(required=False)
@keyed
@click.option(
    "--set",
    "settings",
    required=True,
    multiple=True,
    metavar=words(say("COLUMN=VALUE")),
    help=words(say("The new value, as in a sheet (35,5 or 0:35); may be repeated.")),
)
@_WHY
@acting
@placed
def correct(trial: str, settings: tuple[str, ...], why: str, actor: Actor, **keys: Any) -> None:
    """Stores the event and the row that takes the other's place."""
    from htkeval.steps.case import open_case
    from htkeval.steps.correct import Which
    from htkeval.steps.correct import correct as put_right

    which = Which(**keys)
    if which == Which():
        raise UsageError(
            Problem("correct", say("no row"), say("--row, or --participant and the like"))
        )
    with open_case(here(), trial) as case:
        event = put_right(case, which, _settings(settings), why=why, actor=actor, now=now())
        stored = case.store.lines(case.file.id, arm=case.trial.design.arm)
        (row,) = (one.row for one in stored if one.versions[-1].batch == event.seq)
    for one in row.history:
        if one.event == event.seq:
            line(_told(case.trial, row, one))
    _after(case.file.id, event.seq)


def _settings(given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip() or name.strip() in found:
            wrong = say("a column twice") if equals else say("no equals sign")
            raise UsageError(Problem("--set", wrong, say("COLUMN=VALUE, each column once")))
        found[name.strip()] = value
    return found


def _after(trial: str, seq: int) -> None:
    values = {"seq": seq, "trial": trial}
    line(
        say(
            "Stored as event {seq}. Data changed: an analysis from before is to be run again "
            "(htkeval analyse {trial}).",
            **values,
        )
    )


@click.command(
    help=words(
        say(
            "Leave one row out, with a reason: it stays on record, and is told as a deviation. "
            "With --rules: which rows the rules stated beforehand leave out; stores nothing."
        )
    )
)
@named_trial
@numbered(required=False)
@click.option("--why", callback=kept, help=words(say("Why, in your own words.")))
@click.option(
    "--rules", is_flag=True, help=words(say("Show what each rule of trial.toml leaves out now."))
)
@reading
@acting
@placed
def exclude(
    trial: str, row: int | None, why: str | None, rules: bool, form: str, actor: Actor
) -> None:
    """Stores that the row does not count, and the deviation; or shows what the rules do."""
    if rules:
        _refuse_both(row, why)
        from htkeval.cli.rules import show_rules

        show_rules(here(), trial, form)
        return
    if row is None or why is None:
        missing = "--row" if row is None else "--why"
        raise UsageError(Problem(missing, say("nothing"), say("--row and --why, or --rules")))
    _leave_out(trial, row, why, actor)


def _refuse_both(row: int | None, why: str | None) -> None:
    if row is not None or why is not None:
        expected = say("--rules alone: it only shows")
        raise UsageError(Problem("--rules", say("--row or --why too"), expected))


def _leave_out(trial: str, row: int, why: str, actor: Actor) -> None:
    from htkeval.steps.case import open_case
    from htkeval.steps.correct import exclude as leave_out

    called = words(say("row {id} left out", id=row))
    with open_case(here(), trial) as case:
        event = leave_out(case, row, why=why, called=called, actor=actor, now=now())
        if case.registration is not None:
            line(say("Row {id} does not count any more; told as a deviation.", id=row))
        else:
            line(say("Row {id} does not count any more.", id=row))
    _after(case.file.id, event.seq)
