"""New files, written whole, never over one that is there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

    It has its name only when it is whole and on the disk: whatever stops the machine, no half of
    it looks like all of it.

    Raises:
        StateError: Something of that name is there.
        EnvironmentFailed: It cannot be written.
    """
    _refuse_name(file)
    part = file.with_name(f".htkeval-{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as new:
            yield new
            settle(new)
        _name(part, file)
    except FileExistsError:
        raise _taken(file) from None
    except OSError as failed:
        raise unwritable(file, failed) from failed
    finally:
        with suppress(OSError):
            part.unlink()


def settle(new: BinaryIO) -> None:
    """Have the disk take what was written: a full one says so now, not when the file is closed."""
    new.flush()
    os.fsync(new.fileno())


def refuse_taken(*files: Path | None) -> None:
    """Raises `StateError` where one of several files is there: then none of them is written."""
    for file in files:
        if file is not None and file.exists():
            raise _taken(file)
    named = [file.absolute() for file in files if file is not None]
    if len(set(named)) < len(named):
        raise _taken(named[0])


def _refuse_name(file: Path) -> None:
    """Whether a name is free and can be one at all, before any work is done for it."""
    try:
        file.lstat()
    except FileNotFoundError:
        return
    except OSError as failed:
        raise unwritable(file, failed) from failed
    raise _taken(file)


def _name(part: Path, file: Path) -> None:
    """Give a file its name, unless another has taken it meanwhile."""
    try:
        os.link(part, file)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system without hard links
        file.open("xb").close()
        part.replace(file)


def _taken(file: Path) -> HtkevalError:
    found, expected = say("something of that name already"), say("a name that is not in use")
    return StateError(Problem(say("file {file}", file=str(file)), found, expected))


def unwritable(file: Path, failed: OSError) -> HtkevalError:
    """That a file cannot be written, and why."""
    found = machine_says(failed)
    expected = say("a file that can be written")
    return EnvironmentFailed(Problem(say("file {file}", file=str(file)), found, expected))
