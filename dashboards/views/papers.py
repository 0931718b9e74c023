"""Papers: make one for download, and those that are kept with their fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboards import elements
from dashboards.views.choice import remember, told_apart
from htkeval.paper import KeptPaper
from htkeval.paper_file import FORMATS, PaperFormat
from htkeval.reporting import papers as told
from htkeval.reporting.paper.files import MEDIA
from htkeval.reporting.plain import shortened
from htkeval.reporting.sentences import title
from htkeval.text import Language, render, say
from htkeval.trial import Trial

MOST = 10
"""Kept papers with a button each, the newest first; the table has all of them."""


def show(
    trials: Sequence[Trial],
    found: Sequence[KeptPaper],
    language: Language,
    *,
    made: Callable[[str | None, PaperFormat, bool], bytes],
    read: Callable[[KeptPaper], bytes],
    asked: str | None = None,
    chose: Callable[[str], object] = lambda name: None,
    public: bool = False,
    left_out: Callable[[bool], object] = lambda public: None,
) -> None:
    """Draw the page.

    Args:
        trials: What a paper can be about, beside all of them.
        found: The papers that are kept, oldest first.
        language: Of every word, and of the paper that is made.
        made: Makes a paper of a trial, or of all, in a format, with or without closed parts.
        read: The bytes of a paper that is kept.
        asked: The id of the trial that the address says.
        chose: Is told which trial was chosen; nothing for a paper of all.
        public: Whether closed parts are left out, as the address says it.
        left_out: Is told whether they are.
    """
    elements.title(told.HEADING, language)
    elements.sentence(told.LEAD, language)
    names: dict[str | None, str] = {None: elements.label_of(told.KINDS["portfolio"], language)}
    titles = told_apart({one.id: shortened(render(title(one), language), 90) for one in trials})
    names |= {name: elements.label_of(words, language) for name, words in titles.items()}
    options = list(names)
    if asked is not None and asked not in names:
        elements.notice(say("There is no trial by that name. This is of them all."), language)
    wanted = st.selectbox(
        elements.label_of(say("Which paper?"), language),
        options,
        index=options.index(asked) if asked in names else 0,
        format_func=lambda one: names[one],
    )
    chose(wanted or "")
    if wanted is not None:
        remember(wanted)
    st.session_state.setdefault("papers-public", public)
    public = st.checkbox(
        elements.label_of(say("Leave closed parts out"), language), key="papers-public"
    )
    left_out(public)
    if st.button(elements.label_of(say("Make the paper"), language), type="primary"):
        st.session_state["paper"] = (wanted, public)
    if st.session_state.get("paper") == (wanted, public):
        _made(wanted, public, language, made)
    _kept(found, language, read)


def _made(
    wanted: str | None,
    public: bool,
    language: Language,
    made: Callable[[str | None, PaperFormat, bool], bytes],
) -> None:
    """A button for each format, side by side where there is room."""
    with st.container(horizontal=True):
        for form in FORMATS:
            st.download_button(
                elements.label_of(say("Download as {format}", format=form.upper()), language),
                made(wanted, form, public),
                file_name=f"{wanted or 'ai'}-{language}.{form}",
                mime=MEDIA[form],
                key=f"made-{form}",
                on_click="ignore",
            )


def _kept(
    found: Sequence[KeptPaper], language: Language, read: Callable[[KeptPaper], bytes]
) -> None:
    elements.header(say("Papers that are kept"), language)
    if not found:
        elements.sentence(told.NONE, language)
        return
    elements.table(told.table(found), language, key="papers")
    for one in list(reversed(found))[:MOST]:
        st.download_button(
            elements.label_of(say("Download {name}", name=told.name(one)), language),
            read(one),
            file_name=f"{one.id}-{one.language}.{one.format}",
            mime=MEDIA[one.format],
            key=f"kept-{one.id}",
            on_click="ignore",
        )
