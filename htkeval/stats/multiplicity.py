"""Several questions asked of the same trial."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htkeval.stats.scaling import Floats


def holm(p_values: Sequence[float] | Floats) -> Floats:
    """How small is each p-value once it counts that several questions were asked?

    Rejecting where the adjusted value is at most alpha keeps the chance of any false alarm at
    alpha, whatever the dependence between the questions.

    Args:
        p_values: (m,) p-values of one family, each from 0 to 1; none is allowed.

    Returns:
        (m,) adjusted p-values in the order given; at most 1, and never out of order with the
        p-values themselves.

    Source: Holm 1979; the j-th smallest is max over i <= j of min(1, (m - i + 1) p_(i)), as R's
    `p.adjust`.

    Example:
        >>> holm([0.01, 0.04, 0.03]).tolist()
        [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    steps = np.arange(len(p), 0, -1) * p[order]
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted
