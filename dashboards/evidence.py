"""The one place where the app reads and asks, through caches that are never stale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import streamlit as st

from dashboards import session
from htkeval.business_case import BusinessCase
from htkeval.errors import HtkevalError
from htkeval.kept_row import RowHistory
from htkeval.local_day import local_day
from htkeval.outlook import Glance, Outlook
from htkeval.planning.assumed import Assumed
from htkeval.planning.outlook import Question
from htkeval.portfolio import Portfolio
from htkeval.progress import Progress
from htkeval.reporting.calibration import Campaign
from htkeval.rights import Identity
from htkeval.supported import Supported
from htkeval.text import Language
from htkeval.workspace import Workspace, find


def workspace() -> Workspace:
    """The workspace that `htkeval dashboard` named, else the one around the working folder, opened
    for whoever asks: every store and trial that is opened in it knows what he may do.

    Raises:
        NotAllowed: Nobody has logged in.
    """
    found = find(Path.cwd())
    return replace(found, who=session.who(found.roles))


def language() -> Language:
    """The municipality's language, whoever asks."""
    return find(Path.cwd()).municipality.language


def refused(place: Workspace, reason: str, *, what: str, trial: str | None = None) -> None:
    """Keep that a page refused somebody something."""
    from htkeval.store import watch

    if place.who is not None:
        now = datetime.now(UTC)
        watch.refused(place.store, place.who.actor, reason, trial=trial, what=what, now=now)


def _again(root: str, rights: object) -> Workspace:
    """The same workspace inside a cache, where it has the rights that are part of the key."""
    found = find(Path(root), given=root)
    return replace(found, who=Identity.model_validate_json(rights)) if rights else found  # type: ignore[arg-type]


def _rights(who: Identity | None) -> str:
    """What somebody may do, as part of a key."""
    return who.model_dump_json() if who else ""


def load(place: Workspace) -> Portfolio:
    """Where every trial stands, as the store and the files say it now."""
    today = local_day(datetime.now(UTC))
    return _portfolio(str(place.root), place.store, today, _state_of(place))


@st.cache_data(max_entries=8, show_spinner=False)
def _portfolio(root: str, store: str, today: date, state: tuple[object, ...]) -> Portfolio:
    """Read once for each day and state of the store and the files, which are the key."""
    from htkeval.steps.states import portfolio

    del store
    return portfolio(_again(root, state[0]), today=today)


def money(place: Workspace) -> Supported | None:
    """What of the budget the evidence carries; None where the municipality's figures are missing
    or contradict themselves."""
    today = local_day(datetime.now(UTC))
    try:
        return _money(str(place.root), place.store, today, _state_of(place))
    except HtkevalError:
        return None


@st.cache_data(max_entries=8, show_spinner=False)
def _money(root: str, store: str, today: date, state: tuple[object, ...]) -> Supported:
    from htkeval.steps.worth import supported

    del store, today
    return supported(_again(root, state[0]))


def worth(place: Workspace, trial: str) -> BusinessCase | None:
    """What one trial is worth, and what it is worth to know more; None as for `money`."""
    today = local_day(datetime.now(UTC))
    try:
        return _worth(str(place.root), place.store, trial, today, _state_of(place))
    except HtkevalError:
        return None


@st.cache_data(max_entries=100, show_spinner=False)
def _worth(
    root: str, store: str, trial: str, today: date, state: tuple[object, ...]
) -> BusinessCase:
    from htkeval.steps.case import read_case
    from htkeval.steps.worth import worth

    del store, today
    here = _again(root, state[0])
    with read_case(here, trial) as case:
        return worth(case, here, more=True)


def campaign() -> Campaign | None:
    """What came of the trials in which nothing happened; None where it is not stored."""
    from htkeval.reporting import calibration

    try:
        return calibration.campaign()
    except FileNotFoundError:
        return None


def known(place: Workspace, trial: str) -> Assumed | None:
    """What a trial's measurements without the tool say of the work; None where there are none."""
    return _known(str(place.root), place.store, trial, _state_of(place))


@st.cache_data(max_entries=100, show_spinner=False)
def _known(root: str, store: str, trial: str, state: tuple[object, ...]) -> Assumed | None:
    from htkeval.steps import plan
    from htkeval.steps.case import read_case

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return plan.known(case)


def row_history(place: Workspace, trial: str) -> RowHistory:
    """What was done to a trial's rows; which values may be seen depends on the day.

    Kept for one person and one day: that he has read them is in the record, once a day.
    """
    today = datetime.now(UTC).date().isoformat()
    state = (_rights(place.who), local_day(datetime.now(UTC)), *_state_of(place))
    return _row_history(str(place.root), place.store, trial, today, state)


@st.cache_data(max_entries=100, show_spinner=False)
def _row_history(
    root: str, store: str, trial: str, today: str, state: tuple[object, ...]
) -> RowHistory:
    from htkeval.steps.case import read_case
    from htkeval.steps.history import row_history

    del store, today
    with read_case(_again(root, state[0]), trial) as case:
        return row_history(case, now=datetime.now(UTC))


def progress(place: Workspace, trial: str) -> Progress | None:
    """How far a trial is today; None where it cannot be told."""
    today = datetime.now(UTC).date()
    try:
        return _progress(str(place.root), place.store, trial, (*_state_of(place), today))
    except HtkevalError:
        return None


@st.cache_data(max_entries=100, show_spinner=False)
def _progress(root: str, store: str, trial: str, state: tuple[object, ...]) -> Progress:
    from htkeval.steps.case import read_case
    from htkeval.steps.progress import progress

    del store
    with read_case(_again(root, state[0]), trial) as case:
        return progress(case, now=datetime.now(UTC))


MOST_COUNTED = 100
"""Plans whose invented trials are remembered."""


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={Question: repr})
def at_once(question: Question) -> Glance:
    """What a plan could see by its floors and its formula."""
    from htkeval.planning.glance import glance

    return glance(question)


@st.cache_resource(show_spinner=False)
def _counted() -> dict[str, Outlook]:
    """What was counted in invented trials, by the whole question; the same for every reader."""
    return {}


def counted(question: Question) -> Outlook | None:
    """What was counted for a plan before; None where nothing was."""
    return _counted().get(repr(question))


def count(question: Question, *, tell: Callable[[float], object]) -> Outlook:
    """Count a plan's invented trials, and remember the answer.

    Args:
        question: The plan.
        tell: Is told how far it is, from 0 to 1.
    """
    from htkeval.planning.outlook import outlook, parts
    from htkeval.planning.progress import telling

    kept = _counted()
    found = outlook(question, share=telling(map, parts=parts(question), tell=tell))
    while len(kept) >= MOST_COUNTED:
        kept.pop(next(iter(kept)), None)
    kept[repr(question)] = found
    return found


def _state_of(place: Workspace) -> tuple[object, ...]:
    """The role, the newest event, what MLflow still lacks, and the time of every file that has a
    say.

    What is kept under the role is everybody's who has it: while it is made, nothing of single
    people can be read.
    """
    from sqlalchemy import func, select

    from htkeval.steps.case import read_workspace_store
    from htkeval.store.schema import event, outbox

    waiting = select(func.count()).select_from(outbox).where(outbox.c.state != "sent")
    with read_workspace_store(place) as store, store.reading() as connection:
        newest = connection.scalar(select(func.max(event.c.seq)))
        unsent = connection.scalar(waiting)
    files = (*place.trial_files, *sorted((place.root / "configs").glob("*.toml")))
    rights = _rights(place.who.for_sums() if place.who else None)
    return rights, newest, unsent, tuple((str(file), file.stat().st_mtime_ns) for file in files)
