"""How long the limits of five looks take, and what stands on them: one run, medians.

    python benchmarks/sequential.py

The limits of every spending are solved anew each time; the first call of a process also loads
SciPy's normal distribution, whose time is printed by itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from statistics import median
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from htkeval.stats.sequential import Boundary, boundary
from htkeval.stats.sequential.chances import chances
from htkeval.stats.sequential.futility import conditional_power
from htkeval.stats.sequential.stagewise import stagewise

ROUNDS = 50
PROMISED = 50
LOOKS = (0.2, 0.4, 0.6, 0.8, 1.0)
CLOSE = (0.5, 0.501, 0.75, 0.751, 1.0)
"""Looks as close as they may be, which take the most points."""


def main() -> None:
    """Time each, and print the limits: a fast wrong answer is worth nothing."""
    start = perf_counter()
    from scipy.special import ndtr

    loaded = perf_counter() - start
    first = timed(lambda: boundary(LOOKS), rounds=1)
    print(f"SciPy's normal, loaded once    {1e3 * loaded:8.1f} ms   {float(ndtr(0)):.1f}")
    print(f"limits, first call             {first:8.1f} ms")
    for spending in ("obrien_fleming", "pocock", (0.05, 0.2, 0.4, 0.7, 1.0)):
        found = boundary(LOOKS, spending=spending)
        if not isinstance(found, Boundary):
            raise SystemExit(f"no limits: {found}")
        name = spending if isinstance(spending, str) else "table"
        ms = timed(lambda s=spending: boundary(LOOKS, spending=s))
        shown = " ".join(f"{each:.4f}" for each in found.upper)
        print(f"limits, {name:<22} {ms:8.1f} ms   {shown}   (promised {PROMISED})")
    print(f"limits, looks 0.1 % apart      {timed(lambda: boundary(CLOSE)):8.1f} ms")
    rest = {
        "p, estimate, interval at end": lambda: stagewise(2.2, found, look=5, se=1.0),
        "conditional power at look 1": lambda: conditional_power(1.0, found, look=1),
        "chances to stop": lambda: chances(found, drift=3.0),
    }
    for name, work in rest.items():
        print(f"{name:<30} {timed(work):8.1f} ms")


def timed(work: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Median milliseconds of a call."""
    spans = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        spans.append(1e3 * (perf_counter() - start))
    return float(np.round(median(spans), 3))


if __name__ == "__main__":
    main()
