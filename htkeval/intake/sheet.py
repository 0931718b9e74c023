"""A sheet as an office made it: the columns that a trial names, cell by cell, unread.

CSV, Excel and Parquet come out alike. Rows are numbered as Excel numbers them, so that a person
finds what a message speaks of.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from htkeval.errors import EnvironmentFailed, Problem, SheetError, UsageError, machine_says
from htkeval.intake import privacy
from htkeval.intake.cells import Fault, Raw, is_blank
from htkeval.intake.findings import Findings
from htkeval.intake.header import LOOKED_AT, Header, find, places
from htkeval.intake.search import NOBODY, Given, Search, refuse_listed, refuse_name
from htkeval.text import say

MOST_ROWS = 2**20
"""As many as an Excel sheet holds."""
MOST_COLUMNS = 2**14
"""As many as an Excel sheet holds."""
AT_ONCE = 2_000
"""Rows that are read before they are searched."""

LARGEST = 512 * 2**20
"""Bytes of a file."""

_TEXTS = frozenset({".csv", ".txt", ".tsv"})
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})
ENDINGS = _TEXTS | _WORKBOOKS | {".parquet"}
"""What a file that can be read ends in."""
_A_SHEET = say("a CSV, Excel or Parquet file")
_MEASUREMENTS = say("one measurement a row, below the column names")
_SPLIT = say("Split it into several files.")

_BESIDE = Fault(
    say("no more cells than there are column names"),
    next_step=say("A comma in a number or a text needs quotation marks around the cell."),
)


@dataclass(frozen=True)
class Sheet:
    """The columns of a sheet that a trial names."""

    file: str
    """The file's own name."""
    delimiter: str | None
    """What separates the cells of a text file; None for Excel and Parquet."""
    rows: Sequence[int]
    """The number in Excel of each row that is not empty."""
    columns: Mapping[str, Sequence[Raw]]
    """By name: a cell for each of `rows`."""
    places: Mapping[str, int]
    """By name: where the column stands in the file, from 0."""
    findings: Findings
    """What is wrong with whole rows, and texts that give a person away."""
    header: int
    """The number in Excel of the row of column names."""


def read_sheet(
    path: Path,
    *,
    wanted: Sequence[str],
    optional: frozenset[str],
    every: bool = False,
    given: Given = NOBODY,
) -> Sheet:
    """Read a file's rows below the row that holds the first wanted name.

    Titles above that row, empty rows and columns that nobody wants are passed over; but every
    text cell below it is searched for what gives a person away.

    Args:
        path: A CSV, Excel or Parquet file.
        wanted: The columns that the trial names, the arm's first.
        optional: Those of them that a sheet may lack.
        every: Whether every other column that has a name is read too.
        given: What is known of persons and numbers: it sharpens the search.

    Raises:
        UsageError: No such file, or none of these kinds.
        SheetError: Empty, not what its ending says, too large, columns missing or twice.
        EnvironmentFailed: The machine could not read it.
    """
    try:
        _check_file(path, given.names)
        delimiter, rows = _open(path, wanted, given.names)
        return _collect(_name(path), delimiter, rows, wanted, optional, every, given)
    except UnicodeDecodeError:  # its letters were looked through just before
        found = say("a file that changed while it was read")
        step = say("Close it where it is open, and try again.")
        raise EnvironmentFailed(Problem(_name(path), found, _A_SHEET, step)) from None
    except PermissionError:
        found = say("a file that this account may not read, or that another program keeps")
        step = say("Close it in Excel, or ask for permission.")
        raise EnvironmentFailed(Problem(_name(path), found, _A_SHEET, step)) from None
    except OSError as failed:
        raise EnvironmentFailed(Problem(_name(path), machine_says(failed), _A_SHEET)) from None


def _name(path: Path) -> str:
    return privacy.masked(path.name)


def _check_file(path: Path, listed: frozenset[str]) -> None:
    shown_path = privacy.masked(str(path))
    if not path.exists():
        raise UsageError(Problem(shown_path, say("no such file"), _A_SHEET))
    if not path.is_file():
        found = say("a folder") if path.is_dir() else say("something that is no file")
        raise UsageError(Problem(shown_path, found, _A_SHEET))
    if path.suffix.lower() not in ENDINGS:
        found = say('a file that ends in "{ending}"', ending=path.suffix)
        expected = say("one of {keys}", keys=".csv, .txt, .tsv, .xlsx, .xlsm, .xls, .parquet")
        raise UsageError(Problem(shown_path, found, expected))
    refuse_name(shown_path, path.name)
    refuse_listed(f"…{path.suffix}", path.name, listed)
    if path.stat().st_size == 0:
        raise SheetError(Problem(path.name, say("an empty file"), _MEASUREMENTS))
    refuse_large(path, LARGEST)


