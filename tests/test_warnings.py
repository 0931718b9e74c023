"""Warnings are failures; those of others that are let through still occur, each for a reason."""

import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
LISTED = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"][
    "filterwarnings"
]

TRIGGERS = {
    "The ``noload`` loader strategy is deprecated": (
        "import sqlalchemy.orm, mlflow.store.tracking.dbmodels.models; "
        "sqlalchemy.orm.configure_mappers()"
    ),
}
"""What makes each listed warning appear, by the beginning of its message."""


def test_every_warning_but_the_listed_is_a_failure():
    assert LISTED[0] == "error"
    messages = [entry.split(":")[1] for entry in LISTED[1:]]
    assert sorted(messages) == sorted(TRIGGERS)


CAUSES = {
    "The ``noload`` loader strategy is deprecated": (
        ("mlflow", "store/tracking/dbmodels/models.py", '="noload"'),
        ("sqlalchemy", "orm/strategies.py", "The ``noload`` loader strategy is deprecated"),
    ),
}
"""Where in others' code a listed warning comes from: what calls for it, and what gives it."""


@pytest.mark.parametrize("message", TRIGGERS)
def test_the_cause_of_a_listed_warning_is_still_there(message):
    """Read, not run: MLflow takes seconds to load."""
    for package, file, words in CAUSES[message]:
        (root,) = find_spec(package).submodule_search_locations
        assert words in (Path(root) / file).read_text(encoding="utf-8"), "take it off the list"


@pytest.mark.campaign
@pytest.mark.parametrize("message", TRIGGERS)
def test_a_listed_warning_still_occurs(message):
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", TRIGGERS[message]],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert message in run.stderr, "the warning is gone: take it off the list"
