"""What was drawn held against what was planned: told beside the draw, never a refusal."""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.allocation_list import AllocationList
from htkeval.text import Text, say
from htkeval.trial import Trial

ENOUGH = 60
"""People or teams from which on every draw that can be planned reaches the usual levels."""


def against_plan(trial: Trial, whole: AllocationList) -> Iterator[Text]:
    """A sentence where another number of people or teams was drawn than is planned, and one where
    their draw cannot answer whatever is measured.

    Args:
        trial: The promise as it stands.
        whole: All that was drawn so far; a later list may bring the rest.
    """
    holders = len(set(whole.units[0]))
    planned = trial.design.clusters
    if planned is not None and holders != planned:
        yield say(
            "The plan has {planned:#,##0} in the column {column}; {drawn:#,##0} are drawn so far.",
            planned=planned,
            column=whole.columns[0],
            drawn=holders,
        )
    if holders < ENOUGH:
        from htkeval.planning.floors import floor

        tasks = trial.design.tasks_each or max(1.0, len(whole) / holders)
        yield from floor(trial, units=holders, tasks_each=tasks).refusals