def refuse_large(path: Path, largest: int) -> None:
    """Raises `SheetError` where a file has more bytes than may be read; none is read for that."""
    size = path.stat().st_size
    if size > largest:
        found = say("a file of {n:#,##0} MB", n=round(size / 2**20))
        expected = say("at most {n:#,##0} MB", n=largest // 2**20)
        raise SheetError(Problem(path.name, found, expected, _SPLIT))


def _open(
    path: Path, wanted: Sequence[str], listed: frozenset[str]
) -> tuple[str | None, Iterator[Sequence[Raw]]]:
    """The reader of each kind of file is loaded when there is one."""
    ending = path.suffix.lower()
    if ending in _TEXTS:
        from htkeval.intake.delimited import open_delimited

        text = open_delimited(path, wanted=wanted)
        return text.delimiter, text.rows
    if ending in _WORKBOOKS:
        from htkeval.intake.workbook import workbook_rows

        return None, workbook_rows(path, wanted=wanted, listed=listed)
    from htkeval.intake.parquet import parquet_rows

    return None, parquet_rows(path, wanted=wanted)


def _collect(
    file: str,
    delimiter: str | None,
    rows: Iterator[Sequence[Raw]],
    wanted: Sequence[str],
    optional: frozenset[str],
    every: bool,
    given: Given,
) -> Sheet:
    head = list(itertools.islice(rows, LOOKED_AT))
    header = find(head, wanted)
    _check_header(file, header)
    where = dict(places(file, header, wanted, optional=optional))
    if every:
        for at, name in enumerate(header.names):
            if name and at not in where.values():
                where.setdefault(name, at)
    body = enumerate(itertools.chain(head[header.row :], rows), start=header.row + 1)
    findings = Findings(file)
    numbers: list[int] = []
    columns: dict[str, list[Raw]] = {name: [] for name in where}
    width = len(header.names)
    search = Search(findings, header, wanted, given, texts=delimiter is not None)
    for some in _filled(file, body):
        numbers.extend(number for number, _ in some)
        table = [*itertools.zip_longest(*(row for _, row in some))]
        for name, at in where.items():
            columns[name].extend(table[at] if at < len(table) else [None] * len(some))
        search.rows(some)
        for number, row in some if len(table) > width else ():
            if len(row) > width and (delimiter == "," or not all(map(is_blank, row[width:]))):
                found = replace(_BESIDE, found=say("{n} cells", n=len(row)))
                findings.add(number, len(row), "", found, None)
    search.finish()
    if not numbers:
        raise SheetError(Problem(file, say("column names and no measurements"), _MEASUREMENTS))
    return Sheet(file, delimiter, numbers, columns, where, findings, header.row)


def _filled(
    file: str, body: Iterator[tuple[int, Sequence[Raw]]]
) -> Iterator[list[tuple[int, Sequence[Raw]]]]:
    """The rows that are not empty, some at a time: column by column is sooner read."""
    while some := list(itertools.islice(body, AT_ONCE)):
        if some[-1][0] > MOST_ROWS:  # empty rows too: no end of them would be no end of reading
            raise SheetError(_too_many(file))
        if filled := [(number, row) for number, row in some if not all(map(is_blank, row))]:
            yield filled


def _check_header(file: str, header: Header) -> None:
    if not header.row:
        raise SheetError(Problem(file, say("an empty sheet"), _MEASUREMENTS))
    if len(header.names) > MOST_COLUMNS:
        found = say("{n:#,##0} columns", n=len(header.names))
        expected = say("at most {n:#,##0} columns", n=MOST_COLUMNS)
        raise SheetError(Problem(file, found, expected))


def _too_many(file: str) -> Problem:
    found = say("more than {n:#,##0} rows", n=MOST_ROWS)
    return Problem(file, found, say("at most {n:#,##0} rows", n=MOST_ROWS), _SPLIT)
