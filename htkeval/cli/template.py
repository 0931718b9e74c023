"""template: the empty sheet of a trial, to be filled in and added."""

from __future__ import annotations

from pathlib import Path

import click

from htkeval.cli.options import here, named_trial, placed, spoken_in
from htkeval.cli.output import line
from htkeval.cli.speech import words
from htkeval.text import say

ENDINGS = (".xlsx", ".csv")
"""What a template can be written as."""


@click.command(help=words(say("An empty sheet for a trial, to be filled in: Excel or CSV.")))
@named_trial
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help=words(say("Write the sheet to a new file: .xlsx or .csv.")),
)
@placed
def template(trial: str, output: Path) -> None:
    """From the registered definition, else the file's, and the lots that are drawn."""
    from htkeval.cli.writing import write_new
    from htkeval.steps.case import read_case
    from htkeval.steps.template import template as made_of

    ending, place = _ending(output), here()
    with read_case(place, trial) as case:
        content = made_of(case, ending=ending, language=spoken_in(place))
        name = case.file.id
    write_new(output, content)
    line(say("{file}: an empty sheet for {trial}.", file=output.name, trial=name))
    line(say("Filled in: `htkeval add {trial} {file} --preview` shows how it is read.",
             file=output.name, trial=name))  # fmt: skip


def _ending(output: Path) -> str:
    """Raises `UsageError` where the file's name says neither of the two kinds."""
    from htkeval.errors import Problem, UsageError

    ending = output.suffix.lower()
    if ending in ENDINGS:
        return ending
    found = say('a file that ends in "{ending}"', ending=output.suffix)
    place = say("file {file}", file=str(output))
    raise UsageError(Problem(place, found, say("one of {keys}", keys=", ".join(ENDINGS))))
