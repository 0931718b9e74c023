"""fund: the municipality's pool, applied for, granted, spent, and what is left of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import (
    DATE,
    Kroner,
    acting,
    here,
    kept,
    named_trial,
    now,
    placed,
    reading,
)
from htkeval.cli.output import line
from htkeval.cli.speech import words
from htkeval.cli.stores import Parts
from htkeval.local_day import local_day
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor


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
    from htkeval.steps.applications import fund as stands
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
        whole = stands(store, pool)
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
    type=DATE,
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
    from htkeval.cli.fund_shown import show
    from htkeval.steps.applications import fund as stands
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.worth import values

    place = here()
    pool = place.pool
    with read_workspace_store(place) as store:
        whole = stands(store, pool)
        if whole.applications:
            worth = values(place, {one.trial for one in whole.applications})
            whole = stands(store, pool, worth)
    show(whole, form)
