"""What is kept of a trial, with its fingerprints and its runs in MLflow."""

from __future__ import annotations

from htkeval.event import Event, EventKind
from htkeval.steps.case import Case
from htkeval.trace import Kept, Trace

CONTENT: dict[EventKind, str] = {
    "registration": "fingerprint",
    "batch": "digest",
    "snapshot": "sha256",
    "look": "snapshot",
    "analysis": "sha256",
    "decision": "recommendation",
    "lock": "snapshot",
    "attachment": "sha256",
}
"""Where in an event's payload the fingerprint of what it keeps stands."""
TOLD: tuple[EventKind, ...] = (
    *CONTENT,
    "deviation",
    "allocation",
    "correction",
    "exclusion",
    "erasure",
    "unlock",
    "export",
)
"""Kinds of event that figures rest on or that take them out of the house."""


def trace(case: Case) -> Trace:
    """Which fingerprints does a trial's evidence hang on?"""
    mine = [one for one in case.store.events(case.file.id) if one.kind in TOLD]
    runs = {one.seq: one for one in case.store.outbox() if one.trial == case.file.id}
    promise = case.registration
    said = promise.payload if promise is not None else {}
    return Trace(
        kept=tuple(
            Kept(
                seq=one.seq,
                at=one.at,
                kind=one.kind,
                link=one.hash,
                content=_content(one),
                run=runs[one.seq].run_id if one.seq in runs else None,
                state=runs[one.seq].state if one.seq in runs else None,
            )
            for one in mine
        ),
        policy=said.get("policy_fingerprint"),
        policy_name=said.get("policy"),
    )


def _content(event: Event) -> str | None:
    key = CONTENT.get(event.kind)
    found = event.payload.get(key) if key else None
    return found if isinstance(found, str) else None
