"""The key of lots drawn one at a time: whole, or refused."""

from __future__ import annotations

import errno
import os
from hashlib import sha256
from pathlib import Path

import pytest

from htkeval.errors import EnvironmentFailed
from htkeval.store.concealment import commitment, new_key, read_key


def test_a_new_key_is_read_back_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "t.key"
    key = new_key(file)
    assert (len(key), read_key(file)) == (32, key)
    assert commitment(key) == sha256(key).hexdigest()
    assert [each.name for each in file.parent.iterdir()] == ["t.key"]
    if os.name != "nt":
        assert file.stat().st_mode & 0o077 == 0


def test_no_key_is_none(tmp_path: Path) -> None:
    assert read_key(tmp_path / "t.key") is None


@pytest.mark.parametrize("kept", ["", "ab", "ab" * 31, "ab" * 33, "en hemmelig nøgle", "zz" * 32])
def test_what_is_no_whole_key_is_refused_with_a_way_out(tmp_path: Path, kept: str) -> None:
    file = tmp_path / "t.key"
    file.write_text(kept, encoding="utf-8")
    with pytest.raises(EnvironmentFailed) as refused:
        read_key(file)
    assert "something else than a whole key" in refused.value.message("en")
    assert "Bring it back from a backup" in refused.value.message("en")
    assert "en hemmelig" not in refused.value.message("en")


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_full_disk_leaves_no_key_and_no_part_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(EnvironmentFailed, match="No space left on device"):
        new_key(tmp_path / "keys" / "t.key")
    monkeypatch.undo()
    assert list((tmp_path / "keys").iterdir()) == []
    assert len(new_key(tmp_path / "keys" / "t.key")) == 32
