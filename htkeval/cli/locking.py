"""snapshot --final and unlock: data are final, and open again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htkeval.cli.options import acting, here, kept, named_trial, now, placed
from htkeval.cli.output import line, paragraph, warn
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.workspace import Workspace


def lock_now(workspace: Workspace, trial: str, actor: Actor) -> None:
    """Lock a trial and say what that means."""
    from htkeval.local_day import local_day
    from htkeval.steps.case import open_case
    from htkeval.steps.lock import lock

    with open_case(workspace, trial) as case:
        done = lock(case, actor=actor, now=now())
    held = done.event
    if done.already:
        day = local_day(held.at)
        line(say("Locked already: by {who} on {day:d MMMM y}.", who=held.actor.name, day=day))
        return
    found = held.payload
    line(say("{n:#,##0} rows frozen as {hash}.", n=found["rows"], hash=found["snapshot"]))
    paragraph(
        say(
            "{trial} is locked (event {seq}): no more rows, corrections, lots or attachments. "
            "`htkeval unlock {trial} --why TEXT` opens it.",
            trial=held.trial,
            seq=held.seq,
        )
    )


@click.command(
    help=words(
        say("Open a locked trial, with a reason. A decision signed on its data is void from then.")
    )
)
@named_trial
@click.option("--why", required=True, callback=kept, help=words(say("Why, in your own words.")))
@acting
@placed
def unlock(trial: str, why: str, actor: Actor) -> None:
    """Stores that the lock is opened, and which decisions hold no more."""
    from htkeval.reporting.locking import voids
    from htkeval.steps.case import open_case
    from htkeval.steps.lock import unlock as open_it
    from htkeval.steps.states import state

    workspace = here()
    with open_case(workspace, trial) as case:
        event = open_it(case, why=why, actor=actor, now=now())
        stands = state(case, policy=workspace.policy)
    line(say("{trial} is open again (event {seq}).", trial=event.trial, seq=event.seq))
    for told in voids(stands)[-len(event.payload["void"]) :] if event.payload["void"] else ():
        warn(told)
    name = event.trial
    line(say("Before somebody signs again: htkeval analyse {trial}", trial=name))
