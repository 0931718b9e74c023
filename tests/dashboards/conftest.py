"""What the tests of the dashboard share."""

import pytest
from streamlit.testing.v1 import app_test

from htkeval.decision import Actor


@pytest.fixture(scope="session", autouse=True)
def no_folder_left_behind():
    """Streamlit leaves the folder of its test scripts to the end of the process, with a warning."""
    yield
    app_test.TMP_DIR.cleanup()


@pytest.fixture(autouse=True, scope="module")
def quick(few_draws):
    """What a draw answers is shown in tests/evaluation."""


@pytest.fixture
def actor():
    return Actor(name="tester", known_by="os")
