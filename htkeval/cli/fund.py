"""fund: the municipality's pool, applied for, granted, spent, and what is left of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import (
    NoSuchNumber,
    acting,
    here,
    kept,
    named_trial,
    now,
    placed,
    reading,
)
from htkeval.cli.output import alarm, line, paragraph, print_csv, print_json, print_table
from htkeval.cli.speech import words
from htkeval.cli.stores import Parts
from htkeval.local_day import local_day
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.cli.documents import FundLine
    from htkeval.decision import Actor
    from htkeval.fund import Application, Fund

_COLUMNS = (
    "id", "trial", "area", "purpose", "applied_kr", "granted_kr", "spent_kr", "remaining_kr",
    "value_kr", "state", "refused", "simulated",
)  # fmt: skip


class Kroner(click.ParamType[int]):
    """A whole number of kroner as Danes write it."""

    name = "kroner"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from htkeval.fund import kroner

        try:
            return kroner(str(value))
        except ValueError:
            expected = say("a whole number of kroner such as 150.000 or 150000")
            wrong = NoSuchNumber(str(value), expected)
            wrong.param, wrong.ctx = param, ctx
            raise wrong from None


_application = click.argument("application", metavar=words(say("APPLICATION")))


@click.group(
    cls=Parts,
    invoke_without_command=True,
    options_metavar=words(say("[OPTIONS]")),
    subcommand_metavar=words(say("COMMAND [ARGS]...")),
    help=words(say("The municipality's pool for trials: apply, grant, spend, and what is left.")),
)
@placed
@click.pass_context
def fund(ctx: click.Context) -> None:
    """The pool of `configs/fund.toml`; without a part of it, what there is."""
    if ctx.invoked_subcommand is None:
        line(ctx.get_help())


@fund.command(help=words(say("Apply for money for a trial.")))
@named_trial
@click.option(
    "--area", metavar="TEXT", required=True, callback=kept, help=words(say("The area that asks."))
)
@click.option(
    "--amount",
    metavar="KR",
    required=True,
    type=Kroner(),
    help=words(say("Whole kroner: 150.000 or 150000.")),
)
@click.option(
    "--purpose", metavar="TEXT", required=True, callback=kept, help=words(say("What it is for."))
)
@acting
@placed
def apply(trial: str, area: str, amount: int, purpose: str, actor: Actor) -> None:
    """Stores the application as an event of the trial."""
    from htkeval.steps.case import open_case
    from htkeval.steps.fund import apply as apply_for

    with open_case(here(), trial) as case:
        made = apply_for(case, area=area, amount=amount, purpose=purpose, actor=actor, now=now())
    line(
        say(
            "Application {id}: {area} asks for {n:#,##0} kr. to {trial}. Stored as event {seq}.",
            id=made.id,
            area=made.area,
            n=made.amount_kr,
            trial=made.trial,
            seq=made.event,
        )
    )


@fund.command(
    help=words(say("Grant an application some or all of it, never above the pool; or refuse it."))
)
@_application
@click.option(
    "--amount",
    metavar="KR",
    type=Kroner(),
    help=words(say("Whole kroner: 150.000 or 150000.")),
)
@click.option("--refuse", is_flag=True, help=words(say("Refuse it instead.")))
@click.option(
    "--why",
    metavar="TEXT",
    required=True,
    callback=kept,
    help=words(say("Why, in your own words.")),
)
@acting
@placed
def grant(application: str, amount: int | None, refuse: bool, why: str, actor: Actor) -> None:
    """Stores a grant, or that there will be none, as an event of the application's trial."""
    from htkeval.errors import Problem, UsageError
    from htkeval.intake.names import listed
    from htkeval.steps import fund as steps
    from htkeval.steps.case import open_workspace_store

    if (amount is None) is not refuse:
        found = say("both of them") if refuse else say("neither of them")
        raise UsageError(
            Problem("fund grant", found, say("one of {keys}", keys="--amount, --refuse"))
        )
    place = here()
    more: dict[str, Any] = {"names": listed(place.root, None), "actor": actor, "now": now()}
    pool = place.pool
    with open_workspace_store(place) as store:
        if amount is None:
            after = steps.refuse(store, application, why=why, **more)
            line(say("Application {id} is refused.", id=after.id))
            return
        steps.grant(store, application, pool=pool, amount=amount, why=why, **more)
        whole = steps.fund(store, pool)
    line(
        say(
            "Granted to {id}: {n:#,##0} kr. Left of the pool: {left:#,##0} kr.",
            id=application.strip().upper(),
            n=amount,
            left=whole.remaining_kr,
        )
    )


