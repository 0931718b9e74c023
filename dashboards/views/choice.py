"""Which trial a page is about: the one in the address, until somebody chooses another."""

from __future__ import annotations

import streamlit as st

from dashboards import elements
from htkeval.portfolio import TrialState
from htkeval.reporting.plain import shortened
from htkeval.text import Language, say

NOT_THERE = say("There is no trial by that name. This is another.")


def which(states: dict[str, TrialState], asked: str | None, language: Language) -> str:
    """The id of the chosen trial.

    Args:
        states: Every trial by its id; not empty.
        asked: The wanted id, as the address says it.
        language: Of every word.
    """
    if asked is not None and asked not in states:
        elements.notice(NOT_THERE, language)
    ids = list(states)
    titles = {key: shortened(state.trial.title, 90) for key, state in states.items()}
    chosen = st.selectbox(
        elements.words(say("Choose a trial"), language),
        ids,
        index=ids.index(asked) if asked in states else 0,
        format_func=lambda key: titles[key],
        width=440,
    )
    return chosen if chosen is not None else ids[0]
