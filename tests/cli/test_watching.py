"""add --watch from the shell: a folder, once, and what is told of it."""

import os
import time

import pytest

from tests.examples import sheet


@pytest.fixture
def inbox(place):
    folder = place / "indbakke"
    folder.mkdir()
    return folder


def put(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    then = time.time() - 60
    os.utime(folder / name, (then, then))


def test_what_waits_comes_in_and_what_is_wrong_lies_aside_with_the_reason(place, call, inbox):
    put(inbox, "uge5.csv", sheet(year=2099))
    put(inbox, "uge6.csv", sheet(year=2099).replace(";uden;", ";måske;"))
    told = call("add", "proeve", "indbakke", "--watch", "--once")
    assert told.code == 1
    assert "uge5.csv: 48 measurements stored as delivery 1" in told.out
    assert "uge6.csv was refused" in told.err
    assert "måske" in (inbox / "afvist" / "uge6.csv.txt").read_text(encoding="utf-8")
    assert call("add", "proeve", "indbakke", "--watch", "--once").code == 0


def test_what_a_name_gives_away_is_told_nowhere(place, call, inbox):
    (place / "configs" / "names.txt").write_text("Mette Holm", encoding="utf-8")
    put(inbox, "sag 010203-1234.csv", sheet(year=2099))
    put(inbox, "mettes ark.csv", sheet(year=2099))
    put(inbox, "METTE.csv", sheet(year=2099))
    told = call("add", "proeve", "indbakke", "--watch", "--once")
    assert told.code == 1
    assert "sag 010203-xxxx.csv was refused" in told.err
    assert "….csv was refused" in told.err
    for name in ("1234", "METTE"):
        assert name not in told.out + told.err


def test_no_folder_or_two_is_a_wrong_call(place, call, inbox):
    assert call("add", "proeve", "ingen", "--watch", "--once").code == 2
    assert call("add", "proeve", "indbakke", "indbakke", "--watch").code == 2
    assert call("add", "ukendt", "indbakke", "--watch").code == 2


def test_watching_ends_with_ctrl_c_and_tells_once_that_the_store_is_away(
    place, call, inbox, monkeypatch
):
    from htkeval.cli import watching

    put(inbox, "uge5.csv", sheet(year=2099))
    rounds = iter([None, None, None])
    store = place / ".htkeval"

    def sleep(_):
        if next(rounds, "end") == "end":
            raise KeyboardInterrupt
        if blocked.is_file():
            blocked.unlink()

    blocked = store
    blocked.write_text("in the way", encoding="utf-8")
    monkeypatch.setattr(watching.time, "sleep", sleep)
    told = call("add", "proeve", "indbakke", "--watch")
    assert told.code == 0
    assert told.err.count("Sheets wait in the folder") == 1
    assert "uge5.csv: 48 measurements stored" in told.out
    assert "Ended." in told.out
