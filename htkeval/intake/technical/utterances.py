"""What was said and what was recognised, utterance by utterance; read, counted, never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from htkeval.errors import Problem, SheetError
from htkeval.intake.delimited import open_delimited
from htkeval.text import Text, say

COLUMNS = ("id", "speaker", "reference", "recognised")

_TRN = re.compile(r"(?P<words>.*?)\s*\((?P<id>[^()\s]+)\)")
_SPEAKER = re.compile(r"(.+)[-_][^-_]*")
_COMMENT = ";;"

T = TypeVar("T")


@dataclass(frozen=True)
class Utterance:
    """One utterance."""

    speaker: str
    """Who spoke, as the file has it; empty where it does not say."""
    reference: str
    """What was said."""
    recognised: str
    """What the tool heard."""


def read_utterances(file: Path, reference: Path | None) -> tuple[Utterance, ...]:
    """Read one CSV with both texts, or two texts of one line an utterance.

    Args:
        file: The CSV with the columns id, speaker, reference and recognised (speaker may be
            missing); with `reference`, the recognised text.
        reference: What was said: lines `words (speaker-utterance)` as sclite writes them, in any
            order, or lines without such a name, in the same order as the recognised ones.

    Raises:
        SheetError: A file is not so; all problems at once, and no word of it is repeated.
    """
    return _from_csv(file) if reference is None else _paired(reference, file)


def _from_csv(file: Path) -> tuple[Utterance, ...]:
    rows = iter(open_delimited(file, wanted=COLUMNS).rows)
    head = [str(cell).strip().lower() for cell in next(rows, ())]
    if missing := [name for name in COLUMNS if name not in head and name != "speaker"]:
        expected = say("a first row with {columns}", columns=", ".join(COLUMNS))
        step = say("Name them so, or give the text that was said with --reference.")
        found = say("no column {columns}", columns=", ".join(missing))
        raise SheetError(Problem(file.name, found, expected, step))
    read: dict[str, Utterance] = {}
    problems = []
    for number, row in enumerate(rows, start=2):
        cells = {name: str(cell).strip() for name, cell in zip(head, row, strict=False)}
        if not any(cells.values()):
            continue
        if fault := _row_fault(cells, read):
            problems.append(_fault(file, number, fault))
        else:
            speaker = cells.get("speaker", "")
            read[cells["id"]] = Utterance(speaker, cells["reference"], cells["recognised"])
    return _all(file, tuple(read.values()), problems)


def _row_fault(cells: dict[str, str], read: dict[str, Utterance]) -> Text | None:
    if any(name not in cells for name in COLUMNS if name != "speaker"):
        return say("fewer cells than the first row")
    if not cells["id"]:
        return say("an utterance without id")
    return say("an id that stands there twice") if cells["id"] in read else None


def _paired(reference: Path, file: Path) -> tuple[Utterance, ...]:
    said, heard = _lines(reference), _lines(file)
    problems = [
        _fault(path, number, say("an utterance that {other} does not have", other=other.name))
        for path, mine, other, theirs in (
            (reference, said, file, heard),
            (file, heard, reference, said),
        )
        for name, (number, _) in mine.items()
        if name not in theirs
    ]
    both = (
        Utterance(_speaker(name), words, heard[name][1])
        for name, (_, words) in said.items()
        if name in heard
    )
    return _all(file, tuple(both), problems)


def _lines(path: Path) -> dict[str, tuple[int, str]]:
    """By the utterance's name, else its place: the line's number and its words."""
    read: dict[str, tuple[int, str]] = {}
    problems = []
    for number, line in _numbered(path):
        named = _TRN.fullmatch(line)
        name, words = (named["id"], named["words"]) if named else (str(len(read) + 1), line)
        if "{" in words or "}" in words:
            problems.append(_fault(path, number, say("alternatives in braces, which are not read")))
        elif name in read:
            problems.append(_fault(path, number, say("an id that stands there twice")))
        read[name] = number, words
    _all(path, tuple(read), problems)
    return read


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with their number, but for remarks and, at the end, empty ones."""
    try:
        lines = path.read_text(encoding="utf-8-sig").rstrip().split("\n")
    except UnicodeDecodeError:
        expected, step = say("text in UTF-8"), say("Save it as UTF-8.")
        raise SheetError(Problem(path.name, say("other bytes"), expected, step)) from None
    for number, line in enumerate(lines, start=1):
        if not line.startswith(_COMMENT):
            yield number, line.strip()


def _speaker(name: str) -> str:
    """`2347-a-003` is utterance 003 of speaker 2347-a; a number alone names nobody."""
    found = _SPEAKER.fullmatch(name)
    return found[1] if found else ""


def _fault(path: Path, number: int, found: Text) -> Problem:
    place = say("{file}, row {row}", file=path.name, row=number)
    return Problem(place, found, say("each utterance once, with both texts"))


def _all(path: Path, read: tuple[T, ...], problems: list[Problem]) -> tuple[T, ...]:
    if problems:
        raise SheetError(problems)
    if not read:
        raise SheetError(Problem(path.name, say("no utterance"), say("one in each line")))
    return read
