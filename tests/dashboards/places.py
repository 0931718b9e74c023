"""Workspaces on disk in every state a page can meet, and the real app opened at an address."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import session
from htkeval.decision import Actor
from htkeval.measurement import Batch, Measurement
from htkeval.rights import Identity
from htkeval.steps.add import add
from htkeval.steps.analyse import analyse
from htkeval.steps.case import Case, open_case, open_workspace_store
from htkeval.steps.register import register
from htkeval.store.schema import VERSION_TABLE
from htkeval.trial_file import load
from htkeval.workspace import Workspace, find
from tests.examples import TRIAL, write_trial, write_workspace

BEFORE, AFTER = datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 4, 13, 9, tzinfo=UTC)
WHO = Actor(name="tester", known_by="os")
PAGES = Path(session.__file__).parent / "pages.py"
TITLE = 'title = "En prøve"'
SCRIPT = "<script>alert(1)</script>"
LONG = "Ordet bliver ved " * 235 + "til det er slut"
"""About 4,000 characters."""
LETTERS = "Ærø, Øster Å og blåbærgrød"
RIGHT_TO_LEFT = "تجربة الكلام إلى نص"
TURNED = "En prøve \u202eeverp nE"
"""With a sign that turns what follows."""
TITLES = {"script": SCRIPT, "letters": LETTERS, "rtl": RIGHT_TO_LEFT}
NEVER_PROMISED = {"long": LONG, "turned": TURNED}
"""Titles that registration refuses; the pages meet them in what is only written down."""


def _titled(title: str, slug: str = "proeve") -> str:
    written = f"title = {json.dumps(title, ensure_ascii=False)}"
    return TRIAL.replace(TITLE, written).replace('id = "proeve"', f'id = "{slug}"')


def _rows(arms: str, people: int, each: int) -> tuple[Measurement, ...]:
    made = [
        {
            "arm": "baseline" if arm == "b" else "treatment",
            "keys": {"medarbejder": f"M{person:02d}"},
            "values": {
                "minutter": 20.0
                + (task * 7 + person * 3) % 5
                - (4 + task * person % 3) * (arm == "t"),
                "fejl": (task + person) % 7 == 0,
            },
        }
        for arm in arms
        for person in range(people)
        for task in range(each)
    ]
    return tuple(Measurement.model_validate(one) for one in made)


def _promised(place: Workspace, name: str = "proeve", rows: tuple[Measurement, ...] = ()) -> None:
    with open_case(place, name) as case:
        register(case, policy=place.policy, actor=WHO, now=BEFORE)
        if rows:
            batch = Batch(trial=name, name="ark.csv", measurements=rows)
            add(case, batch, actor=WHO, now=AFTER, simulated=False)
            analyse(case, actor=WHO, now=AFTER)


def empty(root: Path) -> Path:
    """A workspace without a trial, and without a store."""
    write_workspace(root)
    (root / "experiments" / "proeve" / "trial.toml").unlink()
    (root / "experiments" / "proeve").rmdir()
    return root


def written(root: Path) -> Path:
    """A trial that is written down and not registered: there is no store yet."""
    return write_workspace(root)


def no_data(root: Path) -> Path:
    """A registered trial that nobody has measured."""
    _promised(find(write_workspace(root)))
    return root


def one_arm(root: Path) -> Path:
    """Nobody has used the tool yet."""
    _promised(find(write_workspace(root)), rows=_rows("b", 6, 4))
    return root


def only_gaps(root: Path) -> Path:
    """Two people with a task each way: nothing can be told from them."""
    _promised(find(write_workspace(root)), rows=_rows("bt", 2, 1))
    return root


def full(root: Path) -> Path:
    """Measured in both arms, and analysed."""
    _promised(find(write_workspace(root)), rows=_rows("bt", 8, 6))
    return root


def many(root: Path, trials: int = 300) -> Path:
    """So many trials, two of them with one title."""
    write_workspace(root)
    for number in range(1, trials):
        slug, title = f"nr-{number:03}", f"Prøve {max(number, 2):03}"
        write_trial(root / "experiments" / slug, _titled(title, slug))
    place = find(root)
    with open_workspace_store(place) as store:
        for folder in sorted((root / "experiments").iterdir()):
            case = Case(store=store, blobs=place.blobs, file=load(folder / "trial.toml"))
            register(case, policy=place.policy, actor=WHO, now=BEFORE)
    return root


def hostile(title: str) -> Callable[[Path], Path]:
    """One trial with a title of somebody who means no good, or who writes other letters."""

    def made(root: Path) -> Path:
        _promised(find(write_workspace(root, _titled(title))), rows=_rows("bt", 8, 6))
        return root

    return made


def only_written(title: str) -> Callable[[Path], Path]:
    """The same, in a trial that is not registered."""
    return lambda root: write_workspace(root, _titled(title))


STATES: dict[str, Callable[[Path], Path]] = {
    "empty": empty,
    "written": written,
    "no data": no_data,
    "one arm": one_arm,
    "only gaps": only_gaps,
    "full": full,
    "a few": lambda root: many(root, 12),
    "many": many,
    **{name: hostile(title) for name, title in TITLES.items()},
    **{name: only_written(title) for name, title in NEVER_PROMISED.items()},
}
"""By name; each makes the workspace in a folder that is not there yet."""


def store_of(root: Path) -> Path:
    """The file of the store."""
    return Path(find(root).store.removeprefix("sqlite:///"))


def missing(root: Path) -> None:
    """Somebody took the store away, and what SQLite keeps beside it."""
    file = store_of(root)
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()


def newer(root: Path) -> None:
    """The store is of an htkeval that there is not yet."""
    with sqlite3.connect(store_of(root)) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0099'")
    connection.close()


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Another has the store to itself, readers and all."""
    connection = sqlite3.connect(store_of(root), isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


def opened(
    path: str, monkeypatch: pytest.MonkeyPatch, who: Identity | None = None, **asked: Any
) -> AppTest:
    """The real app, as somebody opens it at an address; None: whoever sits at this computer."""
    monkeypatch.setattr(session, "who", lambda _: who)
    app = AppTest.from_file(str(PAGES), default_timeout=120)
    for name, value in asked.items():
        app.query_params[name] = value
    if path:
        monkeypatch.setattr("streamlit.navigation", lambda pages, **_: by_hand(pages, path))
    page = app.run()
    assert not page.exception, page.exception
    return page


def by_hand(pages: dict[str, list[Any]], path: str) -> Any:
    """The page of an address, as the browser's own line for addresses leads to it."""
    found = next(one for listed in pages.values() for one in listed if one.url_path == path)
    return type("Chosen", (), {"run": staticmethod(found._page)})
