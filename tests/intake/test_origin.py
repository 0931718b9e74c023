"""Whether a sheet says that its measurements were invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from htkeval.errors import SheetError
from htkeval.intake.rows import read
from htkeval.measurement import Batch
from tests.intake.trials import WriteSheet, build_trial

HEADER = ("participant", "arm", "task_time", "htkeval_simulated")
TRIAL = build_trial()


def in_csv(folder: Path, marks: list[Any]) -> Path:
    path = folder / "m.csv"
    lines = [f"P1,baseline,35,{'' if mark is None else mark}" for mark in marks]
    path.write_text("\n".join([",".join(HEADER), *lines]), encoding="utf-8")
    return path


def in_excel(folder: Path, marks: list[Any]) -> Path:
    path, book = folder / "m.xlsx", openpyxl.Workbook()
    for row in (HEADER, *(("P1", "baseline", 35, mark) for mark in marks)):
        book.active.append(row)
    book.save(path)
    return path


def in_parquet(folder: Path, marks: list[Any]) -> Path:
    path, rows = folder / "m.parquet", len(marks)
    columns = (["P1"] * rows, ["baseline"] * rows, [35.0] * rows, marks)
    pq.write_table(pa.table(dict(zip(HEADER, columns, strict=True))), path)
    return path


every_kind = pytest.mark.parametrize("write", [in_csv, in_excel, in_parquet])


@every_kind
@pytest.mark.parametrize("mark", [1, 1.0, True, "ja", "x"])
def test_a_marked_sheet_is_simulated(tmp_path: Path, write: Any, mark: Any) -> None:
    assert read(TRIAL, write(tmp_path, [mark, mark])).simulated


@every_kind
@pytest.mark.parametrize("mark", [None, 0, 0.0, False, "0", "nej"])
def test_a_sheet_without_a_mark_is_real(tmp_path: Path, write: Any, mark: Any) -> None:
    assert not read(TRIAL, write(tmp_path, [mark, mark])).simulated


def test_a_sheet_without_the_column_is_real(write_sheet: WriteSheet) -> None:
    sheet = write_sheet("participant,arm,task_time", "P1,baseline,35")
    assert not read(TRIAL, sheet).simulated


@every_kind
def test_the_mark_is_no_part_of_what_was_measured(tmp_path: Path, write: Any) -> None:
    marked: Batch = read(TRIAL, write(tmp_path, [1, 1]))
    unmarked: Batch = read(TRIAL, write(tmp_path, [0, 0]))
    assert marked.measurements == unmarked.measurements
    assert marked.measurements[0].keys == {"participant": "P1"}
    assert marked.measurements[0].values == {"task_time": 35.0}


@every_kind
@pytest.mark.parametrize(
    ("marks", "found"),
    [([1, 1, None, 1], "nothing"), ([None, None, 1, 1], '"1"'), ([1, 1, 0, 0], '"0"')],
)
def test_a_sheet_marked_in_part_is_refused_at_the_first_row_that_differs(
    tmp_path: Path, write: Any, marks: list[Any], found: str
) -> None:
    path = write(tmp_path, marks)
    with pytest.raises(SheetError) as refused:
        read(TRIAL, path)
    assert refused.value.total == 1
    assert refused.value.message("en") == (
        f"{path.name}, row 4, column htkeval_simulated: found {found}; expected what the rows "
        "above say. Simulated and real rows never stand in one sheet."
    )


def test_a_mark_that_stands_twice_is_refused(write_sheet: WriteSheet) -> None:
    header = "participant,arm,task_time,htkeval_simulated,htkeval_simulated"
    with pytest.raises(SheetError, match="htkeval_simulated more than once"):
        read(TRIAL, write_sheet(header, "P1,baseline,35,0,1"))
