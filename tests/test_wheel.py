"""The wheel alone is enough: in an empty environment it makes a workspace and tells the story.

Most tests put the third-party packages that are here already behind the installed wheel; what
they do not see is the checkout. The service test installs everything from the lock, from nothing.
In small the story is told by cli/test_demo.py.
"""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.test_readme import SHOWN, lines

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def empty(wheel, tmp_path_factory) -> Path:
    """An environment with the wheel in it. Returns its interpreter."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    where = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    site = Path(subprocess.check_output([python, "-c", where], text=True).strip())
    install(python, "--no-deps", "--offline", str(wheel))
    # The third-party packages, without the .pth file by which the checkout is found here.
    (site / "sitecustomize.py").write_text(
        f"import sys; sys.path.append({sysconfig.get_paths()['purelib']!r})", encoding="utf-8"
    )
    return python


def install(python: Path, *arguments: str) -> None:
    """Install into another environment with the uv of this one."""
    uv = Path(sysconfig.get_paths()["scripts"]) / "uv"
    command = [uv, "pip", "install", "--quiet", "--python", python, *arguments]
    subprocess.run(command, check=True, timeout=900)


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HTKEVAL_LANG": "en"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        [python, "-m", "htkeval", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_wheel_carries_trials_rules_screens_and_words(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "htkeval/_bundled/configs/policy.toml",
        "htkeval/_bundled/configs/fund.toml",
        "htkeval/_bundled/configs/roles.toml",
        "htkeval/_bundled/configs/law.toml",
        "htkeval/_bundled/experiments/fagbot/trial.toml",
        "htkeval/_bundled/experiments/fagbot/scenario.toml",
        "htkeval/_bundled/dashboards/app.py",
        "htkeval/locale/da/LC_MESSAGES/htkeval.mo",
        "htkeval/schemas/analysis.schema.json",
        "htkeval/templates/da/speech_to_text/trial.toml",
        "htkeval/templates/en/speech_to_text/material/meetings.md",
        "htkeval/store/migrations/env.py",
        "htkeval/py.typed",
    ):
        assert needed in names
    assert not [name for name in names if name.endswith((".csv", ".db", ".parquet", ".pyc"))]


def test_the_wheel_says_what_it_is_and_which_extras_it_has(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
    metadata = archive.read(name).decode()
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MPL-2.0" in metadata
    for extra in ("spark", "postgres", "oidc", "wer", "inspect", "dev"):
        assert f"Provides-Extra: {extra}" in metadata
    (points,) = (one for one in archive.namelist() if one.endswith("entry_points.txt"))
    assert "htkeval = htkeval.cli:main" in archive.read(points).decode()


def test_the_wheel_alone_makes_a_workspace(empty, tmp_path):
    made = run(empty, tmp_path, "init", "here")
    assert made.returncode == 0, made.stderr
    where = run(empty, tmp_path, "status", "--workspace", "here", "--format", "json")
    assert len(json.loads(where.stdout)["trials"]) == 3
    origin = subprocess.check_output(
        [empty, "-c", "import htkeval; print(htkeval.__file__)"], cwd=tmp_path, text=True
    )
    assert str(ROOT / "htkeval") not in origin


def test_the_wheel_alone_begins_a_trial(empty, tmp_path):
    assert run(empty, tmp_path, "init", ".").returncode == 0
    begun = run(empty, tmp_path, "new", "mine", "--kind", "chatbot")
    assert begun.returncode == 0, begun.stderr
    assert run(empty, tmp_path, "check", "mine").returncode == 0


@pytest.mark.campaign
def test_the_wheel_alone_tells_the_story_as_readme_shows_it(empty, tmp_path):
    """As a newcomer runs it: no settings, Danish."""
    own = ("HTKEVAL_", "MLFLOW_", "PATH", "PYTHONPATH", "COLUMNS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    (tmp_path / ".venv").symlink_to(empty.parent.parent)
    told = subprocess.run(
        [".venv/bin/htkeval", "demo"],
        cwd=tmp_path,
        env={**environment, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert lines(told.stdout) == lines(SHOWN["make demo"])
    state = run(empty, tmp_path, "status", "--workspace", "htkeval-demo", "--format", "json")
    verdicts = [trial["verdict"] for trial in json.loads(state.stdout)["trials"]]
    assert len(verdicts) == 3
    assert None not in verdicts


@pytest.mark.service
def test_wheel_and_lock_from_nothing_tell_the_story(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=False, symlinks=os.name != "nt")
    python = tmp_path / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install(python, "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    install(python, "--no-deps", "--offline", str(wheel))
    told = run(python, tmp_path, "demo")
    assert told.returncode == 0, told.stderr
    assert "SIMULATED" in told.stdout
