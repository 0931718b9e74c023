"""Immutable files named by the SHA-256 of their bytes."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from htkeval.errors import EnvironmentFailed, Problem
from htkeval.store import written
from htkeval.text import Text, say

_NAME = re.compile(r"[0-9a-f]{64}")


def put(folder: Path, content: bytes) -> str:
    """Keep bytes for good. The same bytes again are the same file.

    A crash leaves the whole file or none: it is written under another name, forced to the disk,
    and then given its own.

    Args:
        folder: The blob folder; made where it is missing.
        content: What to keep.

    Returns:
        The SHA-256, as 64 hexadecimal digits.

    Raises:
        EnvironmentFailed: The disk is full, or the folder cannot be written to.
    """
    name = sha256(content).hexdigest()
    target = path(folder, name)
    try:
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            written.whole(target, content)
    except OSError as failed:
        raise _failed(
            target, say("that it cannot be written ({why})", why=_why(failed))
        ) from failed
    return name


def read(folder: Path, name: str) -> bytes:
    """The bytes of a blob, after seeing that they still have its SHA-256.

    Raises:
        EnvironmentFailed: It is missing, cannot be read, or was changed.
    """
    target = path(folder, name)
    try:
        content = target.read_bytes()
    except FileNotFoundError as missing:
        raise _failed(target, say("no such file")) from missing
    except OSError as failed:
        raise _failed(target, say("that it cannot be read ({why})", why=_why(failed))) from failed
    if sha256(content).hexdigest() != name:
        raise _failed(target, say("other bytes than were stored"))
    return content


def remove(folder: Path, name: str) -> None:
    """Take a blob away; one that is not there is none to take away.

    Raises:
        EnvironmentFailed: It cannot be taken away.
    """
    target = path(folder, name)
    try:
        target.unlink(missing_ok=True)
    except OSError as failed:
        raise _failed(
            target, say("that it cannot be deleted ({why})", why=_why(failed))
        ) from failed


def names(folder: Path) -> frozenset[str]:
    """Every blob that is kept, by name.

    Raises:
        EnvironmentFailed: The folder cannot be read.
    """
    kept = folder / "sha256"
    try:
        found = (file.name for part in kept.iterdir() if part.is_dir() for file in part.iterdir())
        return frozenset(name for name in found if _NAME.fullmatch(name))
    except FileNotFoundError:
        return frozenset()
    except OSError as failed:
        raise _failed(kept, say("that it cannot be read ({why})", why=_why(failed))) from failed


def path(folder: Path, name: str) -> Path:
    """Where a blob lies: `sha256/ab/ab…`.

    Raises:
        EnvironmentFailed: The name is not a SHA-256, so it leads to no blob.
    """
    if not _NAME.fullmatch(name):
        raise _failed(folder, say("a name that is not a SHA-256"))
    return folder / "sha256" / name[:2] / name


def _why(failed: OSError) -> str:
    return failed.strerror or type(failed).__name__


def _failed(place: Path, found: Text) -> EnvironmentFailed:
    return EnvironmentFailed(
        Problem(
            say("the stored file {place}", place=str(place)),
            found,
            say("the bytes whose SHA-256 is its name"),
            say("Look at the disk; bring back the newest backup if the file is lost or changed."),
        )
    )
