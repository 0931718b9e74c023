"""Trials in every state a page can meet, made of nouns by hand. The figures are invented."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from htkeval.analysis import Analysis
from htkeval.decision import Actor, Decision, Policy
from htkeval.effect import ArmFigures, Check, Effect, Gap, Inference, Sensitivity
from htkeval.portfolio import GateView, Portfolio, SignedDecision, TrialState, in_order
from htkeval.recommendation import recommend
from htkeval.text import say
from htkeval.trial import Trial

POLICY = Policy(version="2026-1", valid_from=date(2026, 1, 1), status="Udkast: ikke vedtaget")
NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
CLOSED = {"dpia": "closed", "legal_basis": "closed", "security": "not_needed", "med": "closed"}


def trial(**changes: Any) -> Trial:
    """Meetings drawn to arms: minutes as primary metric, errors as guardrail."""
    plain: dict[str, Any] = {
        "id": "tale-til-tekst",
        "title": "Tale til tekst i mødereferater",
        "question": "Bliver et godkendt referat hurtigere færdigt uden flere fejl?",
        "area": "Social og Handicap",
        "technology": "speech_to_text",
        "task_name": {"one": "referat", "many": "referater"},
        "starts": "2026-01-12",
        "ends": "2026-04-10",
        "arms": {"baseline": {"label": "I hånden"}, "treatment": {"label": "AI-udkast rettes"}},
        "design": {"kind": "within", "randomised": True, "arm": "arm", "participant": "person"},
        "metrics": [
            {
                "id": "task_time",
                "label": "Minutter pr. referat",
                "kind": "duration",
                "column": "task_time",
                "unit": "min",
                "better": "lower",
                "role": "primary",
                "worthwhile": -0.15,
                "source": "timed",
            },
            {
                "id": "errors",
                "label": "Fejl pr. 1.000 ord",
                "kind": "rate",
                "column": "errors",
                "exposure": "words",
                "per": 1000,
                "better": "lower",
                "role": "guardrail",
                "margin": 1.0,
            },
        ],
        "forecast": {"relative_change": -0.25},
        "gates": [{"id": name} for name in CLOSED],
        "hard_stops": [
            {"column": "wrong", "text": "En beslutning gengives forkert i et referat, der er sendt"}
        ],
    }
    return Trial.model_validate({**plain, **changes})


def arm(tasks: int, mean: float, *, clusters: int = 24) -> ArmFigures:
    """What was seen in one arm."""
    return ArmFigures(tasks=tasks, clusters=clusters, mean=mean, sd=12.0, adjusted_mean=mean)


def effect(
    metric: str,
    scale: str,
    estimate: float,
    ci: tuple[float, float],
    means: tuple[float, float],
    **changes: Any,
) -> Effect:
    """An effect with the method's own figures beside it."""
    log = scale == "ratio"
    on_scale = [math.log(value) if log else value for value in (estimate, *ci)]
    se = (on_scale[2] - on_scale[1]) / 4.2
    clusters = changes.pop("clusters", 24)
    values: dict[str, Any] = {
        "metric": metric,
        "role": "primary" if metric == "task_time" else "guardrail",
        "confirmatory": log,
        "scale": scale,
        "weights": "task",
        "unit": "min" if metric == "task_time" else None,
        "better": "lower",
        "estimate": estimate,
        "ci": ci,
        "p_value": 0.00004 if log else 0.0123,
        "level": 0.95,
        "method": "cr2",
        "baseline": arm(163, means[0], clusters=clusters),
        "treatment": arm(155, means[1], clusters=clusters),
        "icc": 0.21,
        "inference": (
            Inference(
                method="cr2",
                estimate=on_scale[0],
                se=se,
                df=21.4,
                ci=(on_scale[1], on_scale[2]),
                p_value=0.0394,
            ),
        ),
    }
    return Effect.model_validate({**values, **changes})


