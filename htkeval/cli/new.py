"""new: a trial's folder from a template, ready to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htkeval.cli.options import here, kept, now, placed, spoken_in
from htkeval.cli.output import line
from htkeval.cli.speech import words
from htkeval.local_day import local_day
from htkeval.steps.proposal import KINDS, SIZES
from htkeval.text import say

if TYPE_CHECKING:
    from pathlib import Path

    from htkeval.steps.draft import Draft


@click.command(help=words(say("A new trial: a folder that is right already and asks to be read.")))
@click.argument("slug", metavar=words(say("SLUG")))
@click.option(
    "--kind", type=click.Choice(list(KINDS)), required=True, help=words(say("Kind of tool."))
)
@click.option(
    "--design",
    type=click.Choice(list(SIZES)),
    help=words(say("How units come to be in an arm; else what fits the kind of tool best.")),
)
@click.option(
    "--title",
    metavar="TEXT",
    callback=kept,
    help=words(say("Name for people; else from the slug.")),
)
@placed
def new(slug: str, kind: str, design: str | None, title: str | None) -> None:
    """Writes `experiments/SLUG/`; a name that is taken is left alone."""
    from htkeval.cli.commands import COMMANDS
    from htkeval.steps.begin import begin
    from htkeval.steps.draft import Draft, files
    from htkeval.steps.foretell import of_a_new_one, wanted
    from htkeval.trial_file import load

    workspace = here()
    draft = Draft(
        slug=slug,
        title=slug.replace("-", " ").strip().capitalize() if title is None else title.strip(),
        kind=kind,  # type: ignore[arg-type]  # click.Choice saw to it
        design=design or KINDS[kind].designs[0],  # type: ignore[arg-type, index]  # likewise
        today=local_day(now()),
    )
    made = files(draft, spoken_in(workspace), commands=COMMANDS)
    folder = begin(workspace, draft, made)
    _tell(draft, folder, made)
    for remark in of_a_new_one(load(folder / "trial.toml"), wanted(workspace)):
        line(remark)
    line(
        say(
            "Next: fill in README.md and trial.toml, read and correct what is in material/, then "
            "htkeval check {slug}",
            slug=draft.slug,
        )
    )


def _tell(draft: Draft, folder: Path, made: dict[str, str]) -> None:
    """What was written, what is still to be filled in, and the next step."""
    from htkeval.blank import places
    from htkeval.reporting.designs import DESIGNS

    line(say("{title} is written in {folder}.", title=draft.title, folder=str(folder)))
    line(say("Plan: {plan}.", plan=DESIGNS[draft.design]))
    for name, text in made.items():
        n = places(text)
        told = say("{file}: places to fill in: {n}", file=name, n=n) if n else name
        line(say("  {what}", what=told))
