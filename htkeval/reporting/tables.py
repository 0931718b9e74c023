"""The tables a committee reads: counts, requirements, gates, history. Words and figures only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from htkeval.law import AI_CLASSES
from htkeval.local_day import local_day
from htkeval.portfolio import GateView, LookTaken, Portfolio, SignedDecision, TrialState
from htkeval.reporting import requirements, technical
from htkeval.reporting.deviations import headed
from htkeval.reporting.locking import void
from htkeval.reporting.numbers import comparable, digits, means, number, per_cent
from htkeval.reporting.sentences import (
    area,
    as_text,
    day_text,
    in_sentences,
    quoted,
    tasks_first,
    title,
)
from htkeval.reporting.wording import verdict_mark, waiting
from htkeval.reporting.words import GATE_STATES, LEVEL_WORDS, MET, OUTCOMES, Mark, gate_name
from htkeval.small_cells import counted
from htkeval.text import Text, say

NOTHING = quoted("–")
"""An empty cell, so that nobody takes it for a zero."""

WITHOUT, WITH = say("Without AI"), say("With AI")


@dataclass(frozen=True)
class Table:
    """A small table: a head, rows, and whether all columns but the first hold figures."""

    name: Text
    """What it shows, for those who do not see it."""
    head: tuple[Text, ...]
    """The columns' names, with their unit."""
    rows: tuple[tuple[Text | Mark, ...], ...]
    """The cells; the first of each row is its name."""
    figures: bool = False
    """Whether the columns after the first are figures, set flush right."""


def counts(state: TrialState) -> Table:
    """How many tasks and people lie behind the result, by arm."""
    analysis = state.analysis
    body: list[tuple[Text | Mark, ...]] = [
        (
            say("Registered"),
            *(group(n, people=True) for n in state.rows_told.values()),
        )
    ]
    effect = analysis.confirmatory if analysis else None
    if effect:
        arms = (effect.baseline, effect.treatment)
        body.append((say("In the result"), *(group(arm.tasks, people=True) for arm in arms)))
        by_team = state.trial.cluster_column == state.trial.design.team
        body.append(
            (
                say("Teams") if by_team else say("Staff"),
                *(group(arm.clusters, people=not by_team) for arm in arms),
            )
        )
        seen = means(effect) if effect.scale == "difference" else None
        minutes = analysis.effect(effect.metric, "difference") if analysis else None
        seen = means(minutes) if minutes and state.trial.primary.kind == "duration" else seen
        if seen:
            shown = minutes or effect
            label = _average(state.trial.primary.label, adjusted=comparable(shown))
            body.append((label, *(number(mean, 1) for mean in seen)))
    head = (tasks_first(state.trial), WITHOUT, WITH)
    return Table(say("Tasks and people by arm"), head, tuple(body), figures=True)


def _average(label: str, *, adjusted: bool) -> Text:
    if adjusted:
        return say("{label}, average, made comparable", label=label)
    return say("{label}, average", label=label)


def group(size: int | None, *, people: bool) -> Text:
    """The size of a group; of few people, or of tasks that may be one of each, only that they are
    few. None: the analysis does not tell it, for that very reason."""
    if size is None:
        return say("not told")
    return counted(size) if people else number(size, 0)


def gates(state: TrialState) -> Table:
    """Law, security and co-operation: what is in place."""
    head = (say("What"), say("State"), say("Date, responsible, document"))
    body = tuple(
        (as_text(gate_name(gate.id)), GATE_STATES[gate.state], _when_who_and_where(gate))
        for gate in state.gates
    )
    return Table(say("Law, security and co-operation"), head, body)


def _when_who_and_where(gate: GateView) -> Text:
    """When and who, then papers, class and reason in one cell: a phone has no room for more."""
    known = []
    if gate.date:
        still = gate.state == "open"
        known.append(say("by {day}", day=gate.date) if still else day_text(gate.date))
    if gate.responsible:
        known.append(quoted(gate.responsible))
    parts = [Text("{known}", {"known": tuple(known)})] if known else []
    if gate.document:
        parts.append(say("Document: {document}", document=gate.document))
    if gate.ai_class:
        parts.append(say("Class: {name}", name=AI_CLASSES[gate.ai_class]))
    if gate.why:
        parts.append(quoted(gate.why))
    return in_sentences(parts) if parts else NOTHING


