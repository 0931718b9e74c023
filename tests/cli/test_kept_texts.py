"""No option whose text is kept for good takes what names a person."""

import sqlite3
from contextlib import closing

import pytest

from tests.examples import TO_COME, sheet

CPR = "010203-1234"


def events(place):
    with closing(sqlite3.connect(place / ".htkeval" / "store.db")) as raw:
        return raw.execute("select payload, actor from event").fetchall()


@pytest.mark.parametrize(
    ("option", "command"),
    [
        ("--what", ("deviate", "proeve", "--why", "x")),
        ("--why", ("deviate", "proeve", "--what", "ferie")),
        ("--to", ("deviate", "proeve", "--what", "ferie", "--why", "x")),
        ("--as", ("deviate", "proeve", "--what", "ferie", "--why", "x")),
        ("--reason", ("decide", "proeve", "--outcome", "stop")),
        ("--document", ("gate", "proeve", "dpia", "--state", "closed")),
        ("--responsible", ("gate", "proeve", "dpia", "--state", "closed")),
        ("--title", ("new", "nyt", "--kind", "other")),
    ],
)
def test_a_person_in_an_option_is_refused_where_it_stands(measured, call, option, command):
    before = events(measured)
    answer = call(*command, option, f"Bo {CPR}")
    assert answer.code == 1
    assert answer.err.startswith(f"{option}: found something shaped like a CPR number; expected ")
    assert "1234" not in answer.err
    assert events(measured) == before
    assert not (measured / "experiments" / "nyt").exists()


def test_a_person_in_the_environment_is_refused_too(measured, call, monkeypatch):
    monkeypatch.setenv("HTKEVAL_USER", "ida@kommune.dk")
    answer = call("gate", "proeve", "dpia", "--state", "open")
    assert (answer.code, answer.err.partition(":")[0]) == (1, "HTKEVAL_USER")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('title = "En prøve"', f'title = "Prøve med {CPR}"', "title"),
        ('question = "Går det hurtigere?"', 'question = "Spørg bo@eksempel.dk"', "question"),
        ('label = "Med AI"', r'label = "Med \u001B[31mAI"', "arms.treatment.label"),
    ],
)
def test_a_definition_that_names_a_person_is_not_promised(place, call, old, new, key):
    assert old in TO_COME
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace(old, new), encoding="utf-8")
    answer = call("register", "proeve")
    assert answer.code == 1
    assert answer.err.startswith(f"trial.toml, {key}: found ")
    assert "1234" not in answer.err
    assert events(place) == []


def test_nor_is_one_that_a_deviation_would_promise(measured, call):
    file = measured / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace("En prøve", f"Prøve {CPR}"), encoding="utf-8")
    before = events(measured)
    answer = call("deviate", "proeve", "--what", "title", "--why", "nyt navn")
    assert answer.code == 1
    assert answer.err.startswith("trial.toml, title: found something shaped like a CPR number")
    assert events(measured) == before


def test_a_name_of_the_list_is_refused_and_the_list_is_not_kept(place, call):
    (place / "maal.csv").write_text(sheet(year=2099).replace("M00;", "Mette;"), encoding="utf-8")
    (place / "names.txt").write_text("Mette Holm\n", encoding="utf-8")
    assert call("register", "proeve").code == 0
    refused = call("add", "proeve", "maal.csv", "--names", "names.txt", "--lang", "en")
    assert refused.code == 1
    assert "a name of the list of names" in refused.err
    assert "Mette" not in refused.err
    kept = [path for path in place.rglob("*") if path.is_file() and ".htkeval" in path.parts]
    assert kept
    assert not any(b"Holm" in path.read_bytes() for path in kept)
