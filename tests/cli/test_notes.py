"""What others tell, on the command line: noted, followed, read, refused; and in `status`."""

import csv
import io
import json
import re

import jsonschema
import pytest

from htkeval.cli import speech
from htkeval.resources import PACKAGE
from htkeval.steps.case import read_workspace_store
from htkeval.workspace import at
from tests.cli.test_finding import speak  # noqa: F401  (a fixture)
from tests.cli.test_hostile_words import FORMULA, OBEYED
from tests.cli.test_verify import failed

SAID = (
    "--source", "KL, gode eksempler", "--date", "2025-11-20",
    "--area", "Borgerservice", "--owner", "Afdelingschef",
    "--claim", "Telefonbot tog hvert tredje opkald",
)  # fmt: skip
AREAS = '\n[[areas]]\nname = "Social"\nowner = "Socialchef"\n'


def events(place):
    """Everything that happened, of whichever trial."""
    with read_workspace_store(at(place, {})) as store:
        return store.events()


def tell(call, *more):
    return call("evidence", "note", *SAID, *more)


def listed(call, *more):
    answer = call("evidence", "note", "--format", "json", *more)
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def put(place, text):
    file = place / "configs" / "municipality.toml"
    file.write_text(file.read_text("utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "stored", "told", "head", "none", "answered"),
    [
        (
            "da",
            "N1: sendt til Borgerservice (Afdelingschef). Gemt som hændelse 1.",
            "Fortalt, ikke målt",
            "Område og ansvarlig",
            "Der er ikke noteret noget.",
            "N1, Borgerservice: besvaret. Gemt som hændelse 2.",
        ),
        (
            "en",
            "N1: sent to Borgerservice (Afdelingschef). Stored as event 1.",
            "Told, not measured",
            "Area and owner",
            "Nothing was noted.",
            "N1, Borgerservice: answered. Stored as event 2.",
        ),
    ],
)
def test_a_note_is_told_listed_and_answered_in_both_languages(
    place,
    call,
    speak,  # noqa: F811
    language,
    stored,
    told,
    head,
    none,
    answered,
):
    speak(language)
    assert none in call("evidence", "note").out
    answer = tell(call)
    assert (answer.code, stored in answer.out, told in answer.out) == (0, True, True), answer.err
    shown = call("evidence", "note").out
    for part in (told, head, "N1", "Telefonbot", "KL, gode eksempler", "E1", "2025"):
        assert part in shown, part
    assert answered in call("evidence", "note", "N1", "--answer", "Vi prøver det").out
    assert "Telefonbot" not in call("evidence", "note").out
    assert "Vi prøver det" in call("evidence", "note", "--all").out
    one = call("evidence", "note", "n1").out
    assert told in one
    assert bool(re.search(r"\b20\.\s", one)) == (language == "da")  # the day, as Danes write it


def test_an_area_of_the_municipality_has_its_own_owner(place, call):
    put(place, AREAS)
    told = [part for part in SAID if part not in ("--owner", "Afdelingschef")]
    assert call("evidence", "note", *told).code == 1  # nobody to send it to
    assert events(place) == ()
    told[told.index("Borgerservice")] = "social"
    assert "N1: sent to Social (Socialchef)" in call("evidence", "note", *told).out
    assert call("evidence", "note", "--area", "SOCIAL").out.count("N1") == 1
    assert "N1" not in call("evidence", "note", "--area", "Teknik").out


def test_the_documents_fit_their_schemas_and_say_that_nothing_was_measured(place, call):
    assert tell(call, "--as", "Ida", "--level", "E2", "--technology", "chatbot").code == 0
    assert call("evidence", "note", "N1", "--seen", "--as", "Bo").code == 0
    document = listed(call)
    schema = json.loads((PACKAGE / "schemas/notes.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    (one,) = document["notes"]
    assert (document["schema"], document["waiting"], one["measured"]) == (1, 1, False)
    assert (one["level"], one["technology"]) == ("E2", "chatbot")
    assert [(s["by"], s["state"]) for s in one["sent"][0]["history"]] == [
        ("Ida", "sent"),
        ("Bo", "seen"),
    ]
    (line,) = csv.DictReader(io.StringIO(call("evidence", "note", "--format", "csv").out))
    assert (line["note"], line["measured"], line["state"], line["owner"]) == (
        "N1", "False", "seen", "Afdelingschef",
    )  # fmt: skip


def test_nothing_of_a_note_is_a_figure_that_a_pool_could_read(place, call):
    """Every number of its events is in a text: the claim, its source or its day."""
    assert tell(call, "--level", "E2").code == 0
    (event,) = events(place)

    def numbers(value):
        if isinstance(value, dict):
            return [n for one in value.values() for n in numbers(one)]
        if isinstance(value, list):
            return [n for one in value for n in numbers(one)]
        return [value] if isinstance(value, int | float) else []

    assert numbers(event.payload) == []
    (state,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert (state["rows"], state["evidence_level"], state["analysis"]) == (0, None, None)


def test_what_waits_for_an_answer_stands_in_the_status_of_all_trials_and_nothing_breaks(
    measured, call
):
    before = json.loads(call("status", "--format", "json").out)
    assert before["notes"] == []
    assert tell(call, "--area", "Social").code == 0
    document = json.loads(call("status", "--format", "json").out)
    assert document["trials"] == before["trials"]
    assert [one.rpartition("Sent to ")[2] for one in document["notes"]] == [
        "Borgerservice (Afdelingschef): sent, not seen",
        "Social (Afdelingschef): sent, not seen",
    ]
    assert call("status").out.count("told, not measured: N1") == 2
    assert "not measured" not in call("status", "proeve").out
    assert call("evidence", "note", "N1", "--area", "Social", "--answer", "Nej").code == 0
    assert call("status").out.count("told, not measured: N1") == 1
    assert failed(call) == set()
    assert call("doctor").code == 0


def test_there_is_nothing_of_it_to_deliver_to_mlflow(place, call):
    assert tell(call).code == 0
    document = json.loads(call("sync", "--format", "json").out)
    assert (document["delivered"], document["already"], document["failed"]) == (0, 0, 0)
    assert failed(call) == set()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (SAID[2:], 2, "--source"),
        ((*SAID[:2], *SAID[4:]), 2, "--date"),
        ((*SAID[:4], *SAID[6:]), 2, "--area"),
        (SAID[:-2], 2, "--claim"),
        (("--answer", "Ja"), 2, "--answer"),
        (("--seen",), 2, "--seen"),
        ((*SAID, "--technology", "hammer"), 2, "--technology"),
        ((*SAID, "--level", "E4"), 1, "worth E2 at most"),
        ((*SAID[:2], "--date", "2999-01-01", *SAID[4:]), 1, "a day to come"),
        ((*SAID[:2], "--date", "i går", *SAID[4:]), 2, "--date"),
        ((*SAID[:-1], "Bo 010203-1234 tog den"), 1, "--claim"),
        ((*SAID[:1], "ring 51 23 45 67", *SAID[2:]), 1, "--source"),
        (("N1",), 1, "no note of this name"),
        (("N1", "--seen"), 1, "no note of this name"),
        (("N1", "--seen", "--answer", "Ja"), 2, "more than one thing at once"),
        (("N1", "--seen", "--area", "A", "--area", "B"), 2, "more than one thing at once"),
        (("N1", "--level", "E0"), 2, "what was told"),
        (("N1", "--claim", "Noget andet", "--seen"), 2, "what was told"),
    ],
)
@pytest.mark.parametrize("language", ["da", "en"])
def test_bad_input_is_told_where_it_stands_and_nothing_is_stored(
    place,
    call,
    speak,  # noqa: F811
    arguments,
    code,
    words,
    language,
):
    speak(language)
    answer = call("evidence", "note", *arguments)
    assert answer.code == code, answer.err
    assert language == "da" or words in answer.err
    assert "Traceback" not in answer.err
    assert "1234" not in answer.err
    assert "51 23" not in answer.err
    assert events(place) == ()
    if language == "da":
        assert not re.search(r"\b(found|expected|the|not|one of)\b", answer.err)


def test_hostile_words_are_text_on_the_screen_and_in_csv(place, call):
    assert tell(call, "--area", "{x}\n<b>").code == 0
    assert call("evidence", "note", "N1", "--area", "Borgerservice", "--answer", FORMULA).code == 0
    shown = call("evidence", "note", "--all")
    assert not OBEYED.search(shown.out)
    assert "{x}" in shown.out
    written = call("evidence", "note", "--format", "csv").out
    assert f"'{FORMULA}" in [cell for row in csv.reader(io.StringIO(written)) for cell in row]


def test_the_list_of_names_is_held_against_it(place, call):
    (place / "configs" / "names.txt").write_text("Sofie\n", encoding="utf-8")
    answer = call("evidence", "note", *SAID[:-1], "Sofie fandt på det")
    assert (answer.code, "Sofie" in answer.err, events(place)) == (1, False, ())


def test_the_group_says_what_there_is(call, place):
    assert "note" in call("evidence").out
    assert speech.language() == "en"
