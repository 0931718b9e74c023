"""Which runs an event becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from htkeval.canonical import canonical
from htkeval.event import Event, EventKind
from htkeval.registration import frozen_content
from htkeval.text import LANGUAGES, render, say
from htkeval.tracking.payload import (
    AllocationPayload,
    AnalysisPayload,
    DecisionPayload,
    DeviationPayload,
    LookPayload,
    RegistrationPayload,
    SnapshotPayload,
)
from htkeval.tracking.publication import (
    Artifact,
    Dataset,
    Publication,
    RunKind,
    as_params,
    as_tags,
    at_ms,
    key_of,
)


def publications(event: Event, title: str) -> tuple[Publication, ...]:
    """Which runs does MLflow get for this event?

    Args:
        event: Something that happened to a trial.
        title: The trial's name for people.

    Returns:
        The runs, a parent before its children; none for a kind of event that is not published.

    Raises:
        pydantic.ValidationError: The payload lacks something, or holds NaN or infinity.
    """
    runs_of = _RUNS_OF.get(event.kind)
    return runs_of(event, title) if runs_of else ()


def later_papers(papers: Iterable[Event]) -> tuple[Artifact, ...]:
    """Papers that were kept after the decision, by their ids."""
    return tuple(
        Artifact(
            name=f"paper-{told['paper'].lower()}-{told['language']}.{told['format']}",
            sha256=told["sha256"],
            later=True,
        )
        for told in (paper.payload for paper in papers)
    )


def _registration(event: Event, title: str) -> tuple[Publication, ...]:
    promise = RegistrationPayload.model_validate(event.payload)
    content = canonical(frozen_content(event)).encode()
    run = _run(
        event,
        title,
        "registration",
        sha256=promise.fingerprint,
        params={
            "fingerprint": promise.fingerprint,
            "policy": promise.policy,
            "policy_fingerprint": promise.policy_fingerprint,
            "method": promise.method,
            "software": promise.software,
            **_promised(promise.definition),
        },
        artifacts=(_written("registration.json", content),),
    )
    return (run,)


def _promised(definition: Mapping[str, Any]) -> dict[str, object]:
    """The single values of a definition; lists and tables are in the file itself."""
    primary: dict[str, Any] = next(
        (metric for metric in definition.get("metrics", ()) if metric.get("role") == "primary"), {}
    )
    return {
        **_plain(definition),
        **_plain(definition.get("design") or {}, "design."),
        **_plain(definition.get("analysis") or {}, "analysis."),
        **_plain(primary, "primary."),
        **_plain(definition.get("forecast") or {}, "forecast."),
    }


def _deviation(event: Event, title: str) -> tuple[Publication, ...]:
    told = DeviationPayload.model_validate(event.payload)
    content = canonical(event.payload).encode()
    params: dict[str, object] = {
        "what": ", ".join(told.what),
        "why": told.why,
        "to": told.to,
        "seen": told.seen,
        "changes": ", ".join(str(change["key"]) for change in told.changes) or None,
        "fingerprint": told.fingerprint,
        "amends": (told.promise or {}).get("amends"),
        **_promised((told.promise or {}).get("definition", {})),
    }
    run = _run(
        event,
        title,
        "deviation",
        sha256=told.fingerprint or hashlib.sha256(content).hexdigest(),
        params=params,
        tags={"htk.reason": told.why},
        note=told.why,
        artifacts=(_written("deviation.json", content),),
    )
    return (run,)


def _allocation(event: Event, title: str) -> tuple[Publication, ...]:
    drawn = AllocationPayload.model_validate(event.payload)
    run = _run(
        event,
        title,
        "allocation",
        sha256=drawn.list,
        params={
            "list": drawn.list,
            "number": drawn.number,
            "mechanism": drawn.mechanism,
            "registration": drawn.registration,
            "software": drawn.software,
        },
        metrics={"units": len(drawn.drawn)},
    )
    return (run,)


def _look(event: Event, title: str) -> tuple[Publication, ...]:
    taken = LookPayload.model_validate(event.payload)
    run = _run(
        event,
        title,
        "look",
        sha256=taken.snapshot,
        params={
            "k": taken.k,
            "of": taken.of,
            "final": taken.final,
            "who": event.actor.name,
            "who_known_by": event.actor.known_by,
            "snapshot": taken.snapshot,
            "registration": taken.registration,
        },
        metrics={"fraction": taken.fraction},
        dataset=_dataset(event, taken.snapshot, None),
    )
    return (run,)


def _snapshot(event: Event, title: str) -> tuple[Publication, ...]:
    frozen = SnapshotPayload.model_validate(event.payload)
    parent = _run(
        event,
        title,
        "snapshot",
        sha256=frozen.sha256,
        params={
            "registration": frozen.registration,
            "columns": ", ".join(frozen.columns),
            "sealed": True if frozen.sealed else None,
        },
        metrics={
            "rows": frozen.rows,
            **{f"{arm}.rows": figures.get("rows") for arm, figures in frozen.arms.items()},
        },
        dataset=_dataset(event, frozen.sha256, frozen.rows),
        artifacts=()
        if frozen.sealed
        else (Artifact(name="snapshot.parquet", sha256=frozen.sha256),),
    )
    children = (
        _run(
            event,
            title,
            "arm",
            part=arm,
            sha256=frozen.sha256,
            parent=parent.key,
            params={"arm": arm},
            metrics=figures,
        )
        for arm, figures in sorted(frozen.arms.items())
    )
    return (parent, *children)


def _analysis(event: Event, title: str) -> tuple[Publication, ...]:
    found = AnalysisPayload.model_validate(event.payload)
    params: dict[str, object] = {
        "snapshot": found.snapshot,
        "registration": found.registration,
        "evidence_level": found.evidence_level,
        "level": found.level,
        "checks_failed": ", ".join(found.checks_failed) or None,
        "deviations": "; ".join(found.deviations) or None,
    }
    metrics: dict[str, float | None] = {
        "gaps": found.gaps,
        "checks_failed": len(found.checks_failed),
    }
    for effect in found.effects:
        name = f"{effect.metric}.{effect.scale}"
        if effect.estimand != "effect":
            name = f"{name}.{effect.estimand}"
        params[f"{name}.method"] = effect.method
        if effect.confirmatory:
            params["confirmatory"] = name
        for figure in ("estimate", "low", "high", "p_value"):
            metrics[f"{name}.{figure}"] = getattr(effect, figure)
    run = _run(
        event,
        title,
        "analysis",
        sha256=found.sha256,
        params=params,
        metrics=metrics,
        tags={"htk.deviations": len(found.deviations)} if found.deviations else None,
        dataset=_dataset(event, found.snapshot, None),
        artifacts=(Artifact(name="analysis.json", sha256=found.sha256),),
    )
    return (run,)


def _decision(event: Event, title: str) -> tuple[Publication, ...]:
    signed = DecisionPayload.model_validate(event.payload)
    whole = {key: value for key, value in event.payload.items() if key != "recommendation"}
    run = _run(
        event,
        title,
        "decision",
        sha256=signed.recommendation,
        name=f"decision {event.seq}: {signed.outcome}",
        params={
            "outcome": signed.outcome,
            "recommended": signed.recommended,
            "policy": signed.policy,
            "analysis": signed.analysis,
            **_beside(signed),
        },
        tags={
            "htk.reason": signed.reason,
            "htk.signer": signed.signed_by.name,
            "htk.signer_known_by": signed.signed_by.known_by,
            **({"htk.departure": signed.departure} if signed.departure else {}),
        },
        note=signed.reason,
        artifacts=(
            Artifact(name="recommendation.json", sha256=signed.recommendation),
            _written("decision.json", canonical(whole).encode()),
            *_worth(signed),
            *_papers(signed),
        ),
    )
    return (run,)


def _beside(signed: DecisionPayload) -> dict[str, str]:
    """What older decisions do not say stands in no run of theirs; decision.json has all of it."""
    told = {}
    if signed.conditions:
        told["conditions"] = str(len(signed.conditions))
    if signed.books is not None:
        told["books_kr_a_year"] = f"{signed.books.kr_a_year:.0f}"
        told["books_from"] = signed.books.begins
    if signed.paper is not None:
        told["paper"] = signed.paper
    return told


def _worth(signed: DecisionPayload) -> tuple[Artifact, ...]:
    if signed.business_case is None:
        return ()
    return (Artifact(name="business.json", sha256=signed.business_case),)


def _papers(signed: DecisionPayload) -> tuple[Artifact, ...]:
    """The paper that was decided on, in each format and language; older decisions have none."""
    return tuple(
        Artifact(name=f"paper-{one.language}.{one.format}", sha256=one.sha256)
        for one in signed.papers
    )


_RUNS_OF: dict[EventKind, Callable[[Event, str], tuple[Publication, ...]]] = {
    "registration": _registration,
    "deviation": _deviation,
    "allocation": _allocation,
    "snapshot": _snapshot,
    "look": _look,
    "analysis": _analysis,
    "decision": _decision,
}


def _run(
    event: Event,
    title: str,
    kind: RunKind,
    *,
    sha256: str,
    part: str = "",
    name: str | None = None,
    parent: str | None = None,
    params: Mapping[str, object],
    metrics: Mapping[str, float | None] | None = None,
    tags: Mapping[str, object] | None = None,
    note: str = "",
    dataset: Dataset | None = None,
    artifacts: tuple[Artifact, ...] = (),
) -> Publication:
    """What all runs have in common, filled in from the event."""
    key = key_of(event, kind, part)
    run_name = name or (f"snapshot {event.seq}: {part}" if part else f"{kind} {event.seq}")
    known_by = {
        "htk.key": key,
        "htk.kind": kind,
        "htk.trial": event.trial,
        "htk.seq": event.seq,
        "htk.event": event.hash,
        "htk.sha256": sha256,
        "htk.simulated": event.simulated,
        "htk.arm": part or None,
        "mlflow.runName": run_name,
        "mlflow.user": event.actor.name,
        "mlflow.source.name": "htkeval",
        "mlflow.note.content": _note(event, title, note),
    }
    return Publication(
        key=key,
        experiment=event.trial,
        title=title,
        run_name=run_name,
        kind=kind,
        parent=parent,
        at_ms=at_ms(event),
        params=as_params(params),
        metrics={k: value for k, value in (metrics or {}).items() if value is not None},
        tags=as_tags({**known_by, **(tags or {})}),
        dataset=dataset,
        artifacts=artifacts,
    )


def _note(event: Event, title: str, note: str) -> str:
    """What MLflow shows above a run. In both languages: MLflow has no reader's language."""
    mark = say(
        "**Simulated figures.** All measurements behind this run are invented to try the tool."
    )
    lines = [render(mark, language) for language in LANGUAGES] if event.simulated else []
    return "\n\n".join([*lines, title, *([note] if note else [])])


def _plain(section: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    """The single values of a section; lists and tables are in the file itself."""
    kinds = (str, int, float, bool)
    return {f"{prefix}{key}": value for key, value in section.items() if isinstance(value, kinds)}


def _written(name: str, content: bytes) -> Artifact:
    return Artifact(name=name, sha256=hashlib.sha256(content).hexdigest(), content=content)


def _dataset(event: Event, sha256: str, rows: int | None) -> Dataset:
    return Dataset(name=f"{event.trial} snapshot", sha256=sha256, rows=rows)
