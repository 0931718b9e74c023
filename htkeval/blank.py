"""A place in a text that somebody must fill in: `[UDFYLD: …]`, in English `[FILL IN: …]`."""

from __future__ import annotations

import re

MARK = re.compile(r"\[(?:UDFYLD|FILL IN): ([^\[\]]+)\]")


def blanks(text: str) -> tuple[str, ...]:
    """What must still be filled in, in the text's own words, each once.

    Example:
        >>> blanks("Spørg [UDFYLD: navn og mail], eller [UDFYLD: navn og mail].")
        ('navn og mail',)
    """
    return tuple(dict.fromkeys(" ".join(found.split()) for found in MARK.findall(text)))


def places(text: str) -> int:
    """How many places there are to fill in, alike or not.

    Example:
        >>> places("| DPIA | [UDFYLD: navn] | MED | [UDFYLD: navn] |")
        2
    """
    return len(MARK.findall(text))
