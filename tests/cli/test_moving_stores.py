"""store move and store grant, as somebody calls them."""

import pytest

from htkeval.cli.root import run


def test_after_a_move_work_goes_on_there_and_nowhere_else(measured, call, monkeypatch):
    moved = call("store", "move", "sqlite:///andet/ny.db")
    assert moved.code == 0, moved.err
    new = (measured / "andet" / "ny.db").as_posix()
    assert f"HTKEVAL_STORE=sqlite:///{new}" in moved.out
    assert "measurements: 48" in moved.out
    assert "delete it once" in moved.out

    late = call("gate", "proeve", "dpia", "--state", "closed", "--responsible", "X")
    assert late.code == 1
    assert f"moved to {new}" in late.err
    assert call("doctor").code == 1

    monkeypatch.setenv("HTKEVAL_STORE", f"sqlite:///{new}")
    assert call("verify", "--no-runs").code == 0
    assert call("doctor").code == 0
    assert "already here as delivery 1" in call("add", "proeve", "maal.csv").out
    assert call("gate", "proeve", "dpia", "--state", "closed", "--responsible", "X").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("move", "nowhere"), 2, "an address that no store can have"),
        (("move", "sqlite:///.htkeval/store.db"), 2, "the store that is to be moved"),
        (("move",), 2, ""),
        (("grant", "daglig"), 1, "a store in a file"),
        (("grant", "daglig", "--sql"), 1, "a store in a file"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(measured, call, arguments, code, said):
    store = measured / ".htkeval" / "store.db"
    before = store.read_bytes()
    answer = call("store", *arguments)
    assert answer.code == code
    assert said in answer.err
    assert store.read_bytes() == before


def test_a_move_before_there_is_anything_makes_nothing(place, call):
    before = sorted(place.rglob("*"))
    assert call("store", "move", "sqlite:///ny.db").code == 1
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["store"], "grant"), (["store", "--help"], "grant"), (["store", "move", "-h"], "ADDRESS")],
)
def test_help_says_what_there_is(capsys, arguments, said):
    assert run(arguments) == 0
    assert said in capsys.readouterr().out
