"""The texts of the gates: where they come from, how sure they are, and when they were read."""

import tomllib
from datetime import date
from typing import get_args

import pytest
from pydantic import ValidationError

from htkeval.decision import GATE_NAMES
from htkeval.errors import Refused
from htkeval.frozen import Contradiction
from htkeval.law import AI_CLASSES, CONFIDENCE, AiClass, Confidence, Law, LawText
from htkeval.resources import bundled
from htkeval.steps.law import law
from htkeval.text import render
from htkeval.workspace import at
from tests.examples import write_workspace

SHIPPED = bundled("configs") / "law.toml"
TODAY = date(2026, 12, 1)
TEXT = {
    "provision": "artikel 1",
    "source": "En lov",
    "address": "https://example.org/",
    "read": date(2026, 6, 1),
    "status": "quoted",
    "quotation": "Ordret.",
    "language": "da",
}


@pytest.fixture(scope="module")
def shipped() -> Law:
    return Law.model_validate(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def test_every_gate_that_has_a_name_has_its_entry(shipped):
    assert set(shipped.gates) == set(GATE_NAMES)


def test_each_entry_is_short_and_speaks_both_languages(shipped):
    for entry in shipped.gates.values():
        assert 3 <= len(entry.questions) <= 6
        for both in (entry.title, *entry.questions):
            assert both.said("da") != both.said("en")


def test_every_gate_rests_on_a_text_or_leaves_a_question_to_a_lawyer(shipped):
    for gate, entry in shipped.gates.items():
        assert entry.texts, gate
        assert any(question.to_be_confirmed for question in entry.questions) or gate == "dpia", gate


def test_no_quotation_is_long_and_no_other_text_has_one(shipped):
    texts = [text for entry in shipped.gates.values() for text in entry.texts]
    for text in texts:
        assert (text.quotation is not None) == (text.status == "quoted")
        assert len(text.quotation or "") <= 450
    assert {text.status for text in texts} == set(get_args(Confidence))


def test_a_quotation_that_was_read_in_a_reprint_says_so(shipped):
    """What stands in the Official Journal was not read there."""
    for entry in shipped.gates.values():
        assert all(text.read_in for text in entry.texts if "eur-lex" in text.address)


def test_nothing_that_is_shipped_was_read_after_the_file_was_looked_through(shipped):
    assert all(day <= shipped.date for _, day in shipped.days())


def test_each_class_and_confidence_has_a_name_in_both_languages():
    assert set(AI_CLASSES) == set(get_args(AiClass))
    assert set(CONFIDENCE) == set(get_args(Confidence))
    for text in (*AI_CLASSES.values(), *CONFIDENCE.values()):
        assert render(text, "da") != render(text, "en")


@pytest.mark.parametrize("key", ["provision", "source", "address", "read", "status"])
def test_a_text_is_nothing_without_its_source_and_day(key):
    with pytest.raises(ValidationError):
        LawText.model_validate({name: value for name, value in TEXT.items() if name != key})
    if key in ("provision", "source"):
        with pytest.raises(ValidationError):
            LawText.model_validate({**TEXT, key: "  "})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": "eur-lex"}, "no web address"),
        ({"quotation": None}, "without a quotation"),
        ({"language": None}, "without a quotation and its language"),
        ({"status": "paraphrased"}, "not quoted"),
        ({"status": "to_be_confirmed", "quotation": None}, "not quoted"),
    ],
)
def test_a_text_that_is_not_what_it_says_is_refused(change, said):
    with pytest.raises(ValidationError) as failed:
        LawText.model_validate({**TEXT, **change})
    cause = failed.value.errors()[0]["ctx"]["error"]
    assert isinstance(cause, Contradiction)
    assert said in str(cause)


@pytest.mark.parametrize(
    ("read", "today", "old"),
    [
        (date(2025, 12, 1), date(2026, 12, 1), False),
        (date(2025, 11, 30), date(2026, 12, 1), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_a_text_is_old_a_year_and_a_day_after_it_was_read(read, today, old):
    assert LawText.model_validate({**TEXT, "read": read}).old(today) is old


def test_a_workspace_without_the_file_has_no_texts(tmp_path):
    root = write_workspace(tmp_path / "place")
    (root / "configs" / "law.toml").unlink()
    assert law(at(root, {}), TODAY) is None


@pytest.mark.parametrize("was", ["date = 2026-11-30", "read = 2026-11-30"])
def test_a_day_to_come_is_refused_with_its_place(tmp_path, was):
    root = write_workspace(tmp_path / "place")
    file = root / "configs" / "law.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(was, was.replace("2026", "2027"), 1), encoding="utf-8")
    with pytest.raises(Refused) as failed:
        law(at(root, {}), TODAY)
    (problem,) = failed.value.problems
    key = "date" if was.startswith("date") else "gates.dpia.texts[1].read"
    assert problem.line("en") == (
        f"{file}, {key}: found 30 November 2027, a day to come; expected the day on which it was "
        "read."
    )
    assert "en dag, der ikke er kommet" in problem.line("da") or key in problem.line("da")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('status = "quoted"', 'status = "sikker"', "gates.dpia.texts[1].status"),
        ("read = 2026-11-30\n", "", "gates.dpia.texts[1].read"),
        ('source = "Databesk', 'sourec = "Databesk', "gates.dpia.texts[1].sourec"),
    ],
)
def test_a_fault_is_told_by_its_key(tmp_path, old, new, place):
    root = write_workspace(tmp_path / "place")
    file = root / "configs" / "law.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as failed:
        law(at(root, {}), TODAY)
    assert any(place in problem.line("en") for problem in failed.value.problems)
