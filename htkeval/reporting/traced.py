"""What the page of fingerprints says: what is kept, whether it holds, where its run is."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.effect import Check
from htkeval.event import EventKind
from htkeval.local_day import local_day
from htkeval.reporting.sentences import as_text, day_text, quoted
from htkeval.reporting.tables import NOTHING, Table
from htkeval.reporting.words import check_name, outcome
from htkeval.text import Text, say
from htkeval.trace import Trace

HEADING = say("Trace and fingerprints")
ABOUT = say(
    "Every figure can be followed back: to the rows that were frozen, to the promise that was made "
    "before, to the policy that weighed it. A fingerprint is worked out of the bytes themselves; "
    "whoever changes one of them changes it."
)
PROVED = say(
    "The command htkeval verify works all fingerprints out again, and every stored analysis from "
    "its rows. That may take a minute, so it is done when asked for."
)
ASK = say("Prove it now")
HOLDS = say("Everything agrees: nothing was changed.")
BROKEN = say("Something does not agree.")
KINDS: dict[EventKind, Text] = {
    "registration": say("Promise locked"),
    "allocation": say("Lots drawn"),
    "batch": say("Rows delivered"),
    "correction": say("Values put right"),
    "exclusion": say("Row left out"),
    "erasure": say("Somebody forgotten"),
    "snapshot": say("Rows frozen"),
    "look": say("Look taken"),
    "analysis": say("Analysed"),
    "deviation": say("Deviation told"),
    "attachment": say("Technical measurement attached"),
    "decision": say("Decided"),
    "lock": say("Data locked"),
    "unlock": say("Data unlocked"),
    "export": say("Exported"),
}
STATES = {
    "pending": say("waits"),
    "sending": say("on its way"),
    "failed": say("not delivered"),
}


def kept(trace: Trace) -> Table:
    """Every event that figures rest on: what it keeps, its link in the chain, its run."""
    head = (
        say("No."),
        say("Date"),
        say("What happened?"),
        say("Content"),
        say("Link"),
        say("Run in MLflow"),
    )
    body = tuple(
        (
            say("{n}", n=one.seq),
            day_text(local_day(one.at)),
            KINDS.get(one.kind, quoted(one.kind)),
            quoted(one.content[:12]) if one.content else NOTHING,
            quoted(one.link[:12]),
            quoted(one.run) if one.run else STATES.get(one.state or "", NOTHING),
        )
        for one in trace.kept
    )
    return Table(say("What is kept"), head, body)


def policy(trace: Trace) -> Text | None:
    """Which policy was in force at the promise."""
    if not trace.policy:
        return None
    return say(
        "Policy at the promise: {name}, fingerprint {mark}.",
        name=trace.policy_name or "–",
        mark=trace.policy,
    )


PROOFS = {
    "guards": say("The database's own locks"),
    "sequence": say("Numbers of the events"),
    "chain": say("Chain of fingerprints"),
    "clock": say("Times of the events"),
    "rows": say("Rows as delivered"),
    "subjects": say("Marks of participants"),
    "outbox": say("What MLflow is to know"),
    "files": say("Kept files"),
    "orphans": say("Files that no event names"),
    "rights": say("Rights in the database"),
    "runs": say("Runs in MLflow"),
}
"""What is proved of the whole store, by its name in files."""
_OF_A_TRIAL = {
    "promise": say("Promise"),
    "snapshot": say("Dataset"),
    "analysis": say("Analysis"),
}
"""And of one trial, whose name stands behind a colon."""


def proof_name(name: str) -> Text | str:
    """What a proof is called."""
    kind, _, trial = name.partition(":")
    if trial and kind in _OF_A_TRIAL:
        return say("{what}: {trial}", what=_OF_A_TRIAL[kind], trial=trial)
    return PROOFS.get(name) or check_name(name)


def proof(checks: Sequence[Check]) -> Table:
    """What was proved."""
    head = (say("Check"), say("Result"), say("Explanation"))
    body = tuple((as_text(proof_name(one.name)), outcome(one), one.message) for one in checks)
    return Table(say("Proof"), head, body)


def verdict(checks: Sequence[Check]) -> Text:
    """Whether everything agrees."""
    return BROKEN if any(one.passed is False for one in checks) else HOLDS
