"""Makes the set for non-compliance: arms by lot, and what people then did. All of it is invented.

Run `python tests/oracles/make_instrument.py` only to change the set; then `make oracles`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np


def main() -> None:
    """`arm` is the lot of each team, `own` each task's own lot; `used*` is what was done."""
    rng = np.random.default_rng(20261126)
    rows = []
    for i, arm in enumerate(rng.permutation([0] * 6 + [1] * 6)):
        level, keen = rng.normal(0, 0.3), rng.normal(0, 0.8)
        for _ in range(int(rng.integers(4, 13))):
            own, words, eager = int(rng.integers(0, 2)), int(rng.integers(150, 1500)), keen
            used = int(rng.normal() < eager - 1.2 + 2.4 * arm)
            used_own = int(rng.normal() < eager - 0.8 + 2.0 * own)
            noise = level + 0.3 * keen + rng.normal(0, 0.4)
            task = {"arm": int(arm), "own": own, "words": words}
            minutes = np.exp(0.5 * np.log(words) - 0.25 * used + noise)
            minutes_own = np.exp(0.5 * np.log(words) - 0.25 * used_own + noise)
            rows.append(
                {"team": f"t{i + 1:02d}", **task, "used": used, "used_own": used_own}
                | {"weak": int(rng.random() < 0.5 + 0.05 * own)}
                | {"minutes": round(float(minutes), 1), "minutes_own": round(float(minutes_own), 1)}
            )
    with (Path(__file__).parent / "instrument.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
