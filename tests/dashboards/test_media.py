"""A file for download is given to those only whose page offers it."""

import ast
import re
from contextvars import copy_context
from pathlib import Path

import pytest
from streamlit.runtime import memory_media_file_storage as storage

from dashboards import media
from htkeval.decision import Actor
from htkeval.rights import Identity
from tests.dashboards.test_door import scope

PAGES = Path(media.__file__).parent
ANDERS = Identity(actor=Actor(name="anders", known_by="proxy"), roles=("analyst",))


@pytest.fixture
def settled(monkeypatch):
    """As a server that runs the app."""
    own = storage._calculate_file_id
    monkeypatch.setattr(storage, "_calculate_file_id", own)  # put back afterwards
    monkeypatch.setattr(media, "_given", media.OrderedDict())
    media.settle()
    return own


def test_an_address_does_not_follow_from_what_the_file_holds(settled, monkeypatch):
    store = storage.MemoryMediaFileStorage("/media")
    given = store.load_and_get_id(
        b"arm;P001", "text/csv", storage.MediaFileKind.DOWNLOADABLE, "a.csv"
    )
    assert given != settled(b"arm;P001", "text/csv", "a.csv")
    again = store.load_and_get_id(
        b"arm;P001", "text/csv", storage.MediaFileKind.DOWNLOADABLE, "a.csv"
    )
    assert again == given
    monkeypatch.setattr(media, "_SECRET", b"another server")
    assert media.address(b"arm;P001", "text/csv", "a.csv") != given


def test_large_files_that_differ_in_the_middle_have_two_addresses(settled):
    one = bytearray(5_000_000)
    other = bytearray(one)
    other[1_000_000] = 1  # in no sample of Streamlit's own
    assert settled(bytes(one), "x/y") == settled(bytes(other), "x/y")
    assert media.address(bytes(one), "x/y") != media.address(bytes(other), "x/y")


def test_a_file_is_given_to_those_only_whose_page_offers_it(settled, monkeypatch):
    """Whoever was told the address, by a colleague or a log, is told there is nothing."""
    given = {}
    for who in ("anders", "rie", None):
        monkeypatch.setattr(media, "_reader", lambda who=who: who)
        given[who] = media.address(f"of {who}".encode(), "text/csv", "a.csv")
    for owner, name in given.items():
        for asker in given:
            asked = {**scope(path=f"/media/{name}.csv"), "method": "GET"}
            found = media.why_not(asked, lambda _, asker=asker: asker)
            assert found == (None if asker == owner else "closed")
    assert media.why_not(scope(path="/media/nothing.csv")) == "closed"
    assert media.why_not(scope(path="/")) is None


def test_two_who_are_offered_the_same_file_both_have_it(settled, monkeypatch):
    for who in ("anders", "rie"):
        monkeypatch.setattr(media, "_reader", lambda who=who: who)
        name = media.address(b"the same", "text/csv", "a.csv")
    for who, answer in (("anders", None), ("rie", None), ("lone", "closed")):
        assert media.why_not(scope(path=f"/media/{name}.csv"), lambda _, who=who: who) == answer


def test_addresses_that_are_remembered_are_bounded(settled, monkeypatch):
    monkeypatch.setattr(media, "MOST", 3)
    names = [media.address(str(n).encode(), "text/csv") for n in range(5)]
    answers = [media.why_not(scope(path=f"/media/{name}.csv")) for name in names]
    assert answers == ["closed", "closed", None, None, None]


def test_a_file_that_is_made_when_its_button_is_pressed_is_for_whoever_pressed_it(
    settled, monkeypatch
):
    """Streamlit makes it outside any page, where nobody is known."""
    monkeypatch.setattr(media, "get_script_run_ctx", lambda **_: object())
    monkeypatch.setattr(media.st, "session_state", {"identity": ANDERS})
    make = media.when_asked(lambda: b"zip")
    monkeypatch.setattr(media, "get_script_run_ctx", lambda **_: None)

    def pressed():
        return media.address(make(), "application/zip", "a.zip")

    name = copy_context().run(pressed)
    asked = scope(path=f"/media/{name}.zip")
    assert media.why_not(asked, lambda _: ANDERS.actor.name) is None
    for other in ("rie", None):
        assert media.why_not(asked, lambda _, other=other: other) == "closed"


def test_every_file_that_is_made_later_is_made_for_somebody():
    """A bare function would be called where nobody is known, and its file given to nobody."""
    calls = [
        (file.name, call)
        for file in PAGES.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("download_button")
    ]
    assert len(calls) >= 4
    for where, call in calls:
        data = next((k.value for k in call.keywords if k.arg == "data"), None) or call.args[1]
        given = ast.unparse(data)
        assert isinstance(data, ast.Call), where
        later = re.search("partial|lambda", given)
        assert given.startswith("media.when_asked(") or not later, where
