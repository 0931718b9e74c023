"""Times that end in 0 or 5 more often than a clock gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from htkeval.kept_row import KeptRow
from htkeval.queries.finding import MINUTES, Finding, durations
from htkeval.text import Text, say
from htkeval.trial import ARMS, Trial

ENOUGH = 50
"""Whole numbers from which on their last digits are judged."""
UNBELIEVABLE = 0.001
"""Below this p-value the digits are not believed to have come from a clock."""
BY_CHANCE = 0.2
"""Two digits of ten."""
WORTH_ASKING = 0.3
"""Share from which on it matters: in thousands of rows any small share is no chance any more."""
LOWEST = 8
"""From here on each 0 and 5 stands in the middle of five minutes (8 to 12, 13 to 17, …), so that
times which become rarer as they become longer are on both sides of it. Below it the digit is the
whole time."""
SPREAD = 2.5
"""Minutes, half of five. Honest times that all lie closer (standard deviation) gather around one
digit whoever writes them: of 200 about 10 minutes that a clock told, half end in 0."""


def digit_preference(trial: Trial, rows: Sequence[KeptRow]) -> Iterator[Finding]:
    """Do the last digits of whole minutes prefer 0 and 5, in the trial or in one arm of it?

    Exact binomial test of the share that ends in 0 or 5 against two digits of ten. Asked once for
    a column, whatever comes in afterwards. An arm is asked about where the trial as a whole is not.
    """
    for column, metric in durations(trial).items():
        in_hours = metric.unit == "h"
        scale = MINUTES["h"] if in_hours else 1.0
        digits = [
            (row.arm, round(cell * scale))
            for row in rows
            if isinstance(cell := row.values.get(column), int | float)
            and cell * scale >= LOWEST
            and abs(cell * scale - round(cell * scale)) < 1e-6
        ]
        whole = _share([number for _, number in digits])
        if whole is not None:
            yield _asked(column, "all", say("in the whole trial"), whole)
            continue
        for arm in ARMS:
            share = _share([number for of, number in digits if of == arm])
            if share is not None:
                label = getattr(trial.arms, arm).label
                yield _asked(column, arm, say("in the arm {label}", label=label), share)


def _share(numbers: Sequence[int]) -> float | None:
    """The share that ends in 0 or 5; None where chance may have done it."""
    if len(numbers) < ENOUGH or not _spread_out(numbers):
        return None
    from htkeval.stats.binomial import binomial_p

    hits = sum(number % 5 == 0 for number in numbers)
    share = hits / len(numbers)
    unlikely = binomial_p(hits, len(numbers), BY_CHANCE) < UNBELIEVABLE
    return share if share >= WORTH_ASKING and unlikely else None


def _spread_out(numbers: Sequence[int]) -> bool:
    """Whether their standard deviation is `SPREAD` or more; in whole numbers, which is quick."""
    n, total = len(numbers), sum(numbers)
    return n * sum(one * one for one in numbers) - total * total >= (SPREAD * n) ** 2


def _asked(column: str, group: str, where: Text, share: float) -> Finding:
    text = say(
        "{column}: {percent:0} % of the whole numbers {where} end in 0 or 5; a clock gives 20 %. "
        "Were the times read from a clock, or rounded and guessed? Tell everybody to write what "
        "the clock says, and answer how the times came to be.",
        column=column,
        percent=100 * share,
        where=where,
    )
    return Finding("digit_preference", None, column, group, text)
