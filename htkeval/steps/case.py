"""A trial opened for work: its definition, its store and its blobs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from htkeval.deviation import Change, Deviation, changed
from htkeval.effect import Method
from htkeval.event import BRINGS_ROWS, Event
from htkeval.prior import Prior
from htkeval.registration import changes_promise, definition, frozen_content
from htkeval.store.store import Store, open_store, read_store
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
    names: frozenset[str] = frozenset()
    """Words of the participants' own list of names, which nothing that is kept may hold."""

    @property
    def registration(self) -> Event | None:
        """The promise, if there is one."""
        return self.store.latest(self.file.id, "registration")

    @property
    def deviations(self) -> tuple[Event, ...]:
        """What was changed after the promise, oldest first."""
        return self.store.events(self.file.id, "deviation")

    @property
    def in_force(self) -> Event | None:
        """The promise as it stands: the registration, or the newest deviation that changed it."""
        return next((e for e in reversed(self.deviations) if changes_promise(e)), self.registration)

    @property
    def trial(self) -> Trial:
        """The definition that counts: the promised one as it stands, else the file's."""
        promise = self.in_force
        return definition(promise) if promise else self.file

    @property
    def prior(self) -> Prior | None:
        """What was believed before, as it was first promised: no deviation moves it afterwards."""
        promise = self.registration
        kept = frozen_content(promise).get("prior") if promise else None
        return None if kept is None else Prior.model_validate(kept)

    @property
    def fingerprint(self) -> str | None:
        """Fingerprint of the promise as it stands."""
        promise = self.in_force
        return str(promise.payload["fingerprint"]) if promise else None

    @property
    def method(self) -> Method | None:
        """The method that the promise froze; None without a promise, or with one that has none."""
        promise = self.in_force
        found: Method | None = frozen_content(promise).get("method") if promise else None
        return found

    @property
    def told(self) -> tuple[Deviation, ...]:
        """The deviations, read."""
        return tuple(Deviation.of(event) for event in self.deviations)

    @property
    def untold(self) -> tuple[Change, ...]:
        """What trial.toml says otherwise than the promise, and no deviation tells of."""
        return changed(self.trial, self.file)

    @property
    def file_differs(self) -> bool:
        """Whether trial.toml says something else now than what counts."""
        return bool(self.untold)

    @property
    def unregistered_change(self) -> bool:
        """Whether something that decides the result differs, and nobody told why."""
        return self.registration is not None and any(change.decides for change in self.untold)

    @property
    def registered_in_time(self) -> bool:
        """Whether the promise came before the first treatment measurement. What is not stays so.

        Neither a delivery before it nor a task dated before it may hold the tool's arm: a sheet
        that is delivered late tells when the work was done.
        """
        promise = self.registration
        return promise is not None and self.in_time(promise.at, promise.seq)

    def in_time(self, at: datetime, seq: int | None = None) -> bool:
        """The same of a promise of a moment and a place in the chain; None: of the next."""
        promised = at.date().isoformat()
        return not any(
            ((seq is None or _came(brought) < seq) and brought.payload["arms"].get("treatment", 0))
            or (brought.payload.get("first_treatment") or promised) < promised
            for brought in self.deliveries
        )

    @property
    def deliveries(self) -> tuple[Event, ...]:
        """The events that brought rows: deliveries, then corrections of rows."""
        return tuple(e for kind in BRINGS_ROWS for e in self.store.events(self.file.id, kind))


def _came(brought: Event) -> int:
    """When rows first came in: that of a correction was here since its delivery."""
    return int(brought.payload.get("delivered", brought.seq))


class Still(Case):
    """A case that is only read, at one moment: the promise and its changes are looked up once."""

    @cached_property
    def registration(self) -> Event | None:
        return super().registration

    @cached_property
    def deviations(self) -> tuple[Event, ...]:
        return super().deviations

    @cached_property
    def trial(self) -> Trial:
        return super().trial

    @classmethod
    def at(cls, case: Case, moment: Store) -> Still:
        """A case whose promise is read now, at a moment of its store that will be over soon."""
        then = cls(store=moment, blobs=case.blobs, file=case.file, names=case.names)
        still = cls(store=case.store, blobs=case.blobs, file=case.file, names=case.names)
        for known in ("registration", "deviations", "trial"):
            still.__dict__[known] = getattr(then, known)  # where a cached property keeps it
        return still


@contextmanager
def open_workspace_store(workspace: Workspace, *, create: bool = True) -> Iterator[Store]:
    """The workspace's store, closed afterwards; beside files of one that is gone, none is made."""
    where, files = workspace.store, workspace.blobs
    with open_store(where, create=create, who=workspace.who, files=files) as store:
        yield store


@contextmanager
def read_workspace_store(workspace: Workspace) -> Iterator[Store]:
    """The same only to be read: nothing is made, and in a new place none is an empty one."""
    with read_store(
        workspace.store, wait=workspace.patience, who=workspace.who, files=workspace.blobs
    ) as store:
        yield store


@contextmanager
def open_case(workspace: Workspace, name: str) -> Iterator[Case]:
    """A trial by its folder's name, its id, or the path of its `trial.toml`."""
    from htkeval.intake.names import listed

    trial, names = workspace.trial(name), listed(workspace.root, None)
    with open_workspace_store(workspace) as store:
        yield Case(store=store, blobs=workspace.blobs, file=trial, names=names)


@contextmanager
def read_case(workspace: Workspace, name: str) -> Iterator[Case]:
    """The same only to be read."""
    trial = workspace.trial(name)
    with read_workspace_store(workspace) as store:
        yield Case(store=store, blobs=workspace.blobs, file=trial)
