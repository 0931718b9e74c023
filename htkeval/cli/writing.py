"""New files, written whole, never over one that is there."""

from __future__ import annotations

from pathlib import Path

from htkeval.errors import EnvironmentFailed, HtkevalError, Problem, StateError
from htkeval.text import say


def write_new(file: Path, content: str | bytes) -> None:
    """A new file; one that is already there may hold what somebody measured, and is left alone.

    Raises:
        StateError: Something of that name is there.
        EnvironmentFailed: It cannot be written.
    """
    raw = content.encode() if isinstance(content, str) else content
    try:
        with file.open("xb") as new:
            new.write(raw)
    except FileExistsError:
        raise _taken(file) from None
    except OSError as failed:
        found = say("{what}", what=failed.strerror or str(failed))
        expected = say("a file that can be written")
        place = say("file {file}", file=str(file))
        raise EnvironmentFailed(Problem(place, found, expected)) from failed


def refuse_taken(*files: Path | None) -> None:
    """Raises `StateError` where one of several files is there: then none of them is written."""
    for file in files:
        if file is not None and file.exists():
            raise _taken(file)
    named = [file.absolute() for file in files if file is not None]
    if len(set(named)) < len(named):
        raise _taken(named[0])


def _taken(file: Path) -> HtkevalError:
    found, expected = say("something of that name already"), say("a name that is not in use")
    return StateError(Problem(say("file {file}", file=str(file)), found, expected))
