"""realise: what of a booked saving was realised, said for a period, and followed up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import DATE, Amount, Kroner, acting, here, kept, now, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.cli.printed.lists import FollowUps
    from htkeval.decision import Actor
    from htkeval.economics import Rates
    from htkeval.follow_up import FollowUp, Point
    from htkeval.workspace import Workspace


@click.command(help=words(say("What of a booked saving was realised, by area, and what is due.")))
@click.argument("trial", metavar=words(say("[TRIAL]")), required=False)
@click.option(
    "--from",
    "begins",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("The first day of the period.")),
)
@click.option("--until", type=DATE, metavar=words(say("DATE")), help=words(say("Its last day.")))
@click.option(
    "--kr",
    type=Kroner(),
    metavar="KR",
    help=words(
        say("Kroner really taken out of the budget, in the booking's prices; -KR where it cost.")
    ),
)
@click.option(
    "--source",
    metavar=words(say("TEXT")),
    callback=kept,
    help=words(say("Which account, ledger or measurement says so.")),
)
@click.option(
    "--posts",
    type=Amount(),
    metavar="N",
    help=words(say("Full-time posts fewer.")),
)
@click.option(
    "--hours",
    type=Amount(),
    metavar="N",
    help=words(say("Hours freed in the period.")),
)
@click.option(
    "--minutes",
    type=Amount(),
    metavar="M",
    help=words(say("Minutes saved a task now, measured again.")),
)
@click.option("--low", type=Amount(), metavar="M", help=words(say("Least of their interval.")))
@click.option("--high", type=Amount(), metavar="M", help=words(say("Most of it.")))
@click.option(
    "--tasks",
    type=click.IntRange(0),
    metavar="N",
    help=words(say("Tasks done in the period.")),
)
@click.option(
    "--adoption",
    type=Amount(),
    metavar=words(say("SHARE")),
    help=words(say("Share of employees who use it, from 0 to 1.")),
)
@click.option(
    "--area",
    metavar=words(say("TEXT")),
    callback=kept,
    help=words(say("Where it arose; else where it is booked.")),
)
@click.option(
    "--why", metavar=words(say("TEXT")), callback=kept, help=words(say("What explains it."))
)
@click.option(
    "--instead",
    multiple=True,
    metavar="N",
    help=words(say("An earlier record whose place it takes; may be given more than once.")),
)
@reading
@acting
@placed
def realise(
    trial: str | None,
    begins: datetime | None,
    until: datetime | None,
    form: str,
    actor: Actor,
    **said: Any,
) -> None:
    """Without amounts it reads; with them it stores a record."""
    from htkeval.errors import Problem, UsageError

    needed = (trial, begins, until, said["kr"], said["source"])
    if not any((begins, until, *(value not in (None, ()) for value in said.values()))):
        _show(trial, form)
        return
    if trial is None or begins is None or until is None or any(one is None for one in needed):
        raise UsageError(
            Problem(
                "realise",
                say("a part of it"),
                say("TRIAL, --from, --until, --kr and --source together"),
            )
        )
    _store(trial, actor, begins=begins.date(), until=until.date(), **said)


def _store(trial: str, actor: Actor, **said: Any) -> None:
    from htkeval.reporting.followed import amount
    from htkeval.steps.case import open_case
    from htkeval.steps.realise import realise as record

    with open_case(here(), trial) as case:
        event, kept_ = record(case, actor=actor, now=now(), **said)
    line(
        say(
            "{id}: {kr} in {area}, from {first:d MMMM y} to {last:d MMMM y} ({year} prices). "
            "Stored as event {seq}.",
            id=kept_.id,
            kr=amount(kept_.kr),
            area=kept_.area,
            first=kept_.begins,
            last=kept_.until,
            year=str(kept_.price_level),
            seq=event.seq,
        )
    )
    if kept_.instead:
        line(say("It takes the place of {ids}.", ids=", ".join(kept_.instead)))


_COLUMNS = (
    "trial", "months", "due", "passed", "area", "account", "price_level", "booked_kr",
    "told_booked_kr", "realised_kr", "difference_kr", "covered", "share", "leakage_low",
    "leakage_expected", "leakage_high", "simulated",
)  # fmt: skip


def _show(trial: str | None, form: str) -> None:
    found = _read(here(), trial)
    if form == "json":
        print_json(found)
    elif form == "csv":
        rows = [
            row
            for one in found.bookings
            for point in (*one.points, *((one.so_far,) if one.so_far else ()))
            for row in _flat(one, point)
        ]
        print_csv(rows, list(_COLUMNS))
    else:
        _table(found, whole=trial is None)


def _read(workspace: Workspace, trial: str | None) -> FollowUps:
    from htkeval.business.areas import by_area, prices
    from htkeval.cli.printed.lists import FollowUps
    from htkeval.local_day import local_day
    from htkeval.reporting.followed import due, remarks
    from htkeval.steps.case import read_case, read_workspace_store
    from htkeval.steps.following import cases, follow_up
    from htkeval.steps.realise import records

    rates, today = _rates(workspace), local_day(now())
    if trial is None:
        with read_workspace_store(workspace) as store:
            every = list(cases(store, workspace.blobs))
            followed = [follow_up(one, today=today, rates=rates) for one in every]
            said = tuple(told for one in every for told in records(one))
    else:
        with read_case(workspace, trial) as case:
            followed = [follow_up(case, today=today, rates=rates)]
            said = records(case)
    found = tuple(one for one in followed if one is not None)

    def told(one: FollowUp, sentences: Any) -> tuple[str, ...]:
        shown = (say("{trial}: {told}", trial=one.trial, told=each) for each in sentences)
        return tuple(words(each) for each in (sentences if trial is not None else shown))

    return FollowUps(
        simulated=any(one.simulated for one in found),
        price_level=prices(found, rates),
        areas=by_area(found, rates),
        bookings=found,
        due=tuple(text for one in found for text in told(one, due(one))),
        remarks=tuple(text for one in found for text in told(one, remarks(one))),
        records=said,
    )


def _rates(workspace: Workspace) -> Rates | None:
    """The price of an hour; none where the municipality has no figures for it."""
    from htkeval.errors import HtkevalError

    try:
        return workspace.rates
    except HtkevalError:  # what leaked is then not known
        return None


def _flat(one: FollowUp, point: Point) -> list[dict[str, Any]]:
    shared = {
        "trial": one.trial,
        "months": point.months,
        "due": point.due.isoformat(),
        "passed": point.passed,
        "price_level": one.booking.price_level,
        "covered": point.covered,
        "share": point.share,
        "simulated": one.simulated,
    }
    leak = point.leakage
    ends = ("low", "expected", "high")
    shared |= {f"leakage_{end}": getattr(leak, end) if leak else None for end in ends}
    if not point.lines:
        books = one.booking
        return [
            {**shared, "area": books.area, "account": books.account, "booked_kr": point.booked_kr}
        ]
    return [{**shared, **line.model_dump()} for line in point.lines]


def _table(found: FollowUps, *, whole: bool) -> None:
    from htkeval.reporting import followed

    if found.simulated:
        line(simulated_banner())
    if not found.bookings:
        line(say("No decision that holds has booked a saving."))
        return
    if whole:
        print_table(followed.AREAS, [followed.area(one) for one in found.areas])
        paragraph(say("In {year} prices, as far as today.", year=str(found.price_level)))
    for one in found.bookings:
        paragraph(followed.booking(one))
        if not whole:
            print_table(followed.ROWS, followed.rows(one))
    if not whole and found.records:
        print_table(followed.RECORDS, [followed.record(one) for one in found.records if one.counts])
        for each in found.records:
            if each.counts and (beside := followed.beside(each)):
                paragraph(say("{id}: {told}", id=each.id, told=beside))
    for text in (*found.remarks, *found.due):
        paragraph(text)
