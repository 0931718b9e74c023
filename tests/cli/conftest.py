"""The command line, called as a person calls it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from htkeval.cli.root import run
from tests.examples import TO_COME, sheet, write_workspace


@pytest.fixture(autouse=True, scope="module")
def quick(few_draws: None) -> None:
    """What a draw answers is shown in tests/evaluation."""


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


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workspaces as they were before, to be copied."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def ready(place: Path, shelf: Path) -> Callable[[str, Callable[[], None]], Path]:
    """Fills the workspace once by its steps, which take nothing away, and then by a copy."""

    def filled(name: str, steps: Callable[[], None]) -> Path:
        kept = shelf / name
        if kept.exists():
            shutil.copytree(kept, place, dirs_exist_ok=True)
        else:
            steps()
            shutil.copytree(place, kept)
        return place

    return filled


@pytest.fixture
def measured(ready: Callable[..., Path], place: Path, call: Callable[..., Answer]) -> Path:
    """The same with a registered trial and 48 measurements."""

    def steps() -> None:
        (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
        assert call("register", "proeve").code == 0
        assert call("add", "proeve", "maal.csv").code == 0

    return ready("measured", steps)


@pytest.fixture
def analysed(ready: Callable[..., Path], measured: Path, call: Callable[..., Answer]) -> Path:
    """The same, analysed."""
    return ready("analysed", lambda: _done(call("analyse", "proeve")))


def _done(answer: Answer) -> None:
    assert answer.code == 0, answer.err
