"""The only place that chooses a method."""

from __future__ import annotations

import math

from htkeval.effect import Method
from htkeval.evaluation.lots import DRAWS, Lots
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

    `auto` means re-randomisation where chance decided and the planned draw can give a p-value
    below one minus the level, CR2 otherwise. Where the plan does not say how many participants or
    teams there will be, a draw is taken to be large enough; should it not be, the figure is a gap.
    """
    design = trial.design
    method = _plain(trial)
    if method != "rerandomisation" or trial.analysis.method != "auto" or design.clusters is None:
        return method
    enough = _least_p(trial, design.clusters) <= 1 - trial.analysis.level + ROUNDING
    return method if enough and design.clusters <= MOST_CLUSTERS else "cr2"


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
    reaches = (
        isinstance(lots, Lots)
        and not lots.too_many
        and lots.floor <= 1 - trial.analysis.level + ROUNDING
    )
    return method if reaches and clusters <= MOST_CLUSTERS else "cr2"


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


def _least_p(trial: Trial, clusters: int) -> float:
    """The smallest p-value of a draw of so many units, if all go as planned."""
    if trial.design.kind == "within":
        return 1 / (1 + DRAWS)  # tasks are drawn, and there are always many
    if trial.design.kind == "stepped_wedge":
        return 1 / math.factorial(min(clusters, 170))  # one team a step: as many orders as can be
    low, high = trial.design.ratio
    if trial.design.allocation == "bernoulli":
        return float(2.0 * min(low, high) ** clusters / (low + high) ** clusters)
    treated = clusters * high // (low + high)
    ways = math.comb(clusters, treated)
    return (2 if 2 * treated == clusters else 1) / ways
