"""Queries: what looks odd in a trial's rows; each is answered and closed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import elements
from dashboards.views import choice
from dashboards.views.done import Done
from htkeval.intake.codebook import codebook
from htkeval.intake.free_text import LONGEST
from htkeval.query import Query, QueryAction
from htkeval.reporting import queries as words
from htkeval.text import Language, Text, render, say
from htkeval.trial import Trial

ABOUT = say(
    "Some rows look odd. They count until somebody puts them right. Say what you found out, then "
    "close the query; a row that is corrected settles its query by itself."
)
FOUND_OUT = say("What did you find out?")
NOBODY = say("Your own words, kept for good: no names and no numbers of people.")
SHOWN = 200
"""Queries in the table; all are in the list of choice."""


def show(
    trials: Sequence[Trial],
    language: Language,
    *,
    known: Callable[[str], tuple[Query, ...]],
    settle: Callable[[str, str, QueryAction, str], Query],
    simulated: Callable[[str], bool] = lambda _: False,
    mend_page: StreamlitPage | None = None,
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
) -> None:
    """Draw the page.

    Args:
        trials: Every trial whose definition is right.
        language: Of every word.
        known: Told a trial's id, lists its queries, those that wait first.
        settle: Keeps what was done: the trial, the query, the action, in which words.
        simulated: Whether a trial's measurements are invented.
        mend_page: Where a row is put right.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
    """
    elements.title(words.TITLE, language)
    if not trials:
        elements.sentence(say("There is no trial yet."), language)
        return
    name = choice.which(trials, asked, language)
    if chose:
        chose(name)
    if simulated(name):
        elements.simulated(language)
    done = Done("queries", {"--why": FOUND_OUT, "--answer": FOUND_OUT})
    found = known(name)
    labels = _labels(next(trial for trial in trials if trial.id == name))
    elements.sentence(words.count(found), language, bold=True)
    waiting = [one for one in found if one.waiting]
    if waiting:
        elements.sentence(ABOUT, language)
    done.tell(language, still=_box(name, done) in st.session_state)  # in sight of the next query
    if waiting:
        query = _one(name, waiting, labels, language, done, partial(settle, name))
        if mend_page is not None and query.row is not None:
            where = {"trial": name, "row": str(query.row), "lang": language}
            told = say("Put row {row} right", row=str(query.row))
            st.page_link(mend_page, label=elements.label_of(told, language), query_params=where)
        with st.expander(elements.words(say("All that wait"), language)):
            elements.table(words.listed(waiting[:SHOWN], labels), language, key="queries")
    over = [one for one in found if not one.waiting]
    if over:
        with st.expander(elements.words(say("Done with"), language)):
            elements.table(words.listed(over[:SHOWN], labels), language, key="over")


def _labels(trial: Trial) -> dict[str, Text | str]:
    """What each column is called in the form."""
    return {field.column.name: field.label for field in codebook(trial)}


def _box(name: str, done: Done) -> str:
    """The key of the list of choice: it is known while the page goes on after one act."""
    return f"query-{name}-{done.times}"


def _one(
    name: str,
    waiting: list[Query],
    labels: Mapping[str, Text | str],
    language: Language,
    done: Done,
    settle: Callable[[str, QueryAction, str], Query],
) -> Query:
    """One query, and what is done about it."""
    by_id = {one.id: one for one in waiting}
    names = {one.id: render(words.name_of(one), language) for one in waiting}
    key = f"{name}-{done.times}"
    chosen = st.selectbox(
        elements.label_of(say("Which query?"), language),
        list(by_id),
        format_func=lambda one: names[one],
        key=_box(name, done),
    )
    query = by_id.get(str(chosen), waiting[0])
    with st.container(border=True, key="query"):
        elements.header(words.RULES[query.rule], language)
        elements.sentence(words.for_people(query, labels), language)
        for step in query.history:
            elements.small(words.step_of(step), language)
        box = f"answer-{key}-{query.id}"
        label = elements.label_of(FOUND_OUT, language)
        st.text_area(label, key=box, max_chars=LONGEST, height=100)
        elements.small(NOBODY, language)
        with st.container(horizontal=True):
            # The first button stays the same one, so who uses the keyboard is still at it; the
            # second does not: who presses it twice would close the next query unseen.
            for action, told in _ACTIONS.items():
                st.button(
                    elements.words(told, language),
                    key=f"answered-{name}" if action == "answered" else f"{action}-{key}",
                    type="primary" if action == "answered" else "secondary",
                    on_click=_do,
                    args=(name, done, settle, query.id, action, box),
                )
    return query


_ACTIONS: dict[QueryAction, Text] = {
    "answered": say("Keep the answer"),
    "closed": say("Close the query"),
}


def _do(
    name: str,
    done: Done,
    settle: Callable[[str, QueryAction, str], Query],
    query: str,
    action: QueryAction,
    box: str,
) -> None:
    said = str(st.session_state.get(box, ""))
    before = done.times
    done.attempt(lambda: (words.settled(settle(query, action, said)),))
    if action == "answered" and done.times > before:
        st.session_state[_box(name, done)] = query  # to be closed next, and not another unseen
