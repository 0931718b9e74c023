"""Two observers' times of the same tasks, as a noun."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htkeval.second import Agreement
from htkeval.stats.answer import Absence
from htkeval.stats.two_observers import FEWEST, icc_agreement, limits_of_agreement
from htkeval.text import Text, say

LEVEL = 0.95


def agreement(pairs: Sequence[tuple[float, float]], *, revised: int = 0) -> Agreement | Text:
    """How far do the two agree? On logarithms, for what is twice as long may be twice as far off.

    Args:
        pairs: First and second time of each task, above zero.
        revised: How many of the second times took the place of another.

    Returns:
        The figures, or why there are none.
    """
    if len(pairs) < FEWEST:
        return say(
            "How far two observers agree needs at least {few} tasks that both timed.", few=FEWEST
        )
    logs = np.log(np.array(pairs, dtype=np.float64))
    found = limits_of_agreement(logs[:, 0], logs[:, 1], level=LEVEL)
    icc = icc_agreement(logs, level=LEVEL)
    if isinstance(found, Absence):
        return say("How far two observers agree cannot be computed from these times.")
    known = None if isinstance(icc, Absence) else icc
    return Agreement(
        pairs=len(pairs),
        revised=revised,
        ratio=float(np.exp(found.bias)),
        ratio_ci=_exp(found.bias_ci),
        limits=_exp(found.limits),
        limits_ci=(_exp(found.limits_ci[0]), _exp(found.limits_ci[1])),
        icc=known.value if known else None,
        icc_ci=known.interval if known and not isinstance(known.interval, Absence) else None,
        level=LEVEL,
    )


def _exp(span: tuple[float, float]) -> tuple[float, float]:
    return float(np.exp(span[0])), float(np.exp(span[1]))
