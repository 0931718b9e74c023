"""What is told of a delivery that came in."""

from __future__ import annotations

from htkeval.steps.case import Case
from htkeval.store.store import Added
from htkeval.text import Text, say


def came_in(case: Case, file: str, added: Added) -> Text:
    """What became of one sheet."""
    seq = added.event.seq
    n = added.rows - added.here
    values = {"file": file, "n": n, "k": _delivery(case, seq), "seq": seq, "here": added.here}
    if added.duplicate:
        return say("{file}: already here as delivery {k}; nothing new was stored.", **values)
    if added.here:
        return say(
            "{file}: {n:#,##0} measurements stored as delivery {k} (event {seq}); {here:#,##0} "
            "were here already and count once.",
            **values,
        )
    if added.event.simulated:
        return say(
            "{file}: {n:#,##0} simulated measurements stored as delivery {k} (event {seq}); the "
            "trial is a simulated one from now on.",
            **values,
        )
    return say("{file}: {n:#,##0} measurements stored as delivery {k} (event {seq}).", **values)


def _delivery(case: Case, seq: int) -> int:
    """Which of the trial's deliveries an event is, from 1: events are numbered over all trials."""
    return sum(batch.seq <= seq for batch in case.store.events(case.file.id, "batch"))
