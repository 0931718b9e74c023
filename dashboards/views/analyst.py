"""Effects and checks: signs, or breaks, the conclusion. The page where p-values stand."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboards import elements
from dashboards.views import analyst_files, analyst_pictures, method_section
from dashboards.views.analyst_head import Shown, opening
from htkeval.in_groups import InGroups
from htkeval.portfolio import Portfolio
from htkeval.reporting import analyst as words
from htkeval.reporting import method_tables, otherwise, result, ways
from htkeval.reporting.numbers import comparable
from htkeval.text import Language, Text, say

Found = Callable[[str], InGroups | Text | None]


def show(
    portfolio: Portfolio,
    language: Language,
    *,
    found: Found,
    files: analyst_files.Files | None = None,
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
) -> None:
    """Draw the page.

    Args:
        portfolio: Every trial.
        language: Of every word.
        found: Told a trial's id, says what its frozen rows show in groups.
        files: Told a trial's id, a kind of file and a language, makes what is taken away.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
    """
    shown = opening(portfolio, say("Effects and checks"), language, asked=asked, chose=chose)
    if shown is None:
        return
    groups = found(shown.trial.id)
    _effects(shown, language)
    _every_method(shown, language)
    _otherwise(shown, language)
    _looks(shown, groups, language)
    elements.header(say("The distribution"), language)
    analyst_pictures.distribution(shown, groups, language)
    elements.header(say("Is the effect the same for all?"), language)
    analyst_pictures.by_group(shown, groups, language)
    _checks(shown, language)
    _diagnostics(shown, groups, language)
    _same_again(shown, language)
    if files is not None:
        analyst_files.show(shown.trial.id, files, language)


def _effects(shown: Shown, language: Language) -> None:
    trial, analysis = shown.trial, shown.analysis
    elements.header(say("Effects"), language)
    for looked in result.of_looks(analysis):
        elements.sentence(looked, language)
    if analysis.effects:
        elements.table(words.effects(trial, analysis), language, key="effects")
        if any(comparable(one) for one in analysis.effects):
            elements.small(words.ADJUSTED, language)
        if any(one.scale == "ratio" for one in analysis.effects):
            elements.small(words.GEOMETRIC, language)
    if (alike := words.unlike(analysis)) is not None:
        elements.small(alike, language)
    gaps = method_tables.gaps(trial, analysis)
    if gaps.rows:
        elements.subheader(gaps.name, language)
        elements.table(gaps, language, key="gaps")


def _every_method(shown: Shown, language: Language) -> None:
    picture = ways.methods(shown.trial, shown.analysis)
    if picture is None:
        return
    elements.header(say("The same question by every method"), language)
    analyst_pictures.draw(picture, shown, language, key="methods")
    elements.sentence(words.METHODS_MEAN, language)


def _otherwise(shown: Shown, language: Language) -> None:
    trial, analysis = shown.trial, shown.analysis
    picture = ways.sensitivity(trial, analysis)
    told = otherwise.holds(analysis)
    if picture is None and told is None:
        return
    elements.header(say("Does it hold if we calculate otherwise?"), language)
    if picture is not None:
        analyst_pictures.draw(picture, shown, language, key="sensitivity")
    if told is not None:
        elements.sentence(told, language, bold=True)
    if picture is not None:
        elements.sentence(words.TURN_MEANS, language)
    bounds = otherwise.bounds(trial, analysis)
    if bounds.rows:
        elements.subheader(bounds.name, language)
        elements.sentence(otherwise.BOUNDS, language)
        elements.table(bounds, language, key="bounds")


def _looks(shown: Shown, groups: InGroups | Text | None, language: Language) -> None:
    elements.header(say("On the way: were we allowed to look?"), language)
    if shown.trial.analysis.looks == (1.0,) and not shown.state.looks:
        elements.sentence(words.ONE_LOOK, language)
        return
    analyst_pictures.course(shown, groups, language)


def _checks(shown: Shown, language: Language) -> None:
    elements.header(say("Checks"), language)
    elements.table(method_tables.checks(shown.analysis), language, key="checks")


def _diagnostics(shown: Shown, groups: InGroups | Text | None, language: Language) -> None:
    elements.header(say("Diagnostics"), language)
    analyst_pictures.left_over(shown, groups, language)
    method_section.every_way(shown.trial, shown.analysis, language)


def _same_again(shown: Shown, language: Language) -> None:
    elements.header(say("The same numbers again"), language)
    elements.sentence(words.SAME_AGAIN, language)
    st.code(words.commands(shown.trial), language="bash", wrap_lines=True)
    st.code(words.python(shown.trial), language="python", wrap_lines=True)
