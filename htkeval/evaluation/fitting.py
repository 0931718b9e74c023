"""One comparison by every method that applies to it, and the one that is reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htkeval.effect import Inference, Method
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.draw.lots import Lots
from htkeval.evaluation.method import LEAST_DF, ROUNDING, reaches
from htkeval.evaluation.mixture import inference, mixed_answers
from htkeval.evaluation.model import ARM, Model
from htkeval.evaluation.roads.two_by_two import score_answer
from htkeval.evaluation.wording import (
    few_df,
    in_words,
    no_draw,
    not_by_lot,
    not_identified,
    welch_needs,
)
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.regression import Contrast, cr2, solve
from htkeval.stats.rerandomisation import Rerandomised
from htkeval.stats.welch import welch
from htkeval.text import Text
from htkeval.trial import Trial

LEAST_EACH = 2
"""Where units are in one arm, an arm needs at least so many of them."""
LEAST_BOTH = 3
"""Where units are compared with themselves, at least so many carry the comparison."""


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
    """Columns that were redundant."""
    whole: bool | None = None
    """Whether the set of shifts that re-randomisation does not reject has no hole."""


def fit(basis: Basis, model: Model, *, everything: bool = True) -> Fit:
    """Compute every method that applies, and report the one that was promised.

    Args:
        basis: Trial, rows, lottery and method.
        model: The comparison.
        everything: Whether methods that are not reported are computed too.
    """
    trial = basis.trial
    method = basis.method
    m = model.moments()
    solution = solve(m)
    error = cr2(m, solution, ARM)
    found: dict[Method, Inference | Absence | Text] = {"cr2": inference("cr2", error, trial)}
    whole = None
    if _two_groups(trial, model):
        two = welch(model.y[model.arm == 0], model.y[model.arm == 1])
        found["welch"] = inference("welch", two, trial)
    if method == "rerandomisation" or (everything and isinstance(basis.lots, Lots)):
        drawn = _rerandomised(basis, model)
        whole = drawn.whole if isinstance(drawn, Rerandomised) else None
        found["rerandomisation"] = by_lot(drawn) if isinstance(drawn, Rerandomised) else drawn
    if everything:
        found |= mixed_answers(basis, model)
        score = score_answer(trial, model)
        found |= {"score": score} if score else {}
    return Fit(
        answers={name: one for name, one in found.items() if isinstance(one, Inference)},
        reported=reported(trial, model, method, found),
        df=error.df if isinstance(error, Estimate) else None,
        dropped=_told(basis, solution.dropped),
        whole=whole,
    )


def contrast(basis: Basis, model: Model, weights: Contrast) -> Fit:
    """The same for an average over exposures, which CR2 alone answers."""
    m = model.moments()
    solution = solve(m)
    error = cr2(m, solution, weights)
    found = inference("cr2", error, basis.trial)
    return Fit(
        answers={"cr2": found} if isinstance(found, Inference) else {},
        reported=reported(basis.trial, model, "cr2", {"cr2": found}),
        df=error.df if isinstance(error, Estimate) else None,
        dropped=_told(basis, solution.dropped),
    )


def _told(basis: Basis, dropped: tuple[str, ...]) -> tuple[str, ...]:
    """Redundant columns that the plan named; a task's own level may well say what its kind says."""
    ours = f"{basis.trial.design.task} = "
    return tuple(name for name in dropped if name != ARM and not name.startswith((ours, "use = ")))


def _two_groups(trial: Trial, model: Model) -> bool:
    return trial.design.kind == "parallel" and model.one_each and not model.x


def _rerandomised(basis: Basis, model: Model) -> Rerandomised | Absence | Text:
    """The randomisation test, where the rows say what was drawn."""
    lots = lottery(basis, model)
    if not isinstance(lots, Lots):
        return lots
    return model.rerandomised(lots, basis.trial.analysis.level)


def lottery(basis: Basis, model: Model) -> Lots | Absence | Text:
    """The draw that a comparison can be held against, or why there is none."""
    lots = basis.lots
    if lots is None:
        return no_draw()
    if isinstance(lots, Text):
        return lots
    # a mean over tasks that were drawn apart is another mean in another draw
    if (model.by_unit and basis.trial.design.kind == "within") or model.exposure:
        return not_by_lot()
    if lots.too_many:
        return Absence("too_many")
    if lots.lottery.mechanism == "minimisation" and not reaches(lots, basis.trial):
        return Absence("no_end")  # which no luck of the draws may hide
    if not _carried(basis.trial, model):
        return Absence("few_clusters")
    return lots


def _carried(trial: Trial, model: Model) -> bool:
    """Whether enough clusters say how much they differ: the test is exact without, and empty."""
    without, using = (np.unique(model.cluster[model.arm == code]) for code in (0, 1))
    if not model.absorbed:
        return min(len(without), len(using)) >= LEAST_EACH
    # a team that has yet to start says how time goes; a person seen in one arm says nothing
    by_time = trial.cluster_column == trial.design.team
    carrying = np.union1d(without, using) if by_time else np.intersect1d(without, using)
    return len(carrying) >= LEAST_BOTH


def by_lot(drawn: Rerandomised) -> Inference:
    return Inference(
        method="rerandomisation",
        estimate=drawn.value,
        ci=drawn.interval,
        p_value=drawn.p_value,
        draws=drawn.draws,
        exact=drawn.exact,
    )


def reported(
    trial: Trial,
    model: Model,
    method: Method,
    answers: dict[Method, Inference | Absence | Text],
) -> Inference | Text:
    """What the promised method says, or why it says nothing."""
    found = answers.get(method, welch_needs())
    if isinstance(found, Inference):
        df = found.df
        if method == "welch":  # its own df is a figure of the outcome, and would choose the lucky
            df = min(int((model.arm == code).sum()) for code in (0, 1)) - 1.0
        few = df is not None and df < LEAST_DF - ROUNDING
        return few_df(df or 0.0, trial) if few else found
    if isinstance(found, Text):
        return found
    if found.reason == "not_identified":
        both = set(model.cluster[model.arm == 0]) & set(model.cluster[model.arm == 1])
        return not_identified(trial, absorbed=model.absorbed, covariates=bool(both))
    return in_words(found, trial)
