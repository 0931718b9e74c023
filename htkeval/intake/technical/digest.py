"""The fingerprint of a file that is read and not kept."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest(file: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
