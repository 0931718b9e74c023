"""The only place that chooses a method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from htkeval.effect import Inference, Method
from htkeval.evaluation.model import ARM, Model
from htkeval.evaluation.wording import few_df, in_words, not_identified
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.regression import cr2, solve
from htkeval.stats.welch import welch
from htkeval.text import Text, say
from htkeval.trial import Trial

LEAST_DF = 4.0
"""Below these degrees of freedom an answer is shown, never reported: its error is guesswork."""


@dataclass(frozen=True)
class Fit:
    """Every method's answer to one comparison, and which of them is reported."""

    answers: dict[Method, Inference]
    """By method, on the model's scale."""
    reported: Inference | Text
    """The answer that counts, or why there is none."""
    df: float | None
    """CR2's degrees of freedom, reported or not; None where CR2 has no answer."""
    dropped: tuple[str, ...]
    """Covariates that were redundant."""


def fit(trial: Trial, model: Model) -> Fit:
    """Compute every method that applies, and report the one that the plan asks for.

    Welch applies where each participant of a parallel design has one row and there is no
    covariate; it is then what `auto` means. Otherwise `auto` means CR2.
    """
    m = model.moments()
    solution = solve(m)
    found: dict[Method, Estimate | Absence] = {"cr2": cr2(m, solution, ARM)}
    if _one_row_each(trial, model):
        found["welch"] = welch(model.y[model.arm == 0], model.y[model.arm == 1])
    level = trial.analysis.level
    answers = {name: _inference(name, one, level) for name, one in found.items()}
    error = found["cr2"]
    return Fit(
        answers={name: one for name, one in answers.items() if isinstance(one, Inference)},
        reported=_reported(trial, model, answers),
        df=error.df if isinstance(error, Estimate) else None,
        dropped=tuple(name for name in solution.dropped if name != ARM),
    )


def _one_row_each(trial: Trial, model: Model) -> bool:
    alone = len(np.unique(model.cluster)) == len(model.cluster)
    return trial.design.kind == "parallel" and alone and not model.x


def _inference(method: Method, found: Estimate | Absence, level: float) -> Inference | Absence:
    if isinstance(found, Absence):
        return found
    interval = found.interval(level)
    if isinstance(interval, Absence):
        return interval
    return Inference(
        method=method,
        estimate=found.value,
        se=found.se,
        df=found.df,
        ci=interval,
        p_value=found.p_value,
    )


def _reported(
    trial: Trial, model: Model, answers: dict[Method, Inference | Absence]
) -> Inference | Text:
    """What the plan's method says, or why it says nothing."""
    method = _resolved(trial.analysis.method, answers)
    if isinstance(method, Text):
        return method
    found = answers[method]
    if isinstance(found, Inference):
        few = found.df is not None and found.df < LEAST_DF
        return few_df(found.df or 0.0, trial) if few else found
    if found.reason == "not_identified":
        both = set(model.cluster[model.arm == 0]) & set(model.cluster[model.arm == 1])
        return not_identified(trial, absorbed=model.absorbed, covariates=bool(both))
    return in_words(found, trial)


def _resolved(
    method: Literal["auto", "rerandomisation", "cr2", "welch"],
    answers: dict[Method, Inference | Absence],
) -> Method | Text:
    """Which method the plan means, given which of them apply."""
    if method == "rerandomisation":
        return say("Re-randomisation, which the plan asks for, is computed from a later version.")
    if method == "welch" and "welch" not in answers:
        return say(
            "Welch's test, which the plan asks for, needs one task for each participant, "
            "two groups of people and no covariate."
        )
    if method == "auto":
        return "welch" if "welch" in answers else "cr2"
    return method
