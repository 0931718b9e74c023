"""The letters: everything from the definition, nothing promised that the program does not do."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import date
from html.parser import HTMLParser

import pytest

from htkeval.blank import blanks
from htkeval.decision import GATE_NAMES
from htkeval.economics import Economics, Part
from htkeval.reporting.letter import Letter, Paragraph, Points, Rows, markdown, page
from htkeval.reporting.med_letter import med_letter
from htkeval.reporting.staff_letter import staff_letter
from htkeval.resources import bundled
from htkeval.text import LANGUAGES, Text, render, say
from htkeval.trial import NEEDED_COLUMN, NEVER_RANDOMISED, Trial
from htkeval.trial_file import load

EXAMPLES = [load(path) for path in sorted(bundled("experiments").glob("*/trial.toml"))]
LETTERS = (staff_letter, med_letter)
each_letter = pytest.mark.parametrize("write", LETTERS)
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_example = pytest.mark.parametrize("trial", EXAMPLES, ids=lambda trial: trial.id)


def speech() -> Trial:
    return next(trial for trial in EXAMPLES if trial.id == "tale-til-tekst")


def of_design(kind: str, **changes) -> Trial:
    """The speech trial in another design."""
    columns = dict.fromkeys(NEEDED_COLUMN[kind])
    raw = speech().model_dump(mode="json")
    raw["design"] |= {name: name for name in columns}
    raw["design"] |= {"kind": kind, "randomised": kind not in NEVER_RANDOMISED, "allocation": None}
    raw["design"] |= changes
    return Trial.model_validate(raw)


def in_danish(write, trial: Trial) -> str:
    return markdown(write(trial, decides="Økonomiudvalget"), "da")


@each_language
@each_letter
@each_example
def test_a_letter_tells_what_is_measured_when_and_for_what(trial, write, language):
    text = markdown(write(trial, decides="Økonomiudvalget"), language)
    for metric in trial.metrics:
        assert metric.label in text
    for stop in trial.hard_stops:
        assert stop.text in text
    for told in (trial.question, trial.title, trial.arms.treatment.label, trial.area):
        assert told in text
    for day in (trial.starts, trial.ends):
        pattern = {"da": "{day:d. MMMM y}", "en": "{day:d MMMM y}"}[language]
        assert render(Text(pattern, {"day": day}), language) in text
    assert "Økonomiudvalget" in text


@each_letter
def test_nothing_english_is_left_in_the_danish_letter(write):
    text = in_danish(write, speech())
    words = set(re.findall(r"[a-z]+", text.casefold()))
    assert not words & {"the", "and", "is", "fill", "measured", "trial", "which"}
    assert not re.search(r"[{}]|None|Text\(", text)


@each_letter
def test_the_gain_is_made_concrete_and_taken_home_where_it_arises(write):
    """The words of the staff committee: effekten skal konkretiseres og udmøntes der hvor gevinsten
    opstår (reference on the public sector, 3.2). Whether it is money is said as the plan says it.
    """
    text = in_danish(write, speech())
    assert "gjort konkret og taget hjem dér, hvor den opstår (Social og Handicap)" in text
    assert "mellem 70 og 85 pct. af timerne tages hjem som penge" in text
    silent = speech().model_copy(update={"economics": Economics()})
    assert "skal tages hjem som penge, og hvor meget, er ikke besluttet" in in_danish(write, silent)


def test_a_share_of_money_is_told_in_whole_per_cent():
    cash = Part(low=0.29, expected=0.5, high=0.8, source="x", date=date(2026, 1, 1))
    trial = speech().model_copy(update={"economics": Economics(cashable=cash)})
    assert "mellem 29 og 80 pct." in in_danish(staff_letter, trial)  # 100 × 0.29 is 28.999…


@each_letter
def test_a_right_to_decline_is_told_only_where_the_sheet_can_hold_it(write):
    assert "Man må sige nej til en opgave" in in_danish(write, speech())
    silent = speech().model_copy(
        update={"design": speech().design.model_copy(update={"status": None})}
    )
    assert "sige nej til en opgave" not in in_danish(write, silent)


@each_letter
def test_no_letter_promises_a_deletion_that_the_program_does_not_do(write):
    """A person has to give the command that erases: what is done is for the sender to write."""
    text = in_danish(write, speech())
    assert "Programmet sletter ikke noget af sig selv" in text
    assert "til hvem, og hvad der så sker" in blanks(text)


@each_letter
def test_no_letter_cites_a_law(write):
    for language in LANGUAGES:
        text = markdown(write(speech(), decides="x"), language).casefold()
        assert not re.search(r"§|\bart(\.|ikel|icle)\b|gdpr|\blov om\b|stk\.", text)


def test_the_committee_sees_every_gate_that_must_be_closed():
    text = in_danish(med_letter, speech())
    for gate in speech().gates:
        assert render(GATE_NAMES[gate.id], "da") in text
    bare = speech().model_copy(update={"gates": ()})
    assert "skal dette være på plads" not in in_danish(med_letter, bare)


def test_the_committee_is_asked_for_a_decision_on_numbered_points():
    text = in_danish(med_letter, speech())
    order = ["## Formål", "## Hvad måles", "## Hvad betyder det", "## Databeskyttelse"]
    order += ["## Tidsplan", "## Indstilling"]
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)
    assert text.count("\n1. ") == 3


DRAWS = {
    "within": "for hver opgave",
    "crossover": "hver i sin periode",
    "parallel": "hvem der får det nye",
    "cluster": "hvilke enheder der får det nye",
    "stepped_wedge": "afgør rækkefølgen",
    "before_after": "Der trækkes ikke lod",
    "difference_in_differences": "Der trækkes ikke lod",
    "interrupted_time_series": "Der trækkes ikke lod",
}


@each_letter
@pytest.mark.parametrize("kind", DRAWS)
def test_how_it_is_decided_follows_from_the_design(kind, write):
    text = in_danish(write, of_design(kind))
    assert DRAWS[kind] in text
    assert ("Lodtrækningen gør sammenligningen retfærdig" in text) == (kind not in NEVER_RANDOMISED)


def test_a_design_that_could_be_drawn_but_is_not_says_so():
    text = in_danish(staff_letter, of_design("parallel", randomised=False))
    assert "Det er mennesker og ikke en lodtrækning" in text
    assert "retfærdig" not in text


def test_days_that_do_not_count_are_told():
    assert "De første 7 dage" in in_danish(staff_letter, of_design("crossover", wash_in_days=7))


def test_how_many_is_told_of_people_of_units_or_asked_for():
    plan = {"clusters": 12, "tasks_each": 30}
    people = in_danish(staff_letter, of_design("within", **plan))
    units = in_danish(staff_letter, of_design("cluster", **plan))
    nobody = in_danish(staff_letter, of_design("within", clusters=None))
    assert "cirka 12 medarbejdere er med, hver med cirka 30 referater" in people
    assert "cirka 12 enheder er med. Alle i en enhed laver tilsammen cirka 30 referater" in units
    assert "antal medarbejdere og opgaver" in blanks(nobody)
    assert "antal opgaver pr. medarbejder" in blanks(units)
    assert "antal opgaver pr. medarbejder" not in blanks(people)


@each_letter
@pytest.mark.parametrize("kind", DRAWS)
def test_nobody_is_promised_the_tool_afterwards_unless_the_lead_says_so(kind, write):
    """No definition says it; so the lead must, wherever some work as today until the end."""
    waits = kind in ("parallel", "cluster", "difference_in_differences")
    found = blanks(in_danish(write, of_design(kind)))
    assert ("om de får det nye bagefter, og hvornår" in found) == waits


def test_a_margin_is_told_in_its_own_unit_and_direction():
    text = in_danish(staff_letter, next(t for t in EXAMPLES if t.id == "fagbot"))
    assert "Det må højst stige med 5 procentpoint" in text
    turned = speech().model_dump(mode="json")
    turned["metrics"][2] |= {"role": "guardrail", "margin": 0.025}
    text = in_danish(staff_letter, Trial.model_validate(turned))
    assert "Det må højst falde med 2,5 procentpoint" in text


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("timed", "Det måles med ur."),
        ("system_log", "Det aflæses i et system."),
        ("self_reported", "Det er det, medarbejderen siger, det tog."),
        (None, "Det er det, medarbejderen siger, det tog."),
    ],
)
def test_a_guess_is_never_called_a_measurement(source, sentence):
    raw = speech().model_dump(mode="json")
    raw["metrics"][0]["source"] = source
    text = in_danish(staff_letter, Trial.model_validate(raw))
    assert sentence in text
    assert ("Glemte du uret" in text) == (source == "timed")


EVIL = 'x](http://a.b) *y* _z_ <script>alert("1")</script> | `q` ![p](q) [r]: s & a_b'


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


@each_letter
def test_what_a_person_wrote_never_becomes_formatting(write):
    from markdown_it import MarkdownIt

    calm = speech().model_copy(update={"question": "x", "area": "x", "title": "x"})
    told = speech().model_copy(update={"question": EVIL, "area": EVIL, "title": EVIL})
    found = {}
    for name, trial in (("calm", calm), ("told", told)):
        letter = write(trial, decides="x")
        read = MarkdownIt("commonmark").enable("table").render(markdown(letter, "da"))
        for form, content in (("markdown", read), ("html", page(letter, "da"))):
            parser = _Tags()
            parser.feed(content)
            found[name, form] = parser
    for form in ("markdown", "html"):
        assert found["told", form].tags == found["calm", form].tags
        assert EVIL in found["told", form].text


@each_language
@each_letter
def test_both_forms_say_the_same(write, language):
    letter = write(speech(), decides="Økonomiudvalget")
    parser = _Tags()
    parser.feed(page(letter, language))
    assert blanks(parser.text) == blanks(markdown(letter, language))
    assert f'<html lang="{language}">' in page(letter, language)
    assert parser.tags.count("h1") == 1


def test_a_list_a_table_and_a_paragraph_in_markdown():
    letter = Letter(
        say("T"),
        (
            Paragraph(say("a")),
            Points(("b", "c"), numbered=True),
            Points(("d",)),
            Rows((say("e"), say("f")), (("g|", "h"),)),
        ),
    )
    assert markdown(letter, "en") == (
        "# T\n\na\n\n1. b\n1. c\n\n- d\n\n| e | f |\n|---|---|\n| g\\| | h |\n"
    )


def test_every_block_is_frozen():
    for block in (Paragraph, Points, Rows, Letter):
        assert is_dataclass(block)
        assert fields(block)
        assert block.__dataclass_params__.frozen
