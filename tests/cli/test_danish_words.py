"""Where Danish is spoken, click, the machine and the reader of TOML speak it too."""

from __future__ import annotations

import errno
import os
import re

import pytest

from htkeval.cli import speech
from htkeval.errors import MACHINE, machine_says
from htkeval.text import render
from tests.examples import TO_COME, sheet


@pytest.fixture(autouse=True)
def danish(monkeypatch):
    monkeypatch.setenv("HTKEVAL_LANG", "da")
    speech.language.cache_clear()
    yield
    speech.language.cache_clear()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "proeve", "mere"), "Mere, end kommandoen tager imod: mere."),
        (("check", "proeve", "a", "b"), "Mere, end kommandoen tager imod: a b."),
        (
            ("gate", "proeve", "dpia", "--state", "closed", "--date", "1/2 2027"),
            "--date skal være en dato som 2026-01-12 eller 12-01-2026.",
        ),
        (("server", "--port", "0"), "--port skal være et helt tal fra 1 til 65535."),
        (("analyse", "proeve", "--look", "x"), "--look skal være et helt tal på mindst 1."),
        (("plan", "proeve", "--icc", "2"), "--icc: fandt 2, ventede et tal"),
        (("plan", "proeve", "--mean", "x"), "--mean: fandt x, ventede et tal"),
        (("gate", "proeve", "dpia", "--state"), "--state skal have en værdi efter sig."),
        (("plan", "proeve", "--no-size=3"), "--no-size står alene, uden en værdi."),
        (("analyse", "proeve", "--format", "xml"), "--format skal være en af table, json, csv."),
        (("nope",), "Findes ikke: kommandoen nope."),
        (("new", "Å B", "--kind", "other"), "NAVN: fandt 'Å B'"),
    ],
)
def test_a_wrong_call_is_told_in_danish(place, call, arguments, sentence):
    answer = call(*arguments)
    assert answer.code in (1, 2)
    assert answer.err.startswith(sentence), answer.err
    assert not re.search(r"\b(Invalid|Got|Option|the|not)\b", answer.err)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2099-01-12", "04-01-2099", "Datoer i denne fil skrives 2027-01-04."),
        ("2099-01-12", "4.1.2099", "Datoer i denne fil skrives 2027-01-04."),
        ("= -0.15", "= -0,15", "Tal i denne fil skrives med punktum: 0.15."),
        ('"En prøve"', "En prøve", "noget, der ikke er en værdi (tekst skal stå i anførselstegn)"),
        ('"En prøve"', '"En prøve', "et anførselstegn, der mangler sin afslutning"),
        ("title =", "title", "en nøgle uden = efter sig i linje 2, kolonne 7"),
        ('title = "En prøve"', 'title = "a"\ntitle = "b"', "en nøgle for anden gang i linje 3"),
        ("[design]", "[design", "en tabel, der mangler sit ]"),
    ],
)
def test_a_file_that_is_no_toml_is_told_in_danish(place, call, old, new, sentence):
    assert old in TO_COME
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace(old, new, 1), encoding="utf-8")
    answer = call("check", "proeve")
    assert answer.code == 2
    assert sentence in answer.err
    assert not re.search(r"\b(Expected|Invalid|Illegal|at|line|Cannot)\b", answer.err)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("randomised = true", "randomised = true\nclusters = 24.5", "24.5; ventede et helt tal."),
        ('id = "errors"', 'id = "task_time"', "målet task_time står to gange"),
        ('id = "dpia"', 'id = "dpia"\n[[gates]]\nid = "dpia"', "porten dpia står to gange"),
    ],
)
def test_a_wrong_value_is_told_in_danish(place, call, old, new, sentence):
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace(old, new, 1), encoding="utf-8")
    answer = call("check", "proeve")
    assert (answer.code, sentence in answer.err) == (1, True), answer.err


def test_the_machine_is_told_in_danish(place, call):
    answer = call("letter", "proeve", "--to", "staff", "-o", "ingen/brev.md")
    assert answer.code == 3
    assert "fandt ingen sådan fil eller mappe; ventede en fil, der kan skrives" in answer.err


@pytest.mark.parametrize("code", sorted(MACHINE))
def test_what_the_machine_says_in_english_is_what_it_says(code):
    """The templates are the operating system's own sentences, as `os.strerror` has them."""
    failed = OSError(code, os.strerror(code))
    assert str(machine_says(failed)) == os.strerror(code)
    assert render(machine_says(failed), "da") != os.strerror(code)


def test_a_rare_failure_is_told_in_the_machines_own_words():
    assert str(machine_says(OSError(errno.EDEADLK, "Deadlock {x}"))) == "Deadlock {x}"
    assert str(machine_says(OSError())) == "OSError"


@pytest.mark.parametrize("command", ["", "gate", "plan", "new"])
def test_no_help_page_has_an_english_frame(command):
    """In a process of its own: what a command says is fixed when it is loaded."""
    import subprocess
    import sys

    told = [sys.executable, "-m", "htkeval", *([command] if command else []), "--help"]
    run = subprocess.run(told, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.startswith("Brug: htkeval")
    english = r"Usage|Options|OPTIONS|Show this|\[required|\[default|RANGE|INTEGER|%Y"
    assert not re.search(english, run.stdout), run.stdout


def test_deliveries_are_counted_by_themselves(place, call):
    """The registration is event 1, so the first delivery is event 2; a gate is event 3."""
    lines = sheet(year=2099).splitlines()
    (place / "a.csv").write_text("\n".join(lines[:25]) + "\n", encoding="utf-8")
    (place / "b.csv").write_text("\n".join([lines[0], *lines[25:]]) + "\n", encoding="utf-8")
    call("register", "proeve")
    assert "som levering 1 (hændelse 2)." in call("add", "proeve", "a.csv").out
    call("gate", "proeve", "dpia", "--state", "closed")
    assert "som levering 2 (hændelse 4)." in call("add", "proeve", "b.csv").out
    assert "allerede som levering 1;" in call("add", "proeve", "a.csv").out
