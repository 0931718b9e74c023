"""How long a command takes to start, in units of `python -c pass`: processor time, one run.

    python benchmarks/start_up.py

The machine's speed drifts, so `pass` is timed beside each command; the medians of the ratios are
printed beside the figures that were promised.
"""

from __future__ import annotations

import resource  # not on Windows
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROUNDS = 15

MODEL = "from pydantic import BaseModel\nclass M(BaseModel):\n    x: int = 1\n"
ALONE = {
    "click": "import click",
    "click, pydantic": f"import click\n{MODEL}",
    "click, pydantic, SQLAlchemy": f"import click, sqlalchemy\n{MODEL}",
}
"""What the libraries take that the commands cannot do without, one pydantic type included."""


def spent(command: list[str], folder: Path) -> float:
    """Seconds of processor time of one finished command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Time every command in a workspace of its own."""
    htkeval = str(Path(sys.executable).parent / "htkeval")
    trial = "tale-til-tekst"
    python = [sys.executable, "-c"]
    commands: dict[str, tuple[list[str], str]] = {
        "--help": ([htkeval, "--help"], "promised 5"),
        "check": ([htkeval, "check", trial], "promised 12"),
        "status": ([htkeval, "status"], "promised 40"),
        "add, 200 rows": ([htkeval, "add", trial, "rows.csv", "--simulated"], "promised 40"),
        **{name: ([*python, code], "the libraries alone") for name, code in ALONE.items()},
    }
    ratios: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for step in (["init", "."], ["simulate", trial, "-o", "all.csv"], ["register", trial]):
            subprocess.run([htkeval, *step], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        head, *rows = (folder / "all.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        for turn in range(ROUNDS):
            new = "".join([head, *rows[turn : turn + 200]])
            (folder / "rows.csv").write_text(new, encoding="utf-8")
            for name, (command, _) in commands.items():
                unit = spent([*python, "pass"], folder)
                ratios[name].append(spent(command, folder) / unit)
    for name, (_, beside) in commands.items():
        low, mid = min(ratios[name]), median(ratios[name])
        print(f"{name:<28} {mid:5.1f} x  (least {low:.1f}; {beside})")


if __name__ == "__main__":
    main()
