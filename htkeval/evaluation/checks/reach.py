"""The check of how far the draw itself reaches."""

from __future__ import annotations

import math

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.checks.rows import people_untold
from htkeval.evaluation.draw.lots import MOST_CELLS, Lots
from htkeval.evaluation.method import reaches
from htkeval.text import Text, say

VERY_MANY = 1_000_000_000
"""More ways than this are not told by their number."""

UNTOLD = say(
    "In how many ways the draw could have fallen is not told: it would show fewer than five people."
)


def draw_reaches(basis: Basis) -> Check | None:
    """Whether the draw can fall in enough ways for the level that was asked for.

    False where its smallest p-value is above one minus the level; cannot be told where the rows do
    not tell the blocks, or the order, of the draw.
    """
    lots = basis.lots
    if lots is None:
        return None
    if not isinstance(lots, Lots):
        return Check(name="draw_reaches", passed=False, message=lots)
    if lots.too_many:
        return Check(name="draw_reaches", passed=True, message=_too_many(basis))
    text = UNTOLD if people_untold(basis) else _ways(lots)
    if lots.untold == "blocks":
        text = say("{text} The blocks cannot be told from the rows.", text=text)
    if lots.untold == "order":
        text = say("{text} The order of entry cannot be told from the rows.", text=text)
    if lots.apart:
        text = say(
            "{text} Some tasks stand in both arms for the same person, so each of their rows was "
            "taken as drawn by itself.",
            text=text,
        )
    enough = reaches(lots, basis.trial)
    passed = None if enough and lots.untold else enough
    return Check(name="draw_reaches", passed=passed, message=text)


def _ways(lots: Lots) -> Text:
    """In how many ways the draw could have fallen, and what the smallest p-value is."""
    if lots.exact:
        return say(
            "The draw could have fallen in {n:#,##0} ways, so the smallest possible p-value is "
            "{p:0.000#}.",
            n=len(lots.arms),
            p=lots.floor,
        )
    several = lots.lottery.log_count <= math.log(VERY_MANY)
    values = {"draws": lots.draws, "seed": str(lots.seed), "p": lots.floor}
    if several:
        return say(
            "The draw could have fallen in {n:#,##0} ways; it was made again {draws:#,##0} times "
            "from seed {seed}, so the smallest possible p-value is {p:0.000#}.",
            n=round(math.exp(lots.lottery.log_count)),
            **values,
        )
    return say(
        "The draw could have fallen in more than {n:#,##0} ways; it was made again {draws:#,##0} "
        "times from seed {seed}, so the smallest possible p-value is {p:0.000#}.",
        n=VERY_MANY,
        **values,
    )


def _too_many(basis: Basis) -> Text:
    if basis.trial.analysis.method == "auto" and basis.method == "cr2":
        return say(
            "More than {n:#,##0} lots were drawn, too many to draw them all again. CR2, which "
            "then says the same, takes the place of other draws.",
            n=MOST_CELLS,
        )
    return say(
        "More than {n:#,##0} lots were drawn, too many to draw them all again.", n=MOST_CELLS
    )
