"""Overview: the answer, then for each trial what it gave and how surely, then what waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboards import as_html, elements
from dashboards.views.choice import told_apart
from htkeval.fund import Fund
from htkeval.knowing import Knowing
from htkeval.local_day import local_day
from htkeval.portfolio import Portfolio, TrialState
from htkeval.reporting import (
    budget_bars,
    deviations,
    findings,
    knowing,
    notes,
    pictures,
    pool_shown,
    result,
    strategy,
    tables,
    wording,
)
from htkeval.reporting import money as told
from htkeval.reporting import overview as words
from htkeval.reporting.certainty import level_of
from htkeval.reporting.decided import open_conditions
from htkeval.reporting.plain import plain
from htkeval.strategy import Strategy, TrialInput
from htkeval.supported import Supported
from htkeval.text import Language, Text, render, say

MOST_CARDS = 12
"""Above this many trials a table holds all of them."""
CARDS_OF_MANY = 3
"""Beside that table: the first of those that wait for the committee, 40 seconds' reading each."""
GoingOn = Callable[[TrialState], Knowing | None]
"""Tells what it costs and is worth to go on with a trial."""
LONGEST_LINE = 800
"""Characters of a line among the input to the strategy; the trial's own page has the rest."""


def show(
    portfolio: Portfolio,
    language: Language,
    *,
    trial_page: Any = None,
    papers_page: Any = None,
    money: Supported | None = None,
    fund: Fund | None = None,
    ends: Strategy | None = None,
    going_on: GoingOn | None = None,
) -> None:
    """Draw the page.

    Args:
        portfolio: Every trial, those that ask for a decision first.
        language: Of every word.
        trial_page: The page that a card leads to; None where there is none.
        papers_page: The page where the committee's paper is made; None where there is none.
        money: What of the budget the evidence carries; None where it cannot be told.
        fund: The pool and its applications; None where it cannot be told.
        ends: What the portfolio ends with, where that was worked out before.
        going_on: Tells what it costs and is worth to go on with a trial; None where it cannot be.
    """
    if any(state.simulated for state in portfolio.trials):
        elements.simulated(language)
    elements.small(words.seen(portfolio, local_day(datetime.now(UTC))), language)
    worth = told.carried(money) if money else None
    elements.title(wording.title(portfolio, worth), language)
    with st.container(key="lead"):
        lacking = told.lacking(money) if money else None
        elements.sentence(wording.lead(portfolio, lacking), language)
    if papers_page is not None and portfolio.trials:
        label = elements.words(say("Read the committee's paper (2 pages)"), language)
        st.page_link(
            papers_page, label=label, icon=":material/description:", query_params={"lang": language}
        )
    for problem in portfolio.unreadable:
        st.warning(plain(elements.words(problem, language)), icon=":material/warning:")
    if not portfolio.trials:
        return
    _trials(portfolio, language, trial_page, money, going_on)
    elements.header(say("How much of the budget is there evidence for?"), language)
    _money(money, language, simulated=any(one.simulated for one in portfolio.trials))
    left, right = st.columns(2, gap="medium")
    with left:
        _pool(fund, portfolio, language)
    with right:
        _decisions(portfolio, language)
    _unsolved(portfolio, language)
    _told(portfolio, language)
    _strategy(ends or strategy.strategy(portfolio), language)


def _money(money: Supported | None, language: Language, *, simulated: bool) -> None:
    """The booked years beside what the evidence carries, and where that arises."""
    if money is None:
        elements.sentence(told.NOT_STATED, language)
        return
    for one in (told.carried(money), told.lacking(money), told.span(money), told.COUNTS):
        if one is not None:
            elements.sentence(one, language)
    picture = budget_bars.bars(money)
    if picture is not None:
        elements.sentence(picture.caption, language, bold=True)
        elements.chart(picture, language, key="budget", simulated=simulated)
        elements.small(told.HOW_TO_READ, language)
    elements.table(told.own_form(money), language, key="own-form")
    elements.small(told.SIGNS, language)
    elements.small(told.MEANING, language)
    if (rounded := told.rounded(money)) is not None:
        elements.small(rounded, language)
    if money.areas:
        elements.table(told.areas(money), language, key="areas")


def _trials(
    portfolio: Portfolio,
    language: Language,
    trial_page: Any,
    money: Supported | None,
    going_on: GoingOn | None,
) -> None:
    elements.header(say("What was tried, and what did it give?"), language)
    cards = portfolio.trials
    if len(cards) > MOST_CARDS:
        cards = tuple(state for state in cards if wording.waiting(state))[:CARDS_OF_MANY]
    domain = pictures.card_domain(
        (state.trial, state.analysis) for state in portfolio.trials if state.analysis
    )
    for number, state in enumerate(cards, 1):
        with st.container(border=True, gap="xxsmall"):
            price = knowing.price(going_on(state) if going_on else None, state.trial)
            _card(state, language, domain, trial_page, money, number=number, price=price)
    if len(cards) < len(portfolio.trials):
        elements.table(tables.overview(portfolio), language, key="all")
    if any(state.analysis for state in cards):
        with st.expander(elements.words(say("How to read the figures"), language)):
            for line in words.HOW_TO_READ:
                elements.sentence(line, language)


