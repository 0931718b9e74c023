"""A table of text, as wide as its reader's screen."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence

WIDEST = 118
"""Columns of characters where nobody reads it on a screen."""

GAP = "  "


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay cells out in columns; the widest columns are wrapped until the table fits.

    Example:
        >>> print(table(["a", "b"], [["1", "two"]]))
        a  b
        ─  ───
        1  two
    """
    lines = [list(headers), *map(list, rows)]
    natural = [max(len(line[column]) for line in lines) for column in range(len(headers))]
    widths = _fitting(natural, _screen() - len(GAP) * (len(headers) - 1))
    ruled = ["─" * width for width in widths]
    laid = [_laid(line, widths) for line in (lines[0], ruled, *lines[1:])]
    return "\n".join(laid)


def wrapped(text: str) -> str:
    """A sentence in lines no longer than the screen; the second is set in."""
    return textwrap.fill(text, max(_screen(), 24), subsequent_indent="  ", break_on_hyphens=False)


def _screen() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDEST


def _fitting(widths: list[int], room: int) -> list[int]:
    """The widths, the widest cut until all fit; none below twelve characters by that."""
    fitted = list(widths)
    while sum(fitted) > room and max(fitted) > 12:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _laid(line: Sequence[str], widths: Sequence[int]) -> str:
    """One row, as many lines high as its highest cell."""
    cells = [
        textwrap.wrap(cell, max(width, 1)) or [""] for cell, width in zip(line, widths, strict=True)
    ]
    height = max(map(len, cells))
    rows = (
        GAP.join(
            (cell[at] if at < len(cell) else "").ljust(width)
            for cell, width in zip(cells, widths, strict=True)
        ).rstrip()
        for at in range(height)
    )
    return "\n".join(rows)
