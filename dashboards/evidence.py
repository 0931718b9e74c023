"""What the committee reads, and the workspace that every page is opened in.

What lead and analyst read is in `working`, what a plan could see in `plans`; all of it is kept as
`keeping` says, so that nothing is stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboards import session
from dashboards.keeping import Here, kept, or_none, print_of, written
from htkeval.business_case import BusinessCase
from htkeval.decision import Policy
from htkeval.economics import Rates
from htkeval.event import ELSEWHERE
from htkeval.evidence_package import EvidencePackage
from htkeval.evidence_pool import PooledQuestion, Waiting
from htkeval.fund import Fund
from htkeval.knowing import Knowing
from htkeval.municipality import Municipality
from htkeval.portfolio import Portfolio, TrialState
from htkeval.reporting.calibration import Campaign
from htkeval.strategy import Strategy
from htkeval.supported import Supported
from htkeval.text import Language
from htkeval.trial import Trial
from htkeval.workspace import Workspace, find

if TYPE_CHECKING:
    from htkeval.steps.case import Case
    from htkeval.store.store import Store

PATIENCE = 5.0
"""Seconds that a page waits for others before it says so; readers wait for no writer as a rule."""


def workspace() -> Workspace:
    """The workspace that `htkeval dashboard` named, else the one around the working folder, opened
    for whoever asks: every store and trial that is opened in it knows what he may do.

    Raises:
        NotAllowed: Nobody has logged in.
    """
    found = find(Path.cwd())
    return replace(found, who=session.who(found.roles), patience=PATIENCE)


def language() -> Language:
    """The municipality's language, whoever asks."""
    return find(Path.cwd()).municipality.language


def refused(place: Workspace, reason: str, *, what: str, trial: str | None = None) -> None:
    """Keep that a page refused somebody something."""
    from htkeval.store import watch

    if place.who is not None:
        now = datetime.now(UTC)
        watch.refused(place.store, place.who.actor, reason, trial=trial, what=what, now=now)


def refuse_a_lost_store(place: Workspace) -> None:
    """Refuse also pages that would read nothing, where the store was moved or deleted."""
    from htkeval.store import lost

    lost.refuse_gone(place.store, place.blobs)


@kept(most=8)
def load(here: Here) -> Portfolio:
    """Where every trial stands, as the store and the files say it now."""
    from htkeval.steps import states
    from htkeval.steps.case import Case

    place, today = here.place, here.today
    with here.store() as opened:
        newest = opened.newest_of_each()

    def known(opened: Store, file: Path, policy: Policy) -> TrialState:
        as_it_is = written(file)
        trial = _defined(str(file), as_it_is)
        moment = (here.rights, _moment(newest, trial.id, policy), as_it_is, policy.fingerprint)
        case = Case(store=opened, blobs=place.blobs, file=trial)
        found = _stands(case, policy, str(file), place.store, today, moment)
        if _rests_on_what_is_gone(place, found):
            return states.state(case, policy=policy, today=today)  # says what is gone
        return found

    return states.portfolio(place, today=today, reading=known)


def _moment(newest: Mapping[str, object], trial: str, policy: Policy) -> tuple[object, ...]:
    """What has happened to a trial, and to those of others that the policy weighs it by."""
    return newest.get(trial), newest.get(ELSEWHERE) if policy.go.neighbours else None


def _rests_on_what_is_gone(place: Workspace, stands: TrialState) -> bool:
    from htkeval.store import blobs

    name = stands.analysis_fingerprint
    return name is not None and not blobs.path(place.blobs, name).is_file()


@st.cache_resource(max_entries=2000, show_spinner=False)
def _defined(file: str, written: tuple[object, ...]) -> Trial:
    """A definition as it was written at a time."""
    from htkeval.trial_file import load

    del written
    return load(Path(file))


@st.cache_resource(max_entries=2000, show_spinner=False)
def _stands(
    _case: Case, _policy: Policy, file: str, store: str, today: date, moment: tuple[object, ...]
) -> TrialState:
    """One trial, read again only when something has happened to it: while people take time, every
    minute brings an event of one trial among a hundred."""
    from htkeval.steps.states import state

    del file, store, moment
    return state(_case, policy=_policy, today=today)


@or_none
@kept(most=8)
def ends_with(here: Here) -> Strategy:
    """What every trial has to say to the AI strategy."""
    from htkeval.reporting.strategy import strategy

    return strategy(load(here.place))


@or_none
@kept(most=8)
def money(here: Here) -> Supported:
    """What of the budget the evidence carries; None where the municipality's figures are missing
    or contradict themselves."""
    from htkeval.steps.worth import supported

    return supported(here.place, load(here.place).trials)


@or_none
def going_on(place: Workspace, stands: TrialState) -> Knowing | None:
    """What it costs and is worth to go on with a trial, where that is the advice; None as for
    `money`. Drawn again only when something that it follows from has changed: a trial's own events
    and others' do not move it."""
    advice = stands.recommendation
    if advice is None or advice.verdict != "prolong":
        return None
    rates = place.rates
    said = (
        stands.trial.model_dump_json(),
        rates.model_dump_json(),
        stands.analysis_fingerprint,
        stands.prior,
        stands.prior_registered,
        advice.next.n_more,
        stands.simulated,
    )
    return _going_on(stands, rates, print_of(said))


@st.cache_resource(max_entries=500, show_spinner=False)
def _going_on(_stands: TrialState, _rates: Rates, said: str) -> Knowing | None:
    from htkeval.steps.worth import going_on

    del said
    return going_on(_stands, _rates)


@or_none
@kept(most=4)
def fund(here: Here) -> Fund:
    """The pool and its applications; None where the municipality has not stated one."""
    from htkeval.steps.applications import fund

    with here.store() as opened:
        return fund(opened, here.place.pool)


@kept(most=4)
def questions(here: Here) -> tuple[PooledQuestion, ...]:
    """What is known here of each question, ours and that of others."""
    from htkeval.steps.pool import pooled

    with here.store() as opened:
        newest = opened.newest_of_each()

    def saying(case: Case, municipality: Municipality, policy: Policy) -> EvidencePackage | Waiting:
        moment = (here.rights, here.today, _moment(newest, case.file.id, policy), here.files)
        where = str(here.place.root), here.place.store
        return _says(case, municipality, policy, case.file.id, where, moment)

    return pooled(here.place, saying=saying)


@st.cache_resource(max_entries=2000, show_spinner=False)
def _says(
    _case: Case,
    _municipality: Municipality,
    _policy: Policy,
    trial: str,
    where: tuple[str, str],
    moment: tuple[object, ...],
) -> EvidencePackage | Waiting:
    """What one trial says to its question, made again only when something has happened to it."""
    from htkeval.steps.pool import says

    del trial, where, moment
    return says(_case, _municipality, _policy)


@or_none
@kept(most=100)
def worth(here: Here, trial: str) -> BusinessCase:
    """What one trial is worth, and what it is worth to know more; None as for `money`."""
    from htkeval.steps.worth import worth

    with here.case(trial) as case:
        return worth(case, here.place, more=True)


STATEMENT: dict[Language, str] = {"da": "tilgaengelighed.md", "en": "accessibility.md"}
"""The accessibility statement's file; a test holds what they list against what is found."""


def statement(language: Language) -> str:
    """The accessibility statement as it is written."""
    return (Path(__file__).resolve().parent / STATEMENT[language]).read_text(encoding="utf-8")


def campaign() -> Campaign | None:
    """What came of the trials in which nothing happened; None where it is not stored."""
    from htkeval.reporting import calibration

    try:
        return calibration.campaign()
    except FileNotFoundError:
        return None
