"""How long a command takes to start, in units of `python -c pass`: processor time, one run.

    python benchmarks/start_up.py

The machine's speed drifts, so every round times `pass` beside the commands; the medians of the
ratios are printed beside the figures that were promised.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROUNDS = 15


def spent(command: list[str], folder: Path) -> float:
    """Seconds of processor time of one finished command."""
    before = os.times()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system
    return used - before.children_user - before.children_system


def main() -> None:
    """Time every command in a workspace of its own."""
    htkeval = str(Path(sys.executable).parent / "htkeval")
    trial = "tale-til-tekst"
    commands = {
        "--help": (["--help"], 5),
        "check": (["check", trial], 12),
        "status": (["status"], 40),
        "add, 200 rows": (["add", trial, "rows.csv"], 40),
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
            unit = min(spent([sys.executable, "-c", "pass"], folder) for _ in range(3))
            for name, (arguments, _) in commands.items():
                ratios[name].append(spent([htkeval, *arguments], folder) / unit)
    for name, (_, promised) in commands.items():
        low, mid = min(ratios[name]), median(ratios[name])
        print(f"{name:<16} {mid:5.1f} x  (least {low:.1f}, promised {promised})")


if __name__ == "__main__":
    main()
