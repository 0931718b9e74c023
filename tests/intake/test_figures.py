"""How fast, how much memory, and what is loaded: the figures that intake must reach."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from htkeval.errors import SheetError
from htkeval.intake.rows import read
from tests.intake.trials import ERRORS, WriteSheet, build_trial

ROWS = 20_000
MOST = 60
"""Times as long as the standard library takes to split the same sheet into words: about 5 seconds
for 100,000 rows on a machine that splits them in a twelfth of a second."""
TRIAL = build_trial({}, ERRORS, design={"task": "task", "date": "date"})
HEADER = "participant;task;arm;date;task_time;errors;words;noter"


def lines(*, task_time: str, rows: int = ROWS) -> list[str]:
    return [
        f"P{n % 300:03d};{n};{'treatment' if n % 2 else 'baseline'};23-02-2026;"
        f"{task_time.format(n=n, r=n % 997)};{n % 7};{400 + n % 50};x"
        for n in range(rows)
    ]


def ratio(path: Path, work: Callable[[], object]) -> float:
    """The processor's time for some work over that for splitting the sheet, the best of three."""
    return min(seconds(work) / seconds(lambda: split(path)) for _ in range(3))


def seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def split(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(len(row) for row in csv.reader(file, delimiter=";"))


@pytest.mark.campaign
def test_a_sheet_is_read_and_validated_in_so_many_times_as_long_as_it_is_split(
    write_sheet: WriteSheet,
) -> None:
    path = write_sheet(HEADER, *lines(task_time="{r},{n:05d}5"))
    read_back: list[int] = []
    assert ratio(path, lambda: read_back.append(len(read(TRIAL, path).measurements))) < MOST
    assert set(read_back) == {ROWS}


@pytest.mark.campaign
def test_an_error_in_each_of_twenty_thousand_rows_is_counted_not_written_out(
    write_sheet: WriteSheet,
) -> None:
    path = write_sheet(HEADER, *lines(task_time="x{n}"))
    refusals: list[SheetError] = []

    def refuse() -> None:
        with pytest.raises(SheetError) as caught:
            read(TRIAL, path)
        refusals.append(caught.value)

    assert ratio(path, refuse) < MOST
    assert refusals[0].total == ROWS
    assert len(refusals[0].problems) == 20
    message = refusals[0].message("en").splitlines()
    assert message[19].startswith('maalinger.csv, row 21, column task_time: found "x19"')
    assert message[20] == "… and 19,980 more problems."


def test_ten_thousand_rows_take_less_than_25_megabytes(write_sheet: WriteSheet) -> None:
    path = write_sheet(HEADER, *lines(task_time="{r},{n:05d}5", rows=10_000))
    tracemalloc.start()
    try:
        batch = read(TRIAL, path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(batch.measurements) == 10_000
    assert peak < 25 * 2**20  # so a hundred thousand rows stay below a quarter of a GiB


@pytest.mark.parametrize(("rows", "there"), [(200, []), (4_000, ["pyarrow"])])
def test_reading_csv_loads_nothing_heavy(
    write_sheet: WriteSheet, rows: int, there: list[str]
) -> None:
    """A large sheet is searched by Arrow, and its readers of lists would bring pandas along."""
    path = write_sheet("participant;arm;task_time", *["P1;baseline;35,5"] * rows)
    heavy = (
        "pandas",
        "pyarrow",
        "openpyxl",
        "python_calamine",
        "scipy",
        "babel",
        "mlflow",
    )
    heavy = heavy if there else (*heavy, "numpy")
    code = f"""
import sys
from pathlib import Path
from htkeval.intake.rows import read
from htkeval.trial import Trial
trial = Trial.model_validate_json({build_trial().model_dump_json()!r})
print(len(read(trial, Path({str(path)!r})).measurements))
print([name for name in {heavy!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == [str(rows), str(there)]
