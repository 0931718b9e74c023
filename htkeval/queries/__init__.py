"""Rules that look at the rows of a trial and ask about what looks odd.

They know nothing of what came out: values are held against a person's or the trial's own, both arms
together, and no sentence tells one arm's values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from htkeval.kept_row import KeptRow
from htkeval.queries.digits import digit_preference
from htkeval.queries.finding import Finding
from htkeval.queries.repeats import duplicate
from htkeval.queries.times import identical_times, impossible_duration, unit_suspected
from htkeval.queries.told import Came, told
from htkeval.queries.values import missing, out_of_range
from htkeval.query import QueryRule
from htkeval.trial import Trial

Rule = Callable[[Trial, Sequence[KeptRow]], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    out_of_range,
    unit_suspected,
    missing,
    duplicate,
    impossible_duration,
    identical_times,
    digit_preference,
)

SAYS_MORE: tuple[QueryRule, ...] = ("unit_suspected", "impossible_duration", "out_of_range")
"""Rules that may ask about the same value, the one that says most first."""


def findings(trial: Trial, rows: Sequence[KeptRow], came: Came | None = None) -> list[Finding]:
    """What is odd in the rows that count, by row; what is about many rows comes last.

    Args:
        trial: The definition.
        rows: The rows that count, in the order in which they came.
        came: What rows brought with them.
    """
    found = [one for rule in RULES for one in rule(trial, rows)]
    found += told(came or {}, rows)
    once = {one.id: one for one in reversed(_worst(found))}
    return sorted(once.values(), key=lambda one: (one.row is None, one.row or 0))


def _worst(found: list[Finding]) -> list[Finding]:
    """Of one value that is too long in several ways, the rule that says most: nobody answers the
    same question three times."""
    said = {(one.row, one.column, str(one.value), one.rule) for one in found}

    def told_already(one: Finding) -> bool:
        worse = SAYS_MORE[: SAYS_MORE.index(one.rule)] if one.rule in SAYS_MORE else ()
        return any((one.row, one.column, str(one.value), rule) in said for rule in worse)

    return [one for one in found if not told_already(one)]
