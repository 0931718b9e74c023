"""Is every file there with the bytes it was named by, and can the newest snapshots be rebuilt?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import Connection

from htkeval.effect import Check
from htkeval.errors import EnvironmentFailed, HtkevalError
from htkeval.event import Event, EventKind
from htkeval.registration import frozen_content
from htkeval.store import blobs, snapshots
from htkeval.store.current import current_rows
from htkeval.store.erased_files import gone, left_behind
from htkeval.store.subjects import People
from htkeval.text import Text, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

NAMED_BY: dict[EventKind, tuple[str, ...]] = {
    "snapshot": ("sha256",),
    "analysis": ("sha256", "allocation"),
    "decision": ("recommendation", "business_case"),
    "paper": ("sha256",),
}
"""Which fields of an event's payload name a stored file; an analysis without a list has none."""


def files(events: tuple[Event, ...], folder: Path) -> Check:
    """Is every file that an event names there, byte for byte?"""
    if left := left_behind(events, folder):
        return Check(name="files", passed=False, message=_left(len(left)))
    erased = gone(events)
    named = {name: event for name, event in _named(events).items() if name not in erased}
    for name, event in named.items():
        try:
            blobs.read(folder, name)
        except EnvironmentFailed as failed:
            sentence = say(
                "{kind} of trial {trial} (event {seq}): found {found}.",
                kind=_KINDS[event.kind],
                trial=event.trial,
                seq=event.seq,
                found=failed.problems[0].found,
            )
            return Check(name="files", passed=False, message=sentence)
    sentence = say("Every stored file is there, byte for byte ({n:#,##0}).", n=len(named))
    return Check(name="files", passed=True, message=sentence)


def _left(n: int) -> Text:
    return say(
        "Files that hold somebody who was erased: {n:#,##0}. `htkeval snapshot TRIAL` deletes "
        "them.",
        n=n,
    )


def orphans(events: tuple[Event, ...], folder: Path) -> Check:
    """Is there a file that no event names? A step that broke off leaves one; so does a store that
    was brought back from an older copy, beside what it once knew."""
    try:
        unnamed = sorted(blobs.names(folder) - _named(events).keys())
    except EnvironmentFailed as failed:
        return Check(name="orphans", passed=None, message=failed.problems[0].sentence)
    if not unnamed:
        sentence = say("Every stored file is named by an event.")
        return Check(name="orphans", passed=True, message=sentence)
    sentence = say(
        "Files that no event names: {n:#,##0} (the first is {name}). A step that broke off leaves "
        "one; so does a record brought back from an older copy.",
        n=len(unnamed),
        name=unnamed[0][:16],
    )
    return Check(name="orphans", passed=None, message=sentence)


def _named(events: tuple[Event, ...]) -> dict[str, Event]:
    """By name of a file: the first event that names it."""
    named: dict[str, Event] = {}
    for event in events:
        first, *more = NAMED_BY.get(event.kind, ("",))
        if first:
            named.setdefault(str(event.payload.get(first)), event)
        for field in more:
            if name := event.payload.get(field):
                named.setdefault(str(name), event)
    return named


def snapshots_of(
    connection: Connection,
    events: tuple[Event, ...],
    folder: Path,
    definitions: Mapping[str, Trial],
) -> Iterator[Check]:
    """Does the newest snapshot of each trial come out of its rows again?"""
    newest = {event.trial: event for event in events if event.kind == "snapshot"}
    for trial, event in sorted(newest.items()):
        promised = _promised(event, events)
        definition = promised or definitions.get(trial)
        if event.payload.get("sha256") in gone(events):
            sentence = say(
                "{trial}: the newest snapshot held somebody who was erased; it was deleted.",
                trial=trial,
            )
            yield Check(name=f"snapshot:{trial}", passed=None, message=sentence)
        elif definition is None:
            sentence = say(
                "{trial}: the newest snapshot was not rebuilt, for its definition is not here.",
                trial=trial,
            )
            yield Check(name=f"snapshot:{trial}", passed=None, message=sentence)
        else:
            yield _rebuilt(connection, event, folder, definition, promised=promised is not None)


_KINDS = {
    "snapshot": say("The snapshot"),
    "analysis": say("The analysis"),
    "decision": say("The recommendation"),
    "paper": say("The paper"),
}


def _promised(event: Event, events: tuple[Event, ...]) -> Trial | None:
    """The definition in the promise that the snapshot names, as registered or as changed."""
    named = event.payload.get("registration")
    for other in events if named is not None else ():
        promise = other.kind in ("registration", "deviation") and other.trial == event.trial
        if promise and other.payload.get("fingerprint") == named:
            try:
                return Trial.model_validate(frozen_content(other).get("definition"))
            except (ValidationError, KeyError, AttributeError):
                return None
    return None


def _rebuilt(
    connection: Connection, event: Event, folder: Path, definition: Trial, *, promised: bool
) -> Check:
    passed: bool | None = False
    sentence = say("{trial}: the newest snapshot cannot be rebuilt.", trial=event.trial)
    try:
        until = int(event.payload["data_seq"])
        people = People(connection, event.trial)
        rows = tuple(current_rows(connection, event.trial, people, until=until))
        table = snapshots.table(definition, rows)
        if not promised and event.payload.get("columns", table.column_names) != table.column_names:
            passed, sentence = None, _changed_file(event)
        else:
            passed, sentence = _same(event, folder, table)
    except (KeyError, TypeError, ValueError, HtkevalError):
        pass  # the sentence above says it
    return Check(name=f"snapshot:{event.trial}", passed=passed, message=sentence)


def _changed_file(event: Event) -> Text:
    return say(
        "{trial}: trial.toml names other columns than when the newest snapshot was made, so it "
        "cannot be rebuilt; a registered trial keeps its definition.",
        trial=event.trial,
    )


def _same(event: Event, folder: Path, table: pa.Table) -> tuple[bool, Text]:
    """Whether the rows give the snapshot: the same bytes, or the same table by another Arrow."""
    trial, name = event.trial, str(event.payload["sha256"])
    content = snapshots.to_parquet(table)
    if sha256(content).hexdigest() == name:
        return True, say("{trial}: the newest snapshot comes out of its rows again.", trial=trial)
    kept = blobs.read(folder, name)
    other_writer = snapshots.writer(kept) != snapshots.writer(content)
    if other_writer and snapshots.from_parquet(kept).equals(table):
        return True, say(
            "{trial}: the newest snapshot holds its rows; another version of Arrow wrote it.",
            trial=trial,
        )
    return False, say("{trial}: the rows no longer give the newest snapshot.", trial=trial)
