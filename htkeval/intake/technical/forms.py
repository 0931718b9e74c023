"""What people answered in a Microsoft form: counts by answer, and nothing that one person wrote.

Names and addresses of persons are read to count a person once, and kept nowhere. An answer is told
where at least five persons gave it and the rest of all persons is nobody or at least five, so that
no smaller group follows by subtraction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from htkeval.attachment import Answer, Flag, Measured, Question, Score, flag
from htkeval.errors import Problem, SheetError
from htkeval.intake import names, privacy
from htkeval.intake.cells import Broken, Raw, is_blank, plain
from htkeval.intake.sheet import read_sheet
from htkeval.intake.technical.digest import digest
from htkeval.intake.technical.json_file import LONGEST, name_in
from htkeval.small_cells import FEWEST
from htkeval.text import say

IDS = ("Id", "ID")
STARTS = ("Start time", "Starttidspunkt")
ENDS = ("Completion time", "Sluttidspunkt", "Fuldførelsestidspunkt", "Afslutningstidspunkt")
MAILS = ("Email", "E-mail", "Mail", "Mailadresse", "E-mailadresse")
NAMES = ("Name", "Navn", "Fulde navn")
OTHERS = (
    *("Last modified time", "Tidspunkt for seneste ændring", "Tidspunkt for sidste ændring"),
    *("Language", "Sprog", "Total points", "Samlet antal point", "Quiz feedback"),
    *("Feedback til quiz", "Grade posted time"),
)
"""What Forms itself puts into an export, in English and Danish."""

_OWN = (*IDS, *STARTS, *ENDS, *MAILS, *NAMES, *OTHERS)
_OF_A_QUIZ = ("Points - ", "Points – ", "Point - ", "Point – ", "Feedback - ", "Feedback – ")
_NOBODY = frozenset({"", "anonymous", "anonym"})

MOST_CHOICES = 15
"""Different answers of a question of choice; where there are more, people wrote in own words."""

_AN_EXPORT = say("the answers of a form as Forms exports them to Excel, a row a person")


def read_answers(file: Path, *, known: frozenset[str] = frozenset()) -> Measured:
    """Read an export.

    Args:
        file: The Excel workbook (or the same as CSV).
        known: Words of persons' names: an answer that holds one is not told.

    Raises:
        SheetError: The file is not so, or fewer than five persons answered.
    """
    sheet = read_sheet(file, wanted=_OWN, optional=frozenset(_OWN), every=True)
    columns = sheet.columns
    starts, ends = _first(columns, STARTS), _first(columns, ENDS)
    if starts is None or ends is None:
        found = say("no column {columns}", columns=f"{STARTS[0]} / {STARTS[1]}")
        raise SheetError(Problem(file.name, found, _AN_EXPORT))
    rows = _last_of_each(_first(columns, MAILS), len(sheet.rows))
    if len(rows) < FEWEST:
        found = say("answers of fewer than {least} persons", least=FEWEST)
        raise SheetError(Problem(file.name, found, say("at least {least}", least=FEWEST)))
    asked = [name for name in columns if name not in _OWN and not name.startswith(_OF_A_QUIZ)]
    told = [
        question
        for number, name in enumerate(asked, start=1)
        if (question := _question(file, number, name, [columns[name][at] for at in rows], known))
    ]
    return Measured(
        tool="forms",
        evidence="self_reported",
        file=file.name,
        sha256=digest(file),
        software="Microsoft Forms",
        scores=tuple(_figures([(starts[at], ends[at]) for at in rows])),
        complete=True,
        flags=tuple(_flags(len(asked) - len(told), repeated=len(rows) < len(sheet.rows))),
        questions=tuple(told),
    )


def _first(columns: Mapping[str, Sequence[Raw]], wanted: Sequence[str]) -> Sequence[Raw] | None:
    return next((columns[name] for name in wanted if name in columns), None)


def _last_of_each(mails: Sequence[Raw] | None, n: int) -> list[int]:
    """The rows that count: the last of each person, where the form knows who answered."""
    who: dict[object, int] = {}
    for at in range(n):
        mail = plain(mails[at]).strip().casefold() if mails is not None else ""
        who[at if mail in _NOBODY else mail] = at
    return sorted(who.values())


def _figures(times: Sequence[tuple[Raw, Raw]]) -> Iterator[Score]:
    yield Score(name="persons", value=float(len(times)))
    minutes = [took for start, end in times if (took := _minutes(start, end)) is not None]
    if len(minutes) >= FEWEST:
        yield Score(name="completion_minutes.median", value=median(minutes))


def _minutes(start: Raw, end: Raw) -> float | None:
    begun, done = _moment(start), _moment(end)
    if begun is None or done is None or (begun.tzinfo is None) != (done.tzinfo is None):
        return None
    return (done - begun).total_seconds() / 60 if done >= begun else None


def _moment(cell: Raw) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    try:
        return datetime.fromisoformat(cell.strip()) if isinstance(cell, str) else None
    except ValueError:
        return None


def _question(
    file: Path, number: int, name: str, cells: Sequence[Raw], known: frozenset[str]
) -> Question | None:
    """A question of choice or rating with its counts; None of what people wrote themselves."""
    given = [_answer(cell) for cell in cells]
    several = any(given) and all(text.endswith(";") for text in given if text)
    chosen = [
        {part for one in (text.split(";") if several else [text]) if (part := one.strip())}
        for text in given
    ]
    count = Counter(part for parts in chosen for part in parts)
    answered = sum(map(bool, chosen))
    if not count or len(count) > MOST_CHOICES or (not several and 2 * len(count) > answered):
        return None
    told = {text: n for text, n in count.items() if n >= FEWEST and _may_be_told(text, known)}
    everybody = len(cells)
    if several:
        told = {text: n for text, n in told.items() if not 0 < everybody - n < FEWEST}
    else:
        while told and 0 < everybody - sum(told.values()) < FEWEST:
            del told[min(told, key=lambda text: (told[text], text))]
    if (not told and several) or known & names.words(name):
        return None
    return Question(
        number=number,
        text=name_in(file.name, f"questions.{number}", name),
        several=several,
        answers=tuple(Answer(text=text, n=told[text]) for text in _in_order(told)),
        others=None if several else everybody - sum(told.values()),
    )


def _answer(cell: Raw) -> str:
    return "" if isinstance(cell, Broken) or is_blank(cell) else " ".join(plain(cell).split())


def _may_be_told(text: str, known: frozenset[str]) -> bool:
    return len(text) <= LONGEST and not privacy.personal(text) and not known & names.words(text)


def _in_order(told: Mapping[str, int]) -> list[str]:
    """Ratings as they rise, answers from the one that most gave."""
    if all(text.isdecimal() for text in told):
        return sorted(told, key=int)
    return sorted(told, key=lambda text: (-told[text], text))


def _flags(untold: int, *, repeated: bool) -> Iterator[Flag]:
    if untold:
        yield flag(
            "left_out",
            say(
                "Questions answered in own words, or alike by fewer than five, are left out "
                "({n:#,##0}).",
                n=untold,
            ),
        )
    if repeated:
        text = say("Some answered more than once: their last answer counts.")
        yield flag("repeated", text)
