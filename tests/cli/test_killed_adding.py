"""A few kills of `htkeval add`; `make faults` makes two hundred."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "faults" / "killed_adding.py"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("killed_adding", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.mark.campaign
@pytest.mark.parametrize("kills", [1, pytest.param(4, marks=pytest.mark.campaign)])
def test_whenever_add_is_killed_every_acknowledged_row_is_there_once(
    tmp_path: Path, kills: int
) -> None:
    assert script().campaign(tmp_path / "place", kills=kills, seed=3, rows=200) == []


def test_the_campaign_sees_what_is_lost(tmp_path: Path) -> None:
    """A check that cannot fail shows nothing."""
    made = script()
    assert made.campaign(tmp_path / "place", kills=0, seed=3, rows=10) == []
    assert made.said(tmp_path / "place", [0, 1], 10) == ["sheet 1: 0 rows"]
    assert made.said(tmp_path / "place", [0], 11) == ["sheet 0: 10 rows", "P0: 10 rows"]
