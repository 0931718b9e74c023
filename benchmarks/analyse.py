"""How long does `htkeval analyse` take on a trial of 250 rows? `python benchmarks/analyse.py`

Wall time from the shell, start-up included, of analysing a sheet of some 250 rows whose draw has to
be made again 9,999 times, and beside it `python -c pass` and the import of the same libraries, so
that the figure can be read on another machine. Promised: under 3 seconds.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7
ROWS = 250


def seconds(command: list[str], folder: Path) -> float:
    """Wall seconds of one finished command."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Measure in turn, and print medians."""
    htkeval = str(Path(sys.executable).parent / "htkeval")
    trial = "tale-til-tekst"
    libraries = "import numpy, scipy.special, pyarrow, pydantic, click, sqlalchemy"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for step in (["init", "."], ["simulate", trial, "-o", "all.csv"]):
            subprocess.run([htkeval, *step], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        head, *rows = (folder / "all.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / "rows.csv").write_text("".join([head, *rows[:ROWS]]), encoding="utf-8")
        analyse = [htkeval, "analyse", trial, "--data", "rows.csv", "--format", "json"]
        answer = subprocess.run(analyse, cwd=folder, check=True, capture_output=True, text=True)
        found = json.loads(answer.stdout)
        drawn = [
            one["draws"]
            for effect in found["effects"]
            for one in effect["inference"]
            if one["method"] == "rerandomisation"
        ]
        commands = {
            f"analyse, {found['rows']} rows": analyse,
            "the libraries alone": [sys.executable, "-c", libraries],
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(seconds(command, folder))
    for name, taken in times.items():
        print(f"{name:24} {statistics.median(taken):6.2f} s (least {min(taken):.2f})")
    print(
        f"{len(drawn)} figures with draws: {drawn}; {len(found['sensitivity'])} other models, "
        f"{len(found['checks'])} checks"
    )


if __name__ == "__main__":
    main()
