"""The few things that pages are made of: a sentence, a badge, a table, a chart, a banner."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboards import as_html
from htkeval.errors import HtkevalError
from htkeval.reporting import charts
from htkeval.reporting.charts import Drawable
from htkeval.reporting.plain import aloud, plain
from htkeval.reporting.tables import Table
from htkeval.reporting.wording import SIMULATED, SIMULATED_MEANS
from htkeval.reporting.words import Mark
from htkeval.text import LANGUAGES, Language, Text, render, say

LOOK = Path(__file__).parent / "look.css"
LONGEST_TITLE = 160
"""Characters of a title in a card, a list or a heading; the rest is an ellipsis."""

NAMES = {"da": "Dansk", "en": "English"}
"""Each language in itself, so not translated."""


def look() -> None:
    """What the theme cannot say."""
    st.html(LOOK)


def words(text: Text | str, language: Language, *, longest: int | None = None) -> str:
    """A sentence, safe to put among Markdown."""
    return plain(render(text, language), longest=longest)


def label_of(text: Text | str, language: Language) -> str:
    """The label of a field: it is also read aloud, so no sign of Markdown's stands in it."""
    return aloud(render(text, language))


def sentence(text: Text | str, language: Language, *, bold: bool = False) -> None:
    """One paragraph."""
    told = words(text, language)
    st.markdown(f"**{told}**" if bold else told)


def small(text: Text | str, language: Language) -> None:
    """A side remark; never `st.caption`, which is too pale to read."""
    st.markdown(f":gray[:small[{words(text, language)}]]")


def block(lines: list[str]) -> None:
    """Lines of `html` as one element."""
    st.html(as_html.block(lines))


def title(text: Text | str, language: Language) -> None:
    """The page's one h1."""
    st.title(words(text, language, longest=2 * LONGEST_TITLE), anchor=False)


def header(text: Text, language: Language) -> None:
    """A section."""
    st.header(words(text, language, longest=LONGEST_TITLE), anchor=False)


def subheader(text: Text | str, language: Language) -> None:
    """A card, or a part of a section."""
    st.subheader(words(text, language, longest=LONGEST_TITLE), anchor=False)


def badge(mark: Mark, language: Language) -> None:
    """A verdict: word, icon and colour, always all three."""
    icon = f":material/{mark.icon}:"
    st.badge(f"**{words(mark.word, language)}**", icon=icon, color=mark.colour)


def bullets(items: list[str]) -> None:
    """A list of lines that are Markdown already."""
    st.markdown("\n".join(f"- {item}" for item in items))


def table(shown: Table, language: Language, *, key: str) -> None:
    """A real table, with a name for those who do not see it."""
    with st.container(key=f"table-{key}"):
        st.html(as_html.table(shown, language))


def chart(
    picture: Drawable, language: Language, *, key: str, simulated: bool, **options: bool
) -> None:
    """A chart; its sentence for those who do not see it is its description."""
    spec = _drawn(picture, language, simulated=simulated, options=options)
    st.vega_lite_chart(spec, theme=None, width="stretch", key=f"chart-{key}")


@st.cache_data(max_entries=1000, show_spinner=False, hash_funcs=dict.fromkeys(charts.DRAWN, repr))
def _drawn(
    picture: Drawable, language: Language, *, simulated: bool, options: dict[str, bool]
) -> dict[str, Any]:
    """Drawn once for each picture."""
    return charts.as_drawn(picture, language, simulated=simulated, **options)


def figures_as_table(picture: Drawable, language: Language, *, key: str) -> None:
    """The figures of a chart, closed until somebody asks."""
    with st.expander(words(say("Show the figures as a table"), language)):
        table(picture.table(), language, key=key)


def simulated(language: Language) -> None:
    """The mark of invented figures, first on every page that shows one."""
    first, rest = words(SIMULATED, language), words(SIMULATED_MEANS, language)
    with st.container(border=True, key="simulated"):
        st.markdown(f":material/science: **{first}** {rest}")


def notice(text: Text, language: Language) -> None:
    """Something a reader has to know before the figures."""
    with st.container(border=True):
        st.markdown(f":material/info: {words(text, language)}")


def alarm(text: Text, language: Language) -> None:
    """One sentence that a reader may not miss."""
    st.markdown(f":red[:material/warning: **{words(text, language)}**]")


def deviation(text: Text, language: Language, *, grave: bool) -> None:
    """A change of the promise; in red where figures could have been seen."""
    word = words(say("Deviation:"), language)
    with st.container(border=True):
        if grave:
            st.markdown(f":red[:material/warning: **{word}**] {words(text, language)}")
        else:
            st.markdown(f":material/edit_note: **{word}** {words(text, language)}")


def problem(error: HtkevalError, language: Language) -> None:
    """What is wrong, in words; never a traceback."""
    title(say("The figures cannot be shown now"), language)
    for line in error.message(language).splitlines():
        sentence(line, language)


def refused(error: HtkevalError, language: Language) -> None:
    """What was refused or failed, a sentence each, on a page that goes on."""
    for line in error.message(language).splitlines():
        st.markdown(f":red[:material/warning: **{words(line, language)}**]")


def exact(text: Text, language: Language) -> None:
    """A small paragraph whose signs are copied as they are: a command stands in it."""
    st.html(f'<p class="exact">{escape(render(text, language))}</p>')


def languages(chosen: Language, others: dict[str, str]) -> None:
    """The choice of language, as links: the whole page then says which language it is in."""
    told = []
    for language in LANGUAGES:
        if language == chosen:
            told.append(f"<b>{NAMES[language]}</b>")
        else:
            address = escape("?" + urlencode({**others, "lang": language}))
            name = NAMES[language]
            told.append(f'<a href="{address}" lang="{language}">{name}</a>')
    word = escape(render(say("Language:"), chosen))
    st.html(f"<p>{word} {' · '.join(told)}</p>")
