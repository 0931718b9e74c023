"""The key from which lots are drawn one at a time, kept apart from what they gave.

The record holds what was drawn and a fingerprint of the key, never the key: whoever reads the
record cannot tell the next lot, and once the key is shown, everybody can draw all of them again.
"""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from htkeval.canonical import canonical
from htkeval.errors import EnvironmentFailed, Problem
from htkeval.text import say

_BYTES = 32


def key_file(blobs: Path, trial: str) -> Path:
    """Where a trial's key lies: beside the folder of blobs, never in it."""
    return blobs.absolute().parent / "keys" / f"{trial}.key"


def read_key(file: Path) -> bytes | None:
    """A trial's key; None where it has none.

    Raises:
        EnvironmentFailed: It cannot be read.
    """
    try:
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as failed:
        raise _failed(file, failed) from failed


def new_key(file: Path) -> bytes:
    """Make a key that only this account may read, on the disk before it is used.

    Raises:
        EnvironmentFailed: It cannot be written.
    """
    key = secrets.token_bytes(_BYTES)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="ascii") as out:
            out.write(key.hex())
            out.flush()
            os.fsync(out.fileno())
    except OSError as failed:
        raise _failed(file, failed) from failed
    return key


def commitment(key: bytes) -> str:
    """What the record holds of a key: its SHA-256, from which nobody can find the key."""
    return sha256(key).hexdigest()


def lot(key: bytes, *parts: str) -> float:
    """A number of 53 bits from 0 to 1 that can be known with the key only: HMAC-SHA256 of parts.

    Example:
        >>> 0 <= lot(b"key", "P001", "1") < 1
        True
        >>> lot(b"key", "P001", "1") == lot(b"key", "P001", "1")
        True
    """
    digest = hmac.digest(key, canonical(list(parts)).encode(), "sha256")
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def _failed(file: Path, failed: Exception) -> EnvironmentFailed:
    why = getattr(failed, "strerror", None) or type(failed).__name__
    return EnvironmentFailed(
        Problem(
            say("file {file}", file=str(file)),
            say("{what}", what=why),
            say("a file that can be read and written: lots are drawn from the key in it"),
        )
    )
