"""What the quick commands load: nothing that computes."""

import subprocess
import sys

import pytest

HEAVY = {"mlflow", "scipy", "statsmodels", "pandas", "streamlit", "pyarrow", "numpy", "alembic"}
HEAVY |= {"sqlalchemy.dialects.postgresql"}


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        (["--help"], {"pydantic", "sqlalchemy"}),
        (["check", "proeve"], {"sqlalchemy"}),
        (["status"], set()),
        (["add", "proeve", "maal.csv"], set()),
    ],
)
def test_a_quick_command_loads_nothing_that_computes(measured, arguments, more):
    assert loaded(measured, arguments)[1] & (HEAVY | more) == set()


def test_check_tells_how_often_a_size_sees_the_goal_without_what_computes(place):
    file = place / "experiments" / "proeve" / "trial.toml"
    text = file.read_text(encoding="utf-8")
    sized = text.replace("randomised = true", "randomised = true\nclusters = 12\ntasks_each = 8")
    file.write_text(sized, encoding="utf-8")
    said, modules = loaded(place, ["check", "proeve", "--lang", "en"])
    assert "of 100 trials of this size would see the goal" in said
    assert modules & (HEAVY | {"sqlalchemy"}) == set()


def loaded(folder, arguments):
    """What a command says, and the modules that it loads."""
    code = (
        "import sys; sys.argv = ['htkeval', *sys.argv[1:]]\n"
        "import htkeval.cli\n"
        "try:\n    htkeval.cli.main()\n"
        "except SystemExit as ended:\n    assert not ended.code, ended.code\n"
        "print('LOADED', ' '.join(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    said, _, modules = run.stdout.rpartition("LOADED")
    return said, set(modules.split())
