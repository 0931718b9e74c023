"""Weigh a snapshot, or a sheet that is not stored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from htkeval.analysis import Analysis
from htkeval.decision import Actor
from htkeval.deviation import Deviation
from htkeval.effect import Check
from htkeval.event import Event
from htkeval.frozen import document
from htkeval.looks import Standing
from htkeval.steps.case import Case
from htkeval.steps.frozen_list import freeze, thawed
from htkeval.steps.look import look as take
from htkeval.steps.look import may_look, unfinished
from htkeval.steps.snapshot import current_table, snapshot, snapshot_of
from htkeval.steps.standing import standing
from htkeval.store import blobs
from htkeval.text import say
from htkeval.trial import Trial


@dataclass(frozen=True)
class Stored:
    """An analysis and the event that keeps it."""

    analysis: Analysis
    """Effects, gaps and checks."""
    event: Event
    """Where it stands in the chain; its payload holds the fingerprint."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the analysis as stored."""
        return str(self.event.payload["sha256"])


@dataclass(frozen=True)
class Known:
    """What an analysis knows beside the rows and the promise."""

    in_time: bool
    """Whether the promise came before the first measurement with the tool."""
    unregistered_change: bool
    """Whether trial.toml said otherwise about what decides, and nobody had told why."""
    deviations: tuple[Deviation, ...]
    """What had been changed and told."""
    simulated: bool
    """Whether any row was invented."""
    allocation: str | None
    """SHA-256 of the list that was drawn; None where none is stored."""
    standing: Standing | None
    """Where it stands among the looks; None where there is one."""


def analyse_file(trial: Trial, path: Path, *, promised: bool = False) -> Analysis:
    """Analyse a sheet directly: nothing is stored and no registration is needed.

    Args:
        trial: The definition.
        path: The sheet.
        promised: Whether the trial is registered: a promise is about the record, not about a sheet.
    """
    from htkeval import evaluation
    from htkeval.intake import rows
    from htkeval.store import snapshots

    batch = rows.read(trial, path)
    table = snapshots.table(trial, batch.measurements)
    fingerprint = hashlib.sha256(snapshots.to_parquet(table)).hexdigest()
    found = evaluation.evaluate(trial, table, snapshot=fingerprint, simulated=batch.simulated)
    return found if not promised else found.model_copy(update={"checks": _apart(found.checks)})


def _apart(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The checks of a sheet beside a promise: there is one, but it is not held against."""
    text = say(
        "A sheet is analysed without the promise: the trial is registered, but only measurements "
        "in the record are held against what was promised."
    )
    return tuple(
        one.model_copy(update={"message": text}) if one.name == "registered_in_time" else one
        for one in checks
    )


def analyse(case: Case, *, actor: Actor, now: datetime, look: int | None = None) -> Stored:
    """Analyse the current rows, frozen first if they are not; the same input, the same answer.

    Args:
        case: The trial.
        actor: Who analyses.
        now: When, in UTC.
        look: The planned look that this is, 1 for the first; None: it is none.

    Raises:
        StateError: There are no measurements, or this look cannot be taken now.
    """
    if look is not None:
        may_look(case, look, current_table(case), now=now)
    frozen = snapshot(case, actor=actor, now=now)
    if look is not None:
        take(case, look, frozen=frozen, actor=actor, now=now)
    elif (broken_off := unfinished(case)) is not None:
        frozen = snapshot_of(case, broken_off.payload["snapshot"])
    analysis = _evaluate(
        case,
        frozen.payload["sha256"],
        Known(
            in_time=case.registered_in_time,
            unregistered_change=case.unregistered_change,
            deviations=case.told,
            simulated=frozen.simulated,
            allocation=freeze(case, until=frozen.payload["data_seq"]),
            standing=standing(case, frozen.payload["sha256"], now=now),
        ),
    )
    return _store(case, analysis, actor=actor, now=now)


def repeat(case: Case, stored: Stored) -> Analysis:
    """Compute a kept analysis again, from the snapshot it read and by the promise it knew."""
    kept = stored.analysis
    passed = {check.name: check.passed for check in kept.checks}
    known = Known(
        in_time=passed.get("registered_in_time") is True,
        unregistered_change=passed.get("as_registered") is False,
        deviations=kept.deviations,
        simulated=kept.simulated,
        allocation=kept.allocation,
        standing=standing(case, kept.snapshot, now=stored.event.at, until=stored.event.seq),
    )
    return _evaluate(case, kept.snapshot, known)


def _evaluate(case: Case, frozen: str, known: Known) -> Analysis:
    from htkeval import evaluation
    from htkeval.store import snapshots

    return evaluation.evaluate(
        case.trial,
        snapshots.from_parquet(blobs.read(case.blobs, frozen)),
        snapshot=frozen,
        registration=case.fingerprint,
        method=case.method,
        in_time=known.in_time,
        unregistered_change=known.unregistered_change,
        deviations=known.deviations,
        simulated=known.simulated,
        allocation=None if known.allocation is None else thawed(case, known.allocation),
        standing=known.standing,
    )


def newest(case: Case) -> Stored | None:
    """The newest analysis, read back from its blob."""
    event = case.store.latest(case.file.id, "analysis")
    if event is None:
        return None
    content = blobs.read(case.blobs, event.payload["sha256"])
    return Stored(analysis=Analysis.model_validate_json(content), event=event)


def _store(case: Case, analysis: Analysis, *, actor: Actor, now: datetime) -> Stored:
    fingerprint = blobs.put(case.blobs, document_bytes(analysis))
    last = case.store.latest(case.file.id, "analysis")
    opened = case.store.latest(case.file.id, "unlock")
    same = last is not None and last.payload["sha256"] == fingerprint
    if last is not None and same and (opened is None or opened.seq < last.seq):
        return Stored(analysis=analysis, event=last)
    payload = {"sha256": fingerprint, **_summary(analysis)}
    event = case.store.append(case.file.id, "analysis", payload, actor=actor, now=now)
    return Stored(analysis=analysis, event=event)


def document_bytes(noun: Analysis) -> bytes:
    """A document as it is kept: its sentences in English beside their templates."""
    return json.dumps(document(noun, "en"), ensure_ascii=False, indent=1).encode()


def _summary(analysis: Analysis) -> dict[str, object]:
    """What the event itself says of the analysis, so that a reader needs no blob."""
    effects = [
        {
            "metric": effect.metric,
            "scale": effect.scale,
            "estimate": effect.estimate,
            "low": effect.ci[0],
            "high": effect.ci[1],
            "p_value": effect.p_value,
            "method": effect.method,
            "estimand": effect.estimand,
            "confirmatory": effect.confirmatory,
        }
        for effect in analysis.effects
    ]
    return {
        "snapshot": analysis.snapshot,
        "registration": analysis.registration,
        "allocation": analysis.allocation,
        "evidence_level": analysis.evidence_level,
        "level": analysis.effects[0].level if analysis.effects else None,
        "effects": effects,
        "gaps": len(analysis.gaps),
        "deviations": [f"{', '.join(one.keys)}: {one.why}" for one in analysis.deviations],
        "checks_failed": [check.name for check in analysis.checks if check.passed is False],
    }
