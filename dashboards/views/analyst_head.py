"""The head of an analyst's page: which trial, what was promised, on which data; or why no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboards import as_html, elements
from dashboards.views import choice
from htkeval.analysis import Analysis
from htkeval.portfolio import Portfolio, TrialState
from htkeval.reporting import analyst as words
from htkeval.reporting import result, wording
from htkeval.reporting.certainty import level_of
from htkeval.text import Language, Text, say
from htkeval.trial import Trial


@dataclass(frozen=True)
class Shown:
    """A trial with an analysis that may be shown."""

    state: TrialState
    """Where the trial stands."""
    analysis: Analysis
    """The newest analysis."""

    @property
    def trial(self) -> Trial:
        """The definition that counts."""
        return self.state.trial


def chosen(
    portfolio: Portfolio,
    heading: Text,
    language: Language,
    *,
    asked: str | None,
    chose: Callable[[str], None] | None,
) -> TrialState | None:
    """The trial that a page is about, its name above the heading; None where there is no trial."""
    states = {state.trial.id: state for state in portfolio.trials}
    if any(state.simulated for state in portfolio.trials):
        elements.simulated(language)
    if not states:
        elements.title(heading, language)
        elements.sentence(wording.lead(portfolio), language)
        return None
    name = choice.which((one.trial for one in states.values()), asked, language)
    if chose:
        chose(name)
    elements.title(heading, language)
    return states[name]


def opening(
    portfolio: Portfolio,
    heading: Text,
    language: Language,
    *,
    asked: str | None,
    chose: Callable[[str], None] | None,
) -> Shown | None:
    """The head of the page; None where nothing more may be shown, which is then said."""
    state = chosen(portfolio, heading, language, asked=asked, chose=chose)
    if state is None:
        return None
    _promised(state, language)
    analysis = state.analysis
    if analysis is None:
        elements.notice(words.NOT_YET, language)
        return None
    if analysis.between_looks:
        elements.notice(words.BETWEEN, language)
        for looked in result.of_looks(analysis):
            elements.sentence(looked, language)
        return None
    if state.stale:
        elements.notice(words.MORE_CAME, language)
    return Shown(state, analysis)


def _promised(state: TrialState, language: Language) -> None:
    """Design, promise, data and level side by side; under one another on a phone."""
    *places, last = st.columns(4)
    for column, (heading, lines) in zip(places, words.promised(state), strict=True):
        with column:
            told = [as_html.line(line, language) for line in lines]
            elements.block([as_html.label(heading, language), *told])
    with last:
        measured = as_html.line(say("not yet"), language)
        if state.analysis:
            measured = as_html.strength(level_of(state.analysis), language)
        elements.block([as_html.label(say("How well is it measured?"), language), measured])
