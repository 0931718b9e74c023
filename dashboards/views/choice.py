"""Which trial a page is about: the one in the address, else the one that was chosen last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

import streamlit as st

from dashboards import elements
from htkeval.reporting.plain import shortened
from htkeval.text import Language, say
from htkeval.trial import Trial

_LAST = "trial-last"
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
    wanted = asked if asked in titles else last(ids)
    chosen = st.selectbox(
        elements.words(say("Choose a trial"), language),
        ids,
        index=ids.index(wanted) if wanted is not None else 0,
        format_func=lambda key: titles[key],
        width=440,
    )
    name = chosen if chosen is not None else ids[0]
    if name != ids[0] or last(ids) is not None or last() is None:
        remember(name)  # the first in place of one that this page may not show is nobody's choice
    return name


def last(offered: Container[str] | None = None) -> str | None:
    """The trial that was shown last in this session, where a page offers it.

    Args:
        offered: What the page offers; None: whatever it is.
    """
    name = st.session_state.get(_LAST)
    return str(name) if name is not None and (offered is None or name in offered) else None


def remember(name: str) -> None:
    """Have the next page begin with this trial."""
    st.session_state[_LAST] = name


def told_apart(options: dict[str, str]) -> dict[str, str]:
    """Words for each option that no other has: the browser knows an option by its words alone."""
    twice = {words for words, n in Counter(options.values()).items() if n > 1}
    return {key: f"{words} ({key})" if words in twice else words for key, words in options.items()}
