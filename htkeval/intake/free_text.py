"""Text that people write themselves and that is kept for good: searched before it is.

What an event says can never be taken out again, and it is told to MLflow.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from htkeval.errors import Problem, Refused
from htkeval.intake import privacy
from htkeval.text import Text, say

LONGEST = 2000
"""Characters of one text."""

_NO_TEXT = (int, float, type(None))
_LAYOUT = frozenset("\n\t")
_TURNING = frozenset(map(chr, (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""What makes a screen show letters in another order than they stand."""

_NOBODY = say("a text that names nobody: it is kept for good and told to MLflow")
_PERSONAL: Mapping[privacy.Personal, Text] = {
    "cpr": say("something shaped like a CPR number"),
    "cpr_checked": say("a CPR number"),
    "email": say("an e-mail address"),
    "telephone": say("a Danish telephone number"),
}


def refuse(texts: Mapping[str, str]) -> None:
    """Refuse texts that may not be kept for good; none of them is repeated.

    Args:
        texts: By place: the option, or the key of the definition.

    Raises:
        Refused: One names a person, holds control characters or is too long; all problems at once.
    """
    problems = [found for place, text in texts.items() if (found := _problem(place, text))]
    if problems:
        raise Refused(problems)


def refuse_listed(texts: Mapping[str, str], listed: frozenset[str]) -> None:
    """Refuse texts that hold a word of the participants' own list of names; none is repeated.

    Args:
        texts: By place.
        listed: The words.

    Raises:
        Refused: Some do; all at once.
    """
    from htkeval.intake.names import words

    step = say("Say it without the name, or take the word off the list.")
    wrong = [place for place, text in texts.items() if listed and listed & words(text)]
    if wrong:
        found = say("a name of the list of names")
        raise Refused([Problem(place, found, _NOBODY, step) for place in wrong])


def texts_of(section: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a definition with its key, such as `metrics.0.label`."""
    if isinstance(section, str):
        yield path, section
    elif isinstance(section, Mapping):
        for key, inner in section.items():
            if isinstance(inner, _NO_TEXT):
                continue
            yield from texts_of(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(section, list | tuple):
        for place, inner in enumerate(section):
            if isinstance(inner, _NO_TEXT):
                continue
            yield from texts_of(inner, f"{path}.{place}")


def _problem(place: str, text: str) -> Problem | None:
    if len(text) > LONGEST:
        found = say("a text of {n:#,##0} characters", n=len(text))
        expected = say("at most {n:#,##0}", n=LONGEST)
        step = say("Say it in short; the papers may say the rest.")
        return Problem(place, found, expected, step)
    if text.isascii() and text.replace("_", "").isalpha():
        return None  # one word of letters: neither a number nor an address
    if not text.isprintable() and any(_hidden(sign) for sign in text):
        found = say("signs that no screen shows")
        return Problem(place, found, say("letters, digits and the like, as they are read"))
    if (personal := privacy.personal_note(text)) is not None:
        return Problem(place, _PERSONAL[privacy.ranked(personal, text)], _NOBODY)
    return None


def _hidden(sign: str) -> bool:
    """Control characters, halves of characters, and what turns the order of reading round."""
    return sign in _TURNING or (sign not in _LAYOUT and unicodedata.category(sign) in ("Cc", "Cs"))
