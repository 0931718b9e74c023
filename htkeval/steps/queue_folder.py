"""A folder of sheets that wait for the store: each is delivered once, in order, and then put away.

The store may be away, and the machine may stop at any moment. A sheet is put away after its rows
are kept; one that was kept and not put away is delivered again, and its rows are known again. So
a row is never lost and never counts twice.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from htkeval.decision import Actor
from htkeval.errors import (
    EnvironmentFailed,
    HtkevalError,
    Locked,
    Problem,
    Refused,
    UsageError,
    machine_says,
)
from htkeval.intake import privacy
from htkeval.intake.sheet import ENDINGS
from htkeval.steps.add import add_files
from htkeval.steps.case import Case
from htkeval.store.batches import Added
from htkeval.text import say

DELIVERED, REFUSED = "leveret", "afvist"
"""Folders beside the sheets: what has come in, and what a person must look at."""
STILL = 2.0
"""Seconds in which a file must not have changed: it may be half copied, or open in Excel."""


@dataclass(frozen=True)
class Outcome:
    """What became of one sheet."""

    file: str
    """Its name."""
    added: Added | None = None
    """What was stored; None where it was refused."""
    refused: HtkevalError | None = None
    """Why not; the sheet lies in its own folder then, with the reason beside it."""


def waiting(folder: Path, *, still: float = STILL) -> tuple[Path, ...]:
    """The sheets that wait, in the order of their names; one that is being written is not yet one.

    Nor is any after it: a later sheet never comes in before an earlier one, and week 9 is earlier
    than week 10.

    Raises:
        EnvironmentFailed: The folder cannot be read now: a drive that is away, a name that changed.
    """
    with _reached(folder):
        names = sorted((f for f in folder.iterdir() if f.is_file() and _is_sheet(f)), key=_in_order)
        return tuple(itertools.takewhile(lambda file: _is_still(file, still), names))


def _in_order(file: Path) -> tuple[list[tuple[str, int]], str]:
    """Numbers in a name by their size."""
    parts = re.findall(r"([^0-9]*)([0-9]*)", file.name.casefold())
    return [(text, int(number or -1)) for text, number in parts], file.name


def _is_still(file: Path, still: float) -> bool:
    """Whether nobody writes to it. A day to come tells nothing: the clock was set back, or another
    machine's goes otherwise; then the file itself is looked at twice."""
    before = file.stat()
    age = time.time() - before.st_mtime
    if age >= 0:
        return age >= still
    time.sleep(still)
    after = file.stat()
    return (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)


@contextmanager
def _reached(folder: Path) -> Iterator[None]:
    """Whatever the machine says of the folder: it may be back in a moment."""
    try:
        yield
    except OSError as failed:
        place, expected = privacy.masked(str(folder)), say("a folder that can be read and written")
        raise EnvironmentFailed(Problem(place, machine_says(failed), expected)) from failed


def _is_sheet(file: Path) -> bool:
    """Not what Excel and others keep beside an open file."""
    return file.suffix.lower() in ENDINGS and not file.name.startswith((".", "~"))


def deliver_waiting(
    case: Case,
    folder: Path,
    *,
    actor: Actor,
    now: datetime,
    practice: bool = False,
    names: frozenset[str] = frozenset(),
    still: float = STILL,
) -> Iterator[Outcome]:
    """Deliver what waits in a folder, a sheet at a time.

    Args:
        case: The trial.
        folder: The sheets; those delivered and refused are put into folders of their own in it.
        actor: Who delivers.
        now: When, in UTC.
        practice: As for `add_files`.
        names: Words of names that no cell may hold.
        still: Seconds in which a sheet must not have changed.

    Raises:
        EnvironmentFailed: The store or the folder is away; the sheet and all after it wait where
            they are.
        Locked: The trial's measurements are final; they wait as well.
    """
    for file in waiting(folder, still=still):
        try:
            (added,) = add_files(
                case, (file,), actor=actor, now=now, practice=practice, names=names
            )
        except UsageError:  # somebody took it away since it was seen, or the whole folder is gone
            if file.exists():
                raise
            return
        except Locked:  # the sheets are as good as before: they wait for the trial to be opened
            raise
        except Refused as refused:
            _put_away(file, folder / REFUSED)
            yield Outcome(file.name, refused=refused)
            continue
        _put_away(file, folder / DELIVERED)
        yield Outcome(file.name, added=added)


def _put_away(file: Path, into: Path) -> None:
    """Move a sheet, beside one of its name where there is one already."""
    with _reached(into):
        into.mkdir(exist_ok=True)
        place, n = into / file.name, 1
        while place.exists():
            n += 1
            place = into / f"{file.stem} ({n}){file.suffix}"
        file.rename(place)
