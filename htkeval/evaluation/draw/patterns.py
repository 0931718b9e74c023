"""Which orders and starts were drawn, and which unit drew which."""

from __future__ import annotations

import numpy as np

from htkeval.design.lottery import Arms
from htkeval.design.periods import IN_PERIODS
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.draw.entry import began, span_of_start, together
from htkeval.evaluation.wording import not_as_drawn
from htkeval.stats.scaling import Codes
from htkeval.text import Text, say
from htkeval.trial import Trial

Patterns = tuple[Arms, Codes]
"""(P, S) the arm of each pattern in each slot; (E,) which pattern each unit drew."""


def patterns(trial: Trial, seen: Codes, said: Codes | None) -> Patterns | Text:
    """What was drawn, told from the arms that units were seen in.

    Args:
        trial: The definition.
        seen: (E, S) the arm of each unit in each slot, `NONE` where nothing was seen.
        said: (E,) the sheet's word for each unit's order or start, `NONE` where it has none: units
            with the same word drew the same. None where a unit has two words.

    Returns:
        A sentence where the units do not follow the design, or where what was not seen cannot be
        told.
    """
    if trial.design.kind not in IN_PERIODS:
        return np.array([[0], [1]], dtype=np.uint8), seen[:, 0].astype(np.int64)
    known = None if said is None else together(seen, said)
    if known is None:
        return not_as_drawn(trial)
    find = _starts if trial.design.kind == "stepped_wedge" else _orders
    return find(trial, known)


def _starts(trial: Trial, seen: Codes) -> Patterns | Text:
    first, last = span_of_start(seen)
    if (first > last).any():
        return not_as_drawn(trial)
    start, fitting = began(first, last)
    if (start == NONE).any():
        several = int(fitting[start == NONE].max())
        return _several(several) if several else _none()
    starts, drawn = np.unique(start, return_inverse=True)
    slots = np.arange(seen.shape[1])
    return (slots >= starts[:, None]).astype(np.uint8), drawn.astype(np.int64)


def _orders(trial: Trial, seen: Codes) -> Patterns | Text:
    whole = np.unique(seen[(seen != NONE).all(axis=1)], axis=0)
    if not len(whole):
        return not_as_drawn(trial)
    fits = ((seen[:, None, :] == NONE) | (seen[:, None, :] == whole[None])).all(axis=2)
    if not (fits.sum(axis=1) == 1).all():
        # what was not seen cannot be told where several orders fit, or none does
        return not_as_drawn(trial)
    return whole.astype(np.uint8), fits.argmax(axis=1).astype(np.int64)


def _several(n: int) -> Text:
    return say(
        "When a team began cannot be told: it has no rows around its start, and {n} of the "
        "starts of other teams fit it. So the draw cannot be made again; a column that names "
        "each team's start (sequence) would tell.",
        n=n,
    )


def _none() -> Text:
    return say(
        "When a team began cannot be told: it has no rows around its start, and no start of "
        "another team fits it. So the draw cannot be made again."
    )
