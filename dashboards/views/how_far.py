"""How far: what is in, against the plan; what became of it; and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import elements
from dashboards.views import by_part, choice
from htkeval.portfolio import Portfolio, TrialState
from htkeval.progress import Part, Progress
from htkeval.reporting import progress as words
from htkeval.reporting import wording
from htkeval.reporting.next_step import draws_there, in_two, measures, signs, step
from htkeval.text import Language, Text, say

ON_THE_LINE = say("On the command line: {command}")
ELSEWHERE = say(
    "No page does this. Whoever looks after htkeval does it on the command line: {command}"
)
BY_A_DECIDER = say("Only a decider signs, on the command line: {command}")
NOT_TOLD = say("How far the trial is cannot be told now.")


def show(
    portfolio: Portfolio,
    language: Language,
    *,
    progress_of: Callable[[str], Progress | None],
    today: date,
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
    queries_page: StreamlitPage | None = None,
    measure_pages: Sequence[tuple[Text, StreamlitPage]] = (),
) -> None:
    """Draw the page.

    Args:
        portfolio: Every trial.
        language: Of every word.
        progress_of: Tells how far a trial is, by its id; None where it cannot be told.
        today: The day here.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
        queries_page: Where queries are answered.
        measure_pages: Where measuring is done, each with its words.
    """
    states = {state.trial.id: state for state in portfolio.trials}
    if any(state.simulated for state in portfolio.trials):
        elements.simulated(language)
    elements.title(words.HEADING, language)
    if not states:
        elements.sentence(wording.lead(portfolio), language)
        return
    name = choice.which((one.trial for one in states.values()), asked, language)
    if chose:
        chose(name)
    _next(states[name], today, language, measure_pages)
    found = progress_of(name)
    if found is None:
        elements.notice(NOT_TOLD, language)
        return
    _rows(found, language)
    _fates(found, language)
    _queries(name, found, language, queries_page)


def _next(
    state: TrialState,
    today: date,
    language: Language,
    pages: Sequence[tuple[Text, StreamlitPage]],
) -> None:
    """What to do; where a page does it a link there, and small beside it the command."""
    what, command = in_two(step(state, today=today), language)
    elements.sentence(say("Next step: {step}.", step=what), language, bold=True)
    here = pages if measures(command) else pages[:1] if draws_there(command) else ()
    for label, page in here:
        where = {"trial": state.trial.id, "lang": language}
        st.page_link(page, label=elements.label_of(label, language), query_params=where)
    if command is not None:
        told = ON_THE_LINE if here else BY_A_DECIDER if signs(command) else ELSEWHERE
        elements.exact(Text(told.template, {"command": command}), language)


def _rows(found: Progress, language: Language) -> None:
    elements.header(say("Measured against the plan"), language)
    _bar(next((part for part in found.parts if part.of == "all"), None), language)
    by_part.show(found, language)
    if (drawn := words.drawn(found.flow)) is not None:
        elements.table(drawn, language, key="drawn")


def _bar(whole: Part | None, language: Language) -> None:
    """The first line of the table once more, as long as it is full."""
    if whole is None or whole.full is None:
        return
    told = say("{n:#,##0} of {planned:#,##0} planned rows", n=whole.rows, planned=whole.planned)
    st.progress(whole.full, text=elements.words(told, language))


def _fates(found: Progress, language: Language) -> None:
    if not found.flow.came_in.rows:
        return
    elements.header(say("What became of the rows"), language)
    elements.table(words.flow(found), language, key="flow")
    elements.sentence(words.refusals(found), language)


def _queries(name: str, found: Progress, language: Language, page: StreamlitPage | None) -> None:
    elements.header(say("Queries"), language)
    elements.sentence(words.queries(found), language)
    if found.open_by_rule:
        elements.table(words.by_rule(found), language, key="by-rule")
    if page is not None and found.open_queries != 0:
        label = elements.label_of(say("Answer the queries"), language)
        st.page_link(page, label=label, query_params={"trial": name, "lang": language})
