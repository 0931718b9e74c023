"""A trial opened for work: its definition, its store and its blobs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from htkeval.effect import Method
from htkeval.event import Event
from htkeval.store.store import Store, open_store
from htkeval.trial import Trial
from htkeval.workspace import Workspace


@dataclass(frozen=True)
class Case:
    """One trial with everything that a step needs."""

    store: Store
    """The record of what happened."""
    blobs: Path
    """Folder of immutable files."""
    file: Trial
    """What `trial.toml` says now."""

    @property
    def registration(self) -> Event | None:
        """The promise, if there is one."""
        return self.store.latest(self.file.id, "registration")

    @property
    def trial(self) -> Trial:
        """The definition that counts: the registered one, else the file's."""
        promise = self.registration
        return Trial.model_validate(promise.payload["definition"]) if promise else self.file

    @property
    def fingerprint(self) -> str | None:
        """Fingerprint of the promise."""
        promise = self.registration
        return str(promise.payload["fingerprint"]) if promise else None

    @property
    def method(self) -> Method | None:
        """The method that the promise froze; None without a promise, or with one that has none."""
        promise = self.registration
        found: Method | None = promise.payload.get("method") if promise else None
        return found

    @property
    def file_differs(self) -> bool:
        """Whether trial.toml says something else now than what was registered."""
        return self.trial != self.file

    @property
    def registered_in_time(self) -> bool:
        """Whether the promise came before the first treatment measurement.

        Neither a delivery before it nor a task dated before it may hold the tool's arm: a sheet
        that is delivered late tells when the work was done.
        """
        promise = self.registration
        if promise is None:
            return False
        promised = promise.at.date().isoformat()
        return not any(
            (batch.seq < promise.seq and batch.payload["arms"].get("treatment", 0))
            or (batch.payload.get("first_treatment") or promised) < promised
            for batch in self.store.events(self.file.id, "batch")
        )


class Still(Case):
    """A case that is only read, at one moment: the promise is looked up once."""

    @cached_property
    def registration(self) -> Event | None:
        return super().registration


@contextmanager
def open_workspace_store(workspace: Workspace, *, create: bool = True) -> Iterator[Store]:
    """The workspace's store, closed afterwards."""
    with open_store(workspace.store, create=create) as store:
        yield store


@contextmanager
def open_case(workspace: Workspace, name: str) -> Iterator[Case]:
    """A trial by its folder's name, its id, or the path of its `trial.toml`."""
    trial = workspace.trial(name)
    with open_workspace_store(workspace) as store:
        yield Case(store=store, blobs=workspace.blobs, file=trial)
