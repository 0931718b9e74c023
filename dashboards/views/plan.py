"""Plan: what a trial could see, before anybody is measured; sliders, and an answer at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import streamlit as st

from dashboards import elements, plans
from dashboards.views import choice
from htkeval.decision import Policy
from htkeval.outlook import Glance
from htkeval.planning.assumed import Assumed
from htkeval.planning.glance import CHECKED, CHECKED_DRAWS
from htkeval.planning.outlook import Question
from htkeval.planning.span import Span, spans
from htkeval.portfolio import Portfolio
from htkeval.reporting import glance as words
from htkeval.reporting import outlook, wording
from htkeval.reporting.numbers import number
from htkeval.steps.plan import question
from htkeval.text import Language, Text, render, say
from htkeval.trial import Trial


def show(
    portfolio: Portfolio,
    policy: Policy,
    language: Language,
    *,
    known: Callable[[str], Assumed | None] | None = None,
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
    said: Mapping[str, str | None] | None = None,
    turned: Callable[[str, str | None], None] = lambda name, value: None,
) -> None:
    """Draw the page.

    Args:
        portfolio: Every trial.
        policy: The rules in force: how surely a goal must be seen, and what they would say.
        language: Of every word.
        known: Told a trial's id, says what its measurements without the tool say of the work.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
        said: What the address says that the sliders stand at; what none can be is not heeded.
        turned: Is told where each slider stands, as the address says it; None: where the plan
            itself has it.
    """
    states = {state.trial.id: state for state in portfolio.trials}
    elements.title(say("What could the plan see?"), language)
    if not states:
        elements.sentence(wording.lead(portfolio), language)
        return
    with st.container(key="lead"):
        elements.sentence(words.ABOUT, language)
    name = choice.which((one.trial for one in states.values()), asked, language)
    if chose:
        chose(name)
    mine = asked is None or asked == name  # another trial begins where its own plan stands
    address = Address((said or {}) if mine else {}, turned)
    _plan(states[name].trial, policy, language, known(name) if known else None, address)


@dataclass(frozen=True)
class Address:
    """Where the sliders stand, as the address says it."""

    said: Mapping[str, str | None]
    """By name; what a slider cannot be is not heeded."""
    turned: Callable[[str, str | None], None]
    """Is told where one stands; None: where the plan itself has it."""

    def start(self, name: str, span: Span) -> float:
        """Where a slider stands at first."""
        return {f"{one:g}": one for one in span.values}.get(self.said.get(name) or "", span.start)

    def keep(self, name: str, span: Span, value: float) -> None:
        """Have the address say where it stands now."""
        self.turned(name, None if value == span.start else f"{value:g}")


@st.fragment
def _plan(
    trial: Trial, policy: Policy, language: Language, measured: Assumed | None, address: Address
) -> None:
    """Drawn again by itself when a slider is moved: nothing else depends on them."""
    asked = _question(trial, policy, language, measured, address)
    found = plans.at_once(asked)
    _floors(found, language)
    if found.refused:
        return
    _formula(trial, found, language)
    _check(asked, language)


def _question(
    trial: Trial, policy: Policy, language: Language, measured: Assumed | None, address: Address
) -> Question:
    """The plan as the sliders have it."""
    may = spans(trial, measured=measured)
    elements.sentence(words.aim(trial), language, bold=True)
    left, right = st.columns(2, gap="medium")
    with left:
        name = words.units_name(trial)
        units = _whole(name, may.units, language, address, of="units", trial=trial)
    with right:
        name = words.tasks_name(trial)
        each = _whole(name, may.tasks_each, language, address, of="tasks", trial=trial)
    left, right = st.columns(2, gap="medium")  # a new row: a phone then keeps the order
    with left:
        name, told = words.icc_name(trial), words.ICC_MEANS
        icc = _part(name, may.icc, language, address, told=told, of="icc", trial=trial)
    with right:
        name, told = words.LOG_SD_NAME, words.LOG_SD_MEANS
        log_sd = _part(name, may.log_sd, language, address, told=told, of="log_sd", trial=trial)
    return question(
        trial,
        policy,
        units=units,
        tasks_each=each,
        icc=icc,
        log_sd=log_sd,
        measured=measured,
        trials=CHECKED,
        draws=CHECKED_DRAWS,
        sizes=False,
    )


def _whole(
    name: Text, span: Span, language: Language, address: Address, *, of: str, trial: Trial
) -> int:
    ends = (int(span.low), int(span.high), int(address.start(of, span)))
    chosen = st.slider(render(name, language), *ends, key=f"{of}-{trial.id}")
    address.keep(of, span, chosen)
    return chosen


@cache
def _decimals(value: float, language: Language) -> str:
    """A place of a slider; each of some eighty is asked for whenever one is moved."""
    return render(number(value, 2), language)


def _part(
    name: Text,
    span: Span,
    language: Language,
    address: Address,
    *,
    told: Text,
    of: str,
    trial: Trial,
) -> float | None:
    """A slider of decimals, with the language's own comma; None where it was not moved."""
    chosen = st.select_slider(
        render(name, language),  # read aloud as it stands, so without escapes
        span.values,
        address.start(of, span),
        format_func=partial(_decimals, language=language),
        key=f"{of}-{trial.id}",
    )
    address.keep(of, span, chosen)
    elements.small(told, language)
    return None if chosen == span.start else chosen


def _floors(found: Glance, language: Language) -> None:
    elements.header(say("Can the plan give an answer at all?"), language)
    for refusal in found.reach.refusals:
        elements.alarm(refusal.message, language)
    for warning in found.reach.warnings:
        elements.notice(warning.message, language)
    if not found.refused and not found.reach.warnings:
        elements.sentence(words.reach(found), language)


def _formula(trial: Trial, found: Glance, language: Language) -> None:
    elements.header(say("What can it see?"), language)
    first, *rest = words.summary(trial, found)
    elements.sentence(first, language, bold=True)
    for sentence in rest:
        elements.sentence(sentence, language)
    picture = words.curve(trial, found)
    if picture is None:
        return
    elements.chart(picture, language, simulated=False, key="power")
    elements.figures_as_table(picture, language, key="power")
    elements.small(words.BY_FORMULA, language)


def _check(asked: Question, language: Language) -> None:
    """The same counted in invented trials, once somebody asks for it."""
    elements.header(say("Check it"), language)
    elements.sentence(words.checking(CHECKED), language)
    wanted = st.button(elements.words(say("Check in invented trials"), language), type="primary")
    found = plans.counted(asked)
    if found is None and wanted:
        doing = elements.words(say("Inventing trials"), language)
        bar = st.progress(0.0, text=doing)
        found = plans.count(asked, tell=lambda share: bar.progress(share, text=doing))
        bar.empty()
    if found is None:
        return
    for sentence in outlook.summary(asked.trial, found):
        elements.sentence(sentence, language)
    for key, shown in (
        ("chances", outlook.verdicts(found)),
        ("assumed", outlook.assumptions(found)),
    ):
        if shown.rows:
            elements.subheader(shown.name, language)
            elements.table(shown, language, key=key)
