"""One trial from question to method."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from htkeval.deviation import Change, Deviation
from htkeval.effect import Bounds, Check, Sensitivity, Subgroup
from htkeval.portfolio import LookTaken
from htkeval.text import LANGUAGES, Text, render, say
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import tables, text_of, trial

SECTIONS = [
    "Hvad gav det?",
    "Hvor godt er det målt?",
    "Blev kvaliteten dårligere?",
    "Hvad er det værd?",
    "Er lov, sikkerhed og samarbejde på plads?",
    "Hvorfor »Anbefales udbredt«?",
    "Hvad er der sket undervejs?",
    "Metode",
]


def test_the_page_is_read_from_question_to_method():
    page = trial(x.full(), asked="tale-til-tekst")
    assert [header.value for header in page.header] == SECTIONS
    assert page.title[0].value == "Bliver et godkendt referat hurtigere færdigt uden flere fejl?"
    text = text_of(page)
    for words in (
        "12 minutter sparet pr. referat.",
        "Gennemsnit pr. referat: 48,5 minutter med AI mod 60,5 uden.",
        "Målingen er stærk (4 af 5): lodtrækning og ur.",
        "Referater var 20 pct. hurtigere færdige.",
        "Lodtrækning pr. referat afgjorde, om AI blev brugt.",
        "Trækker ned: De, der bedømte kvaliteten",
        "Hele usikkerheden ligger inden for den grænse på 1,0, der blev aftalt før forsøget.",
        "Konsekvensanalyse (DPIA)",
        "2026-1 (Udkast: ikke vedtaget), stiller syv krav. Alle er opfyldt.",
        "Til »Stop forsøget«:",
        "Der er ikke noteret afvigelser.",
    ):
        assert words in text, words
    assert len(page.get("vega_lite_chart")) == 2


@pytest.mark.parametrize(
    ("make", "asked", "words"),
    [
        (x.prolong, "fagbot", "Måske 2,4 minutter sparet pr. svar."),
        (x.no_go, "chatbot-kompetence", "Måske 1,2 minutter sparet pr. opgave."),
        (x.stop, "referat-robot", "Referater tog længere tid med AI"),
        (x.only_gaps, "kun-huller", "Hvad det gav, kan ikke afgøres endnu."),
        (x.one_arm_only, "en-arm", "Der er 41 målinger"),
        (x.not_measured, "ny", "Der er ikke nævnt betingelser for dette forsøg."),
        (x.few_people, "faa", "under 5"),
        (x.decided, "tale-til-tekst", "Beslutning: Forsøget forlænges."),
    ],
)
def test_every_state_has_its_page(make, asked, words):
    assert words in text_of(trial(x.portfolio(make()), asked=asked))


def test_no_p_value_and_no_code_stand_before_the_method():
    page = trial(x.full(), asked="tale-til-tekst")
    outside = [table for table in page.main.children.values() if table.type == "expander"]
    assert len(outside) >= 1
    closed = page.expander[-2:]  # the method section, and every figure in every way
    inside = {str(c) for part in closed for t in tables(part) for c in t.to_numpy().ravel()}
    assert "< 0,0001" in {cell.replace("\\", "") for cell in inside}
    for table in tables(page):
        cells = {str(cell).replace("\\", "") for cell in table.to_numpy().ravel()}
        if not cells <= {cell.replace("\\", "") for cell in inside}:
            assert not any(re.search(r"0,0123|< 0,0001|\bE[0-5]\b", cell) for cell in cells)


def test_the_trial_is_chosen_by_the_address_or_by_the_list():
    page = trial(x.full(), asked="fagbot")
    assert page.selectbox[0].value == "fagbot"
    page.selectbox[0].set_value("chatbot-kompetence").run()
    assert "kursus i chatbot" in page.title[0].value


@pytest.mark.parametrize("asked", ["../../etc/passwd", "<script>æøå"])
def test_an_address_that_names_no_trial_gives_a_sentence(asked):
    text = text_of(trial(x.full(), asked=asked))
    assert "Der er intet forsøg med det navn." in text
    assert "passwd" not in text


def test_what_is_signed_need_not_be_signed_again():
    sign = "Beslutningen kan skrives under."
    assert sign in text_of(trial(x.portfolio(x.go())))
    assert sign not in text_of(trial(x.portfolio(x.decided())))


def test_where_nothing_can_change_the_recommendation_there_is_no_empty_box():
    signed = x.decided()
    metrics = [metric.model_dump() for metric in signed.trial.metrics]
    metrics[0]["worthwhile"] = None
    of = x.trial(metrics=metrics, hard_stops=[])
    heading = "Hvad kan ændre anbefalingen?"
    assert heading in text_of(trial(x.portfolio(signed)))
    assert heading not in text_of(trial(x.portfolio(replace(signed, **{"trial": of}))))


def test_the_method_section_tells_whether_it_holds_otherwise_and_what_the_means_are():
    state = x.adjusted()
    ways = x.otherwise(unit_weights=False, no_covariates=True)
    found = state.analysis.model_copy(update={"sensitivity": ways})
    page = trial(x.portfolio(replace(state, **{"analysis": found})), asked="tale-til-tekst")
    text = text_of(page)
    for words in (
        "1 af 2 andre måder at regne på vender konklusionen: uden de forklarende kolonner.",
        "Holder det, hvis der regnes anderledes?",
        "Sammenlignelige gennemsnit er dem, modellen giver",
        "60,9 minutter",
        "Hvor ens er opgaverne?",
    ):
        assert words in text, words
    plain = text_of(trial(x.full(), asked="tale-til-tekst"))
    assert "sammenlignelige" not in plain.lower()
    assert "andre måder at regne" not in plain


def test_the_method_section_shows_bounds_groups_and_an_exact_test_without_an_interval():
    state = x.go()
    group = {"metric": "task_time", "scale": "ratio", "column": "kind", "tasks": 50}
    figures = {"estimate": 0.7, "ci": (0.5, 0.98), "shrunken": 0.78}
    found = state.analysis.model_copy(
        update={
            "bounds": (
                Bounds(
                    metric="errors",
                    scale="difference",
                    model="worst_case",
                    low=-0.4,
                    high=1.1,
                    ci=(-0.9, 1.6),
                ),
            ),
            "subgroups": tuple(
                Subgroup(**group, **figures, value=value, clusters=clusters)
                for value, clusters in (("langt", 12), ("kort", 9), ("sjældent", 4))
            ),
            "sensitivity": (
                *x.otherwise(unit_weights=False),
                Sensitivity(
                    metric="errors",
                    scale="difference",
                    model="boschloo",
                    estimate=0.2,
                    ci=None,
                    p_value=0.21,
                    flips=False,
                ),
            ),
        }
    )
    text = text_of(trial(x.portfolio(replace(state, **{"analysis": found})), asked=state.trial.id))
    for words in (
        "Hvad der er sikkert, uanset hvad der mangler",
        "manglende værdier så gode eller dårlige som muligt",
        "kind: langt",
        "Boschloos eksakte test, p 0,2100",
        "Alle tal regnet på alle måder (for fagfolk)",
    ):
        assert words in text, words
    assert "sjældent" not in text


def test_an_empty_workspace_says_so():
    assert "Ingen forsøg er sat op endnu" in text_of(trial(x.portfolio()))


def test_simulated_figures_are_marked_first_of_all():
    page = trial(x.full(simulated=True), asked="fagbot")
    assert "Simulerede tal" in page.markdown[0].value


def test_in_english():
    page = trial(x.full(), "en", asked="tale-til-tekst")
    text = text_of(page)
    assert page.header[0].value == "What did it give?"
    assert "12 minutes saved per referat." in text
    assert not re.search(
        r"\b(Hvad|Derfor|opfyldt|hurtigere færdige|uden)\b",
        text.split("Method")[0]
        .replace(page.title[0].value, "")
        .replace(x.trial().hard_stops[0].text, ""),
    )


def test_newer_measurements_and_a_changed_file_are_told():
    more = {"stale": True, "file_differs": True, "untold": ("analysis.seed",), "unpublished": 3}
    text = text_of(trial(x.portfolio(replace(x.go(), **more)), asked="tale-til-tekst"))
    assert "Der er kommet flere målinger eller en afvigelse til" in text
    assert "(analysis.seed), og ingen afvigelse siger hvorfor. Det lovede gælder." in text
    assert "3 kørsler er ikke leveret til MLflow endnu." in text


def test_a_deviation_is_told_and_stands_in_red_and_on_top_where_figures_could_be_seen():
    def shown(seen):
        one = Deviation(
            what=("analysis.seed",),
            why="Planen var forkert.",
            seen=seen,
            changes=(Change(key="analysis.seed", before=1, after=2),),
            at=datetime(2026, 2, 3, 9, tzinfo=UTC),
            by="Ida",
        )
        state = replace(x.go(), deviations=(one,), policy_changed=True)
        page = trial(x.portfolio(state), asked="tale-til-tekst")
        red = [m.value for m in page.markdown if m.value.startswith(":red[:material/warning:")]
        return text_of(page), red

    text, red = shown("treatment")
    assert "Ændret 3. februar 2026 af Ida, efter den første måling med AI" in text
    assert "Der er ikke noteret afvigelser." not in text
    assert "Den politik, der gælder nu, er en anden end ved registreringen." in text
    assert len(red) == 2  # on top, and in its place in the history
    text, red = shown("baseline")
    assert "før den første måling med AI" in text
    assert red == []


def test_hostile_and_endless_words_are_shown_as_text():
    words = "<script>alert(1)</script> " + "lang" * 1000
    page = trial(x.portfolio(x.hostile(words)), asked="tale-til-tekst")
    for element in (*page.markdown, *page.title):
        assert not re.search(r"(?<!\\)<script", element.value)
    assert len(page.title[0].value) < 500


def test_a_look_says_what_it_is_beside_the_figure_and_in_the_history():
    template = (
        "This is look {k} of {n}, at {share:0} % of the planned information. {limit} {meaning}"
    )
    limit = say("The plan lets nothing be found today.")
    message = Text(template, {"k": 1, "n": 2, "share": 50.0, "limit": limit, "meaning": ""})
    plain = x.go()
    checks = (*plain.analysis.checks, Check(name="look", passed=None, message=message))
    one = LookTaken(k=1, of=2, fraction=0.5, at=datetime(2026, 3, 1, 9, tzinfo=UTC), by="Ida Holm")
    looked = replace(
        plain, analysis=plain.analysis.model_copy(update={"checks": checks}), looks=(one,)
    )
    text = text_of(trial(x.portfolio(looked)))
    assert "Dette er kig 1 af 2, ved 50 pct. af den planlagte information." in text
    assert "Kig 1 af 2, ved 50 pct. af det, planen skal vide til sidst." in text
    assert "Ida Holm" in text


def before_the_method(page, language):
    """All that is written above the heading of the method section, closed parts too."""

    def written(element):
        for one in getattr(element, "children", {}).values():
            yield from written(one)
        yield str(getattr(element, "value", "") or "")

    told = []
    for element in page.main.children.values():
        if element.type == "header" and element.value == render(say("Method"), language):
            return "\n".join(told)
        told += written(element)
    pytest.fail("no method section")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [x.go, x.prolong, x.no_go, x.stop, x.adjusted, x.only_gaps])
def test_no_sentence_before_the_method_has_a_p_value_or_a_code(make, language):
    told = before_the_method(trial(x.portfolio(make()), language), language)
    assert len(told) > 500
    assert not re.search(r"\bE[0-5]\b|\bp\s*[=<>]\s*0|p-værdi|p-value|signifi", told)
