"""A person signs."""

from __future__ import annotations

import json
from datetime import datetime

from htkeval.decision import Actor, Decision, Policy, Verdict
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.frozen import document
from htkeval.steps.case import Case
from htkeval.steps.recommend import needed, opened_since, stale, weigh_stored
from htkeval.store import blobs
from htkeval.text import say


def decide(
    case: Case,
    outcome: Verdict,
    *,
    reason: str,
    policy: Policy,
    actor: Actor,
    now: datetime,
    outdated: bool = False,
) -> Event:
    """Keep what a person decided, on which analysis, under which policy, and why.

    Args:
        case: The trial.
        outcome: What was decided; may differ from the recommendation.
        reason: Why, in the signer's words.
        policy: The rules in force.
        actor: Who signs.
        now: When, in UTC.
        outdated: Sign although measurements came in after the analysis.

    Raises:
        Refused: The policy does not accept how the signer is known, or no reason is given.
        StateError: There is no analysis, or it is outdated and `outdated` was not said; or the
            trial was unlocked after it.
    """
    _may_sign(policy, actor)
    if not reason.strip():
        raise Refused(Problem("--reason", say("nothing"), say("why, in the signer's own words")))
    known = case.store.newest(case.file.id, "unlock")
    stored = needed(case)
    if opened_since(case, stored):
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("an analysis from before the trial was unlocked"),
                say("an analysis of what counts since then"),
                say("Run `htkeval analyse {name}` first.", name=case.file.id),
            )
        )
    if stale(case, stored) and not outdated:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("an analysis that is older than the measurements or the registration"),
                say("an analysis of the current measurements"),
                say("Run `htkeval analyse {name}` first, or say --outdated.", name=case.file.id),
            )
        )
    recommendation = weigh_stored(case, stored, policy=policy)
    content = json.dumps(document(recommendation, "en"), ensure_ascii=False, indent=1)
    decision = Decision(
        trial=case.file.id,
        analysis=stored.fingerprint,
        policy=policy.version,
        recommended=recommendation.verdict,
        outcome=outcome,
        reason=reason.strip(),
        signed_by=actor,
    )
    payload = {
        **decision.model_dump(mode="json"),
        "recommendation": blobs.put(case.blobs, content.encode()),
    }
    return case.store.append(case.file.id, "decision", payload, actor=actor, now=now, known=known)


def _may_sign(policy: Policy, actor: Actor) -> None:
    if actor.known_by not in policy.decide_known_by:
        raise Refused(
            Problem(
                say("policy {version}", version=policy.version),
                say("a signer known by {how}", how=actor.known_by),
                say("a signer known by {how}", how=", ".join(policy.decide_known_by)),
            )
        )
