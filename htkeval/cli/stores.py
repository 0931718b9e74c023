"""store: the record moved to another place, and who may do what in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htkeval.cli.help_page import spoken
from htkeval.cli.options import here, placed
from htkeval.cli.output import line, paragraph
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.store.moving import Moved


class Parts(click.Group):
    """A group whose help is in the language of the command line."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        return None if found is None else spoken(found)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(words(say("Commands"))):
            formatter.write_dl([(name, one.help or "") for name, one in self.commands.items()])


@click.group(
    cls=Parts,
    invoke_without_command=True,
    options_metavar=words(say("[OPTIONS]")),
    subcommand_metavar=words(say("COMMAND [ARGS]...")),
    help=words(say("Move the store to a PostgreSQL server or back; say who may do what in it.")),
)
@placed
@click.pass_context
def store(ctx: click.Context) -> None:
    """The store as a whole; without a part of it, what there is."""
    if ctx.invoked_subcommand is None:
        line(ctx.get_help())


@store.command(
    help=words(
        say(
            "Move the whole store to ADDRESS: an empty database, or a file that is not there yet. "
            "The old store takes nothing more afterwards."
        )
    )
)
@click.argument("address", metavar=words(say("ADDRESS")))
@placed
def move(address: str) -> None:
    """Copies everything in one transaction, and proves it before it counts."""
    from htkeval.store.moving import move as carry

    place = here()
    _tell(carry(place.store, address, files=place.blobs))


def _tell(moved: Moved) -> None:
    counts = moved.counts
    line(
        say(
            "Moved to {place} (events: {events:#,##0}, measurements: {rows:#,##0}, participants: "
            "{people:#,##0}). The chain ends in {hash}, as before.",
            place=moved.place,
            events=counts["event"],
            rows=counts["measurement"],
            people=counts["subject"],
            hash=moved.head[:16],
        )
    )
    server = not moved.address.startswith("sqlite")
    line(say("Next, for everybody who works here: HTKEVAL_STORE={address}", address=moved.address))
    if server:
        paragraph(
            say(
                "*** stands for the password; best left out of the address, and kept in "
                "PostgreSQL's own file .pgpass. Then let another role than the owner do the daily "
                "work: `htkeval store grant`."
            )
        )
    paragraph(
        say(
            "The old store, {place}, takes nothing more. It still holds the pseudonyms, and an "
            "erasure does not reach it: delete it once `htkeval verify` is clean. Files, keys and "
            "MLflow stay where they are.",
            place=moved.before,
        )
    )


@store.command(
    help=words(
        say(
            "On a PostgreSQL server: let ROLE read and add, and have the server refuse it to "
            "change or remove what happened. Run it as the role that owns the tables."
        )
    )
)
@click.argument("role", metavar=words(say("ROLE")))
@click.option("--sql", is_flag=True, help=words(say("Print the statements; change nothing.")))
@placed
def grant(role: str, sql: bool) -> None:
    """Gives the least rights, and takes back whatever else was given."""
    from htkeval.steps.case import open_workspace_store
    from htkeval.store import grants

    with open_workspace_store(here(), create=not sql) as opened:
        if sql:
            with opened.reading() as connection:
                for statement in grants.statements(connection, role):
                    line(f"{statement};")
            return
        grants.grant(opened, role)
    line(say("{role} may read and add, and change no event and no measurement.", role=role))
