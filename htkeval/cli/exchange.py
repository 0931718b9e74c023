"""evidence: what others measured or told, and what we send them."""

from __future__ import annotations

import click

from htkeval.cli.notes import note
from htkeval.cli.options import placed
from htkeval.cli.output import line
from htkeval.cli.speech import words
from htkeval.cli.stores import Parts
from htkeval.text import say


@click.group(
    cls=Parts,
    invoke_without_command=True,
    options_metavar=words(say("[OPTIONS]")),
    subcommand_metavar=words(say("COMMAND [ARGS]...")),
    help=words(say("What others measured or told, and what we send them.")),
)
@placed
@click.pass_context
def evidence(ctx: click.Context) -> None:
    """Exchange with other municipalities; without a part of it, what there is."""
    if ctx.invoked_subcommand is None:
        line(ctx.get_help())


evidence.add_command(note)
