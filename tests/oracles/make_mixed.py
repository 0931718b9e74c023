"""Makes the sets of the mixed model. All of it is invented.

Run `python tests/oracles/make_mixed.py` only to change the sets; then `make oracles`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
Row = dict[str, object]


def write(name: str, rows: list[Row]) -> None:
    with (HERE / f"{name}.csv").open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def nested(rng: np.random.Generator) -> list[Row]:
    """Participants in teams of unequal size; the team has the arm."""
    rows: list[Row] = []
    for i, arm in enumerate(rng.permutation([0] * 5 + [1] * 5).tolist()):
        team = rng.normal(0, 0.3)
        for j in range(int(rng.integers(2, 6))):
            level = 1 + team + rng.normal(0, 0.4)
            for _ in range(int(rng.integers(1, 8))):
                words = int(rng.integers(150, 1500))
                log = level + 0.5 * np.log(words) - 0.2 * arm + rng.normal(0, 0.5)
                names: Row = {"team": f"t{i:02d}", "participant": f"t{i:02d}p{j}", "arm": arm}
                rows.append({**names, "words": words, "minutes": round(float(np.exp(log)), 1)})
    return rows


def crossed(rng: np.random.Generator) -> list[Row]:
    """Every participant answers most of the questions, half of them with the tool."""
    hard = rng.normal(0, 0.5, 9)
    rows: list[Row] = []
    for i in range(16):
        level = 3 + rng.normal(0, 0.6)
        for question in range(9):
            if rng.random() < 0.8:
                arm = int((i + question) % 2)
                score = level + hard[question] + 0.3 * arm + rng.normal(0, 0.7)
                names: Row = {"team": f"t{i // 4}", "participant": f"p{i:02d}", "arm": arm}
                rows.append({**names, "question": question, "score": round(float(score), 2)})
    return rows


def flat(rng: np.random.Generator) -> list[Row]:
    """Teams that do not differ at all."""
    return [
        {"team": f"t{i:02d}", "arm": i % 2, "minutes": round(float(minutes), 2)}
        for i in range(10)
        for minutes in rng.normal(30 - 0.25 * (i % 2), 1, int(rng.integers(4, 12)))
    ]


def balanced(rng: np.random.Generator) -> list[Row]:
    """Eight teams of three participants with four tasks, two of them with the tool."""
    rows: list[Row] = []
    for i in range(8):
        team = rng.normal(0, 1)
        for j in range(3):
            level = 30 + team + rng.normal(0, 1)
            for tool in (0, 0, 1, 1):
                names: Row = {"team": f"t{i}", "participant": f"t{i}p{j}", "arm": i % 2}
                minutes = level - i % 2 - tool + rng.normal(0, 1.5)
                rows.append({**names, "tool": tool, "minutes": round(float(minutes), 2)})
    return rows


if __name__ == "__main__":
    RNG = np.random.default_rng(20260305)
    for each in (nested, crossed, flat, balanced):
        write(f"mixed_{each.__name__}", each(RNG))
