"""A registered trial with an empty store, and lists to draw from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from htkeval.decision import Actor, Policy
from htkeval.steps.case import Case
from htkeval.steps.register import register
from htkeval.store.store import open_store
from tests.intake.trials import build_trial

WHO = Actor(name="Ida", known_by="declared")
POLICY = Policy(version="1", valid_from=date(2026, 1, 1), status="udkast")
WHEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def quick(few_draws: None) -> None:
    """What a draw answers is shown in tests/evaluation."""


OpenCase = Callable[..., Case]
WriteList = Callable[..., Path]


@pytest.fixture
def open_case(tmp_path: Path) -> Iterator[OpenCase]:
    """Opens a case of a design, registered unless told otherwise; again, the same store."""
    stores = []

    def opened(*, registered: bool = True, **design: Any) -> Case:
        columns = {"participant": "person", "team": "hold", "period": "uge"}
        trial = build_trial(design={**columns, **design})
        store = open_store(f"sqlite:///{(tmp_path / 'store.db').as_posix()}")
        stores.append(store)
        case = Case(store=store, blobs=tmp_path / "blobs", file=trial)
        if registered and case.registration is None:
            register(case, policy=POLICY, actor=WHO, now=WHEN)
        return case

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def write_list(tmp_path: Path) -> WriteList:
    """Writes lines to a sheet and gives its path."""

    def write(*lines: str, name: str = "enheder.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path

    return write