def criteria(state: TrialState) -> Table:
    """Each requirement of the policy, met or not, and why."""
    head = (say("Requirement"), say("Met?"), say("Because"))
    body = tuple((row.label, MET[row.met], row.because) for row in requirements.rows(state))
    return Table(say("The policy's requirements"), head, body)


def history(state: TrialState) -> Table:
    """What happened, oldest first."""
    head = (say("Date"), say("What happened?"), say("Who"))
    told = [
        *_frozen(state),
        *((one.at, headed(one), one.by) for one in state.deviations),
        *((one.at, look_taken(one), one.by) for one in state.looks),
        *((one.at, technical.happened(one), one.by) for one in state.attachments),
        *((one.at, technical.taken_back(one), one.by) for one in state.withdrawn),
        *_analysed(state),
        *(_signed(one) for one in state.decisions),
        *_locked(state),
        *_voided(state),
    ]
    rows: list[tuple[Text | Mark, ...]] = [
        (day_text(local_day(at)), sentence, quoted(who) if who else NOTHING)
        for at, sentence, who in sorted(told, key=lambda one: one[0])
    ]
    if waiting(state):
        not_yet = say("Decision: not taken yet.")
        if state.standing:
            not_yet = say("Decision on the newest analysis: not taken yet.")
        rows.append((NOTHING, not_yet, NOTHING))
    return Table(say("What happened"), head, tuple(rows))


Happened = tuple[datetime, Text, str | None]
"""When, what and who."""


def _frozen(state: TrialState) -> list[Happened]:
    if state.registered_at is None:
        return []
    mark = (state.registration or "")[:12]
    text = say("Goal, limits and method frozen (fingerprint {mark}).", mark=mark)
    return [(state.registered_at, text, state.registered_by)]


def look_taken(one: LookTaken) -> Text:
    """Which look was taken, and at how much information."""
    return say(
        "Look {k} of {n}, at {share:0} % of what the plan is to know at its end.",
        k=one.k,
        n=one.of,
        share=100 * one.fraction,
    )


def _analysed(state: TrialState) -> list[Happened]:
    if state.analysed_at is None:
        return []
    return [(state.analysed_at, say("Measurements analysed."), state.analysed_by)]


def _signed(one: SignedDecision) -> Happened:
    outcome, reason = OUTCOMES[one.decision.outcome], one.decision.reason
    text = say("Decision: {outcome}. {reason}", outcome=outcome, reason=reason)
    return one.at, text, one.decision.signed_by.name


def _locked(state: TrialState) -> list[Happened]:
    if state.lock is None:
        return []
    return [(state.lock.at, say("Data locked: no more rows are taken."), state.lock.by)]


def _voided(state: TrialState) -> list[Happened]:
    return [
        (one.void.at, told, one.void.by)
        for one in state.decisions
        if one.void is not None and (told := void(one)) is not None
    ]


def overview(portfolio: Portfolio) -> Table:
    """Every trial in a line, for those that have no card."""
    head = (
        say("Trial"),
        say("Area"),
        say("Change with AI, per cent"),
        say("How well measured"),
        say("Recommendation"),
    )
    body = tuple(
        (title(state.trial), area(state.trial), *_found(state), verdict_mark(state))
        for state in portfolio.trials
    )
    return Table(say("All trials"), head, body)


def _found(state: TrialState) -> tuple[Text, Text]:
    """What came of a trial, never without its interval, and how well it was measured."""
    if state.analysis is None:
        return NOTHING, NOTHING
    effect = state.analysis.confirmatory
    values = per_cent(effect) if effect else None
    well = LEVEL_WORDS[state.analysis.evidence_level]
    if values is None:
        return NOTHING, well
    shown = digits(*values)
    estimate, low, high = (number(value, shown, signed=True) for value in values)
    return Text(
        "{estimate} [{low}; {high}]", {"estimate": estimate, "low": low, "high": high}
    ), well
