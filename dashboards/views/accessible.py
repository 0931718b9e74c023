"""Accessibility: what was done, how it is measured, and what is known to be missing."""

from __future__ import annotations

import streamlit as st

from dashboards import elements
from htkeval.text import Language, say

TITLE = say("Accessibility")


def show(statement: str, language: Language) -> None:
    """Draw the page.

    Args:
        statement: As it is written, in Markdown.
        language: Of the title.
    """
    elements.title(TITLE, language)
    for n, part in enumerate(statement.split("\n## ")):
        heading, _, text = part.partition("\n") if n else ("", "", part)
        if heading:
            st.header(heading, anchor=False)
        st.markdown(text)
