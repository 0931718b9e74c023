"""Between which values the mean of a survey lies that asked in bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from htkeval.attachment import Score


def mean_bounds(
    low: Sequence[float],
    high: Sequence[float | None],
    weights: Sequence[float],
    *,
    cap: float | None,
) -> Iterator[Score]:
    """How low and how high may the mean be, and what do the middles of the bands say?

    Args:
        low: The lower end of each band.
        high: Its upper end; None of an open top band.
        weights: How many said so, or which share.
        cap: The upper end of the open band; None: there is no upper bound.

    Returns:
        `mean.at_least`; `mean.at_most` where every band has an upper end; `mean.of_middles`, which
        is what surveys print, an open band at its lower end. The middles are no estimate: nobody
        knows where in a band an answer lies.

    Source: `stats.bounds.banded_mean`; Manski & Tamer 2002.

    Example:
        >>> [round(one.value, 2) for one in mean_bounds([0, 5], [5, None], [3, 1], cap=30)]
        [1.25, 11.25, 3.12]
    """
    import numpy as np

    from htkeval.stats.answer import Absence
    from htkeval.stats.bounds import banded_mean

    lowest = np.asarray(low, float)
    highest = np.asarray([cap if end is None else end for end in high], float)
    share = np.asarray(weights, float)
    bounded = bool(np.isfinite(highest).all())
    found = banded_mean(lowest, highest if bounded else lowest, weights=share)
    if isinstance(found, Absence):
        return
    yield Score(name="mean.at_least", value=found[0])
    if bounded:
        yield Score(name="mean.at_most", value=found[1])
    closed = np.asarray([a if b is None else (a + b) / 2 for a, b in zip(low, high, strict=True)])
    middle = banded_mean(closed, closed, weights=share)
    if not isinstance(middle, Absence):
        yield Score(name="mean.of_middles", value=middle[0])
