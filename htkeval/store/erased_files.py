"""The files that held somebody who was erased. Events alone are read: a publisher needs no more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from htkeval.event import Event
from htkeval.store import blobs


def gone(events: Iterable[Event]) -> frozenset[str]:
    """The files that erasures took away, by name; one that came back since is there again."""
    names: set[str] = set()
    for event in events:
        if event.kind == "erasure":
            names.update(map(str, event.payload.get("files", ())))
        elif event.kind == "snapshot":
            names.discard(str(event.payload.get("sha256")))
    return frozenset(names)


def left_behind(events: Iterable[Event], folder: Path) -> frozenset[str]:
    """Files that an erasure names and that are still there."""
    return frozenset(name for name in gone(events) if blobs.path(folder, name).exists())
