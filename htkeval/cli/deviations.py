"""deviate: what is done otherwise than promised, by whom and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htkeval.cli.options import acting, here, kept, named_trial, now, placed
from htkeval.cli.output import alarm, line
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.deviation import Deviation


@click.command(
    help=words(
        say(
            "Tell what is done otherwise than promised, and why. Where keys of trial.toml are "
            "named, the file as it stands counts from now on; what was promised stays on record."
        )
    )
)
@named_trial
@click.option(
    "--what",
    required=True,
    multiple=True,
    metavar="KEY",
    callback=kept,
    help=words(
        say(
            "What: a key of trial.toml such as design.clusters (may be repeated), baseline for "
            "going on before the planned baseline is in, or a word of your own."
        )
    ),
)
@click.option("--why", required=True, callback=kept, help=words(say("Why, in your own words.")))
@click.option(
    "--to",
    metavar="VALUE",
    callback=kept,
    help=words(say("What is done instead, where no key says it.")),
)
@acting
@placed
def deviate(trial: str, what: tuple[str, ...], why: str, to: str | None, actor: Actor) -> None:
    """Stores the deviation."""
    from htkeval.deviation import Deviation
    from htkeval.steps.case import open_case
    from htkeval.steps.deviate import deviate as tell

    with open_case(here(), trial) as case:
        event = tell(case, what, why=why, to=to, actor=actor, now=now())
    told = Deviation.of(event)
    line(say("{trial}: the deviation is stored as event {seq}.", trial=event.trial, seq=event.seq))
    print_deviation(told)
    if told.fingerprint:
        line(
            say(
                "trial.toml counts as it stands now. Fingerprint {hash}; what was promised before "
                "stays on record.",
                hash=told.fingerprint[:16],
            )
        )


def print_deviation(one: Deviation) -> None:
    """A deviation in a line, in red where figures could have been seen."""
    from htkeval.reporting.deviations import headed

    (alarm if one.grave else line)(headed(one))
