"""The parts of a paper under the municipality's own headings, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from htkeval.local_day import local_day
from htkeval.paper import Behind, ListedAnnex, Part
from htkeval.portfolio import TrialState
from htkeval.reporting.paper import proposal
from htkeval.reporting.paper.content import (
    Block,
    Figure,
    Listed,
    Own,
    Paper,
    Said,
    Section,
    Words,
)
from htkeval.reporting.paper.telling import closed_on, in_place, law
from htkeval.reporting.sentences import count
from htkeval.reporting.wording import waiting
from htkeval.text import Language, render, say

METHOD_ANNEX = say("Annex 1: Method, checks and every figure as a table (open).")
METHOD_ANNEX_CLOSED = say("Annex 1: Method, checks and every figure as a table (closed).")
TOLD = 8
"""Trials whose law is told in a line each on the two pages; the annex has the rest."""


def paper(
    behind: Behind,
    of: Mapping[Part, Callable[[], Sequence[Block]]],
    states: Sequence[TrialState],
    *,
    public: bool,
    annex: Callable[[Sequence[Figure]], tuple[Section, ...]],
    **rest: Any,
) -> Paper:
    """Put a paper together in the template's order.

    Args:
        behind: What it is made from.
        of: By part, what makes it.
        states: The trials that it is about.
        public: Whether closed parts are left out.
        annex: Makes the annex, given the charts.
        rest: What else a `Paper` has.
    """
    made = [(part, tuple(of[part]())) for part in behind.template.order if part in of]
    sections = tuple(
        Section(
            part=part,
            heading=Own(da=getattr(behind.template.da, part), en=getattr(behind.template.en, part)),
            blocks=blocks,
        )
        for part, blocks in made
        if blocks
    )
    drawn = [one for section in sections for one in section.blocks if isinstance(one, Figure)]
    whole = behind.portfolio
    analysed = [local_day(one.analysed_at) for one in states if one.analysed_at]
    return Paper(
        municipality=whole.municipality,
        committee=whole.committee,
        day=behind.day,
        public=public,
        closed=not public and holds_closed(behind, states),
        simulated=any(one.simulated for one in states),
        analysed=max(analysed, default=None),
        policy=behind.policy,
        analyses=tuple(one.analysis_fingerprint for one in states if one.analysis_fingerprint),
        sections=sections,
        annex=annex(drawn),
        **rest,
    )


def holds_closed(behind: Behind, states: Sequence[TrialState]) -> bool:
    """Whether a paper that leaves nothing out has something that only the committee may see."""
    return any(
        state.trial.id in behind.worths
        or any(gate.document for gate in state.gates)
        or any(one.kind == "security" and one.unsolved for one in state.findings)
        for state in states
    ) or any(one.closed for one in behind.template.annexes)


def laws(states: Sequence[TrialState]) -> list[Block]:
    """Law, security and co-operation of each trial."""
    if len(states) > TOLD:
        return _laws_of_many(states)
    told: list[Block] = [Said(text=law(state)) for state in states]
    if len(states) == 1 and (days := closed_on(states[0])) is not None:
        told.append(Said(text=days))
    return told


def _laws_of_many(states: Sequence[TrialState]) -> list[Block]:
    """How many have all in place, and the first that have not, those that wait first."""
    lacking = [one for one in states if not in_place(one)]
    lacking.sort(key=lambda one: not waiting(one))
    told: list[Block] = [
        Said(
            text=say(
                "In {k} of {n} trials all matters of law, security and co-operation are in place.",
                k=count(len(states) - len(lacking)),
                n=count(len(states)),
            )
        )
    ]
    told += [Said(text=law(state)) for state in lacking[:TOLD]]
    if len(lacking) > TOLD:
        told.append(Said(text=say("The annex has the other trials."), small=True))
    return told


def proposals(behind: Behind, states: Sequence[TrialState]) -> list[Block]:
    """What the committee is asked to decide."""
    whose = behind.portfolio.committee
    danish, english = (
        one.proposes.replace("{committee}", whose)
        for one in (behind.template.da, behind.template.en)
    )
    return [
        Said(text=Own(da=danish, en=english)),
        Listed(items=proposal.points(behind, states), numbered=True),
    ]


def about(behind: Behind) -> list[Block]:
    """The municipality's own words about why it was tried; none where it wrote none."""
    danish, english = behind.template.da.about, behind.template.en.about
    if danish is None and english is None:
        return []
    return [Said(text=Own(da=danish or english or "", en=english or danish or ""))]


def annexes(behind: Behind, *, closed: bool, public: bool) -> list[Block]:
    """The method annex, and those that the template lists."""
    items: list[Words] = [METHOD_ANNEX_CLOSED if closed else METHOD_ANNEX]
    listed = [one for one in behind.template.annexes if not (one.closed and public)]
    for number, one in enumerate(listed, 2):
        state = say("closed") if one.closed else say("open")
        named = {
            language: render(
                say("Annex {n}: {name} ({state}).", n=number, name=name, state=state), language
            )
            for language, name in _both(one)
        }
        items.append(Own(da=named["da"], en=named["en"]))
    return [Listed(items=tuple(items))]


def _both(one: ListedAnnex) -> tuple[tuple[Language, str], ...]:
    return ("da", one.da), ("en", one.en)
