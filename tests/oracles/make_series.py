"""Makes the interrupted series that our answers and nlme's are computed from. All invented.

Run `python tests/oracles/make_series.py` only to change the sets; then the R script of the name.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
RNG = np.random.default_rng(20261204)


def series(name: str, time: list[int], start: int, rho: float) -> list[str]:
    """Lines of one series: an AR(1) about a line that breaks at `start`."""
    error, lines, before = 0.0, [], time[0] - 1
    for t in time:
        carried = abs(rho) ** (t - before) * (1.0 if rho > 0 or (t - before) % 2 == 0 else -1.0)
        error = carried * error + np.sqrt(1 - carried**2) * RNG.normal()
        after, before = int(t >= start), t
        y = 40 - 0.1 * t + after * (-3 - 0.2 * (t - start)) + 1.5 * error
        tasks = int(RNG.integers(3, 40))
        lines.append(f"{name},{t},{after},{y:.3f},{tasks}")
    return lines


def main() -> None:
    gaps = [t for t in range(36) if t not in (4, 5, 13, 20, 21, 22, 30)]
    lines = [
        "series,time,after,minutes,tasks",
        *series("wandering", list(range(12)), 6, 0.9),
        *series("twelve", list(range(12)), 6, 0.4),
        *series("alternating", list(range(24)), 11, -0.3),
        *series("year_four", list(range(48)), 24, 0.4),
        *series("independent", list(range(48)), 30, 0.02),
        *series("gaps", gaps, 18, 0.6),
        *series("gaps_alternating", gaps, 18, -0.5),
    ]
    (HERE / "series.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
