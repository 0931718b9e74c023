"""The group of all commands. Each is loaded only when it is called, so that help is quick."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.commands import COMMANDS
from htkeval.cli.help_page import Context, spoken
from htkeval.cli.speech import language, told, words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.errors import HtkevalError


class Commands(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"htkeval.cli.{COMMANDS[cmd_name][0]}")
        return spoken(getattr(module, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(words(say("Commands"))):
            formatter.write_dl([(name, words(line)) for name, (_, line) in COMMANDS.items()])


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from htkeval import __version__

        click.echo(f"htkeval {__version__}")
        ctx.exit()


@click.command(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"max_content_width": 100},
    options_metavar=words(say("[OPTIONS]")),
    subcommand_metavar=words(say("COMMAND [ARGS]...")),
    help=words(
        say(
            "Try AI in a municipality's administration and decide, on evidence, what to scale. "
            "Without a command: what is the next step here?"
        )
    ),
)
@click.option(
    "--workspace",
    metavar="FOLDER",
    help=words(say("The workspace; else HTKEVAL_WORKSPACE, else the nearest folder upwards.")),
)
@click.option(
    "--lang",
    type=click.Choice(["da", "en"]),
    help=words(say("Language; else HTKEVAL_LANG, else the municipality's.")),
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help=words(say("Print the version.")),
)
@click.help_option("-h", "--help", help=words(say("Show this page.")))
@click.pass_context
def root(ctx: click.Context, workspace: str | None, lang: str | None) -> None:
    """The whole program."""
    ctx.obj = {"workspace": workspace, "lang": lang}
    if ctx.invoked_subcommand is None:
        from htkeval.cli.next_step import next_step

        next_step(workspace)


def run(arguments: list[str]) -> int:
    """Run a command line. Returns the exit code of the design, section 5.

    Errors go to standard error as sentences: place, found, expected, next step.
    """
    try:
        code = root.main(arguments, prog_name="htkeval", standalone_mode=False)
    except _expected_failure() as failed:
        click.echo(failed.message(language()), err=True)
        return failed.exit_code
    except click.Abort:
        click.echo(words(say("Stopped.")), err=True)
        return 1
    except click.ClickException as wrong:
        click.echo(told(wrong), err=True)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as failed:  # a full disk, a folder that is gone, a file that may not be written
        from htkeval.errors import machine_says

        names = {"what": machine_says(failed), "place": str(failed.filename or "")}
        click.echo(words(say("The machine refused: {what} {place}", **names)), err=True)
        return 3
    return code if isinstance(code, int) else 0  # click hands back what `Exit` carried


def _expected_failure() -> type[HtkevalError]:
    """Loaded when something has failed: Python looks at an except clause only then."""
    from htkeval.errors import HtkevalError

    return HtkevalError


def commands() -> dict[str, Any]:
    """Every command, loaded: for tests and for the documentation."""
    context = click.Context(root)
    return {name: root.get_command(context, name) for name in COMMANDS}
