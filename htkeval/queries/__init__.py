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


def findings(trial: Trial, rows: Sequence[KeptRow], came: Came | None = None) -> list[Finding]:
    """What is odd in the rows that count, by row; what is about many rows comes last.

    Args:
        trial: The definition.
        rows: The rows that count, in the order in which they came.
        came: What rows brought with them.
    """
    found = [one for rule in RULES for one in rule(trial, rows)]
    found += told(came or {}, rows)
    once = {one.id: one for one in reversed(found)}
    return sorted(once.values(), key=lambda one: (one.row is None, one.row or 0))
