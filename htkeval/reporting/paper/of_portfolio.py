"""The paper of all trials: the overview's answer, and what it takes to decide on it."""

from __future__ import annotations

from htkeval.paper import Behind
from htkeval.portfolio import TrialState
from htkeval.reporting import findings, overview, wording
from htkeval.reporting.abreast import abreast
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
from htkeval.reporting.paper.economy import economy, proved
from htkeval.reporting.paper.sections import about, annexes, holds_closed, laws, paper, proposals
from htkeval.reporting.paper.telling import changes, decided, hidden, short
from htkeval.reporting.result import finding
from htkeval.reporting.sentences import area, count, joined, title
from htkeval.text import Text, say

MOST_TOLD = 4
"""Trials with a paragraph each on the two pages; the annex has the rest in a table."""
MOST_DRAWN = 6
"""Trials in the chart."""
MOST_CHANGES, MOST_FINDINGS = 4, 3
READING = say(
    "Dot: best estimate. Thick line: the values that fit the measurements (95 %). Dashed: the "
    "smallest gain worth having, set beforehand."
)


def of_portfolio(behind: Behind, *, public: bool = False) -> Paper:
    """Make the paper of all trials.

    Args:
        behind: What it is made from.
        public: Whether closed parts are left out.
    """
    states = behind.portfolio.trials
    shown = told_in_full(states)
    closed = not public and holds_closed(behind, states)
    return paper(
        behind,
        {
            "summary": lambda: summary(behind),
            "background": lambda: background(behind),
            "case": lambda: _case(behind, shown, public=public),
            "economy": lambda: economy(behind),
            "law": lambda: laws(states),
            "proposal": lambda: proposals(behind, states),
            "annexes": lambda: annexes(behind, closed=closed, public=public),
        },
        states,
        public=public,
        annex=lambda drawn: annex(behind, shown, drawn, public=public),
        kind="portfolio",
        title=say("AI trials: what can be scaled?"),
        under=overview.figures_of(behind.portfolio),
    )


def told_in_full(states: tuple[TrialState, ...]) -> tuple[TrialState, ...]:
    """Those that have a paragraph: what waits for the committee first, then what is measured."""
    if len(states) <= MOST_TOLD:
        return states
    ranked = sorted(states, key=lambda one: (not wording.waiting(one), one.analysis is None))
    return tuple(ranked[:MOST_TOLD])


def summary(behind: Behind) -> list[Block]:
    """The page's title, what it rests on, and what of the budget it carries."""
    whole = behind.portfolio
    lines = [
        say("{title}: {told}", title=title(one.trial), told=_gave(one))
        for one in whole.trials
        if one.recommendation and one.recommendation.verdict in ("stop", *wording.SCALING)
    ][:2]
    worth = proved(behind.budget) if behind.budget else None
    lines += [one for one in (worth, wording.lead(whole)) if one is not None]
    return [Boxed(lead=wording.title(whole), lines=tuple(lines))]


def _gave(state: TrialState) -> Text:
    if state.analysis is None:
        return wording.why(state)
    found = finding(state.trial, state.analysis)
    return joined([found.headline, found.uncertainty])


def background(behind: Behind) -> list[Block]:
    """What was set aside, what the budget expects in return, and what was promised when."""
    told: list[Block] = [*about(behind)]
    found = behind.budget
    if found is not None:
        invested = [one for one in found.appraisal.years if one.investment]
        saved = [one for one in found.years if one.booked_kr > 0]
        if invested and saved:
            first = invested[0]
            told.append(
                Said(
                    text=say(
                        "For {year} {kr:kr} kr. were set aside to try AI. In return the budget "
                        "expects {first_kr:kr} kr. saved in {first} and {last_kr:kr} kr. in "
                        "{last} ({source}).",
                        year=str(first.year), kr=first.investment * found.unit_kr + 0.0,
                        first_kr=saved[0].booked_kr, first=str(saved[0].year),
                        last_kr=saved[-1].booked_kr, last=str(saved[-1].year), source=found.source,
                    )
                )
            )  # fmt: skip
    trials = behind.portfolio.trials
    if trials:
        frozen = sum(one.registered_in_time for one in trials)
        told.append(
            Said(
                text=say(
                    "This paper is about {n} trials. Of {k} the goal and the limits were "
                    "frozen before the first task with AI.",
                    n=count(len(trials)), k=count(frozen),
                )
            )
        )  # fmt: skip
    return told


def _case(behind: Behind, shown: tuple[TrialState, ...], *, public: bool) -> list[Block]:
    whole = behind.portfolio
    if not whole.trials:
        return [*said([wording.lead(whole)])]
    drawn = abreast(_drawn(whole.trials, shown))
    told: list[Block] = [figure(drawn, READING)] if drawn else []
    told += [Said(lead=_named(one), text=short(one, behind)) for one in shown]
    if rest := len(whole.trials) - len(shown):
        told.append(
            Said(text=say("The annex lists the other {n} trials.", n=count(rest)), small=True)
        )
    decisions = [one for state in shown if (one := decided(state)) is not None]
    told += said(decisions[:3])
    told += _unsolved(behind, public=public)
    if moves := changes(shown, MOST_CHANGES):
        told += [Heading(text=say("What can change the recommendation?")), Listed(items=moves)]
    return told


def _drawn(states: tuple[TrialState, ...], shown: tuple[TrialState, ...]) -> tuple[TrialState, ...]:
    ids = {one.trial.id for one in shown}
    rest = [one for one in states if one.trial.id not in ids]
    return (*shown, *rest)[:MOST_DRAWN]


def _named(state: TrialState) -> Text:
    verdict = wording.verdict_mark(state).word
    return say(
        "{title} ({area}). {verdict}.", title=title(state.trial), area=area(state.trial),
        verdict=verdict,
    )  # fmt: skip


def _unsolved(behind: Behind, *, public: bool) -> list[Block]:
    """Challenges that nobody has solved, in whichever trial they were met."""
    every = [(state, one) for state in behind.portfolio.trials for one in state.unsolved]
    open_ = [(state, one) for state, one in every if not hidden(one, public)]
    if not open_:
        return []
    lines = [
        say("{title}: {what}", title=title(state.trial), what=findings.in_short(one))
        for state, one in open_[:MOST_FINDINGS]
    ]
    if more := len(open_) - len(lines):
        lines.append(say("The annex has {n} more.", n=count(more)))
    return [Heading(text=findings.UNSOLVED), Listed(items=tuple(lines))]
