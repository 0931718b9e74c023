"""What a file that is no TOML stumbles over, in words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from htkeval.text import Text, say

_STUMBLED: dict[str, Text] = {
    "Invalid value": say("a value that is none (text stands in quotes)"),
    "Expected newline or end of document": say("more than one value"),
    "Illegal character": say("a quotation mark that is not closed, or a sign that may not stand"),
    "Cannot overwrite a value": say("a key for the second time"),
    "Cannot declare": say("a table for the second time"),
    "Expected '=' after a key": say("a key without = after it"),
    "Unclosed array": say("a list whose ] is missing"),
    "Unterminated string": say("a quotation mark that is not closed"),
    "Expected ']": say("a table whose ] is missing"),
    "Invalid date": say("a date that is none"),
    "Invalid initial character": say("a key of other signs than a-z, digits, _ and -"),
    "Invalid statement": say("something that is neither a key nor a table"),
}
"""By the beginning of what Python's reader says."""

_DANISH = (
    (r"\d{1,2}[-./]\d{1,2}[-./]\d{4}", say("Dates in this file are written 2027-01-04.")),
    (r"-?\d+,\d", say("Numbers in this file take a decimal point: 0.15.")),
)
"""What stands in place of a value, as people write it, and how a TOML file has it."""


def as_danes_write(path: Path) -> Text | str:
    """What to do where a date or a number stands in the file as people write it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    found = (step for form, step in _DANISH if re.search(rf"^\s*\w+\s*=\s*{form}", text, re.M))
    return next(found, "")


def fault(wrong: tomllib.TOMLDecodeError) -> Text:
    """What the reader of TOML stumbled over, in our words; its own where it is a rare one."""
    said, _, place = str(wrong).partition(" (at ")
    known = next((text for start, text in _STUMBLED.items() if said.startswith(start)), None)
    at = re.match(r"line (\d+), column (\d+)", place)
    if known is None or at is None:
        return say("text that is not TOML ({why})", why=str(wrong))
    return say(
        "text that is not TOML: {what} in line {line}, column {column}",
        what=known,
        line=at[1],
        column=at[2],
    )
