"""The register of findings on the command line: told, changed, read, refused."""

import csv
import io
import json
import re

import jsonschema
import pytest

from htkeval.cli import speech
from htkeval.resources import PACKAGE
from tests.cli.test_deviations import events
from tests.cli.test_erasing import NAME
from tests.cli.test_hostile_words import FORMULA, OBEYED
from tests.cli.test_verify import failed

SAID = ("--kind", "security", "--text", "Lyd sendes ud af EU", "--owner", "Sikkerhedschef")


@pytest.fixture
def speak(monkeypatch):
    """Has the command line speak a language, which it else chooses once."""

    def in_language(language):
        monkeypatch.setenv("HTKEVAL_LANG", language)
        speech.language.cache_clear()

    yield in_language
    speech.language.cache_clear()


def tell(call, *more):
    return call("finding", "proeve", *SAID, *more)


def listed(call, *more):
    answer = call("finding", "proeve", "--format", "json", *more)
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


@pytest.mark.parametrize(
    ("language", "stored", "head", "word", "none"),
    [
        (
            "da",
            "F1: åben, senest 1. marts 2099. Gemt som hændelse 1.",
            "Ansvarlig",
            "sikkerhed",
            "Ingen erfaring",
        ),
        (
            "en",
            "F1: open, by 1 March 2099. Stored as event 1.",
            "Owner",
            "security",
            "No experience",
        ),
    ],
)
def test_a_finding_is_told_and_listed_in_both_languages(
    place, call, speak, language, stored, head, word, none
):
    speak(language)
    assert none in call("finding", "proeve").out
    answer = tell(call, "--due", "2099-03-01", "--area", "Social")
    assert (answer.code, stored in answer.out) == (0, True), answer.out + answer.err
    shown = call("finding", "proeve").out
    for part in (head, word, "F1", "Lyd sendes ud af EU", "Sikkerhedschef", "2099", "Social"):
        assert part in shown, part


def test_what_is_closed_is_shown_only_with_all_and_by_its_name(place, call):
    assert tell(call).code == 0
    solved = ("--status", "solved", "--date", "2026-01-05", "--why", "Flyttet", "--as", "Bo")
    solved += ("--owner", "Drift", "--measure", "Flyt serveren")
    answer = call("finding", "proeve", "F1", *solved)
    assert answer.code == 0, answer.err
    assert "Lyd" not in call("finding", "proeve").out
    assert "Solved or accepted: 1" in call("finding", "proeve").out
    assert "Lyd" in call("finding", "proeve", "--all").out
    one = call("finding", "proeve", "f1").out
    assert "Lyd" in one
    assert "Bo: solved, 5 January 2026; Flyt serveren (Drift). Flyttet" in one


