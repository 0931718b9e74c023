"""No store is made, or read as an empty one, beside files of one that is gone."""

from __future__ import annotations

import pytest

from htkeval.errors import StoreLost
from htkeval.store import blobs, lost
from htkeval.store.store import open_store, read_store


@pytest.mark.parametrize("opened", [open_store, read_store])
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def test_an_empty_database_beside_kept_files_is_refused(kind, opened, tmp_path, request):
    address = f"sqlite:///{(tmp_path / 'store.db').as_posix()}"
    if kind == "postgresql":
        address = request.getfixturevalue("empty_database")
    files = tmp_path / "blobs"
    opened(address, files=files).close()  # a new place
    if kind == "sqlite":
        (tmp_path / "store.db").unlink(missing_ok=True)
    blobs.put(files, b"kept")
    if opened is open_store and kind == "postgresql":
        opened(address, files=files).close()  # there it is, with its files
        return
    with pytest.raises(StoreLost):
        opened(address, files=files)
    assert not (tmp_path / "store.db").exists()


def test_who_moves_to_an_empty_place_is_asked_for_no_files(tmp_path):
    blobs.put(tmp_path / "blobs", b"kept")
    open_store(f"sqlite:///{(tmp_path / 'new.db').as_posix()}").close()


def test_files_of_one_that_another_begins_at_this_moment_are_its_own(tmp_path):
    blobs.put(tmp_path, b"kept")
    lost.refuse("store.db", tmp_path, begun=lambda: True)
    with pytest.raises(StoreLost):
        lost.refuse("store.db", tmp_path, begun=lambda: False)


def test_a_server_is_not_asked_by_whoever_opens_nothing(tmp_path):
    blobs.put(tmp_path, b"kept")
    lost.refuse_gone("postgresql://nobody@nowhere.invalid/none", tmp_path)
