"""The overview: the answer first, then each trial, then what waits."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboards.views.overview import CARDS_OF_MANY
from htkeval.condition import Condition, ConditionStands
from htkeval.deviation import Change, Deviation
from htkeval.reporting import overview as around
from htkeval.reporting import pictures
from htkeval.reporting.result import finding
from htkeval.reporting.words import LEVEL_WORDS, VERDICTS
from htkeval.text import LANGUAGES, render
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import overview, tables, text_of


def test_the_full_overview_gives_the_answer_the_cards_and_what_waits():
    page = overview(x.full())
    assert len(page.title) == 1
    text = text_of(page)
    for words in (
        "Ét af tre AI-forsøg kan udbredes.",
        "12 minutter sparet pr. referat.",
        "Måske 2,4 minutter sparet pr. svar.",
        "■■■■□",
        "Stærk",
        "(4 af 5)",
        "Anbefales udbredt",
        "Forlæng forsøget",
        "Anbefales ikke",
        "Hvad det er værd i kroner, vides ikke her",
        "Venter på Økonomiudvalget",
        "Fagbot til opslag i lovgivningen: Drøftet i MED, Digitalisering.",
    ):
        assert words in text, words
    assert len(page.get("vega_lite_chart")) == 3


def test_headings_come_in_order():
    page = overview(x.full())
    assert [header.value for header in page.header] == [
        "Hvad blev prøvet, og hvad gav det?",
        "Hvor meget af budgettet er der bevis for?",
        "Puljen",
        "Besluttet, og hvad der venter",
        "Input til AI\\-strategi",
    ]


def test_the_best_verdict_comes_first_and_a_stop_before_all():
    page = overview(x.portfolio(x.no_go(), x.prolong(), x.go(), x.stop()))
    cards = [card.value for card in page.subheader][:4]
    assert cards == [
        "Referatrobot",
        "Tale til tekst i mødereferater",
        "Fagbot til opslag i lovgivningen",
        "Chatbot\\-kompetence",
    ]


def test_an_empty_workspace_says_so():
    text = text_of(overview(x.portfolio()))
    assert "Ingen forsøg er sat op endnu" in text
    assert "trial.toml" in text


def test_trials_without_measurements_one_arm_only_and_only_gaps_have_their_reason():
    page = overview(x.portfolio(x.not_measured(), x.one_arm_only(), x.only_gaps()))
    text = text_of(page)
    assert "Der er ingen målinger endnu. Forsøget løber fra 12. januar 2026" in text
    assert "Der er 41 målinger, men de er ikke regnet igennem endnu." in text
    assert "only one participant" in text
    assert not page.get("vega_lite_chart")


def test_simulated_figures_are_marked_first_of_all():
    page = overview(x.full(simulated=True))
    assert "Simulerede tal" in page.markdown[0].value
    assert "Simulerede tal" not in text_of(overview(x.full()))


def test_in_english():
    text = text_of(overview(x.full(), "en"))
    assert "One of three AI trials can be scaled." in text
    assert "12 minutes saved per referat." in text
    assert "Recommended for scaling" in text
    assert not re.search(r"\b(forsøg|minutter|Derfor|Hvad gav)\b", text)


def test_a_decision_is_told_on_its_card_and_nothing_waits():
    text = text_of(overview(x.portfolio(x.decided())))
    assert "Besluttet 16. juni 2026: Forsøget forlænges." in text
    assert "Intet venter på Økonomiudvalget nu." in text


def test_above_twelve_trials_a_table_holds_them_all():
    many = [
        replace(x.decided(), **{"trial": x.trial(id=f"nr-{n}", title=f"Nr. {n}")})
        for n in range(12)
    ]
    page = overview(x.portfolio(x.prolong(), *many))
    (table,) = tables(page)
    assert len(table) == 13
    assert len(page.get("vega_lite_chart")) == 1
    strip = pictures.strip(x.prolong().trial, x.prolong().analysis, (-40.0, 20.0))
    (row,) = strip.rows
    figures = [render(strip.figure(value), "da") for value in (row.estimate, *row.ends)]
    told = table.loc[x.prolong().trial.title]
    assert told["Ændring med AI, pct."] == "{} [{}; {}]".format(*figures)  # as its card's chart
    assert told["Hvor godt målt"] == render(LEVEL_WORDS[x.prolong().analysis.evidence_level], "da")


def test_of_many_that_wait_the_first_have_a_card_and_the_table_tells_of_all():
    many = [
        replace(x.prolong(), **{"trial": x.trial(id=f"nr-{n}", title=f"Nr. {n}")})
        for n in range(30)
    ]
    page = overview(x.portfolio(*many, x.not_measured()))
    (table,) = tables(page)
    assert len(table) == 31
    assert len(page.get("vega_lite_chart")) == CARDS_OF_MANY
    assert list(table["Ændring med AI, pct."]).count("–") == 1  # nothing was measured there


def test_hostile_and_endless_titles_are_shown_as_text():
    words = "<script>alert(1)</script> *x* [a](b) " + "lang" * 1000
    page = overview(x.portfolio(x.hostile(words)))
    text = text_of(page)
    assert "<script>alert(1)</script> *x* [a](b)" in text
    assert max(len(line) for line in text.splitlines()) < 1000
    for element in page.markdown:
        assert not re.search(r"(?<!\\)<script", element.value)


def test_two_folders_with_the_same_id_do_not_break_the_page():
    assert len(overview(x.portfolio(x.go(), x.go())).subheader) >= 2


def test_no_code_no_p_value_and_no_amount_stands_on_the_page():
    for language in ("da", "en"):
        text = text_of(overview(x.full(), language))
        assert not re.search(r"\bE[0-5]\b|\bp\s*[=<]|signifi|\d kr\.|confirmatory", text)


def test_a_card_tells_of_deviations_in_red_where_figures_could_be_seen():
    one = Deviation(
        what=("analysis.seed",),
        why="x",
        seen="treatment",
        changes=(Change(key="analysis.seed", before=1, after=2),),
        at=datetime(2026, 2, 3, tzinfo=UTC),
        by="Ida",
    )
    for seen, red in (("treatment", 1), ("baseline", 0)):
        told = replace(x.go(), deviations=(one.model_copy(update={"seen": seen}),))
        page = overview(x.portfolio(told))
        alarms = [m for m in page.markdown if m.value.startswith(":red[:material/warning:")]
        assert len(alarms) == red
        assert "Afvigelser fra det, der blev lovet: 1." in text_of(page)


def test_a_condition_that_is_still_open_stands_on_the_card_of_what_was_decided():
    asked = Condition(id="C1", text="Alle er undervist", owner="Chef", due=date(2020, 9, 8))
    state = x.decided()
    told = []
    for how in ("open", "met"):
        stands = (ConditionStands(decision=9, condition=asked, state=how),)
        told.append(text_of(overview(x.portfolio(replace(state, conditions=stands)))))
    assert "Vilkår: Alle er undervist (Chef): åbent; fristen" in told[0]
    assert "Vilkår:" not in told[1]


def test_where_the_counted_tasks_are_withheld_the_card_says_how_many_were_registered():
    state = x.prolong()
    seen = state.analysis.confirmatory
    arms = {name: getattr(seen, name) for name in ("baseline", "treatment")}
    withheld = {name: one.model_copy(update={"tasks": None}) for name, one in arms.items()}
    effect = seen.model_copy(update=withheld)
    others = tuple(one for one in state.analysis.effects if one != state.analysis.confirmatory)
    held = state.analysis.model_copy(update={"effects": (effect, *others)})
    n = sum(state.rows.values())
    assert f"{n} svar registreret" in text_of(overview(x.portfolio(replace(state, analysis=held))))
    assert "registreret" not in text_of(overview(x.portfolio(state)))


def test_the_lead_tells_what_is_recommended_of_each_trial_that_waits():
    text = text_of(overview(x.portfolio(x.prolong())))
    assert text.count("Fagbot til opslag i lovgivningen (Forlæng forsøget)") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_trial_gave_never_stands_without_its_uncertainty(language):
    for make in (x.go, x.prolong, x.no_go, x.stop, x.only_gaps):
        state = make()
        found = finding(state.trial, state.analysis)
        text = text_of(overview(x.portfolio(state), language))
        headline, rest = (render(one, language) for one in (found.headline, found.uncertainty))
        assert f"{headline} {rest}".replace("\u00a0", " ") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_is_a_word_an_icon_and_a_colour_on_every_card(language):
    marks = [VERDICTS[one] for one in ("go", "prolong", "no_go", "stop")]
    page = overview(x.portfolio(x.go(), x.prolong(), x.no_go(), x.stop()), language)
    badges = [one.value for one in page.markdown if "-badge[" in one.value]
    wanted = [
        f":{mark.colour}-badge[:material/{mark.icon}: **{render(mark.word, language)}**]"
        for mark in marks
    ]
    assert sorted(one.replace("\\", "") for one in badges) == sorted(wanted)
    assert len({mark.colour for mark in marks}) == len({mark.icon for mark in marks}) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_it_is_stands_in_a_word_with_squares_and_its_place_of_five(language):
    state = x.go()
    text = text_of(overview(x.portfolio(state), language))
    assert state.analysis.evidence_level == "E4"
    word, place = {"da": ("Stærk", "(4 af 5)"), "en": ("Strong", "(4 of 5)")}[language]
    for told in ("■■■■□", word, place):
        assert told in text
    assert "E4" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_can_be_told_no_square_judges_the_method(language):
    """Two squares beside `cannot be told yet` read as a figure that was measured a little."""
    from tests.dashboards.pages_on_nouns import trial

    shown = x.portfolio(x.only_gaps())
    not_yet = {"da": "Ikke endnu", "en": "Not yet"}[language]
    when = {"da": "når der er et tal", "en": "before there is a figure"}[language]
    for page in (overview(shown, language), trial(shown, language)):
        text = text_of(page)
        assert not_yet in text
        assert when in text
        assert "■" not in text
        assert "(2 af 5)" not in text  # the policy's own requirement of the method keeps its place
        assert "(2 of 5)" not in text


def test_the_day_on_which_it_is_looked_at_stands_beside_that_of_the_figures():
    """A deadline in September may have passed on a page with figures of May."""
    told = around.seen(x.full(), date(2026, 12, 1))
    assert render(told, "da").endswith(" · set 1. december 2026")
    assert render(around.figures_of(x.full()), "da") in render(told, "da")
    assert " · set " in text_of(overview(x.full(), "da"))
