"""What the quick commands load: nothing that computes."""

import subprocess
import sys

import pytest

HEAVY = {"mlflow", "scipy", "statsmodels", "pandas", "streamlit", "pyarrow", "numpy", "alembic"}


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
    code = (
        "import sys; sys.argv = ['htkeval', *sys.argv[1:]]\n"
        "import htkeval.cli\n"
        "try:\n    htkeval.cli.main()\n"
        "except SystemExit as ended:\n    assert not ended.code, ended.code\n"
        "print('LOADED', ' '.join(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=measured,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.rpartition("LOADED")[2].split())
    assert loaded & (HEAVY | more) == set()
