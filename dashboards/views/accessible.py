"""Accessibility: what was done, how it is measured, and what is known to be missing."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards import elements
from htkeval.text import Language, say

TITLE = say("Accessibility")
STATEMENT: dict[Language, str] = {"da": "tilgaengelighed.md", "en": "accessibility.md"}
"""The file in each language; a test holds what they list against what is found."""


def statement(language: Language) -> str:
    """The statement as it is written."""
    folder = Path(__file__).resolve().parents[1]
    return (folder / STATEMENT[language]).read_text(encoding="utf-8")


def show(language: Language) -> None:
    """Draw the page."""
    elements.title(TITLE, language)
    for n, part in enumerate(statement(language).split("\n## ")):
        heading, _, text = part.partition("\n") if n else ("", "", part)
        if heading:
            st.header(heading, anchor=False)
        st.markdown(text)
