"""Rows against the plan, part by part; its weeks are many, so they stand closed."""

from __future__ import annotations

import streamlit as st

from dashboards import elements
from htkeval.progress import Progress
from htkeval.reporting import progress as words
from htkeval.text import Language


def show(found: Progress, language: Language) -> None:
    """Draw the tables.

    Args:
        found: How far a trial is.
        language: Of every word.
    """
    elements.table(words.without_weeks(found), language, key="parts")
    if (by_week := words.weeks(found)) is not None:
        with st.expander(elements.words(words.weeks_in_short(found), language)):
            elements.table(by_week, language, key="weeks")
    elements.small(words.MEANING, language)
