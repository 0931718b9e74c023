"""The gates read: how each stands, what it has to settle, and what that rests on."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import click
import jsonschema
import pytest

from htkeval.cli import speech
from htkeval.cli.gate import gate
from htkeval.law import AI_CLASSES
from htkeval.resources import PACKAGE, bundled
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import TO_COME

LATER = datetime(2026, 12, 15, 12, tzinfo=UTC)


@pytest.fixture
def two(place):
    """The trial asks for the AI Act's class too; the third gate is its own and not required."""
    more = '\n[[gates]]\nid = "ai_act"\n\n[[gates]]\nid = "arkiv"\nrequired = false\n'
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME + more, encoding="utf-8")
    return place


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch):
    monkeypatch.setattr("htkeval.cli.gate.now", lambda: LATER)


@pytest.fixture
def spoken(monkeypatch):
    def speak(language):
        monkeypatch.setenv("HTKEVAL_LANG", language)
        speech.language.cache_clear()

    yield speak
    speech.language.cache_clear()


def document(call, *arguments):
    answer = call("gate", "proeve", *arguments, "--format", "json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    schema = json.loads((PACKAGE / "schemas/gates.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def closed(call, *more):
    return call("gate", "proeve", "ai_act", "--state", "closed", *more)


def test_without_an_id_every_gate_is_shown_and_nothing_is_made(two, call):
    found = document(call)
    assert [(one["id"], one["required"], one["state"]) for one in found["gates"]] == [
        ("dpia", True, "open"), ("ai_act", True, "open"), ("arkiv", False, "open"),
    ]  # fmt: skip
    assert (found["law"], found["law_old"]) == (None, False)
    assert call("gate", "proeve").code == 0
    assert not (two / ".htkeval" / "store.db").exists()


def test_the_document_of_a_gate_is_kept_and_shown(two, call):
    told = ("--responsible", "DPO", "--document", "Sag 2026-12", "--date", "2026-12-01")
    answer = call("gate", "proeve", "dpia", "--state", "closed", *told)
    assert answer.code == 0, answer.err
    assert "Sag 2026-12" in answer.out
    first = document(call)["gates"][0]
    assert (first["document"], first["responsible"], first["date"]) == (
        "Sag 2026-12", "DPO", "2026-12-01",
    )  # fmt: skip
    (row, *_) = csv.DictReader(io.StringIO(call("gate", "proeve", "--format", "csv").out))
    assert (row["document"], row["required"], row["ai_class"]) == ("Sag 2026-12", "True", "")
    assert "Document: Sag 2026-12." in call("gate", "proeve", "dpia").out


def test_the_class_of_the_ai_act_is_kept_with_its_reasoning(two, call):
    why = "Udkast til internt referat, som et menneske godkender"
    answer = closed(call, "--class", "minimal", "--why", why)
    assert answer.code == 0, answer.err
    assert (answer.err, f"minimal risk. {why}" in answer.out.replace("\n  ", " ")) == ("", True)
    kept = events(two, "gate")[-1].payload
    assert (kept["ai_class"], kept["why"]) == ("minimal", why)
    assert document(call)["gates"][1]["ai_class"] == "minimal"
    assert failed(call) == set()


def test_a_class_without_its_reasoning_closes_no_gate(two, call):
    answer = closed(call, "--class", "limited")
    assert answer.code == 1
    assert answer.err.startswith("--why: found nothing; expected the reasoning behind the class")
    assert events(two, "gate") == ()


def test_a_gate_closed_without_a_class_is_kept_as_ever_and_says_what_is_missing(two, call):
    answer = closed(call)
    assert answer.code == 0
    assert "It is not stated which class the use has" in answer.err
    assert "ai_class" not in events(two, "gate")[-1].payload


@pytest.mark.parametrize("state", ["open", "closed", "not_needed"])
def test_a_prohibited_practice_is_forbidden_and_nothing_else(two, call, state):
    bad = ("--class", "prohibited", "--why", "Artikel 5")
    answer = call("gate", "proeve", "ai_act", "--state", state, *bad)
    assert answer.code == 1
    assert "expected --state forbidden" in answer.err
    assert events(two, "gate") == ()
    assert call("gate", "proeve", "ai_act", "--state", "forbidden", *bad).code == 0
    assert events(two, "gate")[-1].payload["ai_class"] == "prohibited"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("dpia", "--state", "closed", "--class", "minimal", "--why", "x"), "--class: fandt"),
        (("--state", "closed"), "ID: fandt ingenting"),
        (("dpia", "--document", "Sag 1"), "--document uden --state"),
        (("dpia", "--class", "minimal"), "--class uden --state"),
        (("intet",), "betingelse intet"),
        (("ai_act", "--state", "closed", "--class", "grøn"), "--class skal være en af"),
    ],
)
def test_a_wrong_call_is_told_in_danish_and_nothing_is_stored(two, call, spoken, arguments, said):
    spoken("da")
    answer = call("gate", "proeve", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert events(two, "gate") == ()


def test_a_gate_shows_its_questions_quotation_source_and_day(two, call, spoken):
    spoken("da")
    shown = " ".join(call("gate", "proeve", "dpia").out.split())
    for piece in (
        "Er databeskyttelsesrådgiveren spurgt til råds?",
        "(skal bekræftes af en jurist)",
        "»Den dataansvarlige rådfører sig med databeskyttelsesrådgiveren",
        "forordning (EU) 2016/679, artikel 35, stk. 2",
        "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        "Læst 30. november 2026. Læst i: et genoptryk",
        "Gælder fra 25. maj 2018. Citeret ordret.",
    ):
        assert piece in shown, piece
    spoken("en")
    shown = " ".join(call("gate", "proeve", "dpia").out.split())
    assert "Was the data protection officer asked for advice?" in shown
    assert "»Den dataansvarlige" in shown  # a quotation stays in its own language


def test_a_gate_as_a_document_carries_its_texts(two, call):
    found = document(call, "ai_act")
    assert [one["id"] for one in found["gates"]] == ["ai_act"]
    assert found["law"]["questions"][0]["da"].startswith("Er det et AI-system")
    assert found["law_old"] is False


def test_texts_read_more_than_a_year_ago_are_said_to_be_old(two, call, monkeypatch):
    monkeypatch.setattr("htkeval.cli.gate.now", lambda: LATER.replace(year=2027))
    monkeypatch.setattr("htkeval.cli.start.now", lambda: LATER.replace(year=2027))
    assert document(call, "dpia")["law_old"] is True
    assert "Read more than a year ago" in call("gate", "proeve", "dpia").out
    checks = json.loads(call("doctor", "--format", "json").out)["checks"]
    (check,) = (one for one in checks if one["name"] == "law")
    assert (check["passed"], "more than a year ago: dpia" in check["text"]) == (None, True)


@pytest.mark.parametrize("gate_id", ["dpia", "arkiv"])
def test_where_there_are_no_texts_the_gates_still_work_and_say_so(two, call, gate_id):
    if gate_id == "dpia":
        (two / "configs" / "law.toml").unlink()
    assert call("gate", "proeve", gate_id, "--state", "closed").code == 0
    answer = call("gate", "proeve", gate_id)
    assert answer.code == 0
    assert "configs/law.toml has no texts about this gate; ask a lawyer." in answer.out
    assert document(call, gate_id)["law"] is None
    checks = json.loads(call("doctor", "--format", "json").out)["checks"]
    (check,) = (one for one in checks if one["name"] == "law")
    assert check["passed"] is (None if gate_id == "dpia" else True)


def test_a_gate_without_a_source_says_that_a_lawyer_has_to(two, call):
    file = two / "configs" / "law.toml"
    both = '{da = "Arkivering", en = "Archiving"}'
    file.write_text(
        f"date = 2026-12-01\n[gates.arkiv]\ntitle = {both}\nquestions = [{both}]\n", "utf-8"
    )
    answer = call("gate", "proeve", "arkiv")
    assert "No source was found; a lawyer has to say it." in answer.out
    assert "The trial does not require it." in answer.out


def test_faulty_texts_stop_their_reading_but_no_gate(two, call):
    (two / "configs" / "law.toml").write_text("date = 2026-12-01\n", encoding="utf-8")
    assert call("gate", "proeve", "dpia", "--state", "closed").code == 0
    assert call("gate", "proeve").code == 0
    answer = call("gate", "proeve", "dpia")
    assert (answer.code, "law.toml, gates: found nothing" in answer.err) == (1, True)
    assert call("doctor").code == 1


def test_an_event_from_before_is_read_as_it_was(two, call):
    """Gates that were told of before there were classes have neither."""
    assert closed(call).code == 0
    assert "ai_class" not in events(two, "gate")[0].payload
    assert document(call)["gates"][1]["ai_class"] is None


def test_the_classes_of_the_option_are_those_of_the_noun():
    (option,) = (one for one in gate.params if one.name == "ai_class")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == tuple(AI_CLASSES)


def test_init_brings_the_texts(tmp_path, call):
    assert call("init", tmp_path / "kommune").code == 0
    made = (tmp_path / "kommune" / "configs" / "law.toml").read_bytes()
    assert made == (bundled("configs") / "law.toml").read_bytes()


def test_a_document_that_names_a_participant_is_refused(measured, call):
    before = events(measured)
    told = ("--state", "closed", "--document", "Samtale med M00")
    answer = call("gate", "proeve", "dpia", *told)
    assert (answer.code, answer.err.startswith("--document: ")) == (1, True)
    assert events(measured) == before
