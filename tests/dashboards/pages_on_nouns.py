"""Draws one page on hand-built nouns, as Streamlit would run it.

The scripts are run from their source text, so they bear no types and import what they need.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import lxml.html
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import session
from htkeval.business_case import BusinessCase
from htkeval.decision import Policy
from htkeval.evidence_pool import PooledQuestion
from htkeval.fund import Fund
from htkeval.in_groups import InGroups
from htkeval.kept_row import RowHistory
from htkeval.knowing import Knowing
from htkeval.portfolio import Portfolio
from htkeval.reporting.calibration import Campaign
from htkeval.roles import Roles
from htkeval.steps.protect import Protection
from htkeval.supported import Supported
from htkeval.text import Language, Text
from htkeval.trace import Trace


def overview(
    portfolio: Portfolio,
    language: Language = "da",
    money: Supported | None = None,
    fund: Fund | None = None,
    going_on: Mapping[str, Knowing] | None = None,
) -> AppTest:
    """The overview."""

    def script(portfolio, language, money, fund, going_on):
        from dashboards.views import overview

        overview.show(
            portfolio,
            language,
            money=money,
            fund=fund,
            going_on=lambda state: (going_on or {}).get(state.trial.id),
        )

    return _run(script, portfolio, language, money, fund, going_on)


def neighbours(
    questions: tuple[PooledQuestion, ...], language: Language = "da", asked: str | None = None
) -> AppTest:
    """The page of what other municipalities found."""

    def script(questions, language, asked):
        from dashboards.views import neighbours

        neighbours.show(questions, language, titles={"proeve": "En prøve"}, asked=asked)

    return _run(script, questions, language, asked)


def trial(
    portfolio: Portfolio,
    language: Language = "da",
    asked: str | None = None,
    worth: BusinessCase | None = None,
) -> AppTest:
    """The page of one trial."""

    def script(portfolio, language, asked, worth):
        from dashboards.views import trial

        trial.show(portfolio, language, asked=asked, worth_of=lambda _: worth)

    return _run(script, portfolio, language, asked, worth)


def plan(
    portfolio: Portfolio, policy: Policy, language: Language = "da", asked: str | None = None
) -> AppTest:
    """The page of what a plan could see."""

    def script(portfolio, policy, language, asked):
        from dashboards.views import plan

        plan.show(portfolio, policy, language, asked=asked)

    return _run(script, portfolio, policy, language, asked)


def corrections(
    portfolio: Portfolio,
    history: RowHistory,
    language: Language = "da",
    asked: str | None = None,
) -> AppTest:
    """The page of what was put right or left out."""

    def script(portfolio, history, language, asked):
        from dashboards.views import corrections

        corrections.show(portfolio, language, known=lambda _: history, asked=asked)

    return _run(script, portfolio, history, language, asked)


def method(campaign: Campaign | None, language: Language = "da") -> AppTest:
    """The page of method and words."""

    def script(campaign, language):
        from dashboards.views import method

        method.show(campaign, language)

    return _run(script, campaign, language)


def analyst(
    portfolio: Portfolio, found: InGroups | Text | None, language: Language = "da"
) -> AppTest:
    """The page of effects and checks."""

    def script(portfolio, found, language):
        from dashboards.views import analyst

        analyst.show(portfolio, language, found=lambda _: found, files=lambda *_: b"zip")

    return _run(script, portfolio, found, language)


def raw(portfolio: Portfolio, found: InGroups | Text | None, language: Language = "da") -> AppTest:
    """The page of raw data in groups."""

    def script(portfolio, found, language):
        from dashboards.views import raw

        raw.show(portfolio, language, found=lambda _: found, files=lambda *_: b"zip")

    return _run(script, portfolio, found, language)


def traced(portfolio: Portfolio, trace: Trace, language: Language = "da") -> AppTest:
    """The page of fingerprints; every proof holds."""

    def script(portfolio, trace, language):
        from dashboards.views import traced
        from htkeval.effect import Check
        from htkeval.text import say

        held = (Check(name="chain", passed=True, message=say("Nothing yet.")),)
        traced.show(portfolio, language, known=lambda _: trace, prove=lambda: held)

    return _run(script, portfolio, trace, language)


def app(portfolio: Portfolio, language: Language = "da") -> AppTest:
    """The whole app with its navigation."""

    def script(portfolio, language):
        from datetime import date

        from dashboards import pages
        from htkeval.municipality import Municipality

        whose = Municipality(
            name=portfolio.municipality, committee=portfolio.committee, updated=date(2026, 1, 1)
        )
        pages.run(lambda: portfolio, whose, pages.chosen_language(language))

    return AppTest.from_function(script, args=(portfolio, language), default_timeout=30)


def at_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `htkeval dashboard` had started the pages for whoever sits at this computer."""
    monkeypatch.setattr(session, "_SETTLED", [Protection("local", Roles())])


def _run(script: Any, *arguments: Any) -> AppTest:
    page = AppTest.from_function(script, args=arguments, default_timeout=30).run()
    assert not page.exception, page.exception
    return page


def tables(page: Any) -> list[pd.DataFrame]:
    """The tables of a page, or of a part of it, as a browser reads them: names of rows first."""
    found = []
    for element in page.get("html"):
        for table in lxml.html.fragments_fromstring(element.value):
            if getattr(table, "tag", None) == "table":
                for icon in table.find_class("icon"):
                    icon.text = ""  # the name of a picture is no word
                head, *rows = [
                    [cell.text_content().strip() for cell in row] for row in table.iter("tr")
                ]
                index = pd.Index([row[0] for row in rows], name=head[0])
                found.append(pd.DataFrame([row[1:] for row in rows], index, head[1:]))
    return found


def text_of(page: AppTest) -> str:
    """All that a reader reads, without escapes, invisible signs and hard spaces."""
    parts = [element.value for element in (*page.title, *page.header, *page.subheader)]
    parts += [element.value for element in page.markdown]
    parts += [each.label for each in page.expander]
    for element in page.get("html"):
        for part in lxml.html.fragments_fromstring(element.value):
            lines = part.iter("p") if hasattr(part, "iter") else ()
            parts += [line.text_content() for line in lines]
    for frame in tables(page):
        parts += [str(cell) for cell in (frame.index.name, *frame.columns, *frame.index)]
        parts += [str(cell) for row in frame.itertuples(index=False) for cell in row]
    shown = re.sub(r"\\([^\w\s])", r"\1", "\n".join(parts))
    return shown.replace("\u2060", "").replace("\u00a0", " ").replace("**", "")
