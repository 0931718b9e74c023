"""From an office's list of people, teams or tasks to the units that lots are drawn for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from htkeval.csv_text import is_formula
from htkeval.errors import Problem, SheetError, StateError
from htkeval.intake import number, privacy
from htkeval.intake.cells import Fault, Raw, is_blank, shown, word
from htkeval.intake.header import cleaned, letter
from htkeval.intake.search import Given, fault_of, typed_fault
from htkeval.intake.sheet import Sheet, read_sheet
from htkeval.intake.spelling import Spellings
from htkeval.intake.twice import Unit, refuse_twice, written_before
from htkeval.text import Text, say
from htkeval.trial import Trial

_EMPTY = Fault(say("a name: each row is one unit, and a unit without a name cannot be found again"))
_NO_PSEUDONYM = Fault(say("a pseudonym, such as P017"))
_FORMULA = Fault(
    say("a word that begins with a letter or a digit"),
    next_step=say("Excel takes it for a formula; write it without the sign in front."),
)
_PLAIN = re.compile(r"[^\W\d_][\w-]{0,29}")
"""A column's name that can be kept: one short word."""
_NO_STRATUM = Fault(say("a value: within what the lot is drawn must be known"))
_UNKNOWN = Fault(
    say("a column that the trial names, or one of numbers"),
    found=say("words in a column that the trial does not name"),
    next_step=say("Delete the column: what no rule needs is not kept, and it may name somebody."),
)

LOT = say("a lot, or a measurement, already")


@dataclass(frozen=True)
class UnitList:
    """Units in the order of the sheet, which is that in which they enter."""

    columns: tuple[str, ...]
    """What names a unit."""
    units: tuple[tuple[str, ...], ...]
    """By column: the name in it of each unit."""
    strata: Mapping[str, tuple[str, ...]]
    """By column of strata: its value for each unit."""
    numbers: Mapping[str, tuple[float | None, ...]]
    """By other column of the sheet, all numbers: its value for each unit."""

    def __len__(self) -> int:
        return len(self.units[0])


def unit_columns(trial: Trial) -> tuple[str, ...]:
    """What names a unit in this design; without what a plan does not name."""
    design = trial.design
    if design.kind in ("cluster", "stepped_wedge"):
        return (design.team,) if design.team else ()
    names = (design.participant, design.task if design.kind == "within" else None)
    return tuple(name for name in names if name)


def read_units(
    trial: Trial,
    path: Path,
    *,
    refused: Mapping[Unit, Fault],
    listed: frozenset[str] = frozenset(),
) -> UnitList:
    """Which units does this list hold?

    Args:
        trial: Names the columns of units and of strata.
        path: A CSV, Excel or Parquet file. Columns of numbers beside the trial's own are read,
            to tell how alike the arms are.
        refused: Units that cannot be drawn, and why.
        listed: Words of names that no cell may hold.

    Raises:
        UsageError: No such file, or not a kind that is read.
        SheetError: A unit has no name, stands twice or in two strata, or is refused; a column of
            words that the trial does not name; a text that gives a person away. All at once.
        EnvironmentFailed: The machine could not read the file.
    """
    names = unit_columns(trial)
    wanted = tuple(dict.fromkeys((*names, *trial.design.strata)))
    sheet = read_sheet(path, wanted=wanted, optional=frozenset(), every=True, given=Given(listed))
    read = {name: _words(sheet, name, _empty(trial, name)) for name in wanted}
    strata = {name: read[name] for name in trial.design.strata}
    refuse_twice(sheet, [read[name] for name in names], strata, refused, at=names[-1])
    known = {cleaned(name) for name in (*wanted, *trial.design.key_columns, *trial.value_columns)}
    keys = {*wanted, *map(cleaned, trial.design.key_columns)}
    others = [name for name in sheet.columns if name not in keys]
    _refuse_headers(sheet, others)
    numbers = {
        _called(sheet, name, known=name in known): _numbers(sheet, name, known=name in known)
        for name in others
    }
    sheet.findings.refuse()
    return UnitList(
        columns=names,
        units=tuple(_whole(read[name]) for name in names),
        strata={name: _whole(column) for name, column in strata.items()},
        numbers={name: values for name, values in numbers.items() if values is not None},
    )


def one_unit(
    trial: Trial,
    names: Sequence[str | None],
    strata: Mapping[str, str],
    *,
    refused: Mapping[Unit, Fault],
    listed: frozenset[str] = frozenset(),
) -> UnitList:
    """The one unit whose lot is asked for, read as a row of a list would be.

    Args:
        trial: Names the columns of units and of strata.
        names: The unit's name in each column that names one; None where it was not given.
        strata: By column: the unit's value.
        refused, listed: As for `read_units`.

    Raises:
        SheetError: A name or a stratum is missing, is no short word, gives a person away, or is of
            a column that the trial does not name; or the unit is refused. All at once.
    """
    columns = unit_columns(trial)
    given = dict(zip(columns, names, strict=True))
    given |= {name: strata.get(name) for name in trial.design.strata}
    problems = [Problem(f"{name}={value}", say("a column that is no stratum"), _strata(trial))
                for name, value in strata.items() if name not in trial.design.strata]  # fmt: skip
    read = {
        name: _one(name, cell, _empty(trial, name), problems, listed)
        for name, cell in given.items()
    }
    unit = tuple(read[name] for name in columns)
    if fault := refused.get(unit):
        problems.append(Problem(" / ".join(unit), LOT, fault.expected, fault.next_step))
    elif other := Spellings(refused).other(unit):
        fault = written_before(other)
        problems.append(Problem(" / ".join(unit), LOT, fault.expected, fault.next_step))
    if problems:
        raise SheetError(problems)
    return UnitList(
        columns=columns,
        units=tuple((name,) for name in unit),
        strata={name: (read[name],) for name in trial.design.strata},
        numbers={},
    )


