"""The analyst's pages: full, empty, with gaps only, before an analysis and between looks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from htkeval.effect import Check
from htkeval.reporting import traced as traced_words
from htkeval.steps.in_groups import BETWEEN, GONE
from htkeval.text import Text, render, say
from htkeval.trace import Kept, Trace
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import analyst as page_of
from tests.dashboards.pages_on_nouns import raw, tables, text_of
from tests.dashboards.pages_on_nouns import traced as traced_page
from tests.often import often
from tests.reporting.test_analyst_pictures import FOUND, with_ways

SECTIONS = [
    "Effekter",
    "Samme spørgsmål, alle metoder",
    "Holder konklusionen, hvis vi regner anderledes?",
    "Undervejs: måtte vi se efter?",
    "Fordelingen",
    "Er effekten ens for alle?",
    "Kontroller",
    "Diagnostik",
    "Samme tal igen",
]
TRACE = Trace(
    kept=(
        Kept(1, x.NOON, "registration", "ab" * 32, "7c41" * 16, "run1", "sent"),
        Kept(2, x.NOON, "analysis", "cd" * 32, "5a" * 32, None, "pending"),
    ),
    policy="ef" * 32,
    policy_name="2026-1",
)


def full(**changes):
    return x.portfolio(x.state(x.trial(), with_ways(3), **changes))


def between():
    check = Check(name="between_looks", passed=None, message=say("No look is due yet."))
    secret = x.analysis(x.trial(), x.SAVED, checks=(check,))
    return x.portfolio(x.state(x.trial(), secret))


def test_the_page_is_read_from_the_promise_to_the_same_numbers() -> None:
    page = page_of(full(), FOUND)
    assert page.title[0].value == "Effekter og kontroller"
    assert [header.value.replace("\\", "") for header in page.header] == SECTIONS
    text = text_of(page)
    for words in (
        "Låst løfte",
        "7c41 7c41",
        "9e02 9e02",
        "331 rækker",
        "Stærk",
        "< 0,0001",
        "0,80 [0,73; 0,88]",
        "1 af 3 andre måder at regne på vender konklusionen",
        "Planen har ét kig, ved slutningen",
        "Halvdelen er færdig efter 45 min. med AI, 58 uden.",
        "Pr. uge",
        "Pr. team",
    ):
        assert words in text, words
    assert len(page.get("vega_lite_chart")) == 6
    code = [element.value for element in page.code]
    assert code[0].startswith("htkeval analyse tale-til-tekst --format json")


@pytest.mark.parametrize(
    "make", often([x.only_gaps, x.prolong, x.no_go, x.stop, x.few_people], [x.only_gaps, x.no_go])
)
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_analysed_state_has_both_pages(make, language) -> None:
    state = make()
    nothing = replace(
        FOUND,
        curves=(),
        paired=(),
        weeks=(),
        teams=(),
        residuals=(),
        missing={
            part: say("No column says on which day a task was done.")
            for part in ("curves", "paired", "weeks", "teams", "residuals", "followed")
        },
    )
    for shown in (page_of, raw):
        text = text_of(shown(x.portfolio(state), nothing, language))
        wanted = "hvilken dag en opgave" if language == "da" else "on which day a task was done"
        assert wanted in text


@pytest.mark.parametrize("make", [x.one_arm_only, x.not_measured])
@pytest.mark.parametrize("show", [page_of, raw])
def test_before_an_analysis_only_the_promise_is_shown(make, show) -> None:
    page = show(x.portfolio(make()), None)
    assert "ikke analyseret endnu" in text_of(page)
    assert page.header == []
    assert tables(page) == []
    assert len(page.get("download_button")) == 0


@pytest.mark.parametrize("show", [page_of, raw])
def test_between_looks_no_figure_of_the_rows_is_shown_nor_can_be_taken(show) -> None:
    page = show(between(), FOUND)  # whatever the caller has
    text = text_of(page)
    assert "Mellem de planlagte kig vises intet af rækkerne" in text
    for secret in ("0,80", "0,73", "60,5", "48,5", "58,1", "0,0001"):
        assert secret not in text
    assert page.get("vega_lite_chart") == []
    assert tables(page) == []
    assert len(page.get("download_button")) == 0


@pytest.mark.parametrize("why", [BETWEEN, GONE, None])
def test_where_the_rows_cannot_be_shown_the_reason_stands_in_their_place(why: Text | None) -> None:
    page = page_of(full(), why)
    told = say("The frozen rows cannot be read now.") if why is None else why
    assert render(told, "da") in text_of(page)
    assert len(page.get("vega_lite_chart")) == 2  # what the analysis itself holds


def test_an_empty_workspace_says_so_on_every_page() -> None:
    for page in (
        page_of(x.portfolio(), None),
        raw(x.portfolio(), None),
        traced_page(x.portfolio(), TRACE),
    ):
        assert len(page.title) == 1
        assert page.header == []


@pytest.mark.parametrize(
    "words",
    often(
        [
            "<script>alert(1)</script>",
            "**fed** [x](http://a.b) `c` $y$ :red[z]",
            "æøå שלום",
            "x" * 4000,
        ],
        ["<script>alert(1)</script>"],
    ),
)
def test_hostile_words_stay_words(words: str) -> None:
    for page in (
        page_of(x.portfolio(x.hostile(words)), FOUND),
        traced_page(x.portfolio(x.hostile(words)), TRACE),
    ):
        assert not page.exception
        assert not [one for one in page.markdown if "<script" in one.value.replace("\\<", "")]


def test_the_looks_of_a_trial_are_drawn_with_their_limits() -> None:
    plan = {"looks": [0.5, 1.0]}
    of = x.trial(analysis=plan)
    state = x.state(of, with_ways(1))
    page = page_of(x.portfolio(state), FOUND)
    text = text_of(page)
    assert "Korte streger: grænserne ved de planlagte kig" in text
    assert "Planen har ét kig" not in text
    assert len(page.get("vega_lite_chart")) == 7


def test_the_raw_page_has_curves_pairs_and_residuals_and_no_p_value() -> None:
    page = raw(full(), FOUND)
    assert [header.value for header in page.header][-3:] == [
        "De samme personer med og uden AI",
        "Modellens rest",
        "Tag det med",
    ]
    assert len(page.get("vega_lite_chart")) == 3
    assert "0,0001" not in text_of(page)
    assert len(page.get("download_button")) == 4


def test_the_trace_names_every_fingerprint_and_proves_when_asked() -> None:
    page = traced_page(full(), TRACE)
    text = text_of(page)
    for words in ("7c41" * 16, "9e02" * 16, "5a" * 32, "ef" * 32, "run1", "venter", "Løfte låst"):
        assert words in text, words
    assert "Alt stemmer" not in text
    page.button(key="prove").click().run()
    assert "Alt stemmer: Intet er ændret." in text_of(page)


def test_a_proof_that_fails_says_so() -> None:
    failed = Check(name="chain", passed=False, message=say("Event 7 was changed."))
    held = Check(name="rows", passed=None, message=say("Nothing yet."))
    assert traced_words.verdict((held, failed)) == traced_words.BROKEN
    assert traced_words.verdict((held,)) == traced_words.HOLDS
    assert len(traced_words.proof((held, failed)).rows) == 2
