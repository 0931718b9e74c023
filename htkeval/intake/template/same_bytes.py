"""A workbook as bytes that do not depend on the hour it was written."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

NEVER = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel's times have no time zone
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def same_bytes(book: Workbook) -> bytes:
    """The workbook's file; openpyxl writes the present into it, here it is taken out again."""
    book.properties.created = NEVER
    book.properties.creator = "htkeval"
    written, kept = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(kept, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, NEVER.timetuple()[:6])
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            stamp = rb"\g<1>" + NEVER.isoformat().encode() + rb"Z\g<2>"
            content = source.read(name)
            target.writestr(part, _MODIFIED.sub(stamp, content) if "core" in name else content)
    return kept.getvalue()
