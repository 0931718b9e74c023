"""A sheet comes to the server only where a page asks for it, and never more than it can hold."""

import pytest

from dashboards import uploads
from tests.dashboards.test_door import LOCAL, answered, scope


@pytest.fixture
def expected(monkeypatch):
    """One session whose page shows the field for a sheet."""
    monkeypatch.setattr(uploads, "_expected", uploads.OrderedDict(mine=None))


def put(session, *, method="PUT"):
    return {**scope(path=f"{uploads.PATH}{session}/f1"), "method": method}


def nothing():
    return {}


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_file_comes_only_from_a_session_whose_page_asks_for_it(expected, method):
    assert uploads.why_not(put("mine", method=method), nothing) is None
    for other in ("yours", "", "mine2", "../mine", "mine/.."):
        assert uploads.why_not(put(other, method=method), nothing) in ("upload", None)
    assert uploads.why_not(put("yours", method=method), nothing) == "upload"


def test_nothing_else_is_asked_about(expected):
    assert uploads.why_not(put("yours", method="DELETE")) is None
    assert uploads.why_not(scope(path="/")) is None
    assert uploads.why_not(scope(kind="websocket", path=uploads.PATH)) is None


def test_one_session_holds_few_files_and_all_together_so_many_bytes(expected):
    few = {"mine": [1] * (uploads.MOST_FILES - 1), "yours": [5] * 9}
    assert uploads.why_not(put("mine"), lambda: few) is None
    assert uploads.why_not(put("mine"), lambda: {"mine": [1] * uploads.MOST_FILES}) == "too_much"
    assert uploads.why_not(put("mine"), lambda: {"yours": [uploads.MOST_BYTES]}) == "too_much"


def test_sessions_that_are_remembered_are_bounded(expected, monkeypatch):
    class Of:
        session_id = ""

    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda **_: Of)
    for n in range(uploads.MOST_SESSIONS + 5):
        Of.session_id = str(n)
        uploads.expect()
    assert len(uploads._expected) == uploads.MOST_SESSIONS
    assert uploads.why_not(put("mine"), nothing) == "upload"
    assert uploads.why_not(put(Of.session_id), nothing) is None


def test_the_door_answers_in_words():
    (start, body), reached = answered(LOCAL, put("yours"), also=uploads.why_not)
    assert start["status"] == 403
    assert "beder om en fil" in body["body"].decode()
    assert reached == []
