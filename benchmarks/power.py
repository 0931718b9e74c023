"""How long do the closed forms of power take? `python benchmarks/power.py`

Each question is asked in a process of its own: the import, the first answer, which loads SciPy's
special functions once for all (the most of it), and the median of the answers after it. Promised
of the last: under 50 ms.
"""

from __future__ import annotations

import subprocess
import sys

IMPORTS = """
from htkeval.stats.power import detectable, power, size
from htkeval.stats.power.covariance import covariance_in_minutes, log_effect, spread_of
from htkeval.stats.power.formulas import cluster
from htkeval.stats.power.interruption import interruption
from htkeval.stats.power.layout import crossover, parallel, part, stepped_wedge, within
from htkeval.stats.power.shares import size_of_shares
from htkeval.stats.power.t_test import size_of_groups
from htkeval.stats.power.variance import information_fraction, least_squares, weighted
s = spread_of(0.6, icc=0.14, autocorrelation=0.8, reaction_sd=0.1)
effect = log_effect(-0.15)
team = spread_of(0.6, icc=0.05)
"""
QUESTIONS = {
    "t, size of two groups": "size_of_groups(0.8, 0.5)",
    "shares, size": "size_of_shares(0.8, 0.3, 0.5)",
    "teams, size by formula": (
        "size(0.8, effect, at=lambda n: cluster(n, n, tasks=20, spread=team, cv=0.5))"
    ),
    "tasks within 24 people, power": (
        "power(effect, least_squares(within([5.0] * 24, [5.0] * 24), s))"
    ),
    "tasks within people, size": (
        "size(0.8, effect, at=lambda n: least_squares(within([5.0] * n, [5.0] * n), s))"
    ),
    "crossover, size": (
        "size(0.8, effect, at=lambda n: least_squares(crossover(n, n, tasks=4), s))"
    ),
    "uneven teams, size": (
        "size(0.8, effect, at=lambda n: least_squares(parallel([8, 12, 20] * n, "
        "[8, 12, 20] * n), team))"
    ),
    "roll-out of 12 teams, detectable": (
        "detectable(0.8, least_squares(stepped_wedge([1, 2, 3, 4, 5, 6] * 2, periods=7, "
        "tasks=20), s))"
    ),
    "roll-out of 12 teams, weighted": (
        "power(effect, weighted(stepped_wedge([1, 2, 3, 4, 5, 6] * 2, periods=7, tasks=20), s, "
        "df=10))"
    ),
    "minutes of 24 people": (
        "least_squares(within([5.0] * 24, [5.0] * 24), covariance_in_minutes(within([5.0] * 24, "
        "[5.0] * 24), s, mean=30, relative=-0.15))"
    ),
    "series of 24 periods": "power(1.0, interruption(12, 12, sd=1.0, rho=0.2))",
    "information at three looks": (
        "[information_fraction(least_squares(part(within([6.0] * 24, [6.0] * 24), k), s), "
        "least_squares(within([6.0] * 24, [6.0] * 24), s)) for k in (0.33, 0.67, 1)]"
    ),
    "1,000 teams, power": (
        "power(effect, least_squares(parallel([10.0] * 500, [10.0] * 500), team))"
    ),
}
TIMED = """
import time
start = time.perf_counter()
{imports}
imported = time.perf_counter()
{question}
first = time.perf_counter()
each = []
for _ in range(15):
    before = time.perf_counter()
    {question}
    each.append(time.perf_counter() - before)
print(imported - start, first - imported, sorted(each)[7])
"""


def main() -> None:
    """Time every question, three processes each, and print the median process."""
    print(f"{'':34} {'import':>8} {'first':>8} {'then':>8}  ms")
    for name, question in QUESTIONS.items():
        code = TIMED.format(imports=IMPORTS, question=question)
        runs = sorted(spent(code) for _ in range(3))
        imported, first, then = (1000 * value for value in runs[1])
        print(f"{name:34} {imported:8.1f} {first:8.1f} {then:8.1f}")


def spent(code: str) -> tuple[float, ...]:
    """Seconds of import, first answer and later answers, in a process of its own."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return tuple(map(float, run.stdout.split()))


if __name__ == "__main__":
    main()
