"""How far a trial is, on its page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from htkeval.progress import ByArm, DrawnFlow, Flow, FlowStep, Part, Progress
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
