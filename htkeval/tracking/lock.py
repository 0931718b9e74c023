"""One publisher at a time, on every system, and free again the moment its process ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from htkeval.errors import EnvironmentFailed, Problem
from htkeval.text import say

WAIT = 30.0
"""Seconds that a publisher waits for another before it gives up."""


@contextmanager
def only_publisher(blobs: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the publishers' lock of a blob folder.

    The lock is SQLite's own on an empty file: the operating system lets go of it when the
    process ends in whatever way, so there is no stale lock to judge by age or process number.

    Args:
        blobs: The folder that every publisher of one store must read anyway.
        wait: Seconds to wait for another publisher.

    Raises:
        EnvironmentFailed: Another one is still delivering, or the folder cannot be written.
    """
    file = blobs / "publisher.lock"
    try:
        blobs.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=wait, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _not_held(file, str(error)) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise _not_held(file, str(error)) from error
        try:
            yield
        finally:
            connection.rollback()


def _not_held(file: Path, found: str) -> EnvironmentFailed:
    return EnvironmentFailed(
        Problem(
            say("file {file}", file=str(file)),
            found,
            say("to be the only one that delivers to MLflow just now"),
            say("Nothing is lost: run `htkeval sync` again when the other one is done."),
        )
    )
