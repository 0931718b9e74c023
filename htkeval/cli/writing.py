"""New files, written whole, never over one that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from htkeval.errors import EnvironmentFailed, HtkevalError, Problem, StateError, machine_says
from htkeval.text import say


def write_new(file: Path, content: str | bytes) -> None:
    """A new file; one that is already there may hold what somebody measured, and is left alone.

    Raises:
        StateError: Something of that name is there.
        EnvironmentFailed: It cannot be written.
    """
    with new_file(file) as new:
        new.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """A new file, opened before the work is done, and gone again where the work fails.

    Raises:
        StateError: Something of that name is there.
        EnvironmentFailed: It cannot be written.
    """
    try:
        new = file.open("xb")
    except FileExistsError:
        raise _taken(file) from None
    except OSError as failed:
        raise _unwritable(file, failed) from failed
    try:
        with new:
            yield new
    except OSError as failed:
        file.unlink(missing_ok=True)
        raise _unwritable(file, failed) from failed
    except BaseException:
        file.unlink(missing_ok=True)
        raise


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


def _unwritable(file: Path, failed: OSError) -> HtkevalError:
    found = machine_says(failed)
    expected = say("a file that can be written")
    return EnvironmentFailed(Problem(say("file {file}", file=str(file)), found, expected))
