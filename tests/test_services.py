"""A service that is missing is a skip for a person, and a failure in CI."""

import os
import subprocess
import sys

import pytest

CODE = """
import pytest

@pytest.mark.service
def test_that_needs_something():
    pytest.skip("no such service here")
"""


@pytest.mark.parametrize(("required", "code"), [("1", 1), ("0", 0)])
def test_a_missing_service_is_a_failure_in_ci(tmp_path, pytestconfig, required, code):
    (tmp_path / "conftest.py").write_text(
        (pytestconfig.rootpath / "tests" / "conftest.py").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    service: x\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(CODE, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "HTKEVAL_REQUIRE_SERVICES": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code, run.stdout
