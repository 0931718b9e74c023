"""Answers that pages ask for again and again, kept by what they rest on, so that none is stale."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import streamlit as st

from htkeval.errors import HtkevalError
from htkeval.local_day import local_day
from htkeval.rights import Identity
from htkeval.workspace import Workspace

if TYPE_CHECKING:
    from htkeval.steps.case import Case
    from htkeval.store.store import Store

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Here:
    """A workspace as a kept answer may read it, and what else it rests on."""

    place: Workspace
    """Opened with the rights that are part of the key."""
    today: date
    """The day here, which is part of it."""
    rights: str
    """What whoever asks may do, as text."""
    record: str
    """What has happened, and which files are kept of it."""
    files: str
    """Every file that has a say, as it was written."""

    def store(self) -> AbstractContextManager[Store]:
        """The store, only to be read."""
        from htkeval.steps.case import read_workspace_store

        return read_workspace_store(self.place)

    def case(self, trial: str) -> AbstractContextManager[Case]:
        """A trial, only to be read."""
        from htkeval.steps.case import read_case

        return read_case(self.place, trial)

    @property
    def key(self) -> tuple[object, ...]:
        """All of it, in few letters."""
        where = str(self.place.root), self.place.store
        return *where, self.today, self.rights, self.record, self.files


def kept(
    *, most: int, of_people: bool = False
) -> Callable[
    [Callable[Concatenate[Here, Asked], Answer]], Callable[Concatenate[Workspace, Asked], Answer]
]:
    """Keep what a reader answers until the day, the store or a file is another.

    Everybody of one role is given the same frozen object: a copy of a hundred trials for each page
    takes longer than to draw it. So while it is made, nothing of single people can be read.

    Args:
        most: How many answers are kept.
        of_people: Whether they tell of single people: then each is one person's, and what he reads
            is in the record, once a day.
    """

    def keeping(
        read: Callable[Concatenate[Here, Asked], Answer],
    ) -> Callable[Concatenate[Workspace, Asked], Answer]:
        def once(_here: Here, _asked: Callable[[Here], Answer], key: tuple[object, ...]) -> Answer:
            del key
            return _asked(_here)

        # by which Streamlit tells one cache from another
        once.__module__, once.__qualname__ = read.__module__, read.__qualname__
        cached = st.cache_resource(max_entries=most, show_spinner=False)(once)

        @wraps(read)
        def asking(place: Workspace, /, *args: Asked.args, **more: Asked.kwargs) -> Answer:
            here = _here(place, of_people=of_people)
            key = (*here.key, *args, *sorted(more.items()))
            return cached(here, lambda found: read(found, *args, **more), key)

        asking.clear = cached.clear  # type: ignore[attr-defined]
        return asking

    return keeping


def or_none(read: Callable[Asked, Answer]) -> Callable[Asked, Answer | None]:
    """None where it cannot be told: the rest of a page can."""

    @wraps(read)
    def asking(*args: Asked.args, **more: Asked.kwargs) -> Answer | None:
        try:
            return read(*args, **more)
        except HtkevalError:
            return None

    return asking


def written(file: Path) -> tuple[object, ...]:
    """When and as what a file was written. Its time alone is not enough: a copy may bring its own,
    and a clock ticks slower than two writes."""
    found = file.stat()
    return str(file), found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _here(place: Workspace, *, of_people: bool) -> Here:
    """What an answer rests on now: the day, the rights, the newest event, how far what MLflow still
    lacks has come, which blobs are there, and every file that has a say, as it was written.

    The newest event is known by its link: a store that was put back from a copy counts from there
    again.
    """
    from sqlalchemy import func, select

    from htkeval.steps.case import read_workspace_store
    from htkeval.store.schema import event, outbox

    link = select(event.c.hash).order_by(event.c.seq.desc()).limit(1)
    tried = select(outbox.c.state, func.count(), func.sum(outbox.c.attempts))
    waiting = tried.where(outbox.c.state != "sent").group_by(outbox.c.state)
    with read_workspace_store(place) as store, store.reading() as connection:
        newest = connection.scalar(link)
        unsent = tuple(sorted(tuple(row) for row in connection.execute(waiting)))
    files = (*place.trial_files, *sorted((place.root / "configs").glob("*.toml")))
    blobs = place.blobs / "sha256"
    folders = (blobs, *sorted(blobs.glob("*/")))
    there = tuple(written(folder) for folder in folders if folder.is_dir())
    who = place.who if of_people or place.who is None else place.who.for_sums()
    return Here(
        place=replace(place, who=who),
        today=local_day(datetime.now(UTC)),
        rights=_rights(who),
        record=print_of((newest, unsent, there)),
        files=print_of(tuple(written(file) for file in files)),
    )


def _rights(who: Identity | None) -> str:
    return who.model_dump_json() if who else ""


def print_of(known: object) -> str:
    """A long part of a key as a short one: a cache takes longer to look through it than to read."""
    return sha256(repr(known).encode()).hexdigest()
