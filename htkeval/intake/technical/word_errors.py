"""How many words were recognised wrongly: counted by jiwer, in texts made comparable first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from htkeval.attachment import Score, Speaker
from htkeval.intake.technical.extra import needed
from htkeval.intake.technical.utterances import Utterance

NORMALISATION = ("unicode NFC", "lower case", "punctuation removed", "whitespace to one space")
"""What `normalised` does, in order; kept with every rate, for another one gives another rate."""

KINDS = ("substitutions", "deletions", "insertions")


@dataclass(frozen=True)
class Counts:
    """Errors and words of some utterances."""

    utterances: int
    """How many."""
    words: int
    """Words that were said."""
    errors: dict[str, int] = field(default_factory=dict)
    """By kind: words heard as others, not heard, heard though not said."""

    @property
    def total(self) -> int:
        """All errors."""
        return sum(self.errors.values())


def normalised(text: str) -> str:
    """A text as it is compared.

    Example:
        >>> normalised("  Ja, det er  KL. 9! ")
        'ja det er kl 9'
    """
    text = unicodedata.normalize("NFC", text).lower()
    kept = (sign for sign in text if not unicodedata.category(sign).startswith("P"))
    return " ".join("".join(kept).split())


def count(utterances: Iterable[Utterance]) -> Counts:
    """Errors in all of them together, each aligned by itself.

    Args:
        utterances: What was said and what was heard; one in which nothing was said counts what
            was heard as insertions.

    Raises:
        EnvironmentFailed: jiwer is not installed.

    Source: minimum edit distance over words, Levenshtein 1966; jiwer 4, `process_words`.
    """
    texts = [(normalised(one.reference), normalised(one.recognised)) for one in utterances]
    if not texts:
        return Counts(0, 0, dict.fromkeys(KINDS, 0))
    said, heard = zip(*texts, strict=True)
    found = _jiwer().process_words(list(said), list(heard))
    words = sum(len(text.split()) for text in said)
    return Counts(len(texts), words, {kind: int(getattr(found, kind)) for kind in KINDS})


def software() -> str:
    """jiwer with its version."""
    from importlib.metadata import version

    _jiwer()
    return f"jiwer {version('jiwer')}"


def scores(counts: Counts) -> tuple[Score, ...]:
    """The corpus rate (all errors by all words, never a mean of rates) and what it is made of."""
    figures = {
        "word_error_rate": counts.total / counts.words,
        "errors": counts.total,
        "words": counts.words,
        **counts.errors,
        "utterances": counts.utterances,
    }
    return tuple(Score(name=name, value=float(value)) for name, value in figures.items())


def speakers(utterances: tuple[Utterance, ...]) -> tuple[Speaker, ...]:
    """Each speaker, by a number; nobody where one utterance does not say who spoke."""
    if any(not one.speaker for one in utterances):
        return ()
    names = dict.fromkeys(one.speaker for one in utterances)
    counted = [count(one for one in utterances if one.speaker == name) for name in names]
    return tuple(
        Speaker(
            number=number,
            utterances=one.utterances,
            words=one.words,
            errors=one.total,
            rate=one.total / one.words if one.words else None,
        )
        for number, one in enumerate(counted, start=1)
    )


def _jiwer() -> Any:
    return needed("jiwer", extra="wer")
