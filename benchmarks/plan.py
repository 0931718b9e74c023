"""How long does a plan take? `python benchmarks/plan.py`

10,000 invented trials of 24 participants with 10 tasks each, drawn task by task, through the
registered analysis in two processes: by CR2 (promised: under 10 seconds), and with 999
re-randomisations in each (promised: under 3 minutes). Beside it the same number of bare draws of
such a trial's outcomes, so that the figure can be read on another machine.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import time  # noqa: E402
from multiprocessing import get_context  # noqa: E402

import numpy as np  # noqa: E402

from htkeval.planning.assumed import assume  # noqa: E402
from htkeval.planning.weighing import Task, weigh  # noqa: E402
from htkeval.planning.world import bare, scenario  # noqa: E402
from htkeval.trial import Trial  # noqa: E402

UNITS, TASKS, NUMBER = 24, 10, 10_000

TRIAL = Trial.model_validate(
    {
        "id": "plan",
        "title": "plan",
        "question": "plan?",
        "area": "none",
        "technology": "other",
        "starts": "2026-01-12",
        "ends": "2026-04-10",
        "arms": {"baseline": {"label": "without"}, "treatment": {"label": "with"}},
        "design": {"kind": "within", "randomised": True, "participant": "participant"},
        "metrics": [
            {
                "id": "minutes",
                "label": "minutes",
                "kind": "duration",
                "column": "minutes",
                "unit": "min",
                "better": "lower",
                "role": "primary",
                "source": "timed",
            }
        ],
    }
)


def main() -> None:
    """Measure in turn, in one run."""
    trial = bare(TRIAL, units=UNITS)
    world = scenario(trial, assume(trial), units=UNITS, tasks_each=TASKS, effect=0.0)
    rng = np.random.default_rng(1)
    start = time.perf_counter()
    for _ in range(NUMBER):
        np.exp(rng.standard_normal((UNITS, TASKS)))
    print(f"{NUMBER:,} bare draws of the outcomes     {time.perf_counter() - start:6.1f} s")
    with get_context("spawn").Pool(2) as pool:
        for method, draws in (("cr2", 0), ("rerandomisation", 999)):
            task = Task(trial, world, method, draws, NUMBER, seed=1)  # type: ignore[arg-type]
            start = time.perf_counter()
            found = weigh(task, share=pool.imap)
            taken = time.perf_counter() - start
            alarms = 100 * found.alarmed()
            what = f"{NUMBER:,} trials by {method}"
            print(f"{what:38}{taken:6.1f} s   alarms {alarms:.1f} %")


if __name__ == "__main__":
    main()