@fund.command(help=words(say("Record what was spent of a grant, or what came back of it.")))
@_application
@click.option(
    "--amount",
    metavar="KR",
    required=True,
    type=Kroner(),
    help=words(say("Whole kroner; below nought where money comes back.")),
)
@click.option(
    "--text", metavar="TEXT", required=True, callback=kept, help=words(say("What it went to."))
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d", "%d-%m-%Y"]),
    metavar=words(say("DATE")),
    help=words(say("The day on which it was spent; else today.")),
)
@acting
@placed
def spend(application: str, amount: int, text: str, day: datetime | None, actor: Actor) -> None:
    """Stores the spending as an event of the application's trial."""
    from htkeval.intake.names import listed
    from htkeval.steps.case import open_workspace_store
    from htkeval.steps.fund import spend as spend_of

    place, moment = here(), now()
    with open_workspace_store(place) as store:
        after = spend_of(
            store,
            application,
            amount=amount,
            text=text,
            on=day.date() if day else local_day(moment),
            names=listed(place.root, None),
            actor=actor,
            now=moment,
        )
    line(
        say(
            "Spent by {id}: {n:#,##0} kr. Left of its grant: {left:#,##0} kr.",
            id=after.id,
            n=after.spent_kr,
            left=after.remaining_kr,
        )
    )


@fund.command(help=words(say("The pool, what is granted, spent and left, and each application.")))
@reading
@placed
def status(form: str) -> None:
    """Reads, and stores nothing."""
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.fund import fund as stands

    place = here()
    pool = place.pool
    with read_workspace_store(place) as store:
        whole = stands(store, pool)
    if form == "table":
        _tell(whole)
        return
    lines = tuple(_line(one) for one in whole.ranked)
    if form == "csv":
        print_csv([one.model_dump(mode="json") for one in lines], _COLUMNS)
        return
    from htkeval.cli.documents import FundStatus

    print_json(
        FundStatus(
            pool=pool,
            granted_kr=whole.granted_kr,
            spent_kr=whole.spent_kr,
            remaining_kr=whole.remaining_kr,
            applications=lines,
        )
    )


def _line(one: Application) -> FundLine:
    from htkeval.cli.documents import FundLine

    return FundLine(
        **{
            name: getattr(one, name)
            for name in FundLine.model_fields
            if name not in ("applied_kr",)
        },
        applied_kr=one.amount_kr,
    )


def _tell(whole: Fund) -> None:
    pool = whole.pool
    line(
        say(
            "{name}: {n:#,##0} kr. ({year} prices).",
            name=pool.name,
            n=pool.amount_kr,
            year=str(pool.price_level),
        )
    )
    line(
        say(
            "Granted: {granted:#,##0} kr. Spent: {spent:#,##0} kr. Left to grant: {left:#,##0} kr.",
            granted=whole.granted_kr,
            spent=whole.spent_kr,
            left=whole.remaining_kr,
        )
    )
    if whole.remaining_kr < 0:
        alarm(say("More is granted than the pool holds now; nothing more can be granted."))
    if not whole.applications:
        line(say("Nobody has applied yet: `htkeval fund apply TRIAL`."))
        return
    _table(whole.ranked)
    for one in whole.applications:
        if one.refused is not None:
            paragraph(say("{id} was refused: {why}", id=one.id, why=one.refused))
    simulated = [one.id for one in whole.applications if one.simulated]
    if simulated:
        paragraph(
            say("Of a trial whose measurements are invented: {ids}.", ids=", ".join(simulated))
        )
    if any(one.value_kr is None for one in whole.applications):
        paragraph(
            say(
                "Ranked by the expected value of the information that is asked for. Where it is "
                "not known yet (–), an application stands last, in the order in which they came."
            )
        )


def _table(ranked: tuple[Application, ...]) -> None:
    from htkeval.fund import STATES

    print_table(
        [
            say("Application"),
            say("Trial"),
            say("Area"),
            say("Applied"),
            say("Granted"),
            say("Spent"),
            say("Remaining"),
            say("Expected value"),
            say("State"),
        ],
        [
            [
                one.id,
                one.trial,
                one.area,
                _kroner(one.amount_kr),
                _kroner(one.granted_kr),
                _kroner(one.spent_kr),
                _kroner(one.remaining_kr),
                "–" if one.value_kr is None else _kroner(one.value_kr),
                STATES[one.state],
            ]
            for one in ranked
        ],
    )


def _kroner(amount: float) -> Text:
    return say("{n:#,##0}", n=amount)