def people_of(
    trial: Trial,
    names: Sequence[str],
    *,
    known: Iterable[str],
    listed: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """Participants as somebody typed them, each read as a cell of a list would be.

    Args:
        trial: Names the column of participants.
        names: As they were typed.
        known: Those whom the trial knows already: nobody is written in two ways.
        listed: Words of names that no new pseudonym may hold; who is known can still withdraw.

    Raises:
        SheetError: A name is missing, gives a person away, or is written otherwise than before; all
            at once.
        StateError: The plan names no participants.
    """
    column = trial.design.participant
    if column is None:
        found = say("a plan that names no participants")
        expected = say("[design] participant = the column of their pseudonyms")
        raise StateError(Problem(say("trial {name}", name=trial.id), found, expected))
    problems: list[Problem] = []
    there = frozenset(known)
    spelled = Spellings((name,) for name in there)
    read = dict.fromkeys(
        _one(column, name, _NO_PSEUDONYM, problems, frozenset() if name in there else listed)
        for name in names
    )
    for name in read:
        if name not in there and (other := spelled.other((name,))) is not None:
            fault = written_before(other)
            problems.append(Problem(column, shown(name), fault.expected, fault.next_step))
        spelled.add((name,))
    if problems:
        raise SheetError(problems)
    return tuple(read)


def _empty(trial: Trial, name: str) -> Fault:
    """What is wrong where a column has nothing. Nobody is invited to write a person's name."""
    if name == trial.design.participant:
        return _NO_PSEUDONYM
    return _EMPTY if name in unit_columns(trial) else _NO_STRATUM


def _one(
    name: str, cell: str | None, empty: Fault, problems: list[Problem], listed: frozenset[str]
) -> str:
    """One name as a cell of a sheet."""
    value = typed_fault(cell or "", listed) or _named(cell)
    if isinstance(value, Fault) or value is None:
        fault = value or empty
        found = fault.found or shown(cell)
        problems.append(Problem(name, found, fault.expected, fault.next_step))
        return ""
    return value


def _named(cell: Raw) -> str | Fault | None:
    """A word that can stand in a list that Excel opens."""
    text = word(cell)
    return _FORMULA if isinstance(text, str) and is_formula(text) else text


def _strata(trial: Trial) -> Text | str:
    return ", ".join(trial.design.strata) or say("no strata: the plan has none")


def _whole(column: Sequence[str | None]) -> tuple[str, ...]:
    """A column of which no cell was refused."""
    return tuple(one or "" for one in column)


def _words(sheet: Sheet, name: str, empty: Fault) -> list[str | None]:
    """A column of names; every cell that holds none is found."""
    cells = sheet.columns[name]
    known = {cell: _named(cell) for cell in set(cells)}
    wrong = {cell: one or empty for cell, one in known.items() if not isinstance(one, str)}
    for row, cell in zip(sheet.rows, cells, strict=True) if wrong else ():
        if cell in wrong:
            sheet.findings.add(row, sheet.places[name], name, wrong[cell], cell)
    good = {cell: one if isinstance(one, str) else None for cell, one in known.items()}
    return [good[cell] for cell in cells]


def _refuse_headers(sheet: Sheet, names: Sequence[str]) -> None:
    """Names of columns that give a person away; the trial's own were looked at when it was made."""
    for name in names:
        if personal := privacy.personal(name):
            at = sheet.places[name]
            sheet.findings.add(sheet.header, at, letter(at), fault_of(personal, name), name)


def _called(sheet: Sheet, name: str, *, known: bool) -> str:
    """What the record calls a column of numbers: a header of several words may name somebody."""
    plain = known or _PLAIN.fullmatch(name)
    return name if plain else f"[{letter(sheet.places[name])}]"


def _numbers(sheet: Sheet, name: str, *, known: bool) -> tuple[float | None, ...] | None:
    """A column of numbers; None where it is empty, or holds words and the trial names it."""
    cells = sheet.columns[name]
    marks = number.marks(cell for cell in cells if isinstance(cell, str))
    notation = number.notation(marks, marks, sheet.delimiter)
    read = {cell: number.number(cell, notation) for cell in set(cells)}
    wrong = next((c for c in cells if isinstance(read[c], Fault) and not is_blank(c)), None)
    if wrong is None:
        values = tuple(_plain(read[cell]) for cell in cells)
        return None if all(value is None for value in values) else values
    if not known:
        sheet.findings.add(sheet.header, sheet.places[name], name, _UNKNOWN, None)
    return None


def _plain(value: float | Fault | Raw) -> float | None:
    return value if isinstance(value, float) else None
