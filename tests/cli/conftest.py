"""The command line, called as a person calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from htkeval.cli.root import run
from tests.examples import TO_COME, sheet, write_workspace


@dataclass(frozen=True)
class Answer:
    """What a call gave back."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command line in this process."""

    def run_it(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Answer(code=code, out=said.out, err=said.err)

    return run_it


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one trial, as the current folder."""
    root = write_workspace(tmp_path / "place", TO_COME)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def measured(place: Path, call: Callable[..., Answer]) -> Path:
    """The same with a registered trial and 48 measurements."""
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    return place
