"""A trial's newest analysis as a package that other municipalities may have."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from htkeval.analysis import Analysis
from htkeval.decision import Policy, Recommendation
from htkeval.effect import Effect
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.evidence_package import (
    Comparison,
    EvidencePackage,
    Measure,
    PackagedGap,
    Population,
    Versions,
    as_written,
    sealed,
)
from htkeval.frozen import Contradiction
from htkeval.intake.evidence_file import texts_in
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.local_day import local_day
from htkeval.municipality import Municipality
from htkeval.steps.analyse import Stored
from htkeval.steps.case import Case, Still
from htkeval.steps.recommend import needed, weigh_stored
from htkeval.store.own_words import without
from htkeval.text import render, say
from htkeval.trial import Trial


def package(
    case: Case, *, policy: Policy, municipality: Municipality, named: bool
) -> EvidencePackage:
    """The package of a trial; the same state of the record gives the same one. Stores nothing.

    Args:
        case: The trial.
        policy: The municipality's rules, for the verdict.
        municipality: Who tried it.
        named: Whether its name may stand in the package.

    Raises:
        StateError: No question is stated, nothing is promised or analysed, or it is between looks.
        Refused: A text names a person, or the municipality that is not to be named.
    """
    with case.store.moment() as moment:
        still = Still(store=moment, blobs=case.blobs, file=case.file, names=case.names)
        return _now(still, policy, municipality, named=named)


def _now(case: Case, policy: Policy, municipality: Municipality, *, named: bool) -> EvidencePackage:
    promise, question = case.registration, case.trial.question_id
    if question is None:
        raise _no_question(case)
    if promise is None:
        raise _missing(
            case,
            say("a trial that is not registered"),
            say("a promise that was frozen: others are to see what was planned beforehand"),
            say("`htkeval register {name}` freezes it.", name=case.file.id),
        )
    stored = needed(case)
    if stored.analysis.between_looks:
        raise _missing(
            case,
            say("an analysis between planned looks"),
            say("the analysis of a planned look, or of the end"),
            say("Wait; `htkeval status {name}` says how far it is.", name=case.file.id),
        )
    contents = _contents(case, promise, stored, weigh_stored(case, stored, policy=policy))
    whose = {
        "municipality": municipality.name if named else None,
        "population": _population(case.trial, municipality),
    }
    made = _sealed(case, {**contents, **whose})
    _refuse_names(case, made, municipality, named=named)
    return made


def _sealed(case: Case, contents: dict[str, Any]) -> EvidencePackage:
    """The same, before its words are searched."""
    try:
        return sealed(**contents)
    except ValidationError as failed:  # an analysis of an older program may be another than ours
        cause = failed.errors(include_url=False)[0].get("ctx", {}).get("error")
        found = cause.text if isinstance(cause, Contradiction) else say("{what}", what=str(cause))
        expected = say("an analysis that agrees with itself")
        step = say("Run `htkeval analyse {name}` again.", name=case.file.id)
        raise _missing(case, found, expected, step) from None


def _contents(
    case: Case, promise: Event, stored: Stored, verdict: Recommendation
) -> dict[str, Any]:
    trial, analysis = case.trial, stored.analysis
    return {
        "origin": promise.hash,
        "question_id": trial.question_id,
        "measures": _measures(trial),
        "comparison": Comparison(
            kind=trial.design.kind,
            randomised=trial.design.randomised,
            clusters=trial.design.clusters,
            tasks_each=trial.design.tasks_each,
        ),
        "starts": trial.starts,
        "ends": trial.ends,
        "analysed": local_day(stored.event.at),
        "evidence_level": analysis.evidence_level,
        "registered_in_time": _passed(analysis, "registered_in_time") is True,
        "deviations": len(analysis.deviations),
        "rows": analysis.rows,
        "effects": tuple(_rounded(one) for one in analysis.effects),
        "gaps": _gaps(analysis),
        "failed": tuple(one.name for one in analysis.checks if one.passed is False),
        "unknown": tuple(one.name for one in analysis.checks if one.passed is None),
        "verdict": verdict.verdict,
        "stale": verdict.stale,
        "simulated": analysis.simulated,
        "versions": Versions(
            software=analysis.software,
            registration=promise.payload["fingerprint"],
            promise=analysis.registration or promise.payload["fingerprint"],
            analysis=stored.fingerprint,
            policy=verdict.policy_fingerprint,
        ),
    }


def _rounded(effect: Effect) -> Effect:
    """Where it is withheld how many tasks an arm has, its mean and SD in three digits: all of them
    would say by how many the sum was divided."""
    arms = {"baseline": effect.baseline, "treatment": effect.treatment}
    if all(arm.tasks is not None for arm in arms.values()):
        return effect
    names = ("mean", "sd", "adjusted_mean")
    told = {
        name: arm.model_copy(update={each: _three(getattr(arm, each)) for each in names})
        for name, arm in arms.items()
    }
    return effect.model_copy(update=told)


def _three(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")


def _population(trial: Trial, municipality: Municipality) -> Population:
    return Population(
        area=_line(trial.area),
        technology=trial.technology,
        task=_line(trial.task_name.many) if trial.task_name else None,
        size=municipality.size,
    )


def _measures(trial: Trial) -> tuple[Measure, ...]:
    kept = set(Measure.model_fields) - {"label", "unit"}
    return tuple(
        Measure(
            **metric.model_dump(include=kept),
            label=_line(metric.label),
            unit=_line(metric.unit) if metric.unit else None,
        )
        for metric in trial.metrics
    )


def _gaps(analysis: Analysis) -> tuple[PackagedGap, ...]:
    return tuple(
        PackagedGap(
            metric=gap.metric,
            scale=gap.scale,
            estimand=gap.estimand,
            reason=_line(render(gap.message, "en")),
            reason_da=_line(render(gap.message, "da")),
        )
        for gap in analysis.gaps
    )


def _line(text: str) -> str:
    """A text on one line, as a package has it."""
    return " ".join(text.split())[:500]


def _passed(analysis: Analysis, name: str) -> bool | None:
    return next((one.passed for one in analysis.checks if one.name == name), None)


def _refuse_names(
    case: Case, made: EvidencePackage, municipality: Municipality, *, named: bool
) -> None:
    """What leaves the house names no person, and the municipality only where it is to."""
    written = as_written(made)
    del written["municipality"]
    texts = {f"trial.toml, {key}": text for key, text in texts_in(written).items()}
    refuse(texts)
    refuse_listed(texts, case.names)
    people = case.store.people(case.file.id)
    found, step = say("the pseudonym itself"), say("a text that names nobody")
    whole = "\n".join(texts.values())
    among = texts.items() if without(whole, people) != whole else ()
    named_in = [place for place, text in among if without(text, people) != text]
    problems = [Problem(place, found, step) for place in named_in]
    own = _own_name(municipality)
    if not named and own and own.search(whole):
        hint = say("Say it without the name; or export with --named, which tells who you are.")
        expected = say("a package that does not say whose it is")
        told = say("the name of the municipality")
        problems += [
            Problem(place, told, expected, hint)
            for place, text in texts.items()
            if own.search(text)
        ]
    if problems:
        raise Refused(problems)


def _own_name(municipality: Municipality) -> re.Pattern[str] | None:
    """The name as a word of its own, also in the genitive, without the word for what it is."""
    bare = municipality.name.casefold().removesuffix("kommune").removesuffix("kommunes").strip()
    return re.compile(rf"(?i)(?<!\w){re.escape(bare)}s?(?!\w)") if bare else None


def _no_question(case: Case) -> StateError:
    name = case.file.id
    if case.file.question_id is not None:
        step = say(
            "The file has one: tell of it with htkeval deviate {name} --what question_id "
            "--why TEXT.",
            name=name,
        )
    else:
        step = say(
            'Write question_id = "…" in trial.toml, the name that municipalities with the same '
            "question have agreed on, such as tale-til-tekst-referat; of a registered trial tell "
            "of it with htkeval deviate {name} --what question_id --why TEXT.",
            name=name,
        )
    found, expected = say("no question_id"), say("the question that others ask too, by its name")
    return StateError(Problem(say("trial {name}", name=name), found, expected, step))


def _missing(case: Case, *told: Any) -> StateError:
    return StateError(Problem(say("trial {name}", name=case.file.id), *told))
