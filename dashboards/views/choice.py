"""Which trial a page is about: the one in the address, until somebody chooses another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import streamlit as st

from dashboards import elements
from htkeval.reporting.plain import shortened
from htkeval.text import Language, say
from htkeval.trial import Trial

NOT_THERE = say("There is no trial by that name. This is another.")


def which(trials: Iterable[Trial], asked: str | None, language: Language) -> str:
    """The id of the chosen trial.

    Args:
        trials: Every trial; there is one.
        asked: The wanted id, as the address says it.
        language: Of every word.
    """
    titles = {trial.id: shortened(trial.title, 90) for trial in trials}
    ids = list(titles)
    if asked is not None and asked not in titles:
        elements.notice(NOT_THERE, language)
    titles = told_apart(titles)
    chosen = st.selectbox(
        elements.words(say("Choose a trial"), language),
        ids,
        index=ids.index(asked) if asked in titles else 0,
        format_func=lambda key: titles[key],
        width=440,
    )
    return chosen if chosen is not None else ids[0]


def told_apart(options: dict[str, str]) -> dict[str, str]:
    """Words for each option that no other has: the browser knows an option by its words alone."""
    twice = {words for words, n in Counter(options.values()).items() if n > 1}
    return {key: f"{words} ({key})" if words in twice else words for key, words in options.items()}
