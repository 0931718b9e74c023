"""One trial, read from the top: stop after any heading and what was read is still true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from dashboards import as_html, elements
from dashboards.views import by_part, choice, method_section
from htkeval.business_case import BusinessCase
from htkeval.local_day import local_day
from htkeval.portfolio import Portfolio, TrialState
from htkeval.progress import Progress
from htkeval.reporting import (
    certainty,
    decided,
    deviations,
    findings,
    followed,
    knowing,
    locking,
    money,
    pictures,
    progress,
    quality,
    requirements,
    result,
    tables,
    technical,
    waterfall,
    wording,
)
from htkeval.reporting.one_trial import period, policy_says, story
from htkeval.reporting.words import VERDICTS
from htkeval.text import Language, say


def show(
    portfolio: Portfolio,
    language: Language,
    *,
    asked: str | None = None,
    chose: Callable[[str], None] | None = None,
    progress_of: Callable[[str], Progress | None] | None = None,
    worth_of: Callable[[str], BusinessCase | None] | None = None,
) -> None:
    """Draw the page.

    Args:
        portfolio: Every trial.
        language: Of every word.
        asked: The id of the wanted trial, as the address says it.
        chose: Is told the id of the trial that is shown.
        progress_of: Tells how far a trial is, by its id; None where it cannot be told.
        worth_of: Tells what a trial is worth, by its id; None where it cannot be told.
    """
    states = {state.trial.id: state for state in portfolio.trials}
    if any(state.simulated for state in portfolio.trials):
        elements.simulated(language)
    if not states:
        elements.title(wording.title(portfolio), language)
        elements.sentence(wording.lead(portfolio), language)
        return
    name = choice.which((one.trial for one in states.values()), asked, language)
    if chose:
        chose(name)
    found = progress_of(name) if progress_of else None
    _trial(states[name], language, found, worth_of(name) if worth_of else None)


def _trial(
    state: TrialState, language: Language, found: Progress | None, worth: BusinessCase | None
) -> None:
    _question(state, language)
    if state.analysis:
        _result(state, language)
        _certainty(state, language)
        _quality(state, language)
        elements.header(say("What is it worth?"), language)
        _worth(worth, state, language)
    else:
        elements.header(say("How much has been measured?"), language)
        elements.table(tables.counts(state), language, key="counts")
    _gates(state, language)
    _findings(state, language)
    _recommendation(state, language, worth)
    _decision(state, language, worth)
    _follow_up(state, language)
    _technical(state, language)
    if found is not None:
        _progress(found, language)
    _history(state, language)
    method_section.show(state, language)


def _worth(worth: BusinessCase | None, state: TrialState, language: Language) -> None:
    """From minutes to kroner, step by step, and whether more trial is worth its price."""
    if worth is None:
        elements.sentence(money.NOT_STATED, language)
        return
    elements.sentence(worth.message, language, bold=True)
    for told in (money.hours(worth), money.posts(worth)):
        if told is not None:
            elements.sentence(told, language)
    known = worth.knowing
    if known is not None and (counted := money.counted(known)) is not None:
        elements.sentence(counted, language)
    picture = waterfall.falling(state.trial, worth)
    if picture is not None:
        elements.sentence(picture.caption, language, bold=True)
        elements.chart(picture, language, key="hours", simulated=state.simulated)
        elements.figures_as_table(picture, language, key="hours")
    with st.expander(elements.words(say("Step by step, with sources"), language)):
        elements.table(money.steps(worth), language, key="steps")
        if known is not None:
            elements.sentence(knowing.rests_on(known), language)
    if known is not None:
        elements.sentence(known.message, language)


def _question(state: TrialState, language: Language) -> None:
    elements.title(state.trial.question, language)
    with st.container(horizontal=True, vertical_alignment="center"):
        elements.badge(wording.verdict_mark(state), language)
        elements.small(period(state.trial), language)
    with st.container(key="lead"):
        first, *rest = story(state)
        bold = elements.words(first, language)
        st.markdown(" ".join([f"**{bold}**", *(elements.words(one, language) for one in rest)]))
    if decision := wording.decided(state):
        elements.sentence(decision, language, bold=True)
    if grave := [one for one in state.deviations if one.grave]:
        elements.deviation(deviations.sentence(grave[-1]), language, grave=True)
    if state.stale:
        text = say(
            "More measurements, or a deviation, came in after this was worked out. They do not "
            "count yet."
        )
        elements.notice(text, language)


def _result(state: TrialState, language: Language) -> None:
    elements.header(say("What did it give?"), language)
    analysis = state.analysis
    if analysis is None:
        return
    for looked in result.of_looks(analysis):
        elements.notice(looked, language)
    picture = pictures.against_forecast(state.trial, analysis)
    if picture is None:
        elements.sentence(result.finding(state.trial, analysis).uncertainty, language)
        return
    elements.sentence(picture.caption, language, bold=True)
    elements.chart(picture, language, key="result", simulated=state.simulated)
    effect = analysis.confirmatory
    told = result.in_per_cent(state.trial, effect) if effect else None
    for sentence in (told, *result.finding(state.trial, analysis).more):
        if sentence is not None:
            elements.sentence(sentence, language)
    elements.figures_as_table(picture, language, key="result")


def _certainty(state: TrialState, language: Language) -> None:
    elements.header(say("How well is it measured?"), language)
    if state.analysis is None:
        return
    elements.block([as_html.strength(certainty.level_of(state.analysis), language)])
    against = elements.words(say("Counts against:"), language)
    lines = []
    for ground in certainty.grounds(state):
        told = elements.words(ground.sentence, language)
        lines.append(f"**{against}** {told}" if ground.lowers else told)
    left, right = st.columns(2, gap="medium")
    with left:
        elements.bullets(lines)
    with right:
        elements.table(tables.counts(state), language, key="counts")
    if effect := state.analysis.confirmatory:
        elements.sentence(certainty.reading(effect), language)
    if (held := locking.held(state)) is not None:
        elements.sentence(held, language)


def _quality(state: TrialState, language: Language) -> None:
    elements.header(say("Did quality become worse?"), language)
    if state.analysis is None:
        return
    watched = quality.guardrails(
        state.trial, state.analysis, agreed_before=state.registered_in_time
    )
    if not watched:
        elements.sentence(say("No quality measure was agreed for this trial."), language)
    for one in watched:
        if one.effect:
            picture = pictures.guardrail(one.metric, one.effect)
            elements.sentence(picture.caption, language, bold=True)
            elements.chart(picture, language, key=one.metric.id, simulated=state.simulated)
        elements.sentence(one.sentence, language)
        if one.effect:
            elements.figures_as_table(picture, language, key=one.metric.id)


def _gates(state: TrialState, language: Language) -> None:
    elements.header(say("Are law, security and co-operation in place?"), language)
    if state.gates:
        elements.table(tables.gates(state), language, key="gates")
    else:
        elements.sentence(say("No conditions were named for this trial."), language)


def _findings(state: TrialState, language: Language) -> None:
    if state.findings:
        elements.header(findings.HEADING, language)
        elements.table(findings.register(state.findings), language, key="findings")


def _recommendation(state: TrialState, language: Language, worth: BusinessCase | None) -> None:
    if state.recommendation is None:
        return
    elements.header(policy_says(state.recommendation.verdict), language)
    elements.sentence(requirements.summary(state), language)
    known = worth.knowing if worth and state.recommendation.verdict == "prolong" else None
    if (price := knowing.price(known, state.trial)) is not None:
        elements.sentence(price, language)
    elements.table(tables.criteria(state), language, key="criteria")
    settled = state.recommendation.verdict == "go" and not wording.waiting(state)
    lines = [] if settled else [elements.words(state.recommendation.next.message, language)]
    for change in wording.changes(state):
        verdict = VERDICTS[change.to].word
        to = elements.words(say('To "{verdict}":', verdict=verdict), language)
        lines.append(f"**{to}** {elements.words(change.event, language)}")
    if worth is not None and (halved := money.halved(worth)) is not None:
        lines.append(elements.words(halved, language))
    if lines:
        with st.container(border=True):
            elements.subheader(say("What can change the recommendation?"), language)
            elements.bullets(lines)


def _decision(state: TrialState, language: Language, worth: BusinessCase | None) -> None:
    """What the decision that holds says beside its outcome."""
    if not state.standing:
        return
    beside = decided.beside(state.standing[-1].decision)
    if not beside and not state.conditions:
        return
    elements.header(decided.HEADING, language)
    known = worth.knowing if worth else None
    carried = money.booked_beside(state, known.net_kr if known else None)
    for one in (*beside, *([carried] if carried is not None else [])):
        elements.sentence(one, language)
    if state.conditions:
        shown = decided.conditions(state, local_day(datetime.now(UTC)))
        elements.table(shown, language, key="conditions")


def _follow_up(state: TrialState, language: Language) -> None:
    """What became of the saving that the decision which holds booked."""
    if state.follow_up is None:
        return
    elements.header(followed.HEADING, language)
    elements.table(followed.table(state.follow_up), language, key="follow_up")
    for one in (*followed.remarks(state.follow_up), *followed.due(state.follow_up)):
        elements.sentence(one, language)


def _technical(state: TrialState, language: Language) -> None:
    for heading, meaning, attached in technical.sections(state.attachments):
        elements.header(heading, language)
        elements.sentence(meaning, language)
        for one in attached:
            elements.sentence(technical.named(one), language, bold=True)
            for warning in technical.warnings(one):
                elements.notice(warning, language)
            elements.bullets([elements.words(each, language) for each in technical.figures(one)])


def _progress(found: Progress, language: Language) -> None:
    elements.header(progress.HEADING, language)
    by_part.show(found, language)
    if (drawn := progress.drawn(found.flow)) is not None:
        elements.table(drawn, language, key="drawn")
    if found.flow.came_in.rows:
        elements.table(progress.flow(found), language, key="flow")
    elements.sentence(progress.queries(found), language, bold=found.open_queries != 0)
    if found.open_queries != 0:
        elements.table(progress.by_rule(found), language, key="queries")
    elements.sentence(progress.refusals(found), language)


def _history(state: TrialState, language: Language) -> None:
    elements.header(say("What has happened on the way?"), language)
    shown = tables.history(state)
    if shown.rows:
        elements.table(shown, language, key="history")
    else:
        elements.sentence(say("Nothing has happened yet."), language)
    if (differs := deviations.not_told(state)) is not None:
        elements.notice(differs, language)
    if state.policy_changed:
        elements.notice(deviations.POLICY_CHANGED, language)
    if not state.deviations:
        elements.sentence(deviations.NONE_TOLD, language)
    for one in state.deviations:
        elements.deviation(deviations.sentence(one), language, grave=one.grave)
