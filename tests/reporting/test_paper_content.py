"""What a paper says before it is in any format: the dashboard's sentences, and what is asked."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from htkeval.finding import Finding, FindingStep
from htkeval.reporting import wording
from htkeval.reporting.paper.content import Figure, Listed, Paper, Tabled, spoken
from htkeval.reporting.paper.make import make
from htkeval.reporting.paper.of_portfolio import of_portfolio
from htkeval.reporting.paper.proposal import points
from htkeval.reporting.paper.written import written
from htkeval.text import render
from tests.dashboards.examples import go, no_go, not_measured, only_gaps, prolong, stop
from tests.dashboards.examples import trial as a_trial
from tests.reporting.papers import behind, called, three


def said(paper: Paper, language: str = "da") -> str:
    """Everything that a paper says, in a line."""
    told = written(paper, language, drawn=False).content
    parts = [told["title"], told["public"], told["sections"], told["annex"]]
    return json.dumps(parts, ensure_ascii=False).replace("\u00a0", " ")


def finding(kind: str, text: str) -> Finding:
    step = FindingStep(
        status="open", owner="Chef", measure=None, due=None, closed=None, why=None,
        at=datetime(2026, 5, 1, tzinfo=UTC), by="a", event=1,
    )  # fmt: skip
    return Finding.model_validate(
        {
            "id": "F1", "kind": kind, "text": text, "areas": (),
            **step.model_dump(exclude={"at", "by", "event", "why"}), "history": (step,),
        }
    )  # fmt: skip


def test_the_headings_are_the_templates_in_both_languages():
    paper = of_portfolio(three())
    danish = [spoken(one.heading, "da") for one in paper.sections]
    assert danish == [
        "Resumé", "Baggrund", "Sagsfremstilling", "Økonomi", "Retsgrundlag", "Indstilling", "Bilag",
    ]  # fmt: skip
    assert spoken(paper.sections[-2].heading, "en") == "Proposal"


def test_a_municipality_may_leave_a_part_out_and_say_its_own():
    own = three().template.model_copy(
        update={
            "order": ("proposal", "summary"),
            "da": three().template.da.model_copy(update={"summary": "Kort fortalt"}),
        }
    )
    paper = of_portfolio(replace(three(), template=own))
    assert [spoken(one.heading, "da") for one in paper.sections] == ["Indstilling", "Kort fortalt"]


def test_a_trials_paragraph_is_made_of_the_pages_sentences():
    from htkeval.reporting.result import finding as found

    told = said(of_portfolio(three()))
    for state in (go(), prolong(), no_go()):
        gave = found(state.trial, state.analysis)
        for sentence in (gave.headline, gave.uncertainty, wording.why(state)):
            assert render(sentence, "da").replace("\u00a0", " ") in told


def test_what_is_asked_follows_the_verdicts():
    asked = [render(one, "en") for one in points(three(), three().portfolio.trials)]
    assert asked == [
        "approves that Tale til tekst i mødereferater is scaled in Social og Handicap,",
        asked[1],
        "takes note that Chatbot-kompetence cannot carry a saving.",
    ]
    assert asked[1].startswith("approves that the trial Fagbot til opslag i lovgivningen goes on")


def test_many_trials_of_one_verdict_share_a_point():
    many = [called(go(), f"Forsøg {n}", id=f"t{n}") for n in range(7)]
    asked = [render(one, "en") for one in points(behind(*many), many)]
    assert asked == [
        "approves that Forsøg 0, Forsøg 1 and Forsøg 2 and four more trials are scaled."
    ]


def test_a_stop_is_asked_first_and_nothing_to_decide_is_information():
    asked = [render(one, "en") for one in points(behind(), [go(), stop()])]
    assert asked[0].startswith("decides that the trial Referatrobot is stopped")
    assert [render(one, "en") for one in points(behind(), [not_measured()])] == [
        "takes the paper as information."
    ]


def test_the_fingerprint_is_of_what_is_said_and_of_nothing_else():
    first, again = of_portfolio(three()), of_portfolio(three())
    assert first.fingerprint == again.fingerprint
    assert of_portfolio(three(), public=True).fingerprint != first.fingerprint
    moved = replace(three(), day=date(2026, 6, 17))
    assert of_portfolio(moved).fingerprint != first.fingerprint


def test_every_chart_has_its_figures_in_the_annex_and_a_sentence():
    for paper in (of_portfolio(three()), make(three(), trial="tale-til-tekst")):
        drawn = [b for s in paper.sections for b in s.blocks if isinstance(b, Figure)]
        shown = [b for s in paper.annex for b in s.blocks if isinstance(b, Tabled)]
        assert drawn
        for one in drawn:
            assert render(one.alt, "da")
            assert one.table in shown


def test_no_p_value_and_no_code_before_the_annex():
    for name in (None, "tale-til-tekst", "fagbot"):
        paper = make(three(), trial=name)
        told = str(written(paper, "da", drawn=False).sections)
        assert "p-værdi" not in told
        assert "E4" not in told
        assert "E5" not in told


def test_a_public_paper_leaves_open_weaknesses_and_case_numbers_out_and_says_so():
    weak = finding("security", "Adgangskoden står på skærmen")
    state = replace(
        go(),
        findings=(weak, finding("legal", "Hjemlen er uklar")),
        gates=tuple(
            replace(one, document="Sag 2026-123", responsible="konto-7") for one in go().gates
        ),
    )
    whole, public = (said(of_portfolio(behind(state), public=one)) for one in (False, True))
    assert "Adgangskoden" in whole
    assert "Sag 2026-123" in whole
    assert "konto-7" in whole
    assert "konto-7" not in public
    assert "Adgangskoden" not in public
    assert "Sag 2026-123" not in public
    assert "Hjemlen er uklar" in public
    assert "Lukkede dele er udeladt" in public
    assert of_portfolio(behind(state)).closed
    assert not of_portfolio(behind(state), public=True).closed


def test_a_solved_weakness_is_public():
    before = finding("security", "Var åben")
    step = before.history[0].model_copy(update={"status": "solved", "closed": date(2026, 5, 2)})
    solved = before.model_copy(update={"history": (*before.history, step)})
    solved = solved.model_copy(update={"status": "solved", "closed": date(2026, 5, 2)})
    state = replace(go(), findings=(solved,))
    assert "Var åben" in said(of_portfolio(behind(state), public=True))


@pytest.mark.parametrize("state", [not_measured(), only_gaps()], ids=lambda s: s.trial.id)
def test_a_trial_without_an_answer_says_so(state):
    told = said(make(behind(state), trial=state.trial.id))
    assert render(wording.why(state), "da") in told


def test_no_trial_at_all_is_a_paper_that_says_so():
    told = said(of_portfolio(behind()))
    assert "Der er ikke sat noget forsøg op endnu" in told or "forsøg" in told
    assert "tager orienteringen til efterretning." in told


def test_the_status_paper_tells_what_came_after_its_day_only():
    early = make(three(), since=date(2026, 4, 1))
    assert "Nyt siden 1. april 2026" in said(early)  # they were analysed on 14 April
    late = make(three(), since=date(2026, 4, 14))
    assert "Der er intet nyt siden 14. april 2026." in said(late)


def test_three_hundred_trials_are_told_in_a_table_and_few_paragraphs():
    many = [called(go(), f"Forsøg {n}", id=f"t{n}") for n in range(300)]
    paper = of_portfolio(behind(*many))
    every = next(s for s in paper.annex if s.part == "all")
    assert len(every.blocks[0].rows) == 300
    assert sum(len(b.items) for s in paper.sections for b in s.blocks if isinstance(b, Listed)) < 20


def test_few_people_are_told_nowhere():
    from tests.dashboards.examples import few_people

    told = said(make(behind(few_people()), trial="faa"))
    assert "under 5" in told
    assert "48,5" not in told
    assert "60,5" not in told


def test_a_text_of_four_thousand_characters_stays_a_line():
    long = called(go(), "x" * 4000)
    told = written(of_portfolio(behind(long)), "da", drawn=False).content
    assert max(len(b.get("text") or "") for s in told["sections"] for b in s["blocks"]) <= 1200
    assert a_trial().title not in str(told["sections"])


def test_of_many_trials_only_those_whose_law_is_open_are_told():
    many = [called(go(), f"Forsøg {n}", id=f"t{n}") for n in range(20)]
    told = said(of_portfolio(behind(*many, prolong())))
    assert "I 20 af 21 forsøg er alle forhold om jura" in told
    assert "Fagbot til opslag i lovgivningen: tre af fire forhold" in told
