"""How much faster a mixed model is fitted here than by statsmodels: one run, medians, their ratio.

    python benchmarks/mixed.py

20,000 rows of 200 teams with one random intercept, an arm and a covariate. Ours includes the
degrees of freedom, which statsmodels does not have. The two take turns, since the machine's speed
drifts; both answers are printed, since a fast wrong answer is worth nothing.
"""

from __future__ import annotations

import os
from statistics import median
from time import perf_counter

# one thread for both: on a busy machine, threads that wait for a processor would be timed
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from statsmodels.regression.mixed_linear_model import MixedLM

from htkeval.stats.answer import Estimate
from htkeval.stats.mixed import Mixed, reml
from htkeval.stats.mixed.error import satterthwaite

ROUNDS = 15
ROWS, TEAMS = 20_000, 200
PROMISED = 20


def main() -> None:
    """Fit the same invented rows by both, in turn."""
    rng = np.random.default_rng(20260305)
    team = rng.permutation(np.arange(ROWS) % TEAMS)
    arm, words = (team % 2).astype(float), rng.normal(6, 0.5, ROWS)
    level = rng.normal(0, 0.4, TEAMS)[team]
    y = 1 + 0.5 * words - 0.15 * arm + level + rng.normal(0, 0.6, ROWS)
    design = np.column_stack([np.ones(ROWS), words, arm])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        start = perf_counter()
        fit = reml(y, {"words": words, "arm": arm}, effects={"team": team})
        found = satterthwaite(fit, "arm") if isinstance(fit, Mixed) else fit
        middle = perf_counter()
        other = MixedLM(y, design, groups=team).fit(reml=True)
        ours.append(middle - start)
        theirs.append(perf_counter() - middle)
    if not isinstance(found, Estimate):
        raise SystemExit(f"no answer: {found}")
    a, b = median(ours), median(theirs)
    value, se = other.fe_params[2], other.bse_fe[2]
    print(
        f"htkeval      {1e3 * a:8.1f} ms   {found.value:.6f} +- {found.se:.6f}, df {found.df:.1f}"
    )
    print(f"statsmodels  {1e3 * b:8.1f} ms   {value:.6f} +- {se:.6f}")
    print(f"ratio        {b / a:8.1f} x    (promised {PROMISED})")


if __name__ == "__main__":
    main()
