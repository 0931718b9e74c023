"""evidence: what trials found, given to other municipalities, taken from them, and pooled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.notes import note
from htkeval.cli.options import acting, here, kept, now, placed, reading
from htkeval.cli.output import line, paragraph, simulated_banner, warn
from htkeval.cli.speech import words
from htkeval.cli.stores import Parts
from htkeval.errors import Problem, StateError, UsageError
from htkeval.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from htkeval.decision import Actor
    from htkeval.evidence_package import EvidencePackage
    from htkeval.intake.evidence_file import Incoming
    from htkeval.steps.exchange import Taken
    from htkeval.text import Text

SHOWN = 20
"""Files that are told of one by one."""


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
    """Exchange of evidence; without a part of it, what there is."""
    if ctx.invoked_subcommand is None:
        line(ctx.get_help())


@evidence.command(
    help=words(
        say(
            "Write what a trial found as a package for other municipalities: effects, intervals, "
            "design, level. No rows, nobody's name, no count of few people."
        )
    )
)
@click.argument("trial", metavar=words(say("[TRIAL]")), required=False)
@click.option(
    "--all", "every", is_flag=True, help=words(say("Every analysed trial that states a question."))
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=words(say("A new file; with --all a new folder, or an empty one.")),
)
@click.option("--named", is_flag=True, help=words(say("Say which municipality it comes from.")))
@placed
def export(trial: str | None, every: bool, output: Path, named: bool) -> None:
    """Reads the record and stores nothing; the same state gives the same bytes."""
    from htkeval.cli.export import new_folder
    from htkeval.cli.writing import settle, write_new
    from htkeval.evidence_package import SUFFIX, file_bytes

    if (trial is None) is not every:
        found = say("both of them") if every else say("neither of them")
        keys = say("one of {keys}", keys="TRIAL, --all")
        raise UsageError(Problem("evidence export", found, keys))
    made = _packages(trial, named=named)
    if trial is None:
        with new_folder(output) as folder:
            for name, package in made.items():
                with (folder / f"{name}{SUFFIX}").open("xb") as new:
                    new.write(file_bytes(package))
                    settle(new)
    else:
        (package,) = made.values()
        write_new(output, file_bytes(package))
    _tell_exported(output, made, named=named)


def _packages(trial: str | None, *, named: bool) -> dict[str, EvidencePackage]:
    """By id of the trial: its package; of all that have one where none is named."""
    from htkeval.intake.names import listed
    from htkeval.steps.case import Case, read_workspace_store
    from htkeval.steps.packaging import package
    from htkeval.steps.pool import asking

    place = here()
    names = listed(place.root, None)
    more: dict[str, Any] = {
        "policy": place.policy,
        "municipality": place.municipality,
        "named": named,
    }
    made: dict[str, EvidencePackage] = {}
    with read_workspace_store(place) as store:
        if trial is not None:
            case = Case(store=store, blobs=place.blobs, file=place.trial(trial), names=names)
            return {case.file.id: package(case, **more)}
        for one in asking(store, place):
            case = Case(store=store, blobs=place.blobs, file=one.file, names=names)
            try:
                made[case.file.id] = package(case, **more)
            except StateError as failed:
                for problem in failed.problems:
                    warn(problem.sentence)
    if not made:
        raise StateError(
            Problem(
                "evidence export --all",
                say("no analysed trial that states a question"),
                say("question_id in trial.toml, and an analysis"),
                say("Nothing was written."),
            )
        )
    return made


def _tell_exported(output: Path, made: dict[str, EvidencePackage], *, named: bool) -> None:
    if any(one.simulated for one in made.values()):
        line(simulated_banner())
    for name, one in made.items():
        values = {"trial": name, "question": one.question_id, "hash": one.sha256}
        line(say("{trial} ({question}): SHA-256 {hash}.", **values))
        if one.stale:
            warn(say("{trial}: something came in after the analysis; run it again.", trial=name))
    line(say("Written to {place}. No rows and no names of people.", place=str(output)))
    paragraph(
        say("It says which municipality it comes from.")
        if named
        else say("It does not say which municipality it comes from; --named would.")
    )


@evidence.command(
    name="import",
    help=words(
        say(
            "Check packages of other municipalities and keep them: all of them, or none. A folder "
            "stands for the packages in it."
        )
    ),
)
@click.argument(
    "files",
    metavar=words(say("FILE...")),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@acting
@placed
def take_in(files: tuple[Path, ...], actor: Actor) -> None:
    """Stores an event for each package that is new."""
    from htkeval.intake.evidence_file import files_of
    from htkeval.intake.names import listed
    from htkeval.steps.case import open_workspace_store
    from htkeval.steps.exchange import take
    from htkeval.steps.pool import directions

    place = here()
    coming = _read_all(files_of(files), listed(place.root, None))
    with open_workspace_store(place) as store:
        ours = directions(store, place)
        taken = take(store, coming, directions=ours, actor=actor, now=now())
    _tell_taken(taken)


def _read_all(files: Iterable[Path], names: frozenset[str]) -> list[Incoming]:
    """Every file, or all that is wrong with any of them."""
    from htkeval.errors import Refused
    from htkeval.intake.evidence_file import read

    coming: list[Incoming] = []
    problems: list[Problem] = []
    for file in files:
        try:
            coming.append(read(file, names=names))
        except Refused as failed:
            problems += failed.problems
    if problems:
        raise Refused(problems)
    return coming


def _tell_taken(taken: tuple[Taken, ...]) -> None:
    stored = [one for one in taken if one.event is not None]
    for one in taken[:SHOWN]:
        line(_became(one))
    if len(taken) > SHOWN:
        line(say("… and {n:#,##0} more files.", n=len(taken) - SHOWN))
    line(
        say(
            "Stored: {n:#,##0} of {all:#,##0}. `htkeval evidence pool` shows what they say.",
            n=len(stored),
            all=len(taken),
        )
    )


def _became(one: Taken) -> Text:
    values = {"file": one.file, "question": one.package.question_id}
    if one.became == "new":
        return say("{file}: a trial of {question}, stored.", **values)
    if one.became == "newer":
        return say("{file}: takes the place of an older result of its trial, stored.", **values)
    if one.became == "known":
        return say("{file}: is here already.", **values)
    return say("{file}: older than the result of this trial that is here already.", **values)


@evidence.command(
    help=words(
        say("Take the packages of one trial elsewhere out of what counts; they stay on record.")
    )
)
@click.argument("origin", metavar=words(say("ORIGIN")))
@click.option(
    "--why",
    required=True,
    metavar="TEXT",
    callback=kept,
    help=words(say("Why, in your own words.")),
)
@acting
@placed
def withdraw(origin: str, why: str, actor: Actor) -> None:
    """Stores that they count no more."""
    from htkeval.steps.case import open_workspace_store
    from htkeval.steps.exchange import withdraw as take_out

    with open_workspace_store(here()) as store:
        gone = take_out(store, origin, why=why, actor=actor, now=now())
    line(
        say(
            "{origin}, of {question}: counts no more. A package of it may be taken in again.",
            origin=gone.origin[:16],
            question=gone.question_id,
        )
    )


@evidence.command(name="list", help=words(say("Packages that are here, and those of our own.")))
@reading
@placed
def list_(form: str) -> None:
    """Reads, and stores nothing."""
    from htkeval.cli.exchange_shown import show_list
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.pool import everything

    place = here()
    with read_workspace_store(place) as store:
        known = everything(store, place)
    show_list(known, form)


@evidence.command(
    help=words(
        say(
            "What the trials of a question say, each and together: from three of one kind, and "
            "what the next municipality may expect."
        )
    )
)
@click.argument("question", metavar=words(say("[QUESTION]")), required=False)
@reading
@placed
def pool(question: str | None, form: str) -> None:
    """Reads, and stores nothing."""
    from htkeval.cli.exchange_shown import show_pool
    from htkeval.steps.pool import pooled

    show_pool(pooled(here(), question), form)


evidence.add_command(note)
