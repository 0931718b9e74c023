"""The page's title is its finding; the verdict has its reason; nothing is invented."""

import re
from dataclasses import replace

import pytest

from htkeval.reporting import wording
from htkeval.text import render, say
from tests.dashboards import examples as x


def da(text):
    return render(text, "da")


@pytest.mark.parametrize(
    ("portfolio", "title"),
    [
        (x.portfolio(), "Ingen forsøg er sat op endnu"),
        (x.portfolio(x.not_measured()), "Ingen forsøg er målt endnu"),
        (x.portfolio(x.one_arm_only()), "Ingen forsøg er regnet igennem endnu"),
        (
            x.full(),
            "Ét af tre AI-forsøg kan udbredes.",
        ),
        (x.portfolio(x.prolong(), x.no_go()), "Ingen af to AI-forsøg kan udbredes."),
        (x.portfolio(x.prolong()), "AI-forsøget kan ikke udbredes."),
        (
            x.portfolio(x.go()),
            "AI-forsøget kan udbredes.",
        ),
        (
            x.portfolio(x.go(), x.few_people()),
            "Begge AI-forsøg kan udbredes.",
        ),
        (
            x.portfolio(x.go(), x.few_people(), x.decided()),
            "Alle tre AI-forsøg kan udbredes.",
        ),
        (
            x.portfolio(x.stop(), x.prolong()),
            "Ét af to AI-forsøg bør stoppes. Ingen af to AI-forsøg kan udbredes.",
        ),
        (x.portfolio(x.stop()), "AI-forsøget bør stoppes. AI-forsøget kan ikke udbredes."),
    ],
)
def test_the_title_is_the_finding(portfolio, title):
    assert da(wording.title(portfolio)) == title


def test_where_the_title_counts_the_lead_names_whom_it_counts():
    lacking = say("Nothing more.")
    told = da(wording.lead(x.full(), lacking))
    assert told.startswith("Kan udbredes: Tale til tekst i mødereferater. ")
    decided = x.portfolio(x.decided(), x.no_go())
    assert "mødereferater (besluttet)." in da(wording.lead(decided, lacking))
    assert "Kan udbredes:" not in da(wording.lead(x.portfolio(x.go()), lacking))


def test_the_lead_names_what_has_to_be_decided():
    assert da(wording.lead(x.full())) == (
        "Økonomiudvalget mangler at tage stilling til Tale til tekst i mødereferater (Anbefales "
        "udbredt), Fagbot til opslag i lovgivningen (Forlæng forsøget) og Chatbot-kompetence "
        "(Anbefales ikke)."
    )
    assert da(wording.lead(x.portfolio(x.decided()))) == "Intet venter på Økonomiudvalget nu."


def test_many_open_trials_are_counted_not_listed():
    open_cases = (x.go(), x.prolong(), x.no_go(), x.stop())
    assert da(wording.lead(x.portfolio(*open_cases))) == (
        "Økonomiudvalget mangler at tage stilling til fire forsøg."
    )


def test_a_decision_on_an_older_analysis_leaves_the_new_one_waiting():
    state = x.decided()
    assert not wording.waiting(state)
    newer = replace(state, **{"analysis_fingerprint": "6b" * 32})
    assert wording.waiting(newer)


@pytest.mark.parametrize(
    ("make", "verdict", "reason"),
    [
        (x.go, "Anbefales udbredt", "Alle syv krav i kommunens politik er opfyldt."),
        (x.prolong, "Forlæng forsøget", "Usikkerheden rummer også"),
        (x.no_go, "Anbefales ikke", "når gevinsten ikke de 10 pct."),
        (x.stop, "Stop forsøget", "Fejl pr. 1.000 ord: dårligere end aftalt."),
        (x.only_gaps, "Forlæng forsøget", "only one participant"),
        (x.one_arm_only, "Ikke regnet igennem endnu", "Der er 41 målinger"),
        (x.not_measured, "Ikke målt endnu", "Forsøget løber fra 12. januar 2026"),
    ],
)
def test_every_verdict_has_a_word_and_a_reason(make, verdict, reason):
    state = make()
    assert da(wording.verdict_mark(state).word) == verdict
    assert reason in da(wording.why(state))


def test_a_hard_stop_is_told_in_its_own_words():
    of = x.trial()
    state = x.state(of, x.analysis(of, x.SAVED, hard_stops=("wrong",)))
    assert state.recommendation.verdict == "stop"
    assert of.hard_stops[0].text in da(wording.why(state))


def test_minutes_that_rose_are_the_reason_for_a_stop_that_they_cause():
    of = x.trial()
    rose = x.effect("task_time", "difference", 6.0, (2.0, 9.0), (60.5, 66.5))
    state = x.state(of, x.analysis(of, (x.SAVED[0], rose, x.SAVED[2])))
    assert state.recommendation.verdict == "stop"
    assert "Minutterne, som pengene følger, steg" in da(wording.why(state))


def test_no_reason_holds_a_code_a_p_value_or_an_amount():
    for make in (x.go, x.prolong, x.no_go, x.stop, x.only_gaps, x.one_arm_only):
        for language in ("da", "en"):
            words = render(wording.why(make()), language)
            assert not re.search(r"\bE[0-5]\b|\bp\s*[=<]|signifi|\d kr\.", words), words


def test_what_would_change_it_follows_the_policys_rules():
    assert [one.to for one in wording.changes(x.go())] == ["no_go", "stop"]
    assert [one.to for one in wording.changes(x.prolong())] == ["go", "no_go", "stop"]
    assert [one.to for one in wording.changes(x.no_go())] == ["stop"]
    assert wording.changes(x.stop()) == ()
    assert wording.changes(x.not_measured()) == ()
    goal = wording.changes(x.go())[0]
    assert "under 15 pct." in da(goal.event)


def test_the_last_decision_is_told_with_its_reason():
    assert da(wording.decided(x.decided())) == (
        "Besluttet 16. juni 2026: Forsøget forlænges. Udvalget vil se tallene fra endnu et kvartal."
    )
    assert wording.decided(x.go()) is None


def test_how_well_it_was_measured_is_a_word_and_a_count():
    assert da(wording.strength(x.go())) == "Målingen er stærk (4 af 5): lodtrækning og ur."
    assert da(wording.strength(x.not_measured())) == "Der er ingen målinger endnu."
