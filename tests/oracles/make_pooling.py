"""Makes the effects of invented trials that our answers and metafor's are computed from.

Run `python tests/oracles/make_pooling.py` only to change the sets; then the R script of the name.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
RNG = np.random.default_rng(20261221)


def trials(name: str, k: int, tau: float, mean: float = -0.15) -> list[str]:
    errors = np.round(RNG.uniform(0.04, 0.3, k), 4)
    effects = RNG.normal(mean, np.hypot(errors, tau))
    return [f"{name},{y:.5f},{s:.4f}" for y, s in zip(effects, errors, strict=True)]


def main() -> None:
    lines = [
        "set,effect,error",
        *trials("two", 2, 0.3),
        *trials("three", 3, 0.3),
        *trials("alike", 9, 0.0),
        *trials("apart", 12, 1.2),
        *trials("usual", 7, 0.15),
        # closer together than their errors: tau is zero and Hartung-Knapp too sure
        "close,-0.20,0.2",
        "close,-0.21,0.3",
        "close,-0.18,0.1",
        "close,-0.23,0.4",
        # the restricted likelihood peaks at zero and, higher, at 5.676
        "two_peaks,-1.8,3.77",
        "two_peaks,3.6,0.1",
        "two_peaks,3.0,0.4",
        "two_peaks,8.7,1.21",
        "two_peaks,3.6,0.04",
    ]
    (HERE / "pooling.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
