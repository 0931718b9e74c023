"""Words for the agreement of two observers."""

from __future__ import annotations

from htkeval.second import Agreement
from htkeval.text import Text, say


def sentences(found: Agreement) -> tuple[Text, ...]:
    """What an office reads of it."""
    low, high = found.limits
    told = [
        say(
            "{n:#,##0} tasks were timed by two. The second time is typically {ratio:0.00} times "
            "the first (95 % interval {low:0.00} to {high:0.00}).",
            n=found.pairs,
            ratio=found.ratio,
            low=found.ratio_ci[0],
            high=found.ratio_ci[1],
        ),
        say(
            "In 95 of 100 tasks it lies between {low:0.00} and {high:0.00} times the first (limits "
            "of agreement; each is uncertain: {a:0.00} to {b:0.00}, and {c:0.00} to {d:0.00}).",
            low=low,
            high=high,
            a=found.limits_ci[0][0],
            b=found.limits_ci[0][1],
            c=found.limits_ci[1][0],
            d=found.limits_ci[1][1],
        ),
    ]
    if found.revised:
        told.append(
            say(
                "Second times that were put right after they were delivered: {n:#,##0} of "
                "{all:#,##0}. The earlier ones, and why, are in the record.",
                n=found.revised,
                all=found.pairs,
            )
        )
    if found.icc is not None and found.icc_ci is not None:
        told.append(
            say(
                "Agreement ICC(A,1): {icc:0.00} (95 % interval {low:0.00} to {high:0.00}); 1 is "
                "full agreement.",
                icc=found.icc,
                low=found.icc_ci[0],
                high=found.icc_ci[1],
            )
        )
    elif found.icc is not None:
        told.append(say("Agreement ICC(A,1): {icc:0.00}; the two never disagree.", icc=found.icc))
    return tuple(told)
