"""Make a workspace, or a demo one that may be made again."""

from __future__ import annotations

import shutil
from pathlib import Path

from htkeval.errors import EnvironmentFailed, Problem, StateError, machine_says
from htkeval.resources import bundled
from htkeval.text import say
from htkeval.workspace import MARK, Workspace, at

DEMO_MARK = ".htkeval-demo"
"""The file by which a demo folder is known; only such a folder is ever made afresh."""


def make_workspace(folder: Path) -> Workspace:
    """Copy the rules and the example trials into a folder. What stands there is left alone.

    Raises:
        StateError: It is a workspace already.
        StoreLost: A store was here, and is gone.
    """
    from htkeval.store import lost

    made = at(folder.resolve())
    lost.refuse_gone(made.store, made.blobs)
    if (folder / MARK).exists():
        raise StateError(
            Problem(
                say("folder {folder}", folder=str(folder)),
                say("a workspace already"),
                say("a folder without one"),
            )
        )
    try:
        for name in ("configs", "experiments"):
            _copy(bundled(name), folder / name)
        (folder / ".htkeval").mkdir(mode=0o700, exist_ok=True)  # pseudonyms and salts will be there
        (folder / ".htkeval" / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as failed:
        raise unwritable(folder, failed) from failed
    return made


def unwritable(folder: Path, failed: OSError) -> EnvironmentFailed:
    """The machine would not let a folder be written."""
    return EnvironmentFailed(
        Problem(
            say("folder {folder}", folder=str(folder)),
            machine_says(failed),
            say("a folder that can be written"),
        )
    )


def make_demo(folder: Path) -> Workspace:
    """A workspace that starts afresh, in its own folder only.

    Raises:
        StateError: The folder is not empty and carries no demo mark: it is left alone.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not (folder / DEMO_MARK).is_file():
            raise StateError(
                Problem(
                    say("folder {folder}", folder=str(folder)),
                    say("something that is not a demo"),
                    say("an empty folder, or a demo made before"),
                    say("Nothing was touched. Name another folder: `htkeval demo FOLDER`."),
                )
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark = "Made by `htkeval demo`, which may delete this folder and make it afresh.\n"
    (folder / DEMO_MARK).write_text(mark, encoding="utf-8")
    return make_workspace(folder)


def _copy(source: Path, target: Path) -> None:
    """Every file of a folder that is not there yet."""
    for file in sorted(source.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not copy.exists():
                shutil.copyfile(file, copy)
