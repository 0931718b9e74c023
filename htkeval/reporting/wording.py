"""The sentences that dashboard and paper share: the answer, why, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.decision import Verdict
from htkeval.local_day import local_day
from htkeval.portfolio import Portfolio, TrialState
from htkeval.reporting import requirements, sentences
from htkeval.reporting.certainty import level_of, measured
from htkeval.reporting.locking import void
from htkeval.reporting.numbers import digits, number
from htkeval.reporting.quality import guardrails
from htkeval.reporting.result import finding, short_of_goal
from htkeval.reporting.sentences import count, joined, listed, quoted
from htkeval.reporting.words import NO_VERDICT, NOT_ANALYSED, OUTCOMES, VERDICTS, Mark
from htkeval.small_cells import counted
from htkeval.text import Text, say

SIMULATED = say("Simulated figures.")
SIMULATED_MEANS = say(
    "All measurements on this page are invented to try the tool. They say nothing about real "
    "trials in the municipality."
)
"""Sentence 25, in two parts because the first is written in bold."""

SCALING: tuple[Verdict, ...] = ("go", "go_with_conditions")


def title(portfolio: Portfolio, worth: Text | None = None) -> Text:
    """The answer in one sentence: the page's title is its finding.

    Args:
        portfolio: Every trial.
        worth: What of the budget they carry; None where that is not told.
    """
    trials = portfolio.trials
    if not trials:
        return say("No trial has been set up yet")
    weighed = [state.recommendation for state in trials if state.recommendation]
    if not weighed:
        some = any(sum(state.rows.values()) for state in trials)
        return say("No trial has been analysed yet") if some else say("No trial is measured yet")
    stops = sum(one.verdict == "stop" for one in weighed)
    goes = sum(one.verdict in SCALING for one in weighed)
    parts = [_to_stop(stops, len(trials))] if stops else []
    parts.append(_to_scale(goes, len(trials)))
    if goes and worth is not None:
        parts.append(worth)
    return joined(parts)


def _to_scale(k: int, n: int) -> Text:
    if n == 1:
        return say("The AI trial can be scaled.") if k else say("The AI trial cannot be scaled.")
    if k == n == 2:
        return say("Both AI trials can be scaled.")
    if k == n:
        return say("All {n} AI trials can be scaled.", n=count(n))
    return say("{k} of {n} AI trials can be scaled.", k=count(k, first=True), n=count(n))


def _to_stop(k: int, n: int) -> Text:
    if n == 1:
        return say("The AI trial should be stopped.")
    return say("{k} of {n} AI trials should be stopped.", k=count(k, first=True), n=count(n))


def waiting(state: TrialState) -> bool:
    """Whether a recommendation lies there that nobody has decided on."""
    if state.recommendation is None or state.analysis_fingerprint is None:
        return False
    return all(one.decision.analysis != state.analysis_fingerprint for one in state.standing)


def lead(portfolio: Portfolio, lacking: Text | None = None) -> Text:
    """What has to be decided, in one sentence under the title, after what its sum leaves open.

    Args:
        portfolio: Every trial.
        lacking: What of the budget nothing carries; told where the title tells what they carry.
    """
    weighed = [state.recommendation for state in portfolio.trials if state.recommendation]
    told = _to_decide(portfolio)
    if lacking is None or not any(one.verdict in SCALING for one in weighed):
        return told
    return joined([*_named(portfolio), lacking, told])


def _named(portfolio: Portfolio) -> list[Text]:
    """Which trials the title means, few among others, and whether that is decided already."""
    found = [
        one
        for one in portfolio.trials
        if one.recommendation and one.recommendation.verdict in SCALING
    ]
    if len(found) > 3 or len(found) == len(portfolio.trials):
        return []
    names = [
        sentences.title(one.trial)
        if waiting(one) or not one.standing
        else say("{title} (decided)", title=sentences.title(one.trial))
        for one in found
    ]
    return [say("What can be scaled: {trials}.", trials=listed(names))]


def _to_decide(portfolio: Portfolio) -> Text:
    open_cases = [asked(state) for state in portfolio.trials if waiting(state)]
    committee = quoted(portfolio.committee)
    if not portfolio.trials:
        return say("A trial is a folder with a trial.toml under experiments.")
    if not open_cases:
        return say("Nothing waits for {committee} now.", committee=committee)
    if len(open_cases) > 3:
        n = count(len(open_cases))
        return say("{committee} has yet to decide on {n} trials.", n=n, committee=committee)
    return say(
        "{committee} has yet to decide on {trials}.",
        committee=committee,
        trials=listed(open_cases),
    )


def asked(state: TrialState) -> Text:
    """A trial that waits, with what is recommended: that is what is to be decided."""
    word = verdict_mark(state).word
    return say("{title} ({verdict})", title=sentences.title(state.trial), verdict=word)


def verdict_mark(state: TrialState) -> Mark:
    """The badge of a trial."""
    if state.recommendation:
        return VERDICTS[state.recommendation.verdict]
    return NOT_ANALYSED if sum(state.rows.values()) else NO_VERDICT


def decided(state: TrialState) -> Text | None:
    """What was signed last, which may differ from the recommendation, or why it holds no more."""
    if not state.decisions:
        return None
    last = state.decisions[-1]
    if (voided := void(last)) is not None:
        return voided
    return say(
        "Decided on {day}: {outcome}. {reason}",
        day=local_day(last.at),
        outcome=OUTCOMES[last.decision.outcome],
        reason=last.decision.reason,
    )


def why(state: TrialState) -> Text:
    """Why this verdict, in a few sentences, without a code or a p-value."""
    if state.analysis is None or state.recommendation is None:
        return _not_analysed(state)
    verdict = state.recommendation.verdict
    reasons = _REASONS.get(verdict, _missing)(state)
    return joined(reasons[:4]) if reasons else requirements.summary(state)


def _not_analysed(state: TrialState) -> Text:
    rows = sum(state.rows.values())
    if rows:
        n = counted(rows)
        return say("There are {n:#,##0} measurements, but they are not analysed yet.", n=n)
    return say(
        "There are no measurements yet. The trial runs from {starts} to {ends}.",
        starts=state.trial.starts,
        ends=state.trial.ends,
    )


def _met(state: TrialState) -> list[Text]:
    """Why go: the gain, the quality, and that nothing is missing."""
    rows = requirements.rows(state)
    reasons = [row.because for row in rows if row.id in ("excludes_no_effect", "worthwhile")]
    watched = guardrails(state.trial, state.analysis) if state.analysis else ()
    if watched and all(one.inside for one in watched):
        reasons.append(say("Quality stays inside the limits that were agreed."))
    reasons.append(say("All {n} requirements of the policy are met.", n=count(len(rows))))
    return reasons


def _missing(state: TrialState) -> list[Text]:
    """Why prolong: the requirements that are not met, and how far it is to an answer."""
    analysis, recommendation = state.analysis, state.recommendation
    if analysis is None or recommendation is None:
        return []
    if analysis.confirmatory is None:
        return [finding(state.trial, analysis).uncertainty]
    rows = requirements.rows(state)
    reasons: list[Text] = []
    for row in rows:
        if row.met is not True and row.because not in reasons:
            reasons.append(row.because)
    reasons = reasons[:3]
    more = [recommendation.next.message] if recommendation.next.n_more else []
    return [*reasons, *more]


def _short(state: TrialState) -> list[Text]:
    """Why no: the goal is out of reach, or quality became worse than agreed."""
    analysis = state.analysis
    if analysis is None:
        return []
    effect = analysis.confirmatory
    out_of_reach = short_of_goal(state.trial, effect) if effect else None
    return [*([out_of_reach] if out_of_reach else []), *_worse_quality(state)]


def _worse_quality(state: TrialState) -> list[Text]:
    watched = guardrails(state.trial, state.analysis) if state.analysis else ()
    return [one.sentence for one in watched if one.inside is False]


def _stop(state: TrialState) -> list[Text]:
    """Why stop: what happened, or that the work took longer."""
    rows = requirements.rows(state)
    happened = [row.because for row in rows if row.id == "no_hard_stop" and row.met is False]
    if happened or state.analysis is None:
        return happened
    effect = state.analysis.confirmatory
    surely = effect is not None and effect.benefit_ci[0] > 0
    cause = "excludes_no_effect" if surely else "arithmetic_agrees"  # the minutes rose
    worse = [row.because for row in rows if row.id == cause]
    return [*worse, *_worse_quality(state)]


_REASONS = {"go": _met, "no_go": _short, "stop": _stop}


def strength(state: TrialState) -> Text:
    """How well it was measured, in one sentence."""
    if state.analysis is None:
        return say("There are no measurements yet.")
    return measured(state.trial, level_of(state.analysis))


@dataclass(frozen=True)
class Change:
    """Something that would move the recommendation (sentence 20)."""

    to: Verdict
    """The recommendation it would become."""
    event: Text
    """What would have to happen."""


def changes(state: TrialState) -> tuple[Change, ...]:
    """What would change the recommendation, by the policy's own rules."""
    if state.recommendation is None:
        return ()
    verdict, trial = state.recommendation.verdict, state.trial
    found = []
    if verdict == "prolong":
        found.append(Change("go", say("The requirements that are missing above are met as well.")))
    goal = trial.primary.worthwhile
    if verdict in ("go", "go_with_conditions", "prolong") and goal is not None:
        wanted = number(abs(100 * goal), 0 if digits(100 * goal) == 0 else 1)
        shown = say("More measurements show that the gain is surely below {goal} %.", goal=wanted)
        found.append(Change("no_go", shown))
    if verdict != "stop":
        found += [Change("stop", quoted(stop.text + ".")) for stop in trial.hard_stops]
    return tuple(found)
