"""A file for download has an address that only those have who were given it."""

import pytest
from streamlit.runtime import memory_media_file_storage as storage

from dashboards import media


@pytest.fixture
def settled(monkeypatch):
    """As a server that runs the app."""
    own = storage._calculate_file_id
    monkeypatch.setattr(storage, "_calculate_file_id", own)  # put back afterwards
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
