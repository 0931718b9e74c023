"""Makes ratings by several raters, some missing, for our answers and other packages'. Invented,
but for `published`: Krippendorff's own worked example of 4 observers and 12 units (2011).

Run `python tests/oracles/make_agreement.py` only to change the sets; then `agreement.py`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
RNG = np.random.default_rng(20261231)
PUBLISHED = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def line(name: str, ratings: list[str]) -> str:
    return ",".join([name, *(ratings + [""] * 4)[:4]])


def rated(name: str, units: int, raters: int, low: int, high: int, missing: float) -> list[str]:
    """Whole numbers about what a unit is worth, some cells empty, never a whole row."""
    lines = []
    for worth in RNG.uniform(low, high, units):
        near = np.clip(np.round(worth + RNG.normal(0, 0.7, raters)), low, high).astype(int)
        gone = RNG.random(raters) < missing
        gone[RNG.integers(raters)] = False
        lines.append(line(name, ["" if g else str(r) for g, r in zip(gone, near, strict=True)]))
    return lines


def rare(name: str, units: int) -> list[str]:
    """Errors that are seldom there: nearly every rating is 0."""
    there = RNG.random(units) < 0.05
    seen = [np.where(RNG.random(units) < 0.03, ~there, there).astype(int) for _ in range(2)]
    return [line(name, [str(a), str(b)]) for a, b in zip(*seen, strict=True)]


def main() -> None:
    published = zip(*PUBLISHED, strict=True)
    scores = [
        line("scores", [f"{s:.1f}" for s in worth + RNG.normal(0, 4, 3)])
        for worth in RNG.normal(60, 8, 14)
    ]
    lines = [
        "set,a,b,c,d",
        *(line("published", ["" if r == "." else r for r in unit]) for unit in published),
        *rated("likert", 25, 3, 1, 5, 0.25),
        *rated("pair", 40, 2, 1, 4, 0.0),
        *rare("rare", 80),
        *scores,
    ]
    (HERE / "agreement.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
