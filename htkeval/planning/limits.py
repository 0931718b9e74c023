"""The limit of each planned look, and whether the draw can reach it."""

from __future__ import annotations

from htkeval.effect import Method
from htkeval.evaluation.draw.lots import DRAWS
from htkeval.evaluation.method import ROUNDING
from htkeval.looks import Limit
from htkeval.planning.floors import Floor
from htkeval.stats.answer import Absence
from htkeval.stats.sequential import boundary
from htkeval.text import Text, say
from htkeval.trial import Trial


def limits(trial: Trial, reach: Floor, *, method: Method) -> tuple[Limit, ...]:
    """How small must p be at each look, and can the draw give so small a one?

    Args:
        trial: The plan.
        reach: How far its whole draw reaches.
        method: What the plan promises; one without lots can give any p-value.

    Returns:
        A limit for each look; none where there is one look, at the end.
    """
    plan = trial.analysis
    if plan.looks == (1.0,):
        return ()
    found = boundary(plan.looks, alpha=1 - plan.level, spending=plan.spending)
    if isinstance(found, Absence):
        return ()
    smallest = _smallest(reach) if method == "rerandomisation" else 0.0
    return tuple(
        Limit(
            look=k,
            of=len(found.looks),
            fraction=look.fraction,
            nominal_level=look.nominal,
            possible=look.nominal > 0 and smallest <= look.nominal + ROUNDING,
        )
        for k, look in enumerate(found.looks, start=1)
    )


def out_of_reach(found: tuple[Limit, ...], reach: Floor) -> tuple[Text, ...]:
    """That a look cannot say anything, whatever is measured."""
    return tuple(_cannot(one, _smallest(reach)) for one in found if not one.possible)


def _smallest(reach: Floor) -> float:
    """The smallest p-value of the draw; drawn again so often, where it is not looked at whole."""
    least = reach.least or 0.0
    return least if reach.allocations is not None else max(least, 1 / (1 + DRAWS))


def _cannot(one: Limit, smallest: float) -> Text:
    if one.nominal_level == 0:
        return say(
            "At look {k} of {n} the plan lets nothing be found: none of the risk is spent there.",
            k=one.look,
            n=one.of,
        )
    return say(
        "At look {k} of {n} nothing can be found, whatever is measured: the limit is p ≤ "
        "{limit:0.0000}, and the smallest that this draw can give is {least:0.0000}.",
        k=one.look,
        n=one.of,
        limit=one.nominal_level,
        least=smallest,
    )
