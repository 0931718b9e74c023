"""The one place where the app reads: the store, through a cache that is never stale."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from htkeval.portfolio import Portfolio
from htkeval.reporting.calibration import Campaign
from htkeval.workspace import Workspace, find


def workspace() -> Workspace:
    """The workspace that `htkeval dashboard` named, else the one around the working folder."""
    return find(Path.cwd())


def load(place: Workspace) -> Portfolio:
    """Where every trial stands, as the store and the files say it now."""
    return _portfolio(str(place.root), place.store, _state_of(place))


@st.cache_data(max_entries=4, show_spinner=False)
def _portfolio(root: str, store: str, state: tuple[object, ...]) -> Portfolio:
    """Read once for each state of the store and the files, which are the key."""
    from htkeval.steps.states import portfolio

    del store, state
    return portfolio(find(Path(root), given=root))


def campaign() -> Campaign | None:
    """What came of the trials in which nothing happened; None where it is not stored."""
    from htkeval.reporting import calibration

    try:
        return calibration.campaign()
    except FileNotFoundError:
        return None


def _state_of(place: Workspace) -> tuple[object, ...]:
    """Newest event, what MLflow still lacks, and the time of every file that has a say."""
    from sqlalchemy import func, select

    from htkeval.steps.case import open_workspace_store
    from htkeval.store.schema import event, outbox

    waiting = select(func.count()).select_from(outbox).where(outbox.c.state != "sent")
    with open_workspace_store(place) as store, store.reading() as connection:
        newest = connection.scalar(select(func.max(event.c.seq)))
        unsent = connection.scalar(waiting)
    files = (*place.trial_files, *sorted((place.root / "configs").glob("*.toml")))
    return newest, unsent, tuple((str(file), file.stat().st_mtime_ns) for file in files)
