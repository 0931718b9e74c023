"""What the tests of the dashboard share."""

import pytest

from htkeval.decision import Actor


@pytest.fixture
def actor():
    return Actor(name="tester", known_by="os")
