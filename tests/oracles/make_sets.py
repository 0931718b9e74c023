"""Makes the small sets that our answers and R's are computed from. All of it is invented.

Run `python tests/oracles/make_sets.py` only to change the sets; then `make oracles`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
RNG = np.random.default_rng(20260112)
Row = dict[str, object]


def task(arm: int, level: float, reaction: float = 0.0) -> Row:
    """One invented task: minutes, words, errors in the words, right answers of the answers."""
    words = int(RNG.integers(150, 1500))
    minutes = np.exp(level + 0.5 * np.log(words) + (reaction - 0.15) * arm + RNG.normal(0, 0.5))
    answers = int(RNG.integers(3, 13))
    return {
        "minutes": round(float(minutes), 1),
        "words": words,
        "kind": str(RNG.choice(["letter", "minutes", "note"])),
        "errors": int(RNG.poisson(words * (0.004 + 0.001 * arm))),
        "approved": int(RNG.random() < 0.6 + 0.15 * arm),
        "right": int(RNG.binomial(answers, 0.7)),
        "answers": answers,
        "score": round(float(RNG.normal(3.4 + 0.2 * arm, 0.8)), 2),
    }


def unit_rows(unit: str, names: Sequence[str], arms: Sequence[Sequence[int]]) -> list[Row]:
    """Rows of units with their own level and their own reaction to the tool."""
    rows: list[Row] = []
    for name, its_arms in zip(names, arms, strict=True):
        level, reaction = RNG.normal(0, 0.4), RNG.normal(0, 0.15)
        for arm in its_arms:
            rows.append({unit: name, "arm": arm, **task(arm, level, reaction)})
    return rows


def write(name: str, rows: list[Row]) -> None:
    with (HERE / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def numbered(letter: str, n: int) -> list[str]:
    return [f"{letter}{i:02d}" for i in range(1, n + 1)]


def main() -> None:
    sizes = RNG.integers(3, 15, size=14)
    arms = [RNG.integers(0, 2, size=int(size)).tolist() for size in sizes]
    within = unit_rows("participant", numbered("p", 14), arms)
    write("within", [{**row, "twice": 2 * int(str(row["words"])) - 7} for row in within])

    arm_of = RNG.permutation([0] * 9 + [1] * 9).tolist()
    arms = [[arm] * int(size) for arm, size in zip(arm_of, RNG.integers(1, 9, 18), strict=True)]
    write("parallel", unit_rows("participant", numbered("p", 18), arms))

    arms = [[arm] for arm in RNG.permutation([0] * 13 + [1] * 9).tolist()]
    write("one_task_each", unit_rows("participant", numbered("p", 22), arms))

    arm_of = RNG.permutation([0] * 6 + [1] * 6).tolist()
    arms = [[arm] * int(size) for arm, size in zip(arm_of, RNG.integers(3, 22, 12), strict=True)]
    write("cluster", unit_rows("team", numbered("t", 12), arms))

    arms = [[int(i == 3)] * int(size) for i, size in enumerate(RNG.integers(3, 10, size=9))]
    write("lone_team", unit_rows("team", numbered("t", 9), arms))

    write("rollout", [row for row in rollout(8, 5) if RNG.random() < 0.9])


def rollout(teams: int, periods: int) -> list[Row]:
    """Teams that start one after another; `lone` is the arm if only the first team ever did."""
    rows: list[Row] = []
    for i, team in enumerate(numbered("t", teams)):
        level, start = RNG.normal(0, 0.4), 1 + i % (periods - 1)
        for period in range(periods):
            arm = int(period >= start)
            cell: Row = {"team": team, "period": period, "arm": arm, "lone": int(i == 0) * arm}
            rows += [{**cell, **task(arm, level)} for _ in range(int(RNG.integers(1, 5)))]
    return rows


if __name__ == "__main__":
    main()
