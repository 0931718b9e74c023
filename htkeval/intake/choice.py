"""Cells that hold one of a few words: the arm, yes or no, done or abandoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from htkeval.intake.cells import NOT_MEASURED, Broken, Fault, Raw, broken, word
from htkeval.intake.number import Notation, number
from htkeval.text import say
from htkeval.trial import ARMS, Arm, Arms

Word = TypeVar("Word", str, float)

_YES_NO = {
    **dict.fromkeys(("1", "ja", "j", "true", "sand", "yes", "y"), 1.0),
    **dict.fromkeys(("0", "nej", "n", "false", "falsk", "no"), 0.0),
}
"""`sand` and `falsk` are what a Danish Excel writes."""

_STATUS = {
    **dict.fromkeys(("done", "udført", "færdig"), "done"),
    **dict.fromkeys(("abandoned", "afbrudt"), "abandoned"),
    **dict.fromkeys(("refused", "afslået", "afvist"), "refused"),
}

_NOT_YES_NO = Fault(say("0 or 1, or ja or nej"))
_NOT_A_STATUS = Fault(say("done, abandoned or refused (udført, afbrudt or afslået)"))


def yes_no(cell: Raw) -> float | Fault | None:
    """1 for yes, 0 for no; None where the cell is empty.

    Example:
        >>> yes_no("Ja"), yes_no(0.0)
        (1.0, 0.0)
    """
    if isinstance(cell, str) and cell.strip() in NOT_MEASURED:
        return None
    return _one_of(cell, _YES_NO, _NOT_YES_NO)


def yes_no_or_count(cell: Raw, notation: Notation) -> float | Fault | None:
    """How often something happened: a number, or yes or no."""
    answer = yes_no(cell)
    return number(cell, notation) if isinstance(answer, Fault) else answer


def status(cell: Raw) -> str | Fault | None:
    """`done`, `abandoned` or `refused`; None where the cell is empty."""
    return _one_of(cell, _STATUS, _NOT_A_STATUS)


def _one_of(cell: Raw, known: Mapping[str, Word], fault: Fault) -> Word | Fault | None:
    text = word(cell)
    return known.get(text.casefold(), fault) if isinstance(text, str) else text


@dataclass(frozen=True)
class ArmWords:
    """What the arm column may say."""

    known: Mapping[str, Arm]
    """The arm by its value as it stands, then folded: small letters, whole numbers whole."""
    fault: Fault
    """What is wrong with any other word."""


def arm_words(arms: Arms) -> ArmWords:
    """The words of a trial's arms. `Baseline` and `baseline`, `1` and `1,0` are one word.

    Where folding would make both arms one word, only the exact words count.
    """
    exact = {arms.value(arm).strip(): arm for arm in ARMS}
    folded: dict[str, Arm] = {_folded(value): arm for value, arm in exact.items()}
    known = {**folded, **exact} if len(folded) == len(ARMS) else exact
    baseline, treatment = (arms.value(arm) for arm in ARMS)
    expected = say('"{a}" or "{b}", the arms of the trial', a=baseline, b=treatment)
    return ArmWords(known, Fault(expected))


def arm(cell: Raw, words: ArmWords) -> Arm | Fault | None:
    """The arm that a cell names; None where it is empty."""
    if isinstance(cell, Broken):
        return broken(cell)
    text = word(cell)
    if not isinstance(text, str):
        return text
    return words.known.get(text) or words.known.get(_folded(text)) or words.fault


def _folded(text: str) -> str:
    clean = word(text)
    return clean.casefold() if isinstance(clean, str) else text.casefold()
