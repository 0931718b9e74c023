"""How fast the lottery is drawn again, beside SciPy, and whether rows matter. Ratios in one run.

python benchmarks/rerandomisation.py

1. 100,000 re-randomisations of 40 assigned units (20 + 20), the mean difference over its CR0
   error: ours (draws, statistics, p and the exact interval; and p alone) and SciPy's
   `permutation_test` on the same statistic, vectorised. Promised for p: at least twice as fast.
2. Units of 10 rows and of a million: the time after the rows were summed. Promised: the same.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import stats

from htkeval.design.lottery import Lottery, again
from htkeval.stats.rerandomisation import p_value, rerandomise
from htkeval.stats.rerandomisation.cells import Cells, cells

UNITS, DRAWS, ROUNDS = 40, 100_000, 7


def seconds(*works: Callable[[], object]) -> list[float]:
    """Medians of works done in turn."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS + 1):
        for work, times in zip(works, taken, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return [statistics.median(times[1:]) for times in taken]


def lottery(kind: str) -> Lottery:
    """40 units in two arms, 40 people in AB or BA, or 40 teams that start in five steps."""
    zeros = np.zeros(UNITS, dtype=np.int64)
    if kind in ("cluster", "parallel"):
        half = np.arange(UNITS) % 2
        return Lottery(np.array([[0], [1]], np.uint8), half, zeros, np.arange(UNITS), zeros)
    slots = 2 if kind == "crossover" else 6
    patterns = np.array([[0, 1], [1, 0]]) if slots == 2 else np.triu(np.ones((6, 6)))[1:]
    drawn = np.arange(UNITS) % len(patterns)
    unit, slot = np.divmod(np.arange(UNITS * slots), slots)
    return Lottery(patterns.astype(np.uint8), drawn, zeros, unit, slot)


def sums(kind: str, lots: Lottery, rows: int, rng: np.random.Generator) -> Cells:
    """Cells of so many rows each: the sums are what they would be, the rows never exist."""
    size = len(lots.unit)
    small = 5
    cell = np.repeat(np.arange(size), small)
    y = rng.normal(size=len(cell)) + rng.normal(size=UNITS)[lots.unit[cell]]
    x = {}
    if kind in ("crossover", "roll-out"):
        x = {f"period {k}": (lots.slot[cell] == k) * 1.0 for k in range(1, lots.slot.max() + 1)}
    c = cells(y, x, cell=cell, cluster_of=lots.unit, absorbed=bool(x))
    times = rows / small
    return replace(
        c,
        rows=c.rows * times,
        y=c.y * times,
        x=c.x * times,
        xx=c.xx * times,
        xy=c.xy * times,
        inverse=c.inverse / times,
        spread=c.spread * times,
    )


def against_scipy() -> None:
    """The plain mean difference of 40 units, studentised."""
    rng = np.random.default_rng(1)
    y, lots = rng.normal(size=UNITS), lottery("cluster")
    c = cells(y, {}, cell=np.arange(UNITS), cluster_of=np.arange(UNITS), absorbed=False)
    observed = lots.observed
    half = UNITS // 2

    def ours() -> float:
        arms = again(lots, np.random.default_rng(2), DRAWS - 1)
        found = rerandomise(c, observed, arms, level=0.95, exact=False)
        return found.p_value

    def ours_p() -> float:
        arms = again(lots, np.random.default_rng(2), DRAWS - 1)
        return p_value(c, observed, arms, exact=False)

    def statistic(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        means = [v.mean(axis=axis, keepdims=True) for v in (a, b)]
        error = sum(((v - m) ** 2).sum(axis=axis) for v, m in zip((a, b), means, strict=True))
        return np.abs((means[0] - means[1]).squeeze(axis)) / np.sqrt(error / half**2)

    def scipys() -> float:
        found = stats.permutation_test(
            (y[observed == 1], y[observed == 0]),
            statistic,
            n_resamples=DRAWS - 1,
            vectorized=True,
            alternative="greater",
            rng=np.random.default_rng(3),
        )
        return float(found.pvalue)

    whole, alone, theirs = seconds(ours, ours_p, scipys)
    print(f"{DRAWS:,} re-randomisations of {UNITS} units (p = {ours():.4f}, SciPy {scipys():.4f})")
    print(
        f"  ours with its exact interval {whole:.3f} s, p alone {alone:.3f} s, SciPy {theirs:.3f} s"
    )
    print(f"  SciPy / ours: {theirs / whole:.1f} with the interval, {theirs / alone:.1f} for p")


def with_size() -> None:
    """The same lottery over few and many rows."""
    for kind in ("cluster", "parallel", "crossover", "roll-out"):
        rng = np.random.default_rng(4)
        lots = lottery(kind)
        arms = again(lots, rng, 9_999)
        few, many = (sums(kind, lots, rows, np.random.default_rng(5)) for rows in (10, 1_000_000))
        short, long = seconds(
            lambda: rerandomise(few, lots.observed, arms, level=0.95, exact=False),  # noqa: B023
            lambda: rerandomise(many, lots.observed, arms, level=0.95, exact=False),  # noqa: B023
        )
        print(
            f"  {kind:10} 10 rows {short * 1e3:6.1f} ms, a million {long * 1e3:6.1f} ms: "
            f"{long / short:.2f} times"
        )


if __name__ == "__main__":
    against_scipy()
    with_size()
