"""The only simulator: measurements that a trial's own design would give if a scenario were true.

`simulate` makes one trial as measurements, for the demo and for people who want to see a trial
before it starts; `draw` makes many at once as arrays, for power and calibration.
"""

from __future__ import annotations

import numpy as np

from htkeval.design.draws import Drawn, draw
from htkeval.design.scenario import Scenario
from htkeval.design.sheet import to_csv, written
from htkeval.measurement import Measurement
from htkeval.trial import Trial

__all__ = ["Drawn", "draw", "simulate", "to_csv"]


def simulate(trial: Trial, scenario: Scenario, *, seed: int) -> tuple[Measurement, ...]:
    """What would one trial of this design put into its sheet?

    Args:
        trial: The design and the metrics: `within`, `parallel` or `cluster`, randomised.
        scenario: What is true.
        seed: The same seed gives the same measurements.

    Returns:
        One measurement a row, in the order in which the tasks were done.

    Raises:
        Refused: The design cannot be simulated, or the scenario does not say what the trial
            measures.
    """
    rng = np.random.default_rng(seed)
    return written(trial, scenario, draw(trial, scenario, rng), rng)
