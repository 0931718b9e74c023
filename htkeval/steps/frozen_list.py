"""The allocation list as one analysis reads it: people called what its snapshot calls them."""

from __future__ import annotations

from htkeval.allocation_list import AllocationList
from htkeval.canonical import canonical
from htkeval.steps.case import Case
from htkeval.store import blobs

NOT_IN_SNAPSHOT = "–{place}"
"""What a person is called who is on the list, but has no row in the snapshot."""


def freeze(case: Case, *, until: int) -> str | None:
    """Keep the list as a file, so that the analysis can be repeated whatever comes later.

    Args:
        case: The trial.
        until: The event after which the snapshot was taken: its rows say who is called what.

    Returns:
        The file's SHA-256; None where nothing was drawn here.
    """
    listed = case.store.allocated(case.file.id)
    if listed is None:
        return None
    if listed.columns[0] == case.trial.design.participant:
        listed = _renamed(case, listed, until=until)
    return blobs.put(case.blobs, canonical(listed.model_dump(mode="json")).encode())


def thawed(case: Case, name: str) -> AllocationList:
    """The list that `freeze` kept."""
    return AllocationList.model_validate_json(blobs.read(case.blobs, name))


def _renamed(case: Case, listed: AllocationList, *, until: int) -> AllocationList:
    """No pseudonym leaves the store: whoever has rows is P001, …; whoever has none, a number."""
    from htkeval.store import snapshots

    called = snapshots.labels(case.trial, case.store.measurements(case.file.id, until=until))
    people, *tasks = listed.units
    unseen: dict[str, str] = {}
    for name in people:
        if name not in called:
            unseen.setdefault(name, NOT_IN_SNAPSHOT.format(place=len(unseen) + 1))
    names = tuple(called.get(name) or unseen[name] for name in people)
    return listed.model_copy(update={"units": (names, *tasks)})
