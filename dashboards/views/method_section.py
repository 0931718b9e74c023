"""How a trial was worked out, for specialists: the closed foot of its page."""

from __future__ import annotations

import streamlit as st

from dashboards import elements
from htkeval.analysis import Analysis
from htkeval.portfolio import TrialState
from htkeval.reporting import likeness, method_tables, otherwise
from htkeval.reporting.tables import Table
from htkeval.text import Language, Text, say
from htkeval.trial import Trial


def show(state: TrialState, language: Language) -> None:
    """For specialists; the first place on the page where a p-value may stand."""
    elements.header(say("Method"), language)
    trial, analysis = state.trial, state.analysis
    with st.expander(elements.words(say("How it was worked out (for specialists)"), language)):
        if analysis:
            if told := otherwise.holds(analysis):
                elements.sentence(told, language, bold=True)
            for name, shown, meaning in (
                ("effects", method_tables.effects(trial, analysis), None),
                (
                    "sensitivity",
                    otherwise.confirmatory(trial, analysis),
                    otherwise.compared_only(analysis),
                ),
                ("bounds", otherwise.bounds(trial, analysis), otherwise.BOUNDS),
                ("subgroups", otherwise.subgroups(trial, analysis), otherwise.SUBGROUPS),
                ("checks", method_tables.checks(analysis), None),
                ("gaps", method_tables.gaps(trial, analysis), None),
            ):
                _part(name, shown, language, meaning)
        prints = method_tables.fingerprints(state)
        if prints.rows:
            elements.subheader(prints.name, language)
            elements.table(prints, language, key="fingerprints")
        if state.unpublished:
            text = say("{n} runs are not delivered to MLflow yet.", n=state.unpublished)
            elements.sentence(text, language)
    if analysis:
        every_way(trial, analysis, language)


def _part(name: str, shown: Table, language: Language, meaning: Text | None = None) -> None:
    """A table with its heading, and what it means; nothing where it is empty."""
    if not shown.rows:
        return
    elements.subheader(shown.name, language)
    if meaning is not None:
        elements.sentence(meaning, language)
    elements.table(shown, language, key=name)


def every_way(trial: Trial, analysis: Analysis, language: Language) -> None:
    """Every figure by every method and model: the reader who wants them all opens once more."""
    with st.expander(elements.words(say("Every figure in every way"), language)):
        averages = method_tables.averages(trial, analysis)
        _part("averages", averages, language, method_tables.COMPARABLE)
        _part("likeness", likeness.table(trial, analysis), language, likeness.LIKENESS)
        _part("inference", method_tables.inference(trial, analysis), language)
        for number, (sentence, shown) in enumerate(otherwise.rest(trial, analysis), 1):
            elements.sentence(sentence, language, bold=True)
            elements.table(shown, language, key=f"otherwise-{number}")
