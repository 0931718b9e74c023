"""The bytes of a file that somebody sent: only of a plain file, and never more than is looked for.

A pipe that nobody writes to would wait for ever, a device never ends, and a link may lead anywhere.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from htkeval.errors import EnvironmentFailed, Problem, Refused, UsageError, machine_says
from htkeval.text import Text, say

_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
"""How it is opened, where the system has such a way."""


def content(file: Path, *, most: int, expected: Text) -> bytes:
    """All bytes of a file.

    Args:
        file: Where it lies.
        most: Bytes that it may have.
        expected: What it should be.

    Raises:
        UsageError: There is no such file.
        Refused: It is no plain file, or larger.
        EnvironmentFailed: The machine cannot read it.
    """
    place, nothing = say("file {file}", file=str(file)), say("Nothing was stored.")
    odd = Refused(Problem(place, say("something else than a plain file"), expected, nothing))
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            raise odd
        flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in _FLAGS)
        with os.fdopen(os.open(file, flags), "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise odd
            data = opened.read(most + 1)
    except (FileNotFoundError, ValueError):  # the latter: a name that no file can have
        raise UsageError(Problem(place, say("no such file"), expected)) from None
    except OSError as failed:
        raise EnvironmentFailed(Problem(place, machine_says(failed), expected)) from failed
    if len(data) > most:
        found = say("more than {n:#,##0} bytes", n=most)
        raise Refused(Problem(place, found, say("at most so many"), nothing))
    return data
