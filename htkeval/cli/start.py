"""init and doctor: a workspace made, and what is found where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import here, now, placed, reading
from htkeval.cli.output import MARKS, line, print_csv, print_json, print_table
from htkeval.cli.speech import language, words
from htkeval.local_day import local_day
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.effect import Check


@click.command(help=words(say("Make a workspace: the three example trials and the rules.")))
@click.argument(
    "folder", metavar=words(say("[FOLDER]")), default=".", type=click.Path(path_type=Path)
)
@placed
def init(folder: Path) -> None:
    """Copies what the package carries; overwrites nothing."""
    from htkeval.steps.start import make_workspace

    made = make_workspace(folder)
    line(say("Workspace made in {folder}.", folder=str(made.root)))
    line(say("Next: look at configs/, then `htkeval` in that folder says what to do."))


@click.command(help=words(say("What is set up, what is missing.")))
@reading
@placed
def doctor(form: str) -> None:
    """Exit code 1 where something is missing or wrong."""
    from htkeval.steps.examine import examine

    checks = examine(here(), today=local_day(now()))
    report(checks, form)


def report(checks: tuple[Check, ...], form: str) -> None:
    """Print checks; leave with 1 where one failed."""
    from htkeval.cli.printed.standing import Checks
    from htkeval.frozen import document

    rows = [document(check, language()) for check in checks]
    if form == "json":
        failed = sum(check.passed is False for check in checks)
        print_json(Checks(failed=failed, checks=checks))
    elif form == "csv":
        print_csv(rows, ["name", "passed", "text"])
    else:
        print_table(
            ["", say("Check"), say("What it says")],
            [[MARKS[check.passed], check.name, check.message] for check in checks],
        )
    if any(check.passed is False for check in checks):
        raise click.exceptions.Exit(1)