def test_the_document_fits_its_schema_and_holds_the_whole_history(place, call):
    assert tell(call, "--as", "Ida").code == 0
    changed = ("--status", "in_progress", "--measure", "Flyt", "--why", "Aftalt", "--as", "Bo")
    assert call("finding", "proeve", "F1", *changed).code == 0
    document = listed(call)
    schema = json.loads((PACKAGE / "schemas/findings.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert (document["schema"], document["unsolved"]) == (1, 1)
    (one,) = document["findings"]
    assert [(s["by"], s["status"], s["measure"], s["why"]) for s in one["history"]] == [
        ("Ida", "open", None, None),
        ("Bo", "in_progress", "Flyt", "Aftalt"),
    ]
    assert [event.kind for event in events(place)] == ["finding", "finding"]
    assert failed(call) == set()


def test_what_is_unsolved_stands_in_the_status_of_all_trials(place, call):
    assert tell(call).code == 0
    assert call("finding", "proeve", "--kind", "experience", *SAID[2:]).code == 0
    (line,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert line["unsolved"] == ["F1, security: Lyd sendes ud af EU (Sikkerhedschef)"]
    assert "not solved: F1, security" in call("status").out
    assert call("finding", "proeve", "F1", "--status", "accepted", "--why", "Lille").code == 0
    (line,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert line["unsolved"] == []


def test_the_csv_has_a_line_for_each_also_of_what_is_closed(place, call):
    assert tell(call).code == 0
    assert call("finding", "proeve", "F1", "--status", "accepted", "--why", "Lille").code == 0
    lines = list(csv.DictReader(io.StringIO(call("finding", "proeve", "--format", "csv").out)))
    assert [(one["finding"], one["status"], one["why"]) for one in lines] == [
        ("F1", "accepted", "Lille")
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (SAID[:-2], 2, "--owner"),
        (SAID[2:], 2, "--kind"),
        ((*SAID[:2], *SAID[4:]), 2, "--text"),
        (("--kind", "nope", *SAID[2:]), 2, "--kind"),
        ((*SAID, "--status", "done"), 2, "--status"),
        ((*SAID, "--due", "i morgen"), 2, "--due"),
        ((*SAID[:3], " ", *SAID[4:]), 1, "--text"),
        ((*SAID, "--measure", "Ring til 51 23 45 67"), 1, "--measure"),
        ((*SAID[:5], "Bo 010203-1234"), 1, "--owner"),
        ((*SAID, "--area", "bo@eksempel.dk"), 1, "--area"),
        (("--why", "Derfor"), 2, "--kind, --text, --owner"),
        (("F1", "--why", "Derfor"), 1, "no finding of this name"),
        (("F1",), 1, "no finding of this name"),
        (("F1", *SAID), 2, "what was told of it"),
        (("F1", "--status", "solved"), 1, "no finding of this name"),
    ],
)
@pytest.mark.parametrize("language", ["da", "en"])
def test_bad_input_is_told_where_it_stands_and_nothing_is_stored(
    place, call, speak, arguments, code, words, language
):
    speak(language)
    answer = call("finding", "proeve", *arguments)
    assert answer.code == code, answer.err
    assert language == "da" or words in answer.err
    assert not words.startswith("--") or words.split(",")[0] in answer.err
    assert "Traceback" not in answer.err
    assert code == 1 or answer.err.count(". ") >= 1  # a next step
    assert not {"1234", "51 23 45 67", "bo@"} & set(answer.err.split())
    assert events(place) == ()
    if language == "da":
        assert not re.search(r"\b(found|expected|the|not|one of)\b", answer.err)


@pytest.mark.parametrize("option", ["--text", "--owner", "--measure", "--area", "--why"])
def test_no_word_of_a_finding_names_somebody_whom_the_trial_knows(measured, call, option):
    before = events(measured)
    said = dict(zip(SAID[::2], SAID[1::2], strict=True)) | {option: f"det var M03 {NAME}"}
    answer = call("finding", "proeve", *[part for pair in said.items() for part in pair])
    assert answer.code == 1
    assert f"{option}: found the pseudonym itself" in answer.err
    assert events(measured) == before


def test_hostile_words_are_text_on_the_screen_and_in_csv(place, call):
    words = f"{FORMULA}\x9b31m"
    assert tell(call, "--measure", words).code == 1  # what no screen shows is not kept
    assert tell(call, "--measure", FORMULA, "--area", "{x}\n<b>").code == 0
    shown = call("finding", "proeve", "--all")
    assert not OBEYED.search(shown.out)
    assert "{x}" in shown.out
    written = call("finding", "proeve", "--format", "csv").out
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert f"'{FORMULA}" in cells
    assert listed(call)["findings"][0]["measure"] == FORMULA


def test_the_item_for_the_consultation_committee_has_them(place, call):
    letter = ("letter", "proeve", "--to", "med", "--lang", "da")
    assert "Erfaringer og udfordringer" not in call(*letter).out
    assert tell(call, "--measure", "**Flyt** <b>").code == 0
    said = call(*letter).out
    assert "## Erfaringer og udfordringer" in said
    assert "Lyd sendes ud af EU" in said
    assert r"\*\*Flyt\*\* \<b\>" in said
    assert "Lyd sendes" not in call("letter", "proeve", "--to", "staff", "--lang", "da").out
