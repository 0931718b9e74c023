"""What a frame of ragas says: the mean of each metric, with how many values it rests on.

A metric that could not be computed for a sample is NaN there, and silently no part of the mean.
Texts (questions, answers, contexts) stand beside the metrics; they are neither read nor kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from htkeval.attachment import Flag, Measured, Score, flag
from htkeval.errors import Problem, SheetError
from htkeval.intake.cells import Fault, is_blank
from htkeval.intake.delimited import open_delimited
from htkeval.intake.number import marks, notation, number
from htkeval.intake.sheet import MOST_ROWS
from htkeval.intake.technical.digest import digest
from htkeval.intake.technical.json_file import figure, name_in, read_json
from htkeval.text import say

TEXTS = frozenset(
    {
        *("user_input", "response", "retrieved_contexts", "reference", "reference_contexts"),
        *("multi_responses", "rubrics", "rubric", "reference_tool_calls", "reference_topics"),
        *("retrieved_context_ids", "reference_context_ids", "persona_name", "query_style"),
        *("query_length", "synthesizer_name"),
        *("question", "answer", "contexts", "ground_truth", "ground_truths"),
    }
)
"""Columns of the samples, in ragas of today and of before 0.2; not one of them is read."""

_NUMBERS = frozenset({"", "id", "index", "level_0", "sample_id"})
"""Columns that count the rows."""

MOST_CELLS = 20_000_000
"""Cells of a frame; all of its numbers are held at once."""

Values = Sequence[float | None]
"""A column of numbers; None where one is missing."""

_A_FRAME = say("a frame of ragas as CSV, Parquet or JSON: texts, and a column a metric")


def read_frame(file: Path) -> Measured:
    """Read what `EvaluationResult.to_pandas()` gives, written by pandas.

    Raises:
        SheetError: The file is not so, or holds no column of a metric.
    """
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        found = say('a file that ends in "{ending}"', ending=file.suffix)
        raise SheetError(Problem(file.name, found, say("one of {keys}", keys=", ".join(_READERS))))
    columns = reader(file)
    named = {name: column for name, column in columns.items() if _is_metric(name)}
    metrics = {name: column for name, column in named.items() if column is not None}
    if not metrics or not TEXTS.intersection(columns):  # another tool's file has texts too
        raise SheetError(Problem(file.name, say("no such columns"), _A_FRAME))
    scores = tuple(_scores(file, metrics))
    flags = tuple(_flags(scores, len(named) - len(metrics), len(metrics) - len(scores)))
    return Measured(
        tool="ragas",
        file=file.name,
        sha256=digest(file),
        software="ragas",
        scores=scores,
        complete=not flags,
        flags=flags,
    )


def _is_metric(name: str) -> bool:
    return name not in TEXTS and name.lower() not in _NUMBERS and not name.startswith("Unnamed:")


def _scores(file: Path, metrics: Mapping[str, Values]) -> Iterator[Score]:
    for name, column in metrics.items():
        known = [value for value in column if value is not None]
        if known and math.isfinite(mean := math.fsum(known) / len(known)):
            title = name_in(file.name, "columns", name)
            missing = len(column) - len(known)
            yield Score(name=title, value=mean, n=len(known), missing=missing)


def _flags(scores: Sequence[Score], no_numbers: int, empty: int) -> Iterator[Flag]:
    if not scores:
        yield flag("no_scores", say("No metric has a value."))
    if no_numbers:
        text = say("Columns that are no numbers are left out ({n:#,##0}).", n=no_numbers)
        yield flag("left_out", text)
    if empty:
        yield flag("no_value", say("Metrics without a value are left out ({n:#,##0}).", n=empty))
    if any(one.missing for one in scores):
        text = say("A metric could not be computed for every sample; its mean is of the others.")
        yield flag("failed_scorers", text)


def _from_csv(file: Path) -> dict[str, Values | None]:
    text = open_delimited(file, wanted=sorted(TEXTS))
    rows = iter(text.rows)
    names = [str(cell).replace("\ufeff", "").strip() for cell in next(rows, ())]
    at = {place: name for place, name in enumerate(names) if _is_metric(name)}
    cells: dict[int, list[str]] = {place: [] for place in at}
    for count, row in enumerate(rows, start=1):
        _check_size(file, count, len(at))
        if row:
            for place, column in cells.items():
                column.append(str(row[place]) if place < len(row) else "")
    read = {name: _column(cells[place], text.delimiter) for place, name in at.items()}
    return {**dict.fromkeys(names, None), **read}


def _column(cells: Sequence[str], delimiter: str) -> Values | None:
    """Numbers and blanks; None where anything else stands."""
    way = notation(marks(cells), frozenset(), delimiter)
    values: list[float | None] = []
    for cell in cells:
        if is_blank(cell) or cell.strip().lower() in ("nan", "none", "null"):
            values.append(None)
            continue
        truth = {"true": 1.0, "false": 0.0}.get(cell.strip().lower())
        value = number(cell, way) if truth is None else truth
        if isinstance(value, Fault):
            try:  # what Python writes, such as 1e-05
                value = figure(float(cell)) if delimiter == "," else None
            except ValueError:
                value = None
            if value is None:
                return None
        values.append(value)
    return values


def _from_parquet(file: Path) -> dict[str, Values | None]:
    import pyarrow as pa
    from pyarrow import parquet, types

    columns: dict[str, Values | None] = {}
    try:
        with parquet.ParquetFile(file) as opened:
            _check_size(file, opened.metadata.num_rows, opened.metadata.num_columns)
            columns.update(dict.fromkeys(opened.schema_arrow.names, None))
            for field in opened.schema_arrow:
                numeric = types.is_floating(field.type) or types.is_integer(field.type)
                if _is_metric(field.name) and (numeric or types.is_boolean(field.type)):
                    table = opened.read(columns=[field.name])
                    columns[field.name] = [_plain(v) for v in table.column(0).to_pylist()]
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        found = say("a file that is not Parquet, or is damaged")
        raise SheetError(Problem(file.name, found, _A_FRAME)) from None
    return columns


def _from_json(file: Path) -> dict[str, Values | None]:
    """`to_json()` by column, or `to_json(orient="records")` by row."""
    read = read_json(file, _A_FRAME)
    if isinstance(read, list):
        rows = [row for row in read if isinstance(row, dict)]
        names = dict.fromkeys(name for row in rows for name in row)
        cells = {name: [row.get(name) for row in rows] for name in names}
    else:
        cells = {
            name: list(column.values() if isinstance(column, dict) else column)
            for name, column in read.items()
            if isinstance(column, dict | list)
        }
    _check_size(file, max(map(len, cells.values()), default=0), len(cells))
    return {name: _numbers(column) if _is_metric(name) else None for name, column in cells.items()}


def _numbers(cells: Sequence[Any]) -> Values | None:
    if any(cell is not None and not isinstance(cell, int | float) for cell in cells):
        return None
    return [_plain(cell) for cell in cells]


def _plain(value: Any) -> float | None:
    return figure(int(value) if isinstance(value, bool) else value)


def _check_size(file: Path, rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        found = say("more than {n:#,##0} rows", n=MOST_ROWS)
        raise SheetError(Problem(file.name, found, say("at most {n:#,##0} rows", n=MOST_ROWS)))
    if rows * columns > MOST_CELLS:
        found = say("more than {n:#,##0} cells", n=MOST_CELLS)
        raise SheetError(Problem(file.name, found, say("at most {n:#,##0} cells", n=MOST_CELLS)))


_READERS = {".csv": _from_csv, ".parquet": _from_parquet, ".json": _from_json}
