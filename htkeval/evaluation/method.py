"""The only place that chooses a method."""

from __future__ import annotations

from htkeval.effect import Method
from htkeval.evaluation.draw.foreseen import foreseen
from htkeval.evaluation.draw.lots import Lots
from htkeval.text import Text
from htkeval.trial import NEVER_RANDOMISED, Trial

LEAST_DF = 4.0
"""Below these degrees of freedom an answer is shown, never reported: its error is guesswork."""
ROUNDING = 1e-9
"""What a level or degrees of freedom may be off by and still be what they are."""
MOST_CLUSTERS = 200
"""Above so many clusters the t distribution is as good as the lottery itself."""


def planned(trial: Trial) -> Method:
    """Which method does the plan mean, before there is any measurement?

    `auto` means re-randomisation where chance decided and the lottery that the plan foresees can
    give a p-value of one minus the level, CR2 otherwise. Where the plan does not say how many
    participants or teams there will be, a draw is taken to be large enough, and tasks drawn for
    each person always are; should a draw not be, the figure is a gap. What re-randomisation means
    where very many tasks are drawn is said in `as_promised`.
    """
    design = trial.design
    method = _plain(trial)
    if method != "rerandomisation" or trial.analysis.method != "auto" or design.clusters is None:
        return method
    if design.clusters > MOST_CLUSTERS:
        return "cr2"
    if design.kind == "within" or reaches(foreseen(trial, design.clusters), trial):
        return method
    return "cr2"


def as_promised(trial: Trial, method: Method, lots: Lots | Text | None) -> Method:
    """What does a promised method mean for the lottery that was drawn?

    Where `auto` promised re-randomisation and more than `MOST_CELLS` cells were drawn, CR2: other
    draws of so many lots would take long and say what CR2 says. How many cells were drawn, no
    measurement decides. A plan that asks for re-randomisation by its name has a gap there.
    """
    many = isinstance(lots, Lots) and lots.too_many
    if method == "rerandomisation" and trial.analysis.method == "auto" and many:
        return "cr2"
    return method


def reaches(lots: Lots, trial: Trial) -> bool:
    """Whether a lottery can give a p-value of one minus the level."""
    return lots.floor <= 1 - trial.analysis.level + ROUNDING


def from_data(trial: Trial, lots: Lots | Text | None, clusters: int) -> Method:
    """Which method fits a sheet that nobody promised anything about?

    Args:
        trial: The definition.
        lots: The lottery that its rows tell of.
        clusters: Participants or teams in the sheet.
    """
    method = _plain(trial)
    if method != "rerandomisation" or trial.analysis.method != "auto":
        return method
    fits = isinstance(lots, Lots) and not lots.too_many and clusters <= MOST_CLUSTERS
    return method if fits and isinstance(lots, Lots) and reaches(lots, trial) else "cr2"


def _plain(trial: Trial) -> Method:
    """What the plan says, or `auto` means by the design alone."""
    if trial.design.kind == "interrupted_time_series":
        return "reml"
    if trial.analysis.method != "auto":
        return trial.analysis.method
    if not trial.design.randomised or trial.design.kind in NEVER_RANDOMISED:
        return "cr2"
    # where people count alike and tasks were drawn, a draw changes what a person's mean is
    per_person = trial.design.kind == "within" and trial.analysis.weights == "unit"
    return "cr2" if per_person else "rerandomisation"
