"""What other municipalities found: each trial of a question, and what the next one may expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboards import elements
from htkeval.evidence_pool import PooledQuestion, Stratum
from htkeval.reporting import forest, pooled
from htkeval.reporting.tables import Table
from htkeval.text import Language, render, say

NOTHING_YET = say(
    "No trial states which question it asks, and no other municipality's result was taken in. "
    "`htkeval evidence import` takes one in."
)


def show(
    questions: tuple[PooledQuestion, ...],
    language: Language,
    *,
    titles: Mapping[str, str],
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
) -> None:
    """Draw the page.

    Args:
        questions: All that is known here, by question.
        language: Of every word.
        titles: What our trials are called, by their ids.
        asked: The question that the address names.
        chose: Is told the question that is shown.
    """
    if not questions:
        elements.title(say("Other municipalities"), language)
        elements.sentence(NOTHING_YET, language)
        return
    if any(one.simulated for found in questions for one in found.strata):
        elements.simulated(language)
    known = {one.question: pooled.titled(one, titles) for one in questions}
    if asked is not None and asked not in known:
        elements.notice(say("There is no question of that name here."), language)
    first = asked if asked in known else questions[0].question
    name = st.selectbox(
        elements.label_of(say("Choose a question"), language),
        list(known),
        index=list(known).index(first),
        format_func=lambda name: render(pooled.asked(known[name]), language),
        key="question",
    )
    if chose:
        chose(name)
    _question(known[name], language)


def _question(found: PooledQuestion, language: Language) -> None:
    elements.title(forest.title(found), language)
    for number, stratum in enumerate(found.strata, 1):
        _stratum(stratum, language, number)
    if found.waiting:
        elements.header(say("Ours that are not among them"), language)
        told = [say("{trial}: {reason}", trial=one.trial, reason=one.reason.message)
                for one in found.waiting]  # fmt: skip
        elements.bullets([elements.words(one, language) for one in told])


def _stratum(stratum: Stratum, language: Language, number: int) -> None:
    """Trials that are compared in one way: the chart, what follows from it, and each trial."""
    elements.header(pooled.heading(stratum), language)
    picture = forest.forest(stratum)
    if picture is not None:
        elements.sentence(picture.caption, language, bold=True)
        elements.chart(picture, language, key=f"forest-{number}", simulated=stratum.simulated)
    for one in (*pooled.concluded(stratum), *pooled.remarks(stratum)):
        elements.sentence(one, language)
    if picture is not None:
        elements.figures_as_table(picture, language, key=f"forest-{number}")
    with st.expander(elements.words(say("Each trial"), language)):
        rows = tuple(tuple(row) for row in pooled.rows(stratum))
        elements.table(
            Table(say("Trials of the question"), pooled.HEAD, rows), language, key=f"all-{number}"
        )
        if stratum.pooled is not None:
            elements.small(pooled.spread(stratum.pooled), language)
