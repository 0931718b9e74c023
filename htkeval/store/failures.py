"""What a database says when the machine fails, in words that a person can act on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import exc

from htkeval.errors import EnvironmentFailed, Problem, StateError
from htkeval.store.append_only import MOVED
from htkeval.text import Text, say

Answer = tuple[Text, Text, Text]
"""What was found, what was expected, what to do next."""


@contextmanager
def in_words(place: str) -> Iterator[None]:
    """Turn a failure of the database's machine into `EnvironmentFailed`.

    A refused constraint or a wrong statement is a fault of ours and passes through.

    Args:
        place: The file or address of the store, without a password.

    Raises:
        StateError: The store was moved elsewhere, and takes nothing more.
        EnvironmentFailed: The machine, or the server, failed or refused.
    """
    try:
        yield
    except exc.TimeoutError as waited:
        raise EnvironmentFailed(_problem(place, _locked())) from waited
    except exc.DatabaseError as failed:
        if (where := _moved_to(failed)) is not None:
            raise StateError(_problem(place, moved(where))) from failed
        ours = isinstance(failed, exc.IntegrityError | exc.ProgrammingError | exc.DataError)
        if ours and getattr(failed.orig, "sqlstate", None) != _FORBIDDEN:
            raise
        raise EnvironmentFailed(_problem(place, _answer(failed, place))) from failed


def _moved_to(failed: exc.DatabaseError) -> str | None:
    """Where the store is now, where the database says so."""
    first = str(failed.orig).partition("\n")[0]
    return first.removeprefix(MOVED).strip() if first.startswith(MOVED) else None


def moved(where: str) -> Answer:
    """What is told of a store that was moved."""
    return (
        say("that it was moved to {where}", where=where),
        say("the store as it is now"),
        say("Nothing was stored. Set `HTKEVAL_STORE` to where it was moved."),
    )


def _problem(place: str, answer: Answer) -> Problem:
    found, expected, next_step = answer
    return Problem(say("the store {place}", place=place), found, expected, next_step)


def _answer(failed: exc.DatabaseError, place: str) -> Answer:
    cause = failed.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", None) or ""
        if name.startswith("SQLITE_IOERR") and _has_no_room(place):
            return _full()
        known = next((make for start, make in _SQLITE.items() if name.startswith(start)), None)
    else:
        state = getattr(cause, "sqlstate", None) or ""
        known = _POSTGRESQL.get(state, None if state else _away)
    return known() if known else _unknown(str(cause).strip())


ROOM = 2**16
"""Bytes without which SQLite cannot make the file by which readers and writers know each other."""


def _has_no_room(place: str) -> bool:
    """Whether the disk is full: where SQLite cannot map a file of its own it says `disk I/O error`,
    also to whoever only reads."""
    try:
        return shutil.disk_usage(Path(place).parent).free < ROOM
    except (OSError, ValueError):
        return False


def _locked() -> Answer:
    return (
        say("that others are writing to it all the time"),
        say("a turn to write"),
        say("Nothing was stored. Try again in a moment."),
    )


def _full() -> Answer:
    return (
        say("a full disk"),
        say("room for what is to be kept"),
        say("Nothing was stored. Make room and try again."),
    )


def _closed() -> Answer:
    return (
        say("a file or folder that cannot be written to"),
        say("a place where this account may write"),
        say("Nothing was stored. `htkeval doctor` shows which place is used."),
    )


def _foreign() -> Answer:
    return (
        say("a file that is not an SQLite database"),
        say("a store that htkeval made"),
        say("Nothing was changed. `htkeval doctor` shows which place is used."),
    )


def _damaged() -> Answer:
    return (
        say("a damaged file"),
        say("a whole database"),
        say("Keep the file, and bring back the newest backup."),
    )


def _away() -> Answer:
    return (
        say("no PostgreSQL server that answers"),
        say("a server that is running and lets this account in"),
        say("Nothing was stored. Start the server, or check `HTKEVAL_STORE`."),
    )


def _forbidden() -> Answer:
    return (
        say("a role that may not do this"),
        say("a role to which the server allows it"),
        say(
            "Nothing was stored. Have the role that owns the tables do it; for daily work it runs "
            "`htkeval store grant` for the other once."
        ),
    )


def _unknown(why: str) -> Answer:
    return (
        say("that the database failed ({why})", why=why),
        say("a database that works"),
        say("Nothing was stored."),
    )


_SQLITE = {
    "SQLITE_BUSY": _locked,
    "SQLITE_LOCKED": _locked,
    "SQLITE_PROTOCOL": _locked,
    "SQLITE_FULL": _full,
    "SQLITE_READONLY": _closed,
    "SQLITE_CANTOPEN": _closed,
    "SQLITE_PERM": _closed,
    "SQLITE_AUTH": _closed,
    "SQLITE_NOTADB": _foreign,
    "SQLITE_CORRUPT": _damaged,
}
"""By the beginning of SQLite's name for the error."""

_FORBIDDEN = "42501"
_POSTGRESQL = {
    "55P03": _locked,
    "40P01": _locked,
    "53100": _full,
    "25006": _closed,
    _FORBIDDEN: _forbidden,
}
"""By SQLSTATE; without one, no connection came about."""
