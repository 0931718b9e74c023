"""What the page of one trial opens with."""

from __future__ import annotations

from htkeval.decision import Verdict
from htkeval.portfolio import TrialState
from htkeval.reporting.quality import guardrails
from htkeval.reporting.result import average, finding
from htkeval.reporting.sentences import area
from htkeval.reporting.wording import strength, why
from htkeval.reporting.words import VERDICTS
from htkeval.text import Text, say
from htkeval.trial import Trial


def period(trial: Trial) -> Text:
    """Where and when."""
    return say(
        "{area} · {starts} to {ends}", area=area(trial), starts=trial.starts, ends=trial.ends
    )


def story(state: TrialState) -> tuple[Text, ...]:
    """The answer in a few sentences, the first of them alone still true."""
    if state.analysis is None:
        return (why(state),)
    found = finding(state.trial, state.analysis)
    mean = average(state.trial, state.analysis)
    parts = [found.headline, *([mean] if mean else []), found.uncertainty]
    return (*parts, *_quality(state), strength(state))


def _quality(state: TrialState) -> list[Text]:
    watched = guardrails(state.trial, state.analysis) if state.analysis else ()
    if not watched:
        return []
    if all(one.inside for one in watched):
        return [say("Quality stayed inside what was agreed.")]
    if any(one.inside is False for one in watched):
        return [say("Quality became worse than agreed.")]
    return [say("Whether quality became worse than agreed cannot be told.")]


def policy_says(verdict: Verdict) -> Text:
    """The heading above the requirements."""
    return say('Why "{verdict}"?', verdict=VERDICTS[verdict].word)
