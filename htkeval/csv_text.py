"""Rows as CSV: the only writer of it, so that no cell that we write is a formula to Excel."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?([eE][-+]?[0-9]+)?\s*%?")


def csv_text(
    names: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ",", end: str = "\n"
) -> str:
    """A header and rows.

    Args:
        names: The columns' names.
        rows: Cells in their order; None is an empty cell.
        delimiter: What separates cells.
        end: What ends a row.

    Example:
        >>> csv_text(["a", "b"], [["=1+1", -1]])
        "a,b\\n'=1+1,-1\\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow([guarded(name) for name in names])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def is_formula(text: str) -> bool:
    """Whether Excel takes a text for a formula; a number below zero, and a dash, it does not.

    Example:
        >>> is_formula("=1+1"), is_formula("-1,5"), is_formula("-")
        (True, False, False)
    """
    return bool(_FORMULA.match(text)) and text != "-" and not _NUMBER.fullmatch(text)


def guarded(cell: Any) -> Any:
    """A cell as it is written: before a formula stands an apostrophe, which makes it text.

    Source: OWASP, CSV injection.
    """
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def unguarded(text: str) -> str:
    """A text as it was before `guarded`: what we wrote is read back.

    Example:
        >>> unguarded("'=1+1"), unguarded("'hej'")
        ('=1+1', "'hej'")
    """
    return text[1:] if _GUARDED.match(text) and is_formula(text[1:]) else text
