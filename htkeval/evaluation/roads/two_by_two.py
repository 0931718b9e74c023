"""Yes or no, one answer each: the four counts, and what only they allow."""

from __future__ import annotations

from htkeval.effect import Inference
from htkeval.evaluation.model import Model
from htkeval.stats.answer import Absence
from htkeval.stats.proportions import boschloo, score
from htkeval.trial import Trial

Counts = tuple[int, int, int, int]
"""Hits and answers in the baseline, hits and answers with the tool."""


def counts(trial: Trial, model: Model) -> Counts | None:
    """The four counts; None where somebody answered twice, or more than the arm is compared."""
    alone = trial.design.kind == "parallel" and model.one_each and not model.x
    if not (model.binary and alone):
        return None
    without, using = (model.y[model.arm == code] for code in (0, 1))
    return int(without.sum()), len(without), int(using.sum()), len(using)


def score_answer(trial: Trial, model: Model) -> Inference | None:
    """Miettinen and Nurminen's interval with its own test."""
    four = counts(trial, model)
    found = score(*four, level=trial.analysis.level) if four else None
    if found is None or isinstance(found, Absence):
        return None
    return Inference(method="score", estimate=found.value, ci=found.interval, p_value=found.p_value)


def exact_p(trial: Trial, model: Model) -> float | None:
    """Boschloo's exact p-value, which has no interval of its own."""
    four = counts(trial, model)
    found = boschloo(*four) if four else None
    return found if isinstance(found, float) else None