SAVED = (
    effect("task_time", "ratio", 0.80, (0.73, 0.88), (58.1, 46.5)),
    effect("task_time", "difference", -12.0, (-17.0, -7.0), (60.5, 48.5)),
    effect("errors", "difference", 0.2, (-0.4, 0.8), (2.1, 2.3)),
)
PERHAPS = (
    effect("task_time", "ratio", 0.86, (0.73, 1.02), (16.9, 14.5), clusters=16),
    effect("task_time", "difference", -2.4, (-5.0, 0.3), (17.1, 14.7), clusters=16),
    effect("errors", "difference", 0.03, (-0.02, 0.08), (0.06, 0.09), clusters=16),
)
TOO_LITTLE = (
    effect("task_time", "ratio", 0.97, (0.91, 1.04), (39.0, 37.8), clusters=96),
    effect("task_time", "difference", -1.2, (-3.9, 1.7), (40.0, 38.8), clusters=96),
    effect("errors", "difference", 0.0, (-0.3, 0.3), (1.1, 1.1), clusters=96),
)
SLOWER = (
    effect("task_time", "ratio", 1.19, (1.05, 1.35), (30.0, 35.7)),
    effect("task_time", "difference", 5.7, (1.4, 10.0), (30.0, 35.7)),
    effect("errors", "difference", 2.4, (1.6, 3.2), (2.1, 4.5)),
)
CHECKS = (
    Check(
        name="arms_counted", passed=True, message=say("The arms have the sizes that were drawn.")
    ),
    Check(name="missing", passed=False, message=say("One arm lost more rows than the other.")),
    Check(name="carry_over", passed=None, message=say("There are too few rows to tell.")),
)


def analysis(of: Trial, effects: tuple[Effect, ...], **changes: Any) -> Analysis:
    """All that was found out."""
    values: dict[str, Any] = {
        "trial": of.id,
        "registration": "7c41" * 16,
        "snapshot": "9e02" * 16,
        "rows": 331,
        "evidence_level": "E4",
        "software": "htkeval 0.1.0",
        "effects": effects,
        "checks": CHECKS,
    }
    return Analysis.model_validate({**values, **changes})


def state(
    of: Trial | None = None,
    found: Analysis | None = None,
    *,
    gates: dict[str, str] | None = None,
    **changes: Any,
) -> TrialState:
    """A trial with its analysis, weighed by the policy."""
    of = of or trial()
    stands = CLOSED if gates is None else gates
    advice = recommend(of, POLICY, found, stands, fingerprint="5a" * 32) if found else None
    values: dict[str, Any] = {
        "trial": of,
        "registration": "7c41" * 16,
        "registered_at": datetime(2026, 1, 8, 12, tzinfo=UTC),
        "registered_in_time": True,
        "rows": {"baseline": 178, "treatment": 174} if found else {},
        "snapshot": "9e02" * 16 if found else None,
        "analysis": found,
        "analysis_fingerprint": "5a" * 32 if found else None,
        "analysed_at": NOON if found else None,
        "recommendation": advice,
        "gates": tuple(
            GateView(
                id=gate.id,
                required=gate.required,
                state=stands.get(gate.id, "open"),
                date=date(2026, 1, 5),
                responsible="Digitalisering",
            )
            for gate in of.gates
        ),
    }
    return TrialState(**{**values, **changes})


def go() -> TrialState:
    """Saved minutes, quality inside its margin, everything in place."""
    return state(trial(), analysis(trial(), SAVED))


def adjusted() -> TrialState:
    """As `go`, with measured means of 60.9 and 48.1 that the model makes comparable."""
    minutes = SAVED[1].model_copy(
        update={
            "baseline": SAVED[1].baseline.model_copy(update={"mean": 60.9}),
            "treatment": SAVED[1].treatment.model_copy(update={"mean": 48.1}),
        }
    )
    return state(trial(), analysis(trial(), (SAVED[0], minutes, SAVED[2])))


def otherwise(**flips: bool) -> tuple[Sensitivity, ...]:
    """The confirmatory effect by other models: whether each turns it."""
    return tuple(
        Sensitivity(
            metric="task_time",
            scale="ratio",
            model=model,
            estimate=0.82,
            ci=(0.71, 1.03 if turns else 0.93),
            p_value=0.04,
            flips=turns,
        )
        for model, turns in flips.items()
    )


