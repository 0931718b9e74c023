"""A sheet that somebody hands in by a page: looked at first, and taken exactly as it was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from htkeval.decision import Actor
from htkeval.errors import EnvironmentFailed, Problem, Refused, SheetError, machine_says
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.steps.add import add_files
from htkeval.steps.case import Case
from htkeval.steps.preview import Preview, preview
from htkeval.store.store import Added
from htkeval.text import say

LARGEST = 20
"""Million bytes of a sheet that a page takes; a larger one comes in by the command line."""
_SIGNS = re.compile(r"[^\w .()+-]")


@dataclass(frozen=True)
class Sheet:
    """A file as a browser sent it."""

    name: str
    """Its name on somebody's computer; a folder in it does not count."""
    content: bytes
    """What stands in it."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content."""
        return sha256(self.content).hexdigest()

    @property
    def plain_name(self) -> str:
        """The name alone, in signs that every system takes for a file's name."""
        last = PurePosixPath(self.name.replace("\\", "/")).name
        short = Path(_SIGNS.sub("_", last))
        return f"{short.stem.strip(' .')[:80] or 'ark'}{short.suffix[:8]}"


def look(case: Case, sheet: Sheet) -> Preview:
    """How the sheet would come in, without storing anything.

    Args:
        case: The trial.
        sheet: What was handed in.

    Raises:
        Refused: It is larger than a page takes, or its name gives somebody away.
        UsageError: It is no kind of sheet that is read.
        EnvironmentFailed: The machine could not read it.
    """
    with _as_file(case, sheet) as path:
        return preview(case, (path,), practice=False, names=case.names)


def take(case: Case, sheet: Sheet, *, seen: str, actor: Actor, now: datetime) -> Added:
    """Store the sheet whose preview was shown, every row or none.

    Args:
        case: The trial.
        sheet: What was handed in.
        seen: Fingerprint of what the preview told of.
        actor: Who delivers.
        now: When, in UTC.

    Raises:
        SheetError: It is another sheet than the one that was shown, or has bad rows.
        HtkevalError: As for `add_files` and `look`; nothing was stored.
    """
    if sheet.fingerprint != seen:
        raise SheetError(
            Problem(
                say("the sheet"),
                say("another sheet than the one that was shown"),
                say("the same sheet"),
                say("Look at it once more, then add it."),
            )
        )
    with _as_file(case, sheet) as path:
        (added,) = add_files(case, (path,), actor=actor, now=now, names=case.names)
    return added


@contextmanager
def _as_file(case: Case, sheet: Sheet) -> Iterator[Path]:
    """The sheet where a reader of files finds it, and gone afterwards."""
    _refuse(case, sheet)
    try:
        with TemporaryDirectory(prefix="htkeval-") as room:
            path = Path(room) / sheet.plain_name
            path.write_bytes(sheet.content)
            yield path
    except OSError as failed:
        place = say("the sheet")
        raise EnvironmentFailed(
            Problem(place, machine_says(failed), say("room for a file"))
        ) from failed


def _refuse(case: Case, sheet: Sheet) -> None:
    """A name is kept with the delivery for good, so it is searched as every text is."""
    if len(sheet.content) > LARGEST * 1_000_000:
        n, most = round(len(sheet.content) / 1_000_000), LARGEST
        found = say("{n:#,##0} million bytes", n=n)
        step = say("Have it added by `htkeval add`, or divide it into several.")
        expected = say("at most {n:#,##0} million", n=most)
        raise Refused(Problem(say("the sheet"), found, expected, step))
    given = PurePosixPath(sheet.name.replace("\\", "/")).name[-300:]
    stem = {"name": given, "plain": Path(sheet.plain_name).stem}  # a sign less may hide an address
    try:
        refuse(stem)
        refuse_listed(stem, case.names)
    except Refused as found:
        place = say("the file's name")
        raise Refused(replace(found.problems[0], place=place)) from None
