"""The method annex: each trial's requirements, counts, law and method; every figure as a table."""

from __future__ import annotations

from collections.abc import Iterable

from htkeval.paper import Behind
from htkeval.portfolio import TrialState
from htkeval.reporting import (
    decided,
    deviations,
    findings,
    glossary,
    method_tables,
    money,
    otherwise,
    requirements,
    tables,
)
from htkeval.reporting.certainty import grounds, reading
from htkeval.reporting.paper.content import (
    Block,
    Figure,
    Heading,
    Listed,
    Said,
    Section,
    said,
    tabled,
)
from htkeval.reporting.paper.telling import hidden
from htkeval.reporting.plain import shortened
from htkeval.reporting.sentences import quoted
from htkeval.reporting.tables import Table
from htkeval.text import Text, say

LEFT_OUT = say(
    "Closed parts are left out: what suppliers charge, case numbers, weaknesses of security that "
    "are not closed, and who signed or closed a gate. Groups of fewer than five people are told in "
    "no paper."
)


def annex(behind: Behind, states: Iterable[TrialState], drawn: Iterable[Figure], *, public: bool
          ) -> tuple[Section, ...]:  # fmt: skip
    """The annex: figures as tables, each trial, and what the words mean.

    Args:
        behind: What the paper is made from.
        states: The trials that have a section of their own.
        drawn: The charts of the two pages.
        public: Whether closed parts are left out.
    """
    figures = tuple(one.table for one in drawn)
    parts = [Section(part="annex", heading=say("Method, checks and figures"), blocks=_open(public))]
    if figures:
        parts.append(
            Section(part="figures", heading=say("The figures of the charts"), blocks=figures)
        )
    rest = [
        one for one in behind.portfolio.trials if one.trial.id not in {s.trial.id for s in states}
    ]
    if len(behind.portfolio.trials) > 1 and rest:
        every = tabled(tables.overview(behind.portfolio))
        parts.append(Section(part="all", heading=say("Every trial"), blocks=(every,)))
    parts += [_trial(behind, state, public=public) for state in states]
    parts.append(Section(part="words", heading=say("What the words mean"), blocks=_words()))
    return tuple(parts)


def _open(public: bool) -> tuple[Block, ...]:
    told = [
        say(
            "Every sentence and figure of this paper is computed from the record and stands on the "
            "dashboard too. The fingerprint at the foot of each page is that of the contents: it "
            "is the same in every format and language."
        )
    ]
    return tuple(said([*told, *([LEFT_OUT] if public else [])]))


def _trial(behind: Behind, state: TrialState, *, public: bool) -> Section:
    trial, analysis = state.trial, state.analysis
    blocks: list[Block] = [Said(text=quoted(shortened(trial.question, 400)))]
    if state.recommendation is not None:
        blocks += [Said(text=requirements.summary(state)), tabled(tables.criteria(state))]
    if analysis is not None:
        blocks.append(Listed(items=tuple(one.sentence for one in grounds(state))))
        if analysis.confirmatory is not None:
            blocks.append(Said(text=reading(analysis.confirmatory), small=True))
    blocks += _tables(tables.counts(state), _gates(state, public=public))
    blocks += said([deviations.sentence(one) for one in state.deviations])
    blocks += _tables(_findings(state, public=public))
    if state.standing:
        blocks += said(decided.beside(state.standing[-1].decision))
        blocks += said([money.booked_beside(state, money.proved_kr(behind.budget, trial.id))])
        blocks += _tables(decided.conditions(state, behind.day))
    worth = behind.worths.get(trial.id)
    if worth is not None and not public:
        blocks += _tables(money.steps(worth))
    if analysis is not None:
        blocks += said([otherwise.holds(analysis)])
        blocks += _tables(
            method_tables.effects(trial, analysis),
            otherwise.confirmatory(trial, analysis),
            method_tables.checks(analysis),
            method_tables.gaps(trial, analysis),
        )
    blocks += _tables(method_tables.fingerprints(state), _history(state, public=public))
    return Section(part=f"trial:{trial.id}", heading=quoted(shortened(trial.title, 90)),
                   blocks=tuple(blocks))  # fmt: skip


def _tables(*found: Table) -> list[Block]:
    return [tabled(one) for one in found if one.rows]


def _gates(state: TrialState, *, public: bool) -> Table:
    """Law, security and co-operation; in a public paper without case numbers, and without who
    closed what: that may be an account's name."""
    if not public:
        return tables.gates(state)
    from dataclasses import replace

    return tables.gates(
        replace(
            state,
            gates=tuple(replace(one, document=None, responsible=None) for one in state.gates),
        )
    )


def _findings(state: TrialState, *, public: bool) -> Table:
    kept = tuple(one for one in state.findings if not hidden(one, public))
    return findings.register(kept)


def _history(state: TrialState, *, public: bool) -> Table:
    """What happened; in a public paper without who did it."""
    shown = tables.history(state)
    if not public:
        return shown
    return Table(shown.name, shown.head[:-1], tuple(row[:-1] for row in shown.rows))


def _words() -> tuple[Block, ...]:
    terms: tuple[Text, ...] = tuple(
        say("{term}: {meaning}", term=term, meaning=meaning) for term, meaning in glossary.TERMS
    )
    return (Listed(items=terms), Heading(text=say("Levels of evidence")), *_levels())


def _levels() -> tuple[Block, ...]:
    return (tabled(glossary.levels()), Said(text=glossary.STEPS_DOWN, small=True))