def prolong() -> TrialState:
    """Perhaps saved; quality cannot be told; a gate is open."""
    of = trial(
        id="fagbot",
        title="Fagbot til opslag i lovgivningen",
        question="Finder sagsbehandleren det rigtige svar hurtigere?",
        area="Borger og Arbejdsmarked",
        task_name={"one": "svar", "many": "svar"},
        design={
            "kind": "crossover",
            "randomised": True,
            "arm": "arm",
            "participant": "person",
            "period": "periode",
        },
        metrics=[
            trial().metrics[0].model_dump() | {"label": "Minutter pr. svar"},
            {
                "id": "errors",
                "label": "Forkerte svar",
                "kind": "binary",
                "column": "wrong",
                "better": "lower",
                "role": "guardrail",
                "margin": 0.05,
                "blind": True,
            },
        ],
    )
    return state(of, analysis(of, PERHAPS, evidence_level="E5"), gates={**CLOSED, "med": "open"})


def no_go() -> TrialState:
    """The goal is out of reach."""
    primary = trial().metrics[0].model_dump() | {"label": "Minutter pr. opgave", "worthwhile": -0.1}
    of = trial(
        id="chatbot-kompetence",
        title="Chatbot-kompetence",
        question="Løser medarbejdere opgaver hurtigere efter et kursus i chatbot?",
        area="Administrationen på tværs",
        task_name=None,
        design={
            "kind": "cluster",
            "randomised": True,
            "arm": "arm",
            "participant": "person",
            "team": "team",
        },
        metrics=[primary, trial().metrics[1].model_dump()],
        forecast={"relative_change": -0.22},
    )
    return state(of, analysis(of, TOO_LITTLE, evidence_level="E3"), registered_in_time=False)


def stop() -> TrialState:
    """The work took longer and quality suffered."""
    of = trial(id="referat-robot", title="Referatrobot", forecast=None)
    return state(of, analysis(of, SLOWER))


def only_gaps() -> TrialState:
    """Analysed, and nothing can be told."""
    gap = say("There is only one participant with AI; at least two are needed.")
    of = trial(id="kun-huller", title="Kun huller")
    gaps = (
        Gap(metric="task_time", scale="ratio", message=gap),
        Gap(metric="task_time", scale="difference", message=gap),
        Gap(metric="errors", scale="difference", message=gap),
    )
    return state(of, analysis(of, (), gaps=gaps, evidence_level="E2"), gates={})


def one_arm_only() -> TrialState:
    """Measurements without AI, not analysed."""
    of = trial(id="en-arm", title="Kun uden AI")
    return state(of, rows={"baseline": 41}, gates={})


def not_measured() -> TrialState:
    """Set up, nothing more."""
    of = trial(id="ny", title="Nyt forsøg", gates=[], hard_stops=[])
    return state(of, registration=None, registered_at=None, registered_in_time=False, gates={})


def few_people() -> TrialState:
    """Four people in an arm: their means are nobody's business."""
    of = trial(id="faa", title="Få deltagere", design=_parallel())
    few = [
        one.model_copy(
            update={
                "baseline": one.baseline.model_copy(update={"clusters": 4}),
                "treatment": one.treatment.model_copy(update={"clusters": 9}),
            }
        )
        for one in SAVED
    ]
    return state(of, analysis(of, tuple(few)))


def _parallel() -> dict[str, Any]:
    return {"kind": "parallel", "randomised": True, "arm": "arm", "participant": "person"}


def decided() -> TrialState:
    """Signed, with another outcome than recommended."""
    decision = Decision(
        trial="tale-til-tekst",
        analysis="5a" * 32,
        policy="2026-1",
        recommended="go",
        outcome="prolong",
        reason="Udvalget vil se tallene fra endnu et kvartal.",
        signed_by=Actor(name="Mette Holm", known_by="declared"),
    )
    signed = SignedDecision(at=datetime(2026, 6, 16, 12, tzinfo=UTC), decision=decision)
    return replace(go(), **{"decisions": (signed,)})


def hostile(words: str) -> TrialState:
    """A trial whose every word tries to be something else."""
    of = trial(title=words, question=words, area=words, task_name={"one": words, "many": words})
    return state(of, analysis(of, SAVED))


def portfolio(*states: TrialState, simulated: bool = False) -> Portfolio:
    """All trials together."""
    marked = tuple(replace(one, simulated=simulated) for one in states)
    return Portfolio(
        municipality="Høje-Taastrup Kommune",
        committee="Økonomiudvalget",
        trials=in_order(marked),
    )


def full(*, simulated: bool = False) -> Portfolio:
    """The three trials of the story."""
    return portfolio(go(), prolong(), no_go(), simulated=simulated)
