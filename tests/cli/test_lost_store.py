"""The store was moved or deleted, and the files that were kept for it are still there."""

from __future__ import annotations

import json
import shutil

import pytest

ASKED = {
    "": (),
    "register": ("register", "proeve"),
    "add": ("add", "proeve", "maal.csv"),
    "analyse": ("analyse", "proeve"),
    "analyse a sheet": ("analyse", "proeve", "--data", "maal.csv"),
    "decide": ("decide", "proeve", "--outcome", "prolong", "--reason", "Fordi"),
    "status": ("status",),
    "move": ("store", "move", "sqlite:///andet/ny.db"),
    "init": ("init", "."),
}
SAYS = {
    "en": ("the store", "no store, though files of one are there", "a store that htkeval made",
           "Put the store back from a copy"),
    "da": ("lageret", "intet lager, selv om filer fra et ligger der", "et lager, som htkeval",
           "Læg lageret tilbage fra en kopi"),
}  # fmt: skip


@pytest.fixture
def lost(analysed):
    """Measured and analysed; then the store is gone, with what SQLite keeps beside it."""
    for one in (analysed / ".htkeval").glob("store.db*"):
        one.unlink()
    return analysed


def everything(root):
    return {one.relative_to(root): one.read_bytes() for one in root.rglob("*") if one.is_file()}


def in_(language, monkeypatch):
    for module in ("output", "speech", "failing"):
        monkeypatch.setattr(f"htkeval.cli.{module}.language", lambda: language)


@pytest.mark.parametrize(
    ("asked", "language"), [*((one, "en") for one in ASKED), ("register", "da"), ("status", "da")]
)
def test_whoever_would_read_or_begin_a_store_is_told_and_nothing_is_written(
    lost, call, monkeypatch, asked, language
):
    in_(language, monkeypatch)
    before = everything(lost)
    answer = call(*ASKED[asked])
    assert answer.code == 2, answer
    for part in (*SAYS[language], ".htkeval/store.db"):
        assert part in " ".join(answer.err.split())
    assert everything(lost) == before


def test_the_doctor_still_works_and_tells(lost, call):
    answer = call("doctor", "--format", "json")
    assert answer.code == 1
    (told,) = (one for one in json.loads(answer.out)["checks"] if one["name"] == "store")
    assert told["passed"] is False
    assert "no store, though files of one are there" in told["text"]
    assert "Files are kept in" in answer.out


def test_verify_tells_it_as_a_check_that_failed(lost, call):
    before = everything(lost)
    answer = call("verify", "--no-runs", "--format", "json")
    assert answer.code == 1
    (told,) = json.loads(answer.out)["checks"]
    assert (told["name"], told["passed"]) == ("record", False)
    assert "no store, though files of one are there" in told["text"]
    assert everything(lost) == before


def test_an_empty_file_in_its_place_is_no_store_either(lost, call):
    file = lost / ".htkeval" / "store.db"
    file.touch()
    answer = call("register", "proeve")
    assert (answer.code, file.read_bytes()) == (2, b"")
    assert "no store, though files of one are there" in answer.err


def test_a_workspace_is_not_made_anew_around_files_of_another(lost, call):
    shutil.rmtree(lost / "configs")
    assert call("init", ".").code == 2
    assert not (lost / "configs").exists()


def test_work_goes_on_where_the_store_is_put_back(analysed, call, tmp_path):
    file = analysed / ".htkeval" / "store.db"
    kept = shutil.move(file, tmp_path / "kept.db")
    assert call("status").code == 2
    shutil.move(kept, file)
    assert call("verify", "--no-runs").code == 0


def test_a_place_without_files_begins_as_before(place, call):
    (place / ".htkeval" / "blobs" / "sha256").mkdir(parents=True)
    assert call("status").code == 0
    assert call("register", "proeve").code == 0
