"""Several files as one, the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The hour that every file bears: the first that the format knows."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip.

    Args:
        files: By name the bytes.

    Example:
        >>> zipped({"a": b"1"}) == zipped({"a": b"1"})
        True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in sorted(files.items()):
            about = zipfile.ZipInfo(name, date_time=BEGINNING)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            folder.writestr(about, content)
    return out.getvalue()
