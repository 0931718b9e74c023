"""Method and words: how effects are worked out, how far that can be trusted, what words mean."""

from __future__ import annotations

import streamlit as st

from dashboards import elements
from htkeval.reporting import calibration_tables, check_words, designs, glossary, published
from htkeval.reporting.calibration import Campaign
from htkeval.reporting.tables import Table
from htkeval.text import Language, say


def show(campaign: Campaign | None, language: Language) -> None:
    """Draw the page.

    Args:
        campaign: What came of the trials in which nothing happened; None where none is stored.
        language: Of every word.
    """
    elements.title(say("Method and words"), language)
    elements.header(say("How is an effect worked out?"), language)
    for text in designs.ESTIMATED:
        elements.sentence(text, language)
    elements.table(designs.table(), language, key="designs")
    elements.sentence(designs.INSTEAD, language)
    elements.header(say("What does it mean to repeat the draw?"), language)
    for text in designs.REPEATED:
        elements.sentence(text, language)
    elements.header(say("The six levels of how well it is measured"), language)
    elements.table(glossary.levels(), language, key="levels")
    elements.sentence(glossary.STEPS_DOWN, language)
    _calibration(campaign, language)
    _published(language)
    _words(language)


def _calibration(campaign: Campaign | None, language: Language) -> None:
    elements.header(say("How often do the methods alarm for nothing?"), language)
    if campaign is None:
        elements.sentence(calibration_tables.NOT_YET, language)
        return
    elements.sentence(calibration_tables.PROMISED, language)
    elements.sentence(calibration_tables.told(campaign), language, bold=True)
    elements.sentence(calibration_tables.luck(campaign), language)
    if broken := calibration_tables.broken(campaign):
        elements.sentence(broken, language)
    elements.table(calibration_tables.summary(campaign), language, key="calibration")
    _part(calibration_tables.unsupported(campaign), language, key="unsupported")
    with st.expander(elements.words(say("Every kind of trial"), language)):
        elements.sentence(calibration_tables.EVERY, language)
        for number, shown in enumerate(calibration_tables.every(campaign), 1):
            _part(shown, language, key=f"kinds-{number}")


def _published(language: Language) -> None:
    """Figures of published studies beside what the same measurements give here."""
    shown = published.table()
    if shown.rows:
        elements.header(published.HEADING, language)
        elements.sentence(published.MEANING, language)
        elements.table(shown, language, key="published")


def _words(language: Language) -> None:
    elements.header(say("What do the words mean?"), language)
    _part(glossary.verdicts(), language, key="verdicts")
    _part(glossary.terms(), language, key="terms")
    elements.header(say("What is checked?"), language)
    elements.sentence(check_words.OUTCOMES, language)
    for number, shown in enumerate(check_words.tables(), 1):
        _part(shown, language, key=f"checks-{number}")


def _part(shown: Table, language: Language, *, key: str) -> None:
    """A table with its heading; nothing where it is empty."""
    if shown.rows:
        elements.subheader(shown.name, language)
        elements.table(shown, language, key=key)
