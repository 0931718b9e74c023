"""The paper of one trial: its page, from the question to what the committee is asked."""

from __future__ import annotations

from htkeval.business_case import BusinessCase
from htkeval.paper import Behind
from htkeval.portfolio import TrialState
from htkeval.reporting import deviations, findings, knowing, pictures, quality, result, wording
from htkeval.reporting.budget_bars import bars
from htkeval.reporting.certainty import grounds
from htkeval.reporting.one_trial import period, story
from htkeval.reporting.paper.annex import annex
from htkeval.reporting.paper.content import (
    Block,
    Boxed,
    Heading,
    Listed,
    Paper,
    Said,
    figure,
    said,
)
from htkeval.reporting.paper.economy import READING, of_one
from htkeval.reporting.paper.sections import about, annexes, holds_closed, laws, paper, proposals
from htkeval.reporting.paper.telling import changes, hidden
from htkeval.reporting.plain import shortened
from htkeval.reporting.sentences import joined, quoted, title
from htkeval.text import Text, say

MOST_WATCHED, MOST_FINDINGS, MOST_CHANGES = 2, 3, 3
"""Quality measures with a chart, findings and changes on the two pages; the annex has all."""
LONGEST = 300
"""Characters of the question."""


def of_trial(behind: Behind, state: TrialState, *, public: bool = False) -> Paper:
    """Make the paper of one trial.

    Args:
        behind: What it is made from.
        state: The trial.
        public: Whether closed parts are left out.
    """
    closed = not public and holds_closed(behind, (state,))
    worth = behind.worths.get(state.trial.id)
    return paper(
        behind,
        {
            "summary": lambda: _summary(state),
            "background": lambda: _background(behind, state),
            "case": lambda: _case(behind, state, public=public),
            "economy": lambda: _economy(behind, state, worth, public=public),
            "law": lambda: laws((state,)),
            "proposal": lambda: proposals(behind, (state,)),
            "annexes": lambda: annexes(behind, closed=closed, public=public),
        },
        (state,),
        public=public,
        annex=lambda drawn: annex(behind, (state,), drawn, public=public),
        kind="trial",
        trial=state.trial.id,
        title=title(state.trial),
        under=period(state.trial),
    )


def _summary(state: TrialState) -> list[Block]:
    verdict = wording.verdict_mark(state).word
    first, *rest = story(state)
    lines = [joined([first, *rest])]
    if (told := wording.decided(state)) is not None:
        lines.append(told)
    return [Boxed(lead=say("{verdict}.", verdict=verdict), lines=tuple(lines))]


def _background(behind: Behind, state: TrialState) -> list[Block]:
    told: list[Block] = [
        *about(behind),
        Said(text=quoted(shortened(state.trial.question, LONGEST))),
    ]
    told.append(Said(text=joined([one.sentence for one in grounds(state)])))
    return told


def _case(behind: Behind, state: TrialState, *, public: bool) -> list[Block]:
    told: list[Block] = []
    if state.analysis is None:
        return [*said([wording.why(state)])]
    told += said(result.of_looks(state.analysis))
    picture = pictures.against_forecast(state.trial, state.analysis)
    if picture is not None:
        told.append(figure(picture))
    told += said(_beside(state))
    told += _quality(state)
    told.append(Said(lead=say("Therefore:"), text=wording.why(state)))
    price = knowing.price(behind.going_on.get(state.trial.id), state.trial)
    told += said([price, deviations.in_short(state)])
    told += _findings(state, public=public)
    if moves := changes((state,), MOST_CHANGES):
        told += [Heading(text=say("What can change the recommendation?")), Listed(items=moves)]
    return told


def _beside(state: TrialState) -> list[Text]:
    """The change in per cent, and what has to be said beside it."""
    if state.analysis is None:
        return []
    effect = state.analysis.confirmatory
    told = result.in_per_cent(state.trial, effect) if effect else None
    found = result.finding(state.trial, state.analysis)
    return [*([told] if told else []), *found.more]


def _quality(state: TrialState) -> list[Block]:
    if state.analysis is None:
        return []
    watched = quality.guardrails(
        state.trial, state.analysis, agreed_before=state.registered_in_time
    )
    told: list[Block] = []
    for number, one in enumerate(watched):
        if one.effect is not None and number < MOST_WATCHED:
            told.append(figure(pictures.guardrail(one.metric, one.effect)))
        if number <= MOST_WATCHED:
            told.append(Said(text=one.sentence))
    return told


def _findings(state: TrialState, *, public: bool) -> list[Block]:
    kept = [one for one in state.findings if not hidden(one, public)]
    if not kept:
        return []
    lines = [findings.in_short(one) for one in kept[:MOST_FINDINGS]]
    return [Heading(text=findings.HEADING), Listed(items=tuple(lines))]


def _economy(
    behind: Behind, state: TrialState, worth: BusinessCase | None, *, public: bool
) -> list[Block]:
    """The budget's years where the trial carries some of them, else where its hours go: two pages
    hold one of the two, and a quality measure's chart or two before it."""
    years = _budget(behind, state)
    watched = sum(one.role == "guardrail" for one in state.trial.metrics)
    room = not (years or public) and watched <= 1
    return [*of_one(state.trial, worth, room=room, public=public), *years]


def _budget(behind: Behind, state: TrialState) -> list[Block]:
    """The budget's years, where this trial is one of those that carry them."""
    found = behind.budget
    carries = found and any(one.trial == state.trial.id and one.counts for one in found.trials)
    drawn = bars(found) if found and carries else None
    return [figure(drawn, READING)] if drawn else []
