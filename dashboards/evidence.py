"""The one place where the app reads and asks, through caches that are never stale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import streamlit as st

from htkeval.business_case import BusinessCase
from htkeval.errors import HtkevalError
from htkeval.kept_row import RowHistory
from htkeval.local_day import local_day
from htkeval.outlook import Glance, Outlook
from htkeval.paper import KeptPaper
from htkeval.paper_file import PaperFormat
from htkeval.planning.assumed import Assumed
from htkeval.planning.outlook import Question
from htkeval.portfolio import Portfolio
from htkeval.progress import Progress
from htkeval.reporting.calibration import Campaign
from htkeval.supported import Supported
from htkeval.text import Language
from htkeval.workspace import Workspace, find


def workspace() -> Workspace:
    """The workspace that `htkeval dashboard` named, else the one around the working folder."""
    return find(Path.cwd())


def load(place: Workspace) -> Portfolio:
    """Where every trial stands, as the store and the files say it now."""
    today = local_day(datetime.now(UTC))
    return _portfolio(str(place.root), place.store, today, _state_of(place))


@st.cache_data(max_entries=4, show_spinner=False)
def _portfolio(root: str, store: str, today: date, state: tuple[object, ...]) -> Portfolio:
    """Read once for each day and state of the store and the files, which are the key."""
    from htkeval.steps.states import portfolio

    del store, state
    return portfolio(find(Path(root), given=root), today=today)


def money(place: Workspace) -> Supported | None:
    """What of the budget the evidence carries; None where the municipality's figures are missing
    or contradict themselves."""
    today = local_day(datetime.now(UTC))
    try:
        return _money(str(place.root), place.store, today, _state_of(place))
    except HtkevalError:
        return None


@st.cache_data(max_entries=4, show_spinner=False)
def _money(root: str, store: str, today: date, state: tuple[object, ...]) -> Supported:
    from htkeval.steps.worth import supported

    del store, today, state
    return supported(find(Path(root), given=root))


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

    del store, today, state
    here = find(Path(root), given=root)
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

    del store, state
    with read_case(find(Path(root), given=root), trial) as case:
        return plan.known(case)


def row_history(place: Workspace, trial: str) -> RowHistory:
    """What was done to a trial's rows; which values may be seen depends on the day."""
    today = datetime.now(UTC).date().isoformat()
    return _row_history(str(place.root), place.store, trial, today, _state_of(place))


@st.cache_data(max_entries=100, show_spinner=False)
def _row_history(
    root: str, store: str, trial: str, today: str, state: tuple[object, ...]
) -> RowHistory:
    from htkeval.steps.case import read_case
    from htkeval.steps.history import row_history

    del store, today, state
    with read_case(find(Path(root), given=root), trial) as case:
        return row_history(case, now=datetime.now(UTC))


def progress(place: Workspace, trial: str) -> Progress | None:
    """How far a trial is today; None where it cannot be told."""
    today = datetime.now(UTC).date()
    try:
        return _progress(str(place.root), place.store, trial, (today, *_state_of(place)))
    except HtkevalError:
        return None


@st.cache_data(max_entries=100, show_spinner=False)
def _progress(root: str, store: str, trial: str, state: tuple[object, ...]) -> Progress:
    from htkeval.steps.case import read_case
    from htkeval.steps.progress import progress

    del store, state
    with read_case(find(Path(root), given=root), trial) as case:
        return progress(case, now=datetime.now(UTC))


def papers(place: Workspace) -> tuple[KeptPaper, ...]:
    """The papers that are kept, oldest first."""
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import kept

    with read_workspace_store(place) as store:
        return kept(store)


def kept_paper(place: Workspace, one: KeptPaper) -> bytes:
    """The bytes of a paper that is kept."""
    from htkeval.store import blobs

    return blobs.read(place.blobs, one.sha256)


def paper(
    place: Workspace, trial: str | None, form: PaperFormat, language: Language, *, public: bool
) -> bytes:
    """The paper of a trial, or of all, as it would be written today."""
    today = local_day(datetime.now(UTC))
    state = _state_of(place)
    return _paper(str(place.root), place.store, trial, form, language, public, today, state)


@st.cache_data(max_entries=30, show_spinner=False)
def _paper(
    root: str,
    store: str,
    trial: str | None,
    form: PaperFormat,
    language: Language,
    public: bool,
    today: date,
    state: tuple[object, ...],
) -> bytes:
    from htkeval.reporting.paper.files import file
    from htkeval.reporting.paper.make import make
    from htkeval.steps.papers import behind

    del store, state
    read = behind(find(Path(root), given=root), day=today, trial=trial)
    return file(make(read, trial=trial, public=public), form, language)


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
    """Newest event, what MLflow still lacks, and the time of every file that has a say."""
    from sqlalchemy import func, select

    from htkeval.steps.case import read_workspace_store
    from htkeval.store.schema import event, outbox

    waiting = select(func.count()).select_from(outbox).where(outbox.c.state != "sent")
    with read_workspace_store(place) as store, store.reading() as connection:
        newest = connection.scalar(select(func.max(event.c.seq)))
        unsent = connection.scalar(waiting)
    files = (*place.trial_files, *sorted((place.root / "configs").glob("*.toml")))
    return newest, unsent, tuple((str(file), file.stat().st_mtime_ns) for file in files)
