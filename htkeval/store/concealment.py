"""The key from which lots are drawn one at a time, kept apart from what they gave.

The record holds what was drawn and a fingerprint of the key, never the key: whoever reads the
record cannot tell the next lot, and once the key is shown, everybody can draw all of them again.

What remains: whoever may write in the folder of keys can put a key of his own there before the
first lot is drawn, or read the one that is there, and then knows every lot. Nothing in the record
tells. Only a folder that the trial's lead cannot reach prevents that.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from pathlib import Path

from htkeval.canonical import canonical
from htkeval.errors import EnvironmentFailed, Problem
from htkeval.store import written
from htkeval.text import say

_BYTES = 32


def key_file(blobs: Path, trial: str) -> Path:
    """Where a trial's key lies: beside the folder of blobs, never in it."""
    return blobs.absolute().parent / "keys" / f"{trial}.key"


def read_key(file: Path) -> bytes | None:
    """A trial's key; None where it has none.

    Raises:
        EnvironmentFailed: It cannot be read, or is no whole key: from half a key everybody could
            work out the lots, and from none at all they are known.
    """
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except OSError as failed:
        raise _failed(file, failed) from failed
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise _broken(file)
    return key


def new_key(file: Path) -> bytes:
    """Make a key that only this account may read, whole and on the disk before it is used.

    The caller is alone in writing to the store and saw that there is no key yet.

    Raises:
        EnvironmentFailed: It cannot be written; nothing is left behind.
    """
    key = secrets.token_bytes(_BYTES)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        written.whole(file, key.hex().encode("ascii"), mode=0o600)
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


def _broken(file: Path) -> EnvironmentFailed:
    return EnvironmentFailed(
        Problem(
            say("file {file}", file=str(file)),
            say("something else than a whole key"),
            say("the {n} hexadecimal digits from which lots are drawn", n=2 * _BYTES),
            say(
                "Bring it back from a backup; if no lot was drawn one at a time in this trial, "
                "delete the file, and a key is made with the first lot."
            ),
        )
    )
