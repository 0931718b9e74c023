"""Sheets: the empty one is fetched here, and a filled-in one is looked at and handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import elements
from dashboards.views import choice
from dashboards.views.done import Done
from htkeval.errors import HtkevalError, Problem
from htkeval.intake.sheet import ENDINGS
from htkeval.intake.shown import HEAD, in_short, row_of
from htkeval.reporting.sentences import as_text
from htkeval.reporting.tables import Table
from htkeval.steps.hand_in import LARGEST, Sheet
from htkeval.steps.preview import Preview
from htkeval.text import Language, Text, say
from htkeval.trial import Trial

TITLE = say("Fetch or hand in a sheet")
EMPTY: dict[str, Text] = {".xlsx": say("Fetch for Excel"), ".csv": say("Fetch as CSV")}
KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}
NOBODY = say(
    "No names, CPR numbers, addresses or telephone numbers: a sheet that holds one is refused, "
    "and nothing of it is kept."
)


def show(
    trials: Sequence[Trial],
    language: Language,
    *,
    empty: Callable[[str, str], bytes],
    look: Callable[[str, Sheet], tuple[Trial, Preview]],
    take: Callable[[str, Sheet, str], Sequence[Text]],
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
    time_page: StreamlitPage | None = None,
) -> None:
    """Draw the page.

    Args:
        trials: Every trial whose definition is right.
        language: Of every word.
        empty: Makes a trial's empty sheet with an ending.
        look: Reads a sheet as it would come in, and says by which definition.
        take: Keeps the sheet that was seen, by its fingerprint; says what became of it.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
        time_page: Where one task at a time is measured.
    """
    elements.title(TITLE, language)
    if not trials:
        elements.sentence(say("There is no trial yet."), language)
        return
    name = choice.which(trials, asked, language)
    if chose:
        chose(name)
    done = Done("sheets")
    done.tell(language)
    _fetch(name, language, empty)
    _hand_in(name, language, done, look, take)
    if time_page is not None:
        elements.header(say("One task at a time"), language)
        label = elements.label_of(say("Take time"), language)
        where = {"trial": name, "lang": language}
        st.page_link(time_page, label=label, query_params=where)


def _fetch(name: str, language: Language, empty: Callable[[str, str], bytes]) -> None:
    elements.header(say("The empty sheet"), language)
    elements.sentence(say("One row a task, in columns that fit this trial."), language)
    with st.container(horizontal=True):
        for ending, told in EMPTY.items():
            st.download_button(
                elements.words(told, language),
                empty(name, ending),
                file_name=f"{name}{ending}",
                mime=KINDS[ending],
                on_click="ignore",
                key=f"empty-{name}{ending}",
            )


def _hand_in(
    name: str,
    language: Language,
    done: Done,
    look: Callable[[str, Sheet], tuple[Trial, Preview]],
    take: Callable[[str, Sheet, str], Sequence[Text]],
) -> None:
    elements.header(say("A filled-in sheet"), language)
    elements.sentence(NOBODY, language)
    given = st.file_uploader(
        elements.label_of(say("Choose a sheet: Excel, CSV or Parquet, at most 20 MB"), language),
        type=[ending[1:] for ending in sorted(ENDINGS)],
        max_upload_size=LARGEST,
        key=f"sheet-{name}-{done.times}",
    )
    if given is None:
        return
    sheet = Sheet(given.name, given.getvalue())
    try:
        trial, found = look(name, sheet)
    except HtkevalError as error:
        elements.refused(error, language)
        return
    elements.subheader(say("This is how it is read"), language)
    for one in found.sheets:
        for told in in_short(trial, one):
            elements.sentence(told, language)
        if one.columns:
            elements.table(_columns(trial, one.columns), language, key="columns")
        _problems(one.problems, one.total, language)
    _problems(found.problems, len(found.problems), language)
    if found.refused:
        told = say("Nothing is stored; it would be refused as it is.")
        elements.sentence(told, language, bold=True)
        return
    for remark in found.remarks:
        elements.alarm(remark, language)
    elements.sentence(say("Nothing is stored yet."), language)
    st.button(
        elements.words(_add(found), language),
        type="primary",
        key=f"take-{name}",
        on_click=_take,
        args=(done, take, name, sheet, sheet.fingerprint),
    )


def _add(found: Preview) -> Text:
    """What the button does."""
    return say("Store {n:#,##0} rows", n=sum(one.rows for one in found.sheets))


def _take(
    done: Done,
    take: Callable[[str, Sheet, str], Sequence[Text]],
    name: str,
    sheet: Sheet,
    seen: str,
) -> None:
    done.attempt(lambda: take(name, sheet, seen))


def _columns(trial: Trial, columns: Sequence[Any]) -> Table:
    cells = tuple(tuple(as_text(cell) for cell in row_of(trial, one)) for one in columns)
    return Table(say("How each column is read"), HEAD, cells)


def _problems(problems: tuple[Problem, ...], total: int, language: Language) -> None:
    for problem in problems:
        elements.alarm(problem.sentence, language)
    if total > len(problems):
        more = say("… and {n:#,##0} more problems.", n=total - len(problems))
        elements.sentence(more, language)
