"""add --watch: a folder of sheets, delivered while somebody else fills it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.added import tell
from htkeval.cli.output import line, warn
from htkeval.cli.speech import words
from htkeval.cli.writing import unwritable
from htkeval.errors import EnvironmentFailed, HtkevalError, Locked, Problem, UsageError
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.workspace import Workspace

EVERY = 5.0
"""Seconds between two looks into the folder."""


def watch(
    workspace: Workspace,
    trial: str,
    files: tuple[Path, ...],
    *,
    once: bool,
    practice: bool,
    names: frozenset[str],
    actor: Actor,
) -> None:
    """Deliver what comes into a folder, until Ctrl+C; with `once` what waits now.

    Exit code 1 where `once` found a sheet that was refused. While the store is away sheets wait;
    with `once` that is exit code 3.

    Raises:
        UsageError: It is not one folder.
        Locked: The trial's measurements are final.
    """
    folder = _folder(files)
    _refuse_locked(workspace, trial)
    deliver = partial(_round, workspace, trial, folder, practice=practice, names=names, actor=actor)
    if once:
        if deliver():
            raise click.exceptions.Exit(1)
        return
    line(say("Sheets that come into {folder} are delivered; Ctrl+C ends it.", folder=str(folder)))
    away = False
    try:
        while True:
            away = _try(deliver, away=away)
            time.sleep(EVERY)
    except KeyboardInterrupt:
        line(say("Ended. What has not come in yet waits in the folder."))


def _refuse_locked(workspace: Workspace, trial: str) -> None:
    """A name that is none, and a trial that takes nothing, are told at once, not when the first
    sheet comes."""
    name = workspace.trial(trial).id
    from htkeval.steps.case import read_workspace_store

    try:
        with read_workspace_store(workspace) as store:
            store.refuse_locked(name)
    except EnvironmentFailed:  # it may be back when the first sheet comes
        return


def _folder(files: tuple[Path, ...]) -> Path:
    if len(files) == 1 and files[0].is_dir():
        return files[0]
    raise UsageError(
        Problem(
            "--watch",
            say("{n} files", n=len(files)) if len(files) != 1 else str(files[0]),
            say("one folder that is there"),
        )
    )


def _try(deliver: Callable[[], int], *, away: bool) -> bool:
    """One look into the folder; whether the store is away, which is told once."""
    try:
        deliver()
    except (EnvironmentFailed, Locked) as failed:
        if not away:
            for problem in failed.problems:
                warn(problem.sentence)
            if isinstance(failed, Locked):
                warn(say("Sheets wait in the folder until the trial is opened."))
            else:
                warn(say("Sheets wait in the folder until it is back."))
        return True
    return False


def _round(
    workspace: Workspace,
    trial: str,
    folder: Path,
    *,
    practice: bool,
    names: frozenset[str],
    actor: Actor,
) -> int:
    """Deliver what waits; how many were refused."""
    from htkeval.steps.case import open_case
    from htkeval.steps.queue_folder import deliver_waiting

    refused = 0
    with open_case(workspace, trial) as case:
        for one in deliver_waiting(
            case, folder, actor=actor, now=datetime.now(UTC), practice=practice, names=names
        ):
            if one.added is not None:
                tell(case, one.file, one.added)
            elif one.refused is not None:
                refused += 1
                _refused(folder, one.file, one.refused, names)
    return refused


def _refused(folder: Path, file: str, why: HtkevalError, names: frozenset[str]) -> None:
    """Say why a sheet was put aside, here and beside it."""
    from htkeval.steps.queue_folder import REFUSED

    told = [words(problem.sentence) for problem in why.problems]
    place = folder / REFUSED / f"{file}.txt"
    try:
        place.write_text("\n".join(told) + "\n", encoding="utf-8")
    except OSError as failed:  # the sheet lies aside already, and the reasons are told below
        warn(unwritable(place, failed).problems[0].sentence)
    warn(say("{file} was refused and put into {folder}, with the reasons beside it.",
             file=_shown(file, names), folder=str(folder / REFUSED)))  # fmt: skip
    for sentence in told[:SHOWN]:
        click.echo(f"  {sentence}", err=True)


def _shown(file: str, names: frozenset[str]) -> str:
    """The name of a sheet that was refused. It may be why it was, so it is not told in full."""
    from htkeval.intake import privacy
    from htkeval.intake.names import words as words_of

    return f"…{Path(file).suffix}" if names & words_of(file) else privacy.masked(file)


SHOWN = 5
"""Reasons that are told here; all of them stand beside the sheet."""
