"""letter: what staff and the consultation committee are told, and the trial's dates."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import here, named_trial, placed, spoken_in
from htkeval.cli.output import warn
from htkeval.cli.speech import words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.finding import Finding
    from htkeval.reporting.letter import Letter
    from htkeval.text import Language
    from htkeval.trial import Trial
    from htkeval.workspace import Workspace

FILE = click.Path(path_type=Path)


@click.command(
    help=words(say("A letter to staff or to the consultation committee (MED), and the dates."))
)
@named_trial
@click.option("--to", type=click.Choice(["staff", "med"]), required=True, help=words(say("To.")))
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "html"]),
    default="markdown",
    show_default=True,
    help=words(say("Markdown, or one plain page for a browser or a mail.")),
)
@click.option("-o", "--output", type=FILE, help=words(say("Write the letter to a new file.")))
@click.option("--ics", type=FILE, help=words(say("Write the trial's dates to a calendar file.")))
@placed
def letter(trial: str, to: str, form: str, output: Path | None, ics: Path | None) -> None:
    """Written from the registered definition, else from the file's. Stores nothing."""
    from htkeval.cli.writing import new_file, refuse_taken
    from htkeval.errors import UsageError

    try:
        place = here()
    except UsageError:
        place = None
    definition, stamp, findings = _planned(place, trial)
    language = spoken_in(place)
    refuse_taken(output, ics)
    text = _written(_about(definition, place, to, findings), language, form)
    with ExitStack() as files:  # neither has its name before both are written
        if output is not None:
            files.enter_context(new_file(output)).write(text.encode())
        if ics is not None:
            from htkeval.reporting.calendar_file import calendar_file

            dates = calendar_file(definition, language, stamp=stamp, afterwards=to == "med")
            files.enter_context(new_file(ics)).write(dates)
    if ics is not None:
        warn(say("{file}: the trial's dates.", file=str(ics)))
    if output is not None:
        warn(say("{file}: the letter.", file=str(output)))
    else:
        click.echo(text, nl=False)
    _tell_missing(text)


def _planned(place: Workspace | None, name: str) -> tuple[Trial, datetime, tuple[Finding, ...]]:
    """The definition that counts, since when (its promise or file), and findings."""
    from htkeval import workspace
    from htkeval.trial_file import load

    file = workspace.find_trial(name, place)
    found: tuple[Finding, ...] = ()
    if place is not None:
        from htkeval.steps.case import read_case
        from htkeval.steps.findings import findings

        with read_case(place, name) as case:
            promise, found = case.in_force, findings(case)
            if promise is not None:
                return case.trial, promise.at, found
    definition = load(file)
    return definition, datetime.fromtimestamp(int(file.stat().st_mtime), UTC), found


def _about(trial: Trial, place: Workspace | None, to: str, findings: tuple[Finding, ...]) -> Letter:
    from htkeval.reporting.med_letter import med_letter
    from htkeval.reporting.staff_letter import staff_letter

    nobody = say("[FILL IN: who decides]")
    decides: Text | str = place.municipality.committee if place else nobody
    if to == "staff":  # told before the trial, of what will happen
        return staff_letter(trial, decides=decides)
    return med_letter(trial, decides=decides, findings=findings)


def _written(about: Letter, language: Language, form: str) -> str:
    from htkeval.reporting.letter import markdown, page

    return (page if form == "html" else markdown)(about, language)


def _tell_missing(text: str) -> None:
    """What only the sender knows, on standard error: the letter may be on its way to a file."""
    from htkeval.blank import blanks

    missing = blanks(text)
    if missing:
        warn(say("Fill in these places before it is sent ({n}):", n=len(missing)))
    for what in missing:
        warn(say("  - {what}", what=what))
