"""Makes the answers of invented participants to invented questions, for two-way errors.

Run `python tests/oracles/make_two_way.py` only to change the set; then `make oracles`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np


def main() -> None:
    """Participants answer most questions, each question with the tool or without by lot."""
    rng = np.random.default_rng(20261125)
    people, questions = rng.normal(0, 0.5, 9), rng.normal(0, 0.7, 12)
    reaction = rng.normal(0.3, 0.4, 12)
    rows = []
    for i, level in enumerate(people):
        for j, difficulty in enumerate(questions):
            if rng.random() < 0.2:
                continue
            for _ in range(1 + int(rng.random() < 0.15)):  # some answered a question twice
                arm = int(rng.integers(0, 2))
                score = level + difficulty + reaction[j] * arm + rng.normal(0, 0.4)
                # a second outcome whose scores cancel within people and questions
                even = 0.5 * arm + (2 * arm - 1) * (-1) ** (i + j) + 0.1 * rng.normal()
                rows.append(
                    {
                        "participant": f"p{i + 1:02d}",
                        "question": j + 1,
                        "arm": arm,
                        "length": int(rng.integers(20, 200)),
                        "score": round(float(score), 3),
                        "even": round(float(even), 3),
                    }
                )
    with (Path(__file__).parent / "two_way.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
