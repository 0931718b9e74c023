"""Bytes in, a fingerprint out; the same bytes out again, or a sentence."""

import errno
import os
from hashlib import sha256

import pytest

from htkeval.errors import EnvironmentFailed
from htkeval.store import blobs

CONTENT = "en analyse, æøå".encode()
NAME = sha256(CONTENT).hexdigest()


def test_what_was_put_can_be_read(tmp_path):
    name = blobs.put(tmp_path / "ny" / "blobs", CONTENT)
    assert name == NAME
    assert blobs.read(tmp_path / "ny" / "blobs", name) == CONTENT


def test_a_blob_lies_under_the_first_two_digits_of_its_name(tmp_path):
    blobs.put(tmp_path, CONTENT)
    assert blobs.path(tmp_path, NAME) == tmp_path / "sha256" / NAME[:2] / NAME
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [blobs.path(tmp_path, NAME)]


def test_the_same_bytes_again_are_the_same_file_and_are_not_written(tmp_path):
    blobs.put(tmp_path, CONTENT)
    before = blobs.path(tmp_path, NAME).stat()
    assert blobs.put(tmp_path, CONTENT) == NAME
    assert blobs.path(tmp_path, NAME).stat().st_mtime_ns == before.st_mtime_ns
    assert blobs.path(tmp_path, NAME).stat().st_ino == before.st_ino


def test_putting_the_bytes_again_heals_a_damaged_file(tmp_path):
    blobs.put(tmp_path, CONTENT)
    blobs.path(tmp_path, NAME).write_bytes(b"half")
    blobs.put(tmp_path, CONTENT)
    assert blobs.read(tmp_path, NAME) == CONTENT


def test_no_bytes_at_all_are_a_blob_too(tmp_path):
    assert blobs.read(tmp_path, blobs.put(tmp_path, b"")) == b""


def test_a_missing_blob_is_told(tmp_path):
    with pytest.raises(EnvironmentFailed, match="no such file"):
        blobs.read(tmp_path, NAME)


def test_a_changed_byte_is_told(tmp_path):
    blobs.put(tmp_path, CONTENT)
    blobs.path(tmp_path, NAME).write_bytes(CONTENT[:-1] + b"x")
    with pytest.raises(EnvironmentFailed, match="other bytes than were stored"):
        blobs.read(tmp_path, NAME)


def test_a_folder_in_the_place_of_a_blob_is_told(tmp_path):
    blobs.path(tmp_path, NAME).mkdir(parents=True)
    with pytest.raises(EnvironmentFailed, match="cannot be read"):
        blobs.read(tmp_path, NAME)


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", NAME[:-1], NAME.upper(), NAME + "\n"]
)
def test_a_name_that_is_not_a_fingerprint_leads_nowhere(tmp_path, name):
    with pytest.raises(EnvironmentFailed, match="not a SHA-256"):
        blobs.path(tmp_path, name)


def test_a_full_disk_leaves_no_file_and_no_part_of_one(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFailed, match="No space left on device"):
        blobs.put(tmp_path, CONTENT)
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "fil").touch()
    with pytest.raises(EnvironmentFailed, match="cannot be written"):
        blobs.put(tmp_path / "fil" / "blobs", CONTENT)


def test_the_bytes_are_on_the_disk_before_the_name_is_given(tmp_path, monkeypatch):
    """The order in which a crash leaves the whole file or none."""
    done = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (done.append("fsync"), fsync(descriptor)))
    monkeypatch.setattr("pathlib.os.replace", lambda *ends: (done.append("name"), replace(*ends)))
    blobs.put(tmp_path, CONTENT)
    assert done[:2] == ["fsync", "name"]
