"""Input to the AI strategy, as it is read in a terminal and by scripts."""

import csv
import io
import json
from datetime import UTC, datetime

import jsonschema
import pytest

from htkeval.decision import Actor
from htkeval.resources import PACKAGE
from htkeval.steps.case import open_workspace_store
from htkeval.workspace import at
from tests.cli.test_finding import speak  # noqa: F401  (a fixture)
from tests.cli.test_notes import tell

FOUND = ("finding", "proeve", "--kind", "experience", "--owner", "Teamleder", "--text")


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("da", ("Input til AI-strategi", "Hvad det gav", "Erfaringer at dele", "ikke målt")),
        ("en", ("Input to the AI strategy", "What it gave", "Experience to share", "not measured")),
    ],
)
def test_it_is_read_in_both_languages(analysed, call, speak, language, parts):  # noqa: F811
    assert call(*FOUND, "Kort prompt virker", "--area", "Teknik").code == 0
    assert tell(call).code == 0
    speak(language)
    shown = call("strategy").out
    for part in (*parts, "En prøve (Social)", "Kort prompt virker", "Teknik", "Telefonbot"):
        assert part in shown, part
    assert shown.index(parts[-1]) > shown.index("Kort prompt virker")  # apart, and last


def test_the_documents_hold_the_same_and_fit_the_schema(analysed, call):
    assert call(*FOUND, "Kort prompt virker", "--area", "Teknik").code == 0
    assert tell(call).code == 0
    document = json.loads(call("strategy", "--format", "json").out)
    schema = json.loads((PACKAGE / "schemas/strategy.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    (trial,) = document["trials"]
    lines = list(csv.DictReader(io.StringIO(call("strategy", "--format", "csv").out)))
    told = [one["text"] for key in ("gave", "conditions", "held_back") for one in trial[key]]
    told += [one["text"] for one in trial["findings"]]
    assert [one["text"] for one in lines if one["section"] != "note"] == told
    assert [one["about"] for one in lines if one["section"] == "note"] == ["N1"]
    (shared,) = [one for one in lines if one["section"] == "experience"]
    assert (shared["trial"], shared["areas"], shared["simulated"]) == ("proeve", "Teknik", "False")
    jsonschema.Draft202012Validator(schema).validate(
        json.loads(call("strategy", "--area", "Teknik", "--format", "json").out)
    )


def test_an_area_reads_only_what_matters_to_it(place, call):
    assert call(*FOUND, "Kort prompt virker", "--area", "Teknik").code == 0
    assert call(*FOUND, "Kun for os").code == 0
    shown = call("strategy", "--area", "teknik").out
    assert "Kort prompt virker" in shown
    assert "Kun for os" not in shown
    assert "Kun for os" in call("strategy", "--area", "Social").out
    answer = call("strategy", "--area", "Ukendt")
    assert (answer.code, "Nothing here is said to matter to Ukendt." in answer.out) == (0, True)


def test_a_definition_that_cannot_be_read_hides_no_other_and_is_told(place, call):
    broken = place / "experiments" / "gal"
    broken.mkdir()
    (broken / "trial.toml").write_text("ikke toml", encoding="utf-8")
    answer = call("strategy")
    assert answer.code == 1
    assert "gal" in answer.err
    assert "Nothing to tell yet: En prøve." in answer.out


def test_invented_measurements_are_marked(place, call):
    who = Actor(name="Ida", known_by="declared")
    with open_workspace_store(at(place)) as store:
        gate = {"gate": "dpia", "state": "closed", "date": "2026-01-05", "responsible": "Ida"}
        store.append("proeve", "gate", gate, actor=who, now=datetime.now(UTC), simulated=True)
    assert call(*FOUND, "Kort prompt virker").code == 0
    shown = call("strategy").out
    assert shown.startswith("SIMULATED: ")
    assert "En prøve (Social): simulated figures" in shown
    assert json.loads(call("strategy", "--format", "json").out)["simulated"] is True
