"""Raw data in groups: how values are spread, by arm, and the same people with and without."""

from __future__ import annotations

from collections.abc import Callable

from dashboards import elements
from dashboards.views import analyst_files, analyst_pictures
from dashboards.views.analyst import Found
from dashboards.views.analyst_head import opening
from htkeval.portfolio import Portfolio
from htkeval.reporting import method_tables, tables
from htkeval.text import Language, say


def show(
    portfolio: Portfolio,
    language: Language,
    *,
    found: Found,
    files: analyst_files.Files | None = None,
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
) -> None:
    """Draw the page; the arguments are those of `analyst.show`."""
    shown = opening(portfolio, say("Raw data in groups"), language, asked=asked, chose=chose)
    if shown is None:
        return
    groups = found(shown.trial.id)
    elements.header(say("How many?"), language)
    elements.table(tables.counts(shown.state), language, key="counts")
    averages = method_tables.averages(shown.trial, shown.analysis)
    if averages.rows:
        elements.header(averages.name, language)
        elements.sentence(method_tables.COMPARABLE, language)
        elements.table(averages, language, key="averages")
    elements.header(say("The distribution"), language)
    analyst_pictures.distribution(shown, groups, language)
    elements.header(say("The same people with and without AI"), language)
    analyst_pictures.pairs(shown, groups, language)
    elements.header(say("What the model leaves over"), language)
    analyst_pictures.left_over(shown, groups, language)
    if files is not None:
        elements.header(say("Take it with you"), language)
        analyst_files.show(shown.trial.id, files, language)
