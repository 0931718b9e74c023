"""Findings on the trial's page, and the unsolved ones of all trials on the overview."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from htkeval.finding import Finding, FindingStep
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import overview, tables, text_of, trial

HEADING = {"da": "Erfaringer og udfordringer", "en": "Experience and challenges"}
UNSOLVED = {"da": "Hvilke udfordringer er ikke løst?", "en": "Which challenges are not solved?"}


def finding(number: int = 1, **changes) -> Finding:
    said = {
        "id": f"F{number}",
        "kind": "security",
        "text": "Lyd sendes ud af EU",
        "areas": ("Social og Handicap",),
        "status": "open",
        "owner": "Sikkerhedschef",
        "measure": "Serveren flyttes",
        "due": date(2026, 9, 1),
        "closed": None,
        **changes,
    }
    step = FindingStep(
        status=said["status"],
        owner=said["owner"],
        measure=said["measure"],
        due=said["due"],
        closed=said["closed"],
        why=None,
        at=datetime(2026, 2, 1, tzinfo=UTC),
        by="Ida",
        event=7,
    )
    return Finding(**said, history=(step,))


def shown(*found: Finding):
    return x.portfolio(replace(x.go(), **{"findings": found}))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "da",
            (
                "F1, sikkerhed: Lyd sendes ud af EU",
                "[Vedrører: Social og Handicap",
                "Serveren flyttes",
                "Sikkerhedschef",
                "åben, senest 1. september 2026",
                "løst, 3. februar 2026",
                "F2, erfaring: Referater er kortere",
            ),
        ),
        (
            "en",
            (
                "F1, security: Lyd sendes ud af EU",
                "[Matters to: Social og Handicap",
                "Serveren flyttes",
                "open, by 1 September 2026",
                "solved, 3 February 2026",
                "F2, experience: Referater er kortere",
            ),
        ),
    ],
)
def test_the_register_stands_on_the_trials_page(language, words):
    closed = finding(
        2,
        kind="experience",
        text="Referater er kortere",
        status="solved",
        closed=date(2026, 2, 3),
        areas=(),
        measure=None,
        due=None,
    )
    page = trial(shown(closed, finding()), language)
    assert HEADING[language] in [header.value for header in page.header]
    text = text_of(page)
    for one in words:
        assert one in text, one
    assert text.index("F1, ") < text.index("F2, ")  # what is unsolved comes first


def test_nothing_is_shown_where_there_are_none():
    for language in ("da", "en"):
        assert HEADING[language] not in text_of(trial(shown(), language))
        assert UNSOLVED[language] not in text_of(overview(shown(), language))


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_overview_has_the_unsolved_challenges_of_all_trials(language):
    found = (
        finding(1),
        finding(2, kind="gdpr", text="Ingen aftale", status="in_progress"),
        finding(3, kind="experience", text="Gode råd"),
        finding(4, kind="legal", text="Afklaret", status="accepted", closed=date(2026, 2, 3)),
    )
    many = x.portfolio(
        replace(x.go(), **{"findings": found}),
        replace(x.prolong(), **{"findings": (finding(1, kind="legal", text="Hjemmel"),)}),
    )
    page = overview(many, language)
    assert UNSOLVED[language] in [header.value for header in page.header]
    text = text_of(page)
    for words in ("Lyd sendes ud af EU", "Ingen aftale", "Hjemmel", "Sikkerhedschef"):
        assert words in text, words
    shown_in = " ".join(one.to_string() for one in tables(page))
    assert "Gode råd" not in shown_in  # what is no open challenge stands in the strategy's input
    assert "Afklaret" not in shown_in
    (table,) = [one for one in tables(page) if "Hjemmel" in one.to_string()]
    assert any("Fagbot" in str(cell) for cell in table.to_numpy().ravel())


def test_hostile_words_of_a_finding_are_shown_as_text():
    words = "<script>alert(1)</script> *x* [a](b) {y}"
    one = finding(text=words, owner=words, measure=words, areas=(words,))
    for page in (trial(shown(one)), overview(shown(one))):
        assert "<script>alert(1)</script> *x* [a](b) {y}" in text_of(page)
        for element in page.markdown:
            assert not re.search(r"(?<!\\)<script", element.value)
        assert not any("<script" in element.value for element in page.get("html"))


def test_an_endless_text_is_cut_on_the_overview_and_whole_on_the_trials_page():
    words = "langt " * 300 + "slut"
    one = finding(text=words, owner=words)
    assert "langt slut" in text_of(trial(shown(one)))
    text = text_of(overview(shown(one)))
    assert "langt slut" not in text
    assert "…: åben, senest 1. september 2026" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("da", "Ikke løst: sikkerhed og jura."), ("en", "Not solved: security and law.")],
)
def test_the_card_says_which_kinds_are_not_solved(language, words):
    """Who reads the card alone would take "all requirements are met" for the whole of it."""
    still = (finding(), finding(2), finding(3, kind="legal"))
    assert text_of(overview(shown(*still), language)).count(words) == 1
    done = finding(status="solved", closed=date(2026, 2, 3))
    assert words.split(":")[0] + ":" not in text_of(overview(shown(done), language))
