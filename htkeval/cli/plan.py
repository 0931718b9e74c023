"""plan: what could be seen, before anybody is measured."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import FiniteRange, here, named_trial, placed, reading
from htkeval.cli.output import paragraph, print_csv, print_json, print_table
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.outlook import Outlook

    Share = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]

COLUMNS = ("effect", "power")
"""Of the CSV: the power curve."""


@click.command(
    help=words(
        say(
            "What could this plan see? Floors, power, the size that the goal takes, and what the "
            "policy would say; from the registered analysis itself, in invented trials."
        )
    )
)
@named_trial
@click.option(
    "--units",
    type=click.IntRange(2, 2000),
    help=words(say("Participants or teams; else clusters in trial.toml.")),
)
@click.option(
    "--tasks-each",
    type=FiniteRange(1, 400),
    help=words(say("Tasks of each, over all periods; else tasks_each in trial.toml.")),
)
@click.option(
    "--mean",
    type=FiniteRange(0, 1_000_000, min_open=True),
    help=words(say("Mean of the primary metric without the tool.")),
)
@click.option(
    "--log-sd",
    type=FiniteRange(0.01, 3),
    help=words(say("Spread of tasks, as SD of the logarithm.")),
)
@click.option(
    "--icc",
    type=FiniteRange(0, 0.99),
    help=words(say("How alike tasks of one person or team are.")),
)
@click.option(
    "--reaction-sd",
    type=FiniteRange(0, 2),
    help=words(say("How differently people or teams react, as SD of the logarithm.")),
)
@click.option(
    "--cv",
    type=FiniteRange(0, 2),
    default=0.0,
    help=words(say("How unlike they are in the number of tasks: SD over mean.")),
)
@click.option(
    "--trials",
    type=click.IntRange(100, 100_000),
    help=words(say("Invented trials; else by method.")),
)
@click.option(
    "--draws",
    type=click.IntRange(99, 99_999),
    default=999,
    show_default=True,
    help=words(say("Re-randomisations in each.")),
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help=words(say("Processes.")),
)
@click.option(
    "--no-size", is_flag=True, help=words(say("Do not look for the size that the goal takes."))
)
@reading
@placed
def plan(trial: str, form: str, jobs: int, no_size: bool, **asked: Any) -> None:
    """Exit code 1 where no measurement could answer the question."""
    from htkeval.steps.case import read_case
    from htkeval.steps.plan import known, question, see

    workspace = here()
    with read_case(workspace, trial) as case:
        definition, measured = case.trial, known(case)
    question_of = question(
        definition, workspace.policy, sizes=not no_size, measured=measured, **asked
    )
    found = see(question_of, jobs=jobs, seen=_seen)
    if form == "json":
        print_json(found)
    elif form == "csv":
        print_csv([point.model_dump() for point in found.curve], COLUMNS)
    else:
        _table(definition, found)
    if found.refused:
        raise click.exceptions.Exit(1)


def _seen(share: Share) -> Share:
    """How far it is, for a person who waits and sees it."""
    if not sys.stderr.isatty():
        return share

    def told(function: Callable[[int], Any], chunks: Iterable[int]) -> Iterator[Any]:
        with click.progressbar(
            share(function, chunks),
            length=len(list(chunks)),
            label=words(say("Inventing trials")),
            file=sys.stderr,
        ) as bar:
            yield from bar

    return told


def _table(trial: Any, found: Outlook) -> None:
    from htkeval.reporting.outlook import assumptions, summary, verdicts

    for sentence in summary(trial, found):
        paragraph(sentence)
    if found.verdicts:
        shown = verdicts(found)
        click.echo(f"\n{words(shown.name)}:")
        print_table(shown.head, [list(row) for row in shown.rows])  # type: ignore[arg-type]
    shown = assumptions(found)
    print_table(shown.head, [list(row) for row in shown.rows])  # type: ignore[arg-type]
