"""A file that is whole, or not there: written under another name, then given its own."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def whole(target: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file so that a crash or a full disk leaves all of it or nothing.

    Args:
        target: Its name; what lies there is replaced.
        content: Its bytes.
        mode: Who may read and write it, before the account's mask.

    Raises:
        OSError: It cannot be written; no part of it is left.
    """
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(part, _NEW, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_names(target.parent)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""Only a file that is not there yet; on Windows without a change of line ends."""


def sync_names(folder: Path) -> None:
    """Force a file's name to the disk too. Windows keeps names safe by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
