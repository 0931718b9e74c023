"""Makes the small sets of designs over time that our answers and R's are computed from.

All of it is invented. Run `python tests/oracles/make_designs.py` only to change the sets; then
`make oracles`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
RNG = np.random.default_rng(20261125)
Row = dict[str, object]


def cell(unit: str, name: str, period: int, arm: int, level: float, n: int) -> list[Row]:
    """So many invented tasks of one unit in one period."""
    rows: list[Row] = []
    for _ in range(n):
        words = int(RNG.integers(150, 1500))
        log = level + 0.4 * np.log(words) + 0.05 * period - 0.2 * arm + RNG.normal(0, 0.5)
        rows.append(
            {
                unit: name,
                "period": period,
                "arm": arm,
                "minutes": round(float(np.exp(log)), 1),
                "words": words,
                "errors": int(RNG.poisson(words * 0.004)),
            }
        )
    return rows


def write(name: str, rows: list[Row]) -> None:
    with (HERE / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def crossover(people: int) -> list[Row]:
    """Half in the order without, with; half the other way round; two of them left early."""
    first = RNG.permutation([0, 1] * (people // 2)).tolist()
    rows: list[Row] = []
    for i in range(people):
        level = float(RNG.normal(0, 0.4))
        for period in (1, 2):
            if i in (3, 7) and period == 2:
                continue
            arm = first[i] if period == 1 else 1 - first[i]
            rows += cell("participant", f"p{i:02d}", period, arm, level, int(RNG.integers(1, 7)))
    return rows


def staggered(teams: int, periods: int, starts: list[int | None]) -> list[Row]:
    """Teams that begin in a period, or never; some cells are empty."""
    rows: list[Row] = []
    for i in range(teams):
        level, start = float(RNG.normal(0, 0.4)), starts[i]
        for period in range(1, periods + 1):
            arm = int(start is not None and period >= start)
            n = int(RNG.integers(1, 6)) if RNG.random() > 0.05 else 0
            rows += cell("team", f"t{i:02d}", period, arm, level, n)
    return rows


def before_after(people: int) -> list[Row]:
    """Everyone without in the first two periods, with in the last two."""
    rows: list[Row] = []
    for i in range(people):
        level = float(RNG.normal(0, 0.4))
        for period in (1, 2, 3, 4):
            arm = int(period > 2)
            rows += cell("participant", f"p{i:02d}", period, arm, level, int(RNG.integers(0, 4)))
    return rows


def main() -> None:
    write("crossover", crossover(14))
    write("stepped", staggered(9, 6, [2, 2, 3, 3, 4, 4, 5, 5, 6]))
    write("did", staggered(10, 6, [4, 4, 4, 4, None, None, None, None, None, None]))
    write("did_lone", staggered(8, 6, [4, None, None, None, None, None, None, None]))
    write("before_after", before_after(12))


if __name__ == "__main__":
    main()
