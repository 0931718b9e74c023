"""A file that a command writes: new, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from htkeval.text import say


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """Open a new file before the work is done, and take it away again where the work fails.

    One that is already there may hold what somebody measured or signed, and is left alone.

    Raises:
        StateError: Something of that name is there.
        EnvironmentFailed: It cannot be written.
    """
    from htkeval.errors import EnvironmentFailed, Problem, StateError

    place = say("file {file}", file=str(file))
    try:
        out = file.open("xb")
    except FileExistsError:
        found, expected = say("something of that name already"), say("a name that is not in use")
        raise StateError(Problem(place, found, expected)) from None
    except OSError as failed:
        found = say("{what}", what=failed.strerror or str(failed))
        expected = say("a file that can be written")
        raise EnvironmentFailed(Problem(place, found, expected)) from failed
    try:
        with out:
            yield out
    except BaseException:
        file.unlink(missing_ok=True)
        raise
