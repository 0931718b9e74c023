"""What can be taken away: figures with their codebook, and the pictures. Nothing of persons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import streamlit as st

from dashboards import elements, media
from htkeval.text import Language, Text, say

Form = Literal["csv", "parquet", "svg", "png"]
Files = Callable[[str, Form, Language], bytes]
"""Told a trial's id, a kind of file and a language: a zip."""

LABELS: dict[Form, Text] = {
    "csv": say("CSV and codebook"),
    "parquet": say("Parquet and codebook"),
    "svg": say("Figures, SVG"),
    "png": say("Figures, PNG"),
}
ABOUT = say("Each is one zip file. No row of any person is in it.")


def show(trial: str, files: Files, language: Language) -> None:
    """A button for each kind; a file is made when it is asked for."""
    with st.container(horizontal=True):
        for form, label in LABELS.items():
            st.download_button(
                elements.label_of(label, language),
                data=media.when_asked(partial(files, trial, form, language)),
                file_name=f"{trial}-{form}.zip",
                mime="application/zip",
                key=f"take-{form}",
                on_click="ignore",
            )
    elements.small(ABOUT, language)
