"""Freeze the current rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import MOVES_ROWS, Event
from htkeval.steps.case import Case
from htkeval.store import blobs
from htkeval.store.erased_files import left_behind
from htkeval.text import say

if TYPE_CHECKING:
    import pyarrow as pa


def data_seq(case: Case) -> int:
    """Place in the chain of what last changed which rows count; 0 where there are none."""
    return max(case.store.newest(case.file.id, *MOVES_ROWS).values())


def current(case: Case) -> Event | None:
    """The newest snapshot, if it holds all measurements and the definition that counts."""
    newest = case.store.latest(case.file.id, "snapshot")
    fresh = (
        newest is not None
        and newest.payload["data_seq"] == data_seq(case)
        and newest.payload["registration"] == case.fingerprint
    )
    return newest if fresh else None


def snapshot(case: Case, *, actor: Actor, now: datetime) -> Event:
    """Freeze the current rows as Parquet named by its SHA-256; the same rows, the same snapshot.

    Raises:
        StateError: There are no measurements.
    """
    sweep(case)
    if (existing := current(case)) is not None:
        return existing
    newest = data_seq(case)  # first: a batch that arrives meanwhile belongs to the next snapshot
    payload = frozen(case, current_table(case, until=newest), until=newest)
    return case.store.append(case.file.id, "snapshot", payload, actor=actor, now=now)


def frozen(case: Case, table: pa.Table, *, until: int) -> dict[str, Any]:
    """Put rows into the blob folder; what the event of their snapshot says.

    Args:
        case: The trial.
        table: The rows that count after the event `until`.
        until: What last changed which rows count.
    """
    from htkeval import evaluation
    from htkeval.store import snapshots

    looks = case.trial.analysis.looks != (1.0,)
    return {
        "sha256": blobs.put(case.blobs, snapshots.to_parquet(table)),
        "rows": table.num_rows,
        "columns": table.column_names,
        "registration": case.fingerprint,
        "data_seq": until,
        "arms": evaluation.arm_figures(case.trial, table),
        **({"sealed": True} if looks else {}),  # its rows are not published between looks
    }


def sweep(case: Case) -> None:
    """Delete files that hold somebody who was erased: the machine may have stopped before."""
    if not case.store.events(kind="erasure"):
        return
    for name in left_behind(case.store.events(), case.blobs):
        blobs.remove(case.blobs, name)


def current_table(case: Case, *, until: int | None = None) -> pa.Table:
    """The rows that count, as a snapshot holds them.

    Args:
        case: The trial.
        until: As they stood after this event; None: after the newest.

    Raises:
        StateError: There are no measurements.
    """
    from htkeval.store import snapshots

    measurements = case.store.measurements(case.file.id, until=until)
    if not measurements:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("no measurements"),
                say("at least one"),
                say("`htkeval add` takes a sheet of them."),
            )
        )
    return snapshots.table(case.trial, measurements)


def snapshot_of(case: Case, sha256: str) -> Event:
    """The newest event of a snapshot, by the fingerprint of its rows."""
    events = case.store.events(case.file.id, "snapshot")
    return next(e for e in reversed(events) if e.payload["sha256"] == sha256)
