"""Trace and fingerprints: what every figure hangs on, and whether it still holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboards import elements
from dashboards.views.analyst_head import chosen
from htkeval.effect import Check
from htkeval.portfolio import Portfolio
from htkeval.reporting import method_tables, tables
from htkeval.reporting import traced as words
from htkeval.text import Language, say
from htkeval.trace import Trace


def show(
    portfolio: Portfolio,
    language: Language,
    *,
    known: Callable[[str], Trace],
    prove: Callable[[], Sequence[Check]],
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
) -> None:
    """Draw the page.

    Args:
        portfolio: Every trial.
        language: Of every word.
        known: Told a trial's id, says what is kept of it.
        prove: Works every fingerprint out again; called when somebody asks.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
    """
    state = chosen(portfolio, words.HEADING, language, asked=asked, chose=chose)
    if state is None:
        return
    trace = known(state.trial.id)
    elements.sentence(words.ABOUT, language)
    prints = method_tables.fingerprints(state)
    if prints.rows:
        elements.header(say("What the figures rest on"), language)
        elements.table(prints, language, key="fingerprints")
    if (policy := words.policy(trace)) is not None:
        elements.sentence(policy, language)
    _proof(prove, language)
    elements.header(say("What is kept"), language)
    if trace.kept:
        elements.table(words.kept(trace), language, key="kept")
    else:
        elements.sentence(say("Nothing yet."), language)
    if state.unpublished:
        told = say("{n} runs are not delivered to MLflow yet.", n=state.unpublished)
        elements.sentence(told, language)
    elements.header(say("History"), language)
    elements.table(tables.history(state), language, key="history")


def _proof(prove: Callable[[], Sequence[Check]], language: Language) -> None:
    elements.header(say("Does it still hold?"), language)
    elements.sentence(words.PROVED, language)
    if st.button(elements.label_of(words.ASK, language), key="prove"):
        checks = prove()
        elements.sentence(words.verdict(checks), language, bold=True)
        elements.table(words.proof(checks), language, key="proof")
