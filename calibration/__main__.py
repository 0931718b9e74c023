"""The campaign: `python -m calibration [--trials 2000] [--cells WORD] [--jobs 2] -o FILE`."""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy: matrices here are small, processes are many

import argparse  # noqa: E402
import sys  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from multiprocessing import Pool  # noqa: E402
from pathlib import Path  # noqa: E402

from calibration.campaign import Counted, as_json, as_table, campaign  # noqa: E402
from calibration.grid import grid  # noqa: E402
from calibration.weighing import DRAWS  # noqa: E402

SEED = 20260112


def main() -> int:
    """Run, print, store; 1 where a cell has failed."""
    parser = argparse.ArgumentParser(prog="python -m calibration", description=__doc__)
    parser.add_argument("--trials", type=int, default=2_000, help="null trials a cell")
    parser.add_argument("--draws", type=int, default=DRAWS, help="re-randomisations a trial")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--cells", default="", help="only cells whose name holds this")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("-o", "--output", type=Path, help="where the document goes")
    asked = parser.parse_args()
    cells = [cell for cell in grid() if asked.cells in cell.name]
    with Pool(asked.jobs) as pool:
        found = campaign(
            cells,
            trials=asked.trials,
            draws=asked.draws,
            seed=asked.seed,
            each=lambda run, cells: _seen(pool.imap(run, cells), len(cells)),
        )
    sys.stdout.write(as_table(found))
    if asked.output:
        asked.output.write_text(as_json(found), encoding="utf-8")
    return 1 if found["failed"] else 0


def _seen(done: Iterator[Counted], of: int) -> Iterator[Counted]:
    """How far it is, for a person who waits."""
    for number, one in enumerate(done, 1):
        sys.stderr.write(f"\r{number} of {of} cells" + "\n" * (number == of))
        sys.stderr.flush()
        yield one


if __name__ == "__main__":
    sys.exit(main())
