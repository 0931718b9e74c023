"""Where every trial stands, read from the store: what screens, papers and `status` show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from htkeval.decision import Decision, Policy
from htkeval.errors import TrialError, TrialUnreadable
from htkeval.event import Event
from htkeval.portfolio import (
    LockHeld,
    LookTaken,
    Portfolio,
    SignedDecision,
    TrialState,
    Voided,
    in_order,
)
from htkeval.prior import SCEPTICAL
from htkeval.small_cells import small
from htkeval.steps.analyse import newest
from htkeval.steps.attach import attachments
from htkeval.steps.case import Case, Still, read_case, read_workspace_store
from htkeval.steps.conditions import conditions
from htkeval.steps.findings import findings
from htkeval.steps.following import follow_up
from htkeval.steps.gate import gates
from htkeval.steps.lock import voided
from htkeval.steps.notes import notes
from htkeval.steps.realise import records
from htkeval.steps.recommend import data_changed, stale, weigh_stored
from htkeval.steps.standing import taken
from htkeval.store.store import Store
from htkeval.trial_file import load
from htkeval.workspace import Workspace

Reads = Callable[[Store, Path, Policy], TrialState]
"""Reads where the trial of a definition stands; the app keeps what it read until that changes."""


def portfolio(
    workspace: Workspace, *, today: date | None = None, reading: Reads | None = None
) -> Portfolio:
    """All trials of a workspace. Computes nothing but the policy's verdict on what is stored.

    A definition that cannot be read is told, and hides no other trial.

    Args:
        workspace: Where they are.
        today: The day on which bookings are followed up; None: this one.
        reading: Reads one trial, where something is kept of the last time; None: reads it anew.
    """
    policy = workspace.policy
    read = reading or partial(one, blobs=workspace.blobs, today=today)
    states, unreadable = [], []
    with read_workspace_store(workspace) as store:
        for file in workspace.trial_files:
            try:
                states.append(read(store, file, policy))
            except (TrialError, TrialUnreadable) as failed:
                unreadable += [problem.sentence for problem in failed.problems]
        told = notes(store)
    municipality = workspace.municipality
    return Portfolio(
        municipality=municipality.name,
        committee=municipality.committee,
        trials=in_order(tuple(states)),
        unreadable=tuple(unreadable),
        notes=told,
    )


def one(
    store: Store, file: Path, policy: Policy, *, blobs: Path, today: date | None = None
) -> TrialState:
    """Where the trial that a file defines stands.

    Raises:
        TrialUnreadable: The file cannot be read.
        TrialError: It is no definition of a trial.
    """
    return state(Case(store=store, blobs=blobs, file=load(file)), policy=policy, today=today)


def state_of(workspace: Workspace, name: str) -> TrialState:
    """Where one trial of a workspace stands."""
    with read_case(workspace, name) as case:
        return state(case, policy=workspace.policy)


def state(case: Case, *, policy: Policy, today: date | None = None) -> TrialState:
    """Where one trial stands, on a day; None: this one."""
    case = Still(store=case.store, blobs=case.blobs, file=case.file)
    store, name = case.store, case.file.id
    promise, frozen = case.registration, store.latest(name, "snapshot")
    stored = newest(case)
    attached, said = attachments(case), records(case)
    return TrialState(
        trial=case.trial,
        registration=str(promise.payload["fingerprint"]) if promise else None,
        registered_at=promise.at if promise else None,
        registered_by=promise.actor.name if promise else None,
        registered_in_time=case.registered_in_time,
        file_differs=case.file_differs,
        untold=tuple(change.key for change in case.untold),
        deviations=case.told,
        looks=tuple(_looked(event) for event in taken(case)),
        attachments=attached.standing,
        withdrawn=attached.withdrawn,
        policy_changed=_other_policy(case, policy),
        drawn=store.latest(name, "allocation") is not None,
        prior=case.prior or SCEPTICAL,
        prior_registered=case.prior is not None,
        rows=store.counts(name),
        few_in_an_arm=any(small(n) for n in store.people_by_arm(name).values()),
        snapshot=frozen.payload["sha256"] if frozen else None,
        analysis=stored.analysis if stored else None,
        analysis_fingerprint=stored.fingerprint if stored else None,
        analysed_at=stored.event.at if stored else None,
        analysed_by=stored.event.actor.name if stored else None,
        stale=stale(case, stored) if stored else False,
        data_changed=data_changed(case, stored) if stored else False,
        recommendation=weigh_stored(case, stored, policy=policy, today=today) if stored else None,
        gates=gates(case),
        decisions=_decisions(case),
        conditions=conditions(case),
        follow_up=follow_up(case, today=today, said=said),
        realised=said,
        lock=_lock(store.locked(name)),
        simulated=store.is_simulated(name),
        people=store.people_known(name),
        findings=findings(case),
        unpublished=store.unpublished(name),
    )


def _looked(event: Event) -> LookTaken:
    said = event.payload
    return LookTaken(said["k"], said["of"], said["fraction"], at=event.at, by=event.actor.name)


def _other_policy(case: Case, policy: Policy) -> bool:
    """Whether the rules in force are others than those that were in force at the promise."""
    promise = case.registration
    then = promise.payload.get("policy_fingerprint") if promise else None
    return then is not None and then != policy.fingerprint


def _decisions(case: Case) -> tuple[SignedDecision, ...]:
    signed, void = [], voided(case)
    for event in case.store.events(case.file.id, "decision"):
        held = _void(void.get(event.seq))
        signed.append(SignedDecision(event.at, Decision.kept(event.payload), held, event.seq))
    return tuple(signed)


def _void(opened: Event | None) -> Voided | None:
    if opened is None:
        return None
    return Voided(at=opened.at, by=opened.actor.name, why=opened.payload["why"])


def _lock(held: Event | None) -> LockHeld | None:
    if held is None:
        return None
    return LockHeld(at=held.at, by=held.actor.name, snapshot=held.payload["snapshot"])
