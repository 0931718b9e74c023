"""How far a trial is, on its page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from htkeval.progress import ByArm, DrawnFlow, Flow, FlowStep, Part, Progress
from htkeval.reporting import progress as told
from htkeval.text import render
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import tables, text_of

FOUND = Progress(
    open_queries=3,
    open_by_rule={"unit_suspected": 2, "missing": 1},
    answered_queries=1,
    refused=4,
    parts=(
        Part(of="all", name=None, rows=41, planned=60, people=12),
        Part(of="arm", name="baseline", rows=20, planned=30, people=12),
        Part(of="week", name="2026-W05", rows=None, planned=4.6, people=None, withheld="derivable"),
        Part(of="team", name="[klik](x)", rows=None, planned=None, people=None,
             withheld="derivable"),
    ),
    flow=Flow(
        unit="person",
        drawn=(DrawnFlow(drawn="med", units=12, measured=12, unmeasured=0),),
        came_in=ByArm(rows=41, baseline=20, treatment=21),
        steps=(
            FlowStep(fate="refused", rows=4, baseline=4, treatment=0),
            FlowStep(fate="analysed", rows=37, baseline=16, treatment=21),
        ),
    ),
)  # fmt: skip


def page(found: Progress | None) -> AppTest:
    def script(portfolio, found):
        from dashboards.views import trial

        trial.show(portfolio, "da", asked="tale-til-tekst", progress_of=lambda _: found)

    shown = AppTest.from_function(script, args=(x.full(), found), default_timeout=30).run()
    assert not shown.exception, shown.exception
    return shown


def test_the_section_tells_rows_against_the_plan_queries_refusals_and_the_flow():
    shown = page(FOUND)
    assert "Hvor langt er forsøget?" in [header.value for header in shown.header]
    text = text_of(shown)
    for words in (
        "Hele forsøget",
        "Uge 5 i 2026",
        "vises ikke",
        "Åbne spørgsmål til rækkerne: 3. Besvarede, ikke lukkede: 1.",
        "anden enhed?",
        "Afvist og ikke udført",
        "Tæller i analysen",
        "Opgaver, som nogen afviste at udføre i deres gruppe: 4.",
        "Lodtrækning (person)",
    ):
        assert words in text, words


def test_a_teams_name_never_becomes_a_link():
    cells = [str(cell) for table in tables(page(FOUND)) for cell in table.index]
    assert any("[klik](x)" in cell for cell in cells)  # as text: a cell is no Markdown
    assert not any("<a" in element.value for element in page(FOUND).get("html"))


def test_where_it_cannot_be_told_there_is_no_section():
    assert "Hvor langt er forsøget?" not in [header.value for header in page(None).header]


def test_weeks_stand_closed_with_a_line_that_says_which_they_are():
    shown = page(FOUND)
    (closed,) = [one for one in shown.expander if "Uge for uge" in one.label]
    assert not closed.proto.expanded
    assert closed.label.replace("\u00a0", " ") == "Uge for uge, 1 i alt"
    whole = [
        t for t in tables(shown) if "Uge 5 i 2026" in str(t.index.tolist()).replace("\\xa0", " ")
    ]
    assert len(whole) == 1
    assert "Hele forsøget" not in whole[0].index


def test_the_line_of_the_weeks_has_no_figure_of_theirs():
    weeks = tuple(
        Part(of="week", name=f"2026-W{n:02d}", rows=None, planned=4, people=None) for n in (5, 6, 9)
    )
    few = FOUND.model_copy(update={"parts": (*FOUND.parts[:2], *weeks)})
    line = render(told.weeks_in_short(few), "da").replace("\u00a0", " ")
    assert line == "Uge for uge, 3 i alt: uge 5 i 2026 til uge 9 i 2026"
    assert told.weeks(few.model_copy(update={"parts": FOUND.parts[:2]})) is None
