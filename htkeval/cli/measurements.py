"""add, simulate: what comes in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.added import tell
from htkeval.cli.options import Command, acting, here, named_trial, now, placed
from htkeval.cli.output import (
    line,
    warn,
)
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor

FILE = click.Path(path_type=Path)


def practising(command: Command) -> Command:
    """`--simulated`, which must be said to store invented rows in a trial registered for real."""
    return click.option(
        "--simulated",
        "practice",
        is_flag=True,
        help=words(
            say("Make a trial that is registered a simulated one, for good; else it is refused.")
        ),
    )(command)


@click.command(help=words(say("Measurements in: every row of a file is stored, or none.")))
@named_trial
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option(
    "--watch",
    is_flag=True,
    help=words(say("FILE is a folder: deliver each sheet that comes into it, in order, once.")),
)
@click.option("--once", is_flag=True, help=words(say("With --watch: what waits now, then stop.")))
@practising
@click.option(
    "--preview", is_flag=True, help=words(say("Show how each column is read; store nothing."))
)
@click.option(
    "--names",
    type=FILE,
    help=words(
        say("Names that no cell may hold, one a line; else configs/names.txt. It is not kept.")
    ),
)
@acting
@placed
def add(
    trial: str,
    files: tuple[Path, ...],
    watch: bool,
    once: bool,
    practice: bool,
    preview: bool,
    names: Path | None,
    actor: Actor,
) -> None:
    """Reads and validates every file, then stores each as one batch.

    With --preview: exit code 1 where the files would be refused.
    """
    from htkeval.intake.names import listed
    from htkeval.steps.add import add_files
    from htkeval.steps.case import open_case

    known = listed(here().root, names)
    if preview:
        from htkeval.cli.preview import show_preview

        show_preview(here(), trial, files, practice=practice, names=known)
        return
    if watch or once:
        from htkeval.cli.watching import watch as look_after

        look_after(here(), trial, files, once=once, practice=practice, names=known, actor=actor)
        return
    with open_case(here(), trial) as case:
        stored = add_files(case, files, actor=actor, now=now(), practice=practice, names=known)
        for file, added in zip(files, stored, strict=True):
            tell(case, file.name, added)
        if case.registration is None and case.store.counts(case.file.id).get("treatment"):
            warn(
                say(
                    "{trial} is not registered, and there are measurements with AI: "
                    "a registration from now on is not in time.",
                    trial=case.file.id,
                )
            )


@click.command(
    help=words(say("Invent measurements from a trial's own design, marked as simulated for good."))
)
@named_trial
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help=words(say("Seed of the draws; else the scenario's own.")),
)
@click.option(
    "--scenario", type=FILE, help=words(say("What is true; else scenario.toml beside the trial."))
)
@click.option("-o", "--output", type=FILE, help=words(say("Write a CSV instead of storing them.")))
@practising
@acting
@placed
def simulate(
    trial: str,
    seed: int | None,
    scenario: Path | None,
    output: Path | None,
    practice: bool,
    actor: Actor,
) -> None:
    """Stores the invented measurements, or writes them to a file."""
    from htkeval.cli.writing import write_new
    from htkeval.design.scenario import load_scenario
    from htkeval.design.simulate import simulate as invent
    from htkeval.design.simulate import to_csv
    from htkeval.measurement import Batch
    from htkeval.steps.add import add as keep
    from htkeval.steps.case import open_case

    workspace = here()
    file = workspace.trial_file(trial)
    truth = load_scenario(scenario or file.parent / "scenario.toml")
    used = truth.seed if seed is None else seed
    if output is not None:
        definition = workspace.trial(trial)
        rows = invent(definition, truth, seed=used)
        write_new(output, to_csv(definition, rows))
        line(say("{file}: {n:#,##0} simulated measurements.", file=output.name, n=len(rows)))
        return
    with open_case(workspace, trial) as case:
        rows = invent(case.trial, truth, seed=used)
        name = f"simulated-seed-{used}"
        batch = Batch(trial=case.file.id, name=name, measurements=rows, simulated=True)
        added = keep(case, batch, actor=actor, now=now(), simulated=True, practice=practice)
    line(say("{n:#,##0} simulated measurements stored.", n=added.rows))