def _card(
    state: TrialState,
    language: Language,
    domain: pictures.Domain,
    page: Any,
    money: Supported | None,
    *,
    number: int,
    price: Text | None = None,
) -> None:
    """Verdict, what it gave, what it is worth, how well it was measured, why."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        elements.subheader(state.trial.title, language)
        elements.badge(wording.verdict_mark(state), language)
    elements.small(words.scope(state), language)
    if state.analysis:
        with st.container(key=f"card-{number}"):
            left, right = st.columns([1.15, 1], gap="medium")
            with left:
                _result(state, language, domain, number)
            with right:
                _worth_and_strength(state, language, money)
    with st.container(key=f"why-{number}"):
        because = as_html.bold(say("Therefore:"), language)
        lines = [f"{because} {as_html.line(wording.why(state), language)}"]
        if price is not None:
            lines.append(as_html.line(price, language))
        if decision := wording.decided(state):
            lines.append(as_html.bold(decision, language))
        for one in open_conditions(state, local_day(datetime.now(UTC))):
            lines.append(as_html.line(say("Condition: {what}", what=one), language))
        if (open_still := findings.not_solved(state)) is not None:
            lines.append(as_html.line(open_still, language))
        elements.block(lines)
        if (told := deviations.in_short(state)) is not None:
            grave = any(one.grave for one in state.deviations)
            (elements.alarm if grave else elements.sentence)(told, language)
    if page is not None:
        label = elements.words(say("See the whole trial"), language)
        st.page_link(page, label=label, query_params={"trial": state.trial.id, "lang": language})


def _result(state: TrialState, language: Language, domain: pictures.Domain, number: int) -> None:
    if state.analysis is None:
        return
    found = result.finding(state.trial, state.analysis)
    headline = as_html.bold(found.headline, language)
    rest = as_html.line(found.uncertainty, language)
    elements.block([as_html.label(say("What did it give?"), language), f"{headline} {rest}"])
    picture = pictures.strip(state.trial, state.analysis, domain)
    if picture:
        elements.chart(picture, language, key=str(number), simulated=state.simulated, named=False)


def _worth_and_strength(state: TrialState, language: Language, money: Supported | None) -> None:
    if state.analysis is None:
        return
    worth = told.of_trial(money, state.trial.id) or say("Not known")
    elements.block(
        [
            as_html.label(say("What is it worth?"), language),
            as_html.bold(worth, language),
            *(as_html.small(one, language) for one in told.beside(money, state.trial.id)),
        ]
    )
    elements.block(
        [
            as_html.label(say("How well is it measured?"), language),
            as_html.strength(level_of(state.analysis), language),
            as_html.small(words.short_method(state), language),
        ]
    )


def _pool(fund: Fund | None, portfolio: Portfolio, language: Language) -> None:
    """What each trial was granted and has spent, and what is left to grant."""
    if fund is None:
        elements.header(say("The pool"), language)
        elements.sentence(pool_shown.NOT_STATED, language)
        return
    elements.header(pool_shown.heading(fund), language)
    titles = {one.trial.id: one.trial.title for one in portfolio.trials}
    elements.table(pool_shown.table(fund, titles), language, key="pool")
    for beside in (pool_shown.rounded(fund), pool_shown.waits(fund)):
        if beside is not None:
            elements.small(beside, language)


def _unsolved(portfolio: Portfolio, language: Language) -> None:
    """Challenges that nobody has solved, in whichever trial they were met."""
    shown = findings.unsolved(portfolio)
    if shown.rows:
        elements.header(findings.UNSOLVED, language)
        elements.table(shown, language, key="unsolved")


def _told(portfolio: Portfolio, language: Language) -> None:
    """What others told and an area has not answered."""
    shown = notes.waiting(portfolio)
    if shown.rows:
        elements.header(notes.WAITING, language)
        elements.sentence(notes.TOLD, language)
        elements.table(shown, language, key="told")


def _decisions(portfolio: Portfolio, language: Language) -> None:
    """What is decided and what waits, for the committee and for others."""
    elements.header(say("Decided, and what waits"), language)
    for name, lines in words.agenda(portfolio, local_day(datetime.now(UTC))):
        elements.subheader(name, language)
        elements.bullets([elements.words(line, language) for line in lines])


def _strategy(found: Strategy, language: Language) -> None:
    """What the portfolio ends with: its input to the AI strategy, a fold for each trial."""
    telling = [one for one in found.trials if not one.quiet]
    if not (telling or found.notes):
        return
    elements.header(strategy.HEADING, language)
    elements.sentence(strategy.LEAD, language)
    if len(telling) > MOST_CARDS:
        _one_of(telling, language)
    else:
        for one in telling:
            with st.expander(elements.words(strategy.headed(one), language)):
                _folded(strategy.sections(one, short=True), language)
    if found.notes:
        with st.expander(elements.words(strategy.NOTES, language)):
            elements.sentence(notes.TOLD, language)
            elements.bullets(
                [
                    elements.words(each, language, longest=LONGEST_LINE)
                    for each in strategy.notes(found)
                ]
            )
    if (rest := strategy.quiet(found)) is not None:
        elements.small(rest, language)


def _one_of(telling: list[TrialInput], language: Language) -> None:
    """The input of one trial at a time: a hundred closed folds are no overview."""
    known = {one.trial: one for one in telling}
    headed = {name: render(strategy.headed(one), language) for name, one in known.items()}
    headed = told_apart(headed)
    chosen = st.selectbox(
        elements.label_of(say("Input of one trial"), language),
        list(known),
        format_func=lambda name: headed[name],
        key="strategy-of",
    )
    _folded(strategy.sections(known[chosen], short=True), language)


def _folded(sections: tuple[strategy.Section, ...], language: Language) -> None:
    """Headings with their lines, as one element: a hundred trials are drawn at once."""
    told = []
    for heading, lines in sections:
        told += [f"**{elements.words(heading, language)}**", ""]
        told += [f"- {elements.words(one, language, longest=LONGEST_LINE)}" for one in lines]
        told.append("")
    st.markdown("\n".join(told))
