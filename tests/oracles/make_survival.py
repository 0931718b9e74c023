"""Makes tasks some of which were never finished, for our answers and R's. All of it is invented.

Run `python tests/oracles/make_survival.py` only to change the sets; then the R script of the name.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
RNG = np.random.default_rng(20261211)


def tasks(name: str, clusters: list[str], arms: list[list[int]]) -> list[str]:
    """Lines of tasks: whole minutes (so that there are ties), abandoned at random, 60 at most."""
    lines = []
    for cluster, its_arms in zip(clusters, arms, strict=True):
        level = RNG.normal(0, 0.3)
        for arm in its_arms:
            needed = np.exp(3.2 + level - 0.25 * arm + RNG.normal(0, 0.6))
            patience = min(60.0, 20 + RNG.exponential(70))
            minutes, finished = round(float(min(needed, patience))), int(needed <= patience)
            lines.append(f"{name},{cluster},{arm},{max(minutes, 1)},{finished}")
    return lines


def main() -> None:
    names = [f"t{i:02d}" for i in range(1, 12)]
    nested = [[int(i >= 5)] * int(size) for i, size in enumerate(RNG.integers(4, 13, 11))]
    crossed = [RNG.integers(0, 2, int(size)).tolist() for size in RNG.integers(4, 13, 11)]
    lines = [
        "set,team,arm,minutes,finished",
        *tasks("nested", names, nested),
        *tasks("crossed", names, crossed),
    ]
    (HERE / "survival.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
