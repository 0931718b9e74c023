"""How long does `htkeval add` take, and how much memory? `python benchmarks/capture.py`

Prints seconds and peak memory of adding 100,000 rows of a CSV sheet and 1,000,000 of a Parquet
file to a new store, as a process of its own, for the example trial of twelve columns: in a file,
and on a PostgreSQL server where its programs are installed (it is made in a temporary folder).
Promised are 15 s and 1 GiB for the first, 60 s for the second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

TRIAL = "tale-til-tekst"
CASES = (("csv", 100_000), ("parquet", 1_000_000))


def main() -> None:
    """Measure, and print a line each."""
    from tests.store.server import server, there

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [write(folder, ending, rows) for ending, rows in CASES]
        for number, (file, (ending, rows)) in enumerate(zip(files, CASES, strict=True)):
            address = f"sqlite:///{(folder / f'{number}.db').as_posix()}"
            told(f"{rows:,} rows of {ending}, in a file", *added(folder, file, address))
        if not there():
            print("PostgreSQL's server programs are not installed")
            return
        for file, (ending, rows) in zip(files, CASES, strict=True):
            with server() as home:
                address = f"postgresql+psycopg://postgres@/postgres?host={home}"
                told(f"{rows:,} rows of {ending}, on a server", *added(folder, file, address))


def told(what: str, seconds: float, bytes_: int) -> None:
    """Print one figure."""
    print(f"{what + ':':40} {seconds:6.1f} s {bytes_ / 2**30:6.2f} GiB", flush=True)


def added(folder: Path, file: Path, address: str) -> tuple[float, int]:
    """Seconds and peak memory of one `htkeval add` in a workspace of its own."""
    place = folder / f"place-{len(list(folder.iterdir()))}"
    called(place.parent, "init", str(place))
    begun = time.perf_counter()
    arguments = [sys.executable, "-m", "htkeval", "add", TRIAL, str(file)]
    environ = {**environment(), "HTKEVAL_STORE": address}
    process = subprocess.Popen(arguments, cwd=place, env=environ, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{file.name}: exit code {process.returncode}")
    return seconds, used.ru_maxrss * 1024


def called(folder: Path, *arguments: str) -> None:
    """Run htkeval, and have it succeed."""
    command = [sys.executable, "-m", "htkeval", *arguments]
    subprocess.run(command, cwd=folder, env=environment(), check=True, stdout=subprocess.DEVNULL)


def environment() -> dict[str, str]:
    """No settings of the person who measures."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HTKEVAL_")}
    return {**own, "PYTHONPATH": str(ROOT)}


def columns(rows: int) -> dict[str, list[Any]]:
    """Tasks of 500 people in both arms, each its own meeting."""
    every = range(rows)
    arms = ["treatment" if n % 2 else "baseline" for n in every]
    first = date(2026, 1, 12)
    return {
        "arm": arms,
        "participant": [f"P{n % 500:03d}" for n in every],
        "meeting": [f"M{n}" for n in every],
        "date": [first + timedelta(days=n % 80) for n in every],
        "status": ["done"] * rows,
        "used_arm": arms,
        "task_time": [20 + n * 7919 % 4001 / 100 for n in every],
        "errors": [float(n % 3) for n in every],
        "words": [float(200 + n % 700) for n in every],
        "approved_first": [n % 2 for n in every],
        "wrong_decision_sent": [0] * rows,
        "meeting_minutes": [float(15 + n % 90) for n in every],
    }


def write(folder: Path, ending: str, rows: int) -> Path:
    """A file with so many rows."""
    file, made = folder / f"maal.{ending}", columns(rows)
    if ending == "parquet":
        import pyarrow as pa
        from pyarrow import parquet

        parquet.write_table(pa.table(made), file)
        return file
    with file.open("w", encoding="utf-8") as sheet:
        sheet.write(";".join(made) + "\n")
        for row in zip(*made.values(), strict=True):
            sheet.write(";".join(str(cell).replace(".", ",") for cell in row) + "\n")
    return file


if __name__ == "__main__":
    main()
