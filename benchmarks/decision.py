"""How long do a recommendation and a business case of each of 100 trials take, and many draws?

    python benchmarks/decision.py

Prints milliseconds after everything is loaded; promised are 100 together, and 500 for 100,000
draws of one case with its tornado.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

TRIALS, TIMES = 100, 15


def main() -> None:
    """Measure, and print a line each."""
    import numpy as np

    from htkeval.business.drawing import chances
    from htkeval.business.supporting import support
    from htkeval.economics import Rates
    from htkeval.recommendation import recommend
    from htkeval.stats.student_information import Student, simulated_sample_information
    from tests.business.test_appraising import booked
    from tests.business.test_case import RATES
    from tests.business.test_drawing import UNSURE
    from tests.business.test_supporting import policy, state

    states = [
        state(f"t{n}", minutes=(-11 - n / 50, -8 - n / 100, -5), **UNSURE) for n in range(TRIALS)
    ]  # each its own, for what is believed of one is kept a moment
    rates, budget, rules = Rates.model_validate(RATES), booked(), policy()
    spent = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        for one in states:
            recommend(one.trial, rules, one.analysis, {}, fingerprint="f")
        between = time.perf_counter()
        support(budget, rates, rules, states)
        spent.append((between - begun, time.perf_counter() - between))
    verdicts, worth = zip(*spent, strict=True)
    together = [sum(both) for both in spent]
    for name, of in (("recommendations", verdicts), ("cases and budget", worth),
                     ("together", together)):  # fmt: skip
        middle, least = 1e3 * statistics.median(of), 1e3 * min(of)
        print(f"{name:18} {middle:6.0f} ms   (least {least:.0f}; promised 100 together)")
    begun = time.perf_counter()
    chances(states[0], rates, draws=100_000, seed=1)
    print(f"100,000 draws      {1e3 * (time.perf_counter() - begun):6.0f} ms   (promised 500)")
    belief, rng = Student(0, 0.2, -0.1, 0.05, 4), np.random.default_rng(1)
    simulated_sample_information(belief, error_n=0.03, rng=rng, draws=1000)  # loads what it needs
    begun = time.perf_counter()
    simulated_sample_information(belief, error_n=0.03, rng=rng, draws=100_000)
    print(f"100,000 samples    {1e3 * (time.perf_counter() - begun):6.0f} ms   (promised 500)")


if __name__ == "__main__":
    main()
