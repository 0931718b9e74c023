"""click's own words on a help page, in the language of this command line."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from htkeval.cli.speech import words
from htkeval.text import say

HEADINGS = {"Options": say("Options")}
"""What click calls a part of the page."""
VALUES = {
    "NAME": say("NAME"),
    "TEXT": say("TEXT"),
    "FOLDER": say("FOLDER"),
    "FILE": say("FILE"),
    "KEY": say("KEY"),
    "VALUE": say("VALUE"),
    "MINUTES": say("MINUTES"),
    "INTEGER": say("NUMBER"),
    "INTEGER RANGE": say("NUMBER"),
    "FLOAT": say("NUMBER"),
    "FLOAT RANGE": say("NUMBER"),
    "PATH": say("FILE"),
}
"""What stands after an option in place of its value."""
REQUIRED = "  [required]"
DEFAULT = "  [default: "
"""How click ends the line of an option."""


_VALUE = re.compile(rf"(?<= )(?:{'|'.join(sorted(VALUES, key=len, reverse=True))})$")


class Page(click.HelpFormatter):
    """A help page without English in it where another language is spoken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{words(say('Usage:'))} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(words(HEADINGS.get(heading, heading)))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        needed, otherwise = words(say("[required]")), words(say("[default: "))
        told = [
            (
                _VALUE.sub(lambda found: words(VALUES[found[0]]), name),
                line.replace(REQUIRED, f"  {needed}").replace(DEFAULT, f"  {otherwise}"),
            )
            for name, line in rows
        ]
        super().write_dl(told, col_max, col_spacing)


class Context(click.Context):
    """A context whose help page is ours."""

    formatter_class = Page


def spoken(command: click.Command) -> click.Command:
    """A command whose help page speaks; asked again, the same one."""
    if command.context_class is not Context:
        command.context_class = Context
        command.options_metavar = words(say("[OPTIONS]"))
        click.help_option("-h", "--help", help=words(say("Show this page.")))(command)
    return command
