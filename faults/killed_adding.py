"""Is every acknowledged sheet there once, whenever `htkeval add` is killed?

    python faults/killed_adding.py [--kills 200] [--seed 7]

Sheets of a thousand rows are added one after another, each by a process that is killed with SIGKILL
after a random time; a process that ended by itself has acknowledged its sheet. Afterwards `verify`
must be clean, every acknowledged row there once, and of a sheet that was not acknowledged all or
nothing.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

ROWS = 1000


def main() -> int:
    """Run the campaign, and say what was lost."""
    wanted = argparse.ArgumentParser()
    wanted.add_argument("--kills", type=int, default=200)
    wanted.add_argument("--seed", type=int, default=7)
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = campaign(Path(folder) / "place", kills=asked.kills, seed=asked.seed)
    for one in wrong:
        print(one)
    print(f"{asked.kills} processes killed or ended; wrong: {len(wrong)}")
    return int(bool(wrong))


def campaign(place: Path, *, kills: int, seed: int, rows: int = ROWS) -> list[str]:
    """What is wrong after so many processes; nothing, it is hoped.

    Args:
        place: A folder for the workspace; made.
        kills: How many processes are started.
        seed: Of the times.
        rows: Of each sheet.
    """
    from tests.examples import write_workspace

    write_workspace(place)
    chance, acknowledged = random.Random(seed), []
    longest = timed(place, sheet(place, 0, rows))
    for number in range(1, kills + 1):
        process = started(place, sheet(place, number, rows))
        try:
            code = process.wait(timeout=chance.uniform(0.4, 1.05) * longest)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if code == 0:
            acknowledged.append(number)
        elif code > 0:
            return [f"sheet {number} ended with {code}"]
    return said(place, [0, *acknowledged], rows)


def timed(place: Path, file: Path) -> float:
    """Seconds that one sheet takes when nobody kills it."""
    begun = time.perf_counter()
    assert started(place, file).wait(timeout=120) == 0
    return time.perf_counter() - begun


def sheet(place: Path, number: int, rows: int) -> Path:
    """A sheet of one person's tasks without the tool: unlike every other sheet."""
    file = place / f"ark-{number}.csv"
    lines = [f"uden;P{number};12-01-2026;{1 + n / 10};0".replace(".", ",") for n in range(rows)]
    file.write_text("\n".join(["arm;medarbejder;dato;minutter;fejl", *lines, ""]), "utf-8")
    return file


def started(place: Path, file: Path) -> subprocess.Popen[bytes]:
    """`htkeval add` of a sheet."""
    call = [sys.executable, "-m", "htkeval", "add", "proeve", file.name]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(call, cwd=place, stdout=quiet, stderr=quiet)


def said(place: Path, acknowledged: list[int], rows: int) -> list[str]:
    """What the store lost, doubled, or has by halves; and what `verify` finds."""
    from htkeval.steps.case import read_workspace_store
    from htkeval.store.verify import verify
    from htkeval.workspace import find

    workspace = find(place)
    with read_workspace_store(workspace) as store:
        there = Counter(row.keys["medarbejder"] for row in store.measurements("proeve"))
        checks = verify(store, workspace.blobs)
    wrong = [f"sheet {n}: {there[f'P{n}']} rows" for n in acknowledged if there[f"P{n}"] != rows]
    wrong += [f"{who}: {n} rows" for who, n in there.items() if n != rows]
    return wrong + [f"verify: {check.name}" for check in checks if check.passed is False]


if __name__ == "__main__":
    raise SystemExit(main())
