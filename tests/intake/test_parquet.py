"""Parquet files, as programs write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from htkeval.errors import SheetError
from htkeval.intake.parquet import parquet_rows
from htkeval.intake.rows import read
from tests.intake.trials import build_trial


def write(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_every_type_that_a_program_may_choose_is_read(tmp_path: Path) -> None:
    trial = build_trial(
        {"column": "tid"},
        design={"task": "opgave", "date": "dato", "team": "team"},
        arms={
            "baseline": {"label": "uden", "value": False},
            "treatment": {"label": "med", "value": True},
        },
        covariates=[{"column": "pris"}],
    )
    path = write(
        tmp_path / "m.parquet",
        arm=pa.array([True, False]),
        participant=pa.array(["P1", "P2"]).dictionary_encode(),
        opgave=pa.array([9007199254740993, None], pa.int64()),
        dato=pa.array([datetime(2026, 2, 3, 9), None], pa.timestamp("ns", "UTC")),  # noqa: DTZ001
        team=pa.array([7.0, float("nan")]),
        tid=pa.array([timedelta(minutes=35), timedelta(seconds=90)], pa.duration("ns")),
        pris=pa.array([Decimal("12.50"), Decimal("3.00")]),
    )
    first, second = read(trial, path).measurements
    assert first.arm == "treatment"
    assert first.keys == {
        "participant": "P1",
        "opgave": "9007199254740993",
        "dato": "2026-02-03",
        "team": "7",
    }
    assert first.values == {"tid": 35.0, "pris": 12.5}
    assert second.keys == {"participant": "P2", "opgave": None, "dato": None, "team": None}
    assert second.values == {"tid": 1.5, "pris": 3.0}


def test_a_column_is_found_though_its_name_has_a_space_too_many(tmp_path: Path) -> None:
    columns = {"participant": ["P"], "arm": ["baseline"], "task_time ": [35.5]}
    path = write(tmp_path / "m.parquet", **columns)
    assert read(build_trial(), path).measurements[0].values == {"task_time": 35.5}


def test_rows_are_numbered_as_excel_would_number_them(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.parquet",
        participant=["P1", "P2"],
        arm=["baseline", "x"],
        task_time=[time(0, 35), None],
        unread=pa.array([[1], [2]]),
    )
    with pytest.raises(SheetError, match=r"m\.parquet, row 3, column arm: found \"x\""):
        read(build_trial(), path)


def test_text_that_nobody_wants_is_searched_for_persons(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.parquet",
        participant=["P1"],
        arm=["baseline"],
        task_time=[35],
        noter=["født 010203-1234"],
    )
    with pytest.raises(SheetError, match=r'column noter: found "født 010203-xxxx"'):
        read(build_trial(), path)


@pytest.mark.parametrize("value", [b"P1", ["P1"], {"a": 1}])
def test_a_cell_that_is_no_word_is_refused_where_it_is_read(tmp_path: Path, value: Any) -> None:
    path = write(tmp_path / "m.parquet", participant=["P"], arm=["baseline"], task_time=[value])
    with pytest.raises(SheetError, match="row 2, column task_time"):
        read(build_trial(), path)


def test_columns_of_the_same_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    names = ["participant", "arm", "task_time", "task_time"]
    pq.write_table(pa.table([["P"], ["baseline"], [1], [2]], names=names), path)
    with pytest.raises(SheetError, match=r"the column task_time more than once \(C, D\)"):
        read(build_trial(), path)


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "m.parquet", participant=[], arm=[], task_time=[])
    with pytest.raises(SheetError, match="column names and no measurements"):
        read(build_trial(), path)


def test_a_damaged_file_is_refused_in_words(tmp_path: Path) -> None:
    path = write(tmp_path / "m.parquet", participant=["P"], arm=["baseline"], task_time=[1])
    whole = path.read_bytes()
    not_utf8 = whole.replace(b"baseline", b"base\xefine")
    for content in (b"PAR1", b"hej", whole[:-9], whole[: len(whole) // 2], not_utf8):
        path.write_bytes(content)
        with pytest.raises(SheetError, match="not Parquet, or is damaged"):
            read(build_trial(), path)


def test_days_may_be_dates(tmp_path: Path) -> None:
    path = write(
        tmp_path / "m.parquet",
        participant=["P"],
        arm=["baseline"],
        task_time=[1],
        dato=[date(2026, 2, 3)],
    )
    rows = read(build_trial(design={"date": "dato"}), path).measurements
    assert rows[0].keys["dato"] == "2026-02-03"


@pytest.mark.parametrize("rows", [3, 25_000])
def test_each_cell_of_a_long_file_is_the_one_that_arrow_has(tmp_path: Path, rows: int) -> None:
    """More words than are read at once, words of another index, days and gaps in every column."""
    places = pa.array([n % 2 if n % 5 else None for n in range(rows)], pa.uint8())
    days = [date(2026, 1, 1) + timedelta(days=n % 40) if n % 7 else None for n in range(rows)]
    table = pa.table({
        "word": [f"sag {n}" if n % 3 else None for n in range(rows)],
        "few": pa.DictionaryArray.from_arrays(places, pa.array(["ja", "nej"])),
        "day": pa.array(days),
        "listed": pa.array(days).dictionary_encode(),
        "number": pa.array([n / 8 if n % 4 else None for n in range(rows)]),
        "whole": pa.array([n if n % 6 else None for n in range(rows)], pa.int32()),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "m.parquet")
    names, *read_rows = parquet_rows(tmp_path / "m.parquet", wanted=table.column_names)
    assert list(names) == table.column_names
    expected = zip(*(column.to_pylist() for column in table.columns), strict=True)
    assert read_rows == list(expected)
