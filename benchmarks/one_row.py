"""How long does it take to save one measurement, and 100,000? `python benchmarks/one_row.py`

Prints the median in milliseconds of saving one row durably (WAL, `synchronous=FULL`), and the
seconds that a delivery of 100,000 rows takes, into and out of a new store in a temporary folder.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from htkeval.decision import Actor
from htkeval.measurement import Batch, Measurement
from htkeval.store.store import Store, open_store

TIMES = 300
MANY = 100_000


def main() -> None:
    """Measure, and print a line each."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{(Path(folder) / 'store.db').as_posix()}"
        print(f"a new store:          {timed(lambda: open_store(address).close()):8.3f} s")
        print(f"opened again:         {timed(lambda: open_store(address).close()):8.3f} s")
        with open_store(address) as store:
            one = [timed(lambda n=n: add(store, n, 1)) * 1000 for n in range(TIMES)]
            print(f"one row, median:      {statistics.median(one):8.3f} ms")
            print(f"one row, 95 of 100:   {sorted(one)[int(TIMES * 0.95)]:8.3f} ms")
            print(f"100,000 rows added:   {timed(lambda: add(store, MANY, MANY)):8.3f} s")
            print(f"100,000 rows counted: {timed(lambda: store.counts('referater')):8.3f} s")
            print(f"100,000 rows read:    {timed(lambda: store.measurements('referater')):8.3f} s")


def timed(work) -> float:
    """Seconds that a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def add(store: Store, first: int, rows: int) -> None:
    """Save some rows of fifty people as one delivery."""
    whole = tuple(
        Measurement(
            arm="treatment" if number % 2 else "baseline",
            keys={"participant": f"person {number % 50}", "task": str(number), "team": "A"},
            values={"task_time": 20.0 + number % 37, "errors": float(number % 3)},
        )
        for number in range(first, first + rows)
    )
    delivery = Batch(trial="referater", name="benchmark", measurements=whole)
    who = Actor(name="benchmark", known_by="os")
    store.add_batch(delivery, actor=who, now=datetime.now(UTC), participant="participant")


if __name__ == "__main__":
    main()
