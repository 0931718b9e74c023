"""What the tests of the dashboard share."""

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import app_test

from htkeval.decision import Actor


@pytest.fixture(scope="session", autouse=True)
def no_folder_left_behind():
    """Streamlit leaves the folder of its test scripts to the end of the process, with a warning."""
    yield
    app_test.TMP_DIR.cleanup()


@pytest.fixture(scope="session", autouse=True)
def components_sought_once():
    """Each page that is run asks every installed package for components: most of its time."""
    sought = manifest_scanner.scan_component_manifests
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(sought))
        yield


@pytest.fixture(autouse=True, scope="module")
def quick(few_draws):
    """What a draw answers is shown in tests/evaluation."""


@pytest.fixture
def actor():
    return Actor(name="tester", known_by="os")
