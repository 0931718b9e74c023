"""The same content gives the same measurements, whatever kind of file it came in."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from htkeval.intake.privacy import personal
from htkeval.intake.rows import read
from htkeval.measurement import Measurement
from tests.intake.trials import ERRORS, build_trial

TRIAL = build_trial(
    {},
    ERRORS,
    design={"task": "opgave", "date": "dato", "status": "status"},
    covariates=[{"column": "længde", "scale": "log"}],
)
HEADER = (
    "participant",
    "opgave",
    "arm",
    "dato",
    "status",
    "task_time",
    "errors",
    "words",
    "længde",
)

words = st.text("abcæøåÆØÅ 0123456789.–€", min_size=1, max_size=8).filter(
    lambda text: any(map(str.isalpha, text)) and not personal(text)
)
minutes = st.floats(0.01, 1000).map(lambda value: float(f"{value:.5f}")).filter(bool)
lengths = st.floats(0.5, 1e6).map(lambda value: float(f"{value:.4f}"))
row = st.tuples(
    words | st.integers(1, 500),
    st.integers(1, 10**6) | st.none(),
    st.sampled_from(["baseline", "treatment"]),
    st.integers(0, 88).map(lambda days: date(2026, 1, 12) + timedelta(days)),
    st.sampled_from(["udført", "afbrudt", None]),
    minutes | st.none(),
    st.integers(0, 50),
    st.integers(1, 10**6),
    lengths | st.none(),
)


def as_text(cell: Any, *, danish: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}" if danish else cell.isoformat()
    return str(cell).replace(".", ",") if danish and isinstance(cell, float) else str(cell)


def write_csv(
    path: Path, rows: Sequence[Sequence[Any]], *, delimiter: str, danish: bool, encoding: str
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(HEADER)
        writer.writerows([as_text(cell, danish=danish) for cell in each] for each in rows)
    return path


def write_excel(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Målinger"])
    for each in (HEADER, *rows):
        book.active.append(each)
    book.save(path)
    return path


def write_parquet(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    columns = dict(zip(HEADER, zip(*rows, strict=True), strict=True))
    mixed = ("participant",)
    table = {
        name: [str(cell) for cell in cells] if name in mixed else list(cells)
        for name, cells in columns.items()
    }
    pq.write_table(pa.table(table), path)
    return path


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(row, min_size=1, max_size=6))
def test_every_kind_of_file_gives_the_same_measurements(rows: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        files = [
            write_csv(at / "a.csv", rows, delimiter=",", danish=False, encoding="utf-8"),
            write_csv(at / "b.csv", rows, delimiter=";", danish=True, encoding="utf-8"),
            write_csv(at / "c.csv", rows, delimiter=";", danish=True, encoding="utf-8-sig"),
            write_csv(at / "d.csv", rows, delimiter=";", danish=True, encoding="cp1252"),
            write_csv(at / "e.txt", rows, delimiter="\t", danish=True, encoding="utf-16"),
            write_excel(at / "f.xlsx", rows),
            write_parquet(at / "g.parquet", rows),
        ]
        batches = [read(TRIAL, file).measurements for file in files]
    assert all(batch == batches[0] for batch in batches)
    assert_holds(batches[0], rows)


def assert_holds(read_back: tuple[Measurement, ...], rows: list[tuple[Any, ...]]) -> None:
    """What was written stands in the measurements."""
    assert [m.arm for m in read_back] == [each[2] for each in rows]
    assert [m.keys["dato"] for m in read_back] == [each[3].isoformat() for each in rows]
    for column, at in (("task_time", 5), ("errors", 6), ("words", 7), ("længde", 8)):
        assert [m.values[column] for m in read_back] == [each[at] for each in rows]
