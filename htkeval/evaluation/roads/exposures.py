"""A roll-out's second average: the effect at each length of use, each length counted alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from htkeval.effect import Check, Inference, Scale
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.draw import entry
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.fitting import contrast
from htkeval.evaluation.found import Found, Means, pair
from htkeval.evaluation.model import Model, build
from htkeval.metric import Metric
from htkeval.stats.scaling import Codes, Floats, summary
from htkeval.text import Text, say

ROLLED_OUT = ("stepped_wedge", "difference_in_differences")
"""Designs in which teams may have used the tool for unlike lengths of time."""
LEAST_TEAMS = 2
"""A length of use seen in fewer teams says how that team is, not how the length is."""


def averaged(metric: Metric, scale: Scale) -> bool:
    """Whether a scale has this average: those that go through least squares."""
    return scale != "probability" and not (metric.kind == "rate" and scale == "ratio")


def average(basis: Basis, metric: Metric, scale: Scale) -> Found | Text | None:
    """The equal-weight mean of the effects over lengths of use seen in at least two teams.

    None where no team was seen at more than one length, so that this is the effect itself, and
    where all began at once without a draw: then the plain comparison misleads nobody.
    """
    model = build(basis, metric, scale)
    if isinstance(model, Text):
        return None
    if basis.trial.design.kind == "difference_in_differences" and len(starts(basis, model)) < 2:
        return None
    used = lengths(basis, model)
    longest = int(used.max())
    teams = [len(np.unique(model.cluster[used == n])) for n in range(1, longest + 1)]
    if longest < 2:
        return None
    counted = [n for n, seen in enumerate(teams, 1) if seen >= LEAST_TEAMS]
    if not counted:
        return say("No length of use was seen in at least two teams.")
    columns = {
        f"use = {n}": (used == n).astype(float) for n in range(1, longest + 1) if teams[n - 1]
    }
    longer = replace(model, exposure=columns)
    found = contrast(basis, longer, {f"use = {n}": 1 / len(counted) for n in counted})
    value = found.reported.estimate if isinstance(found.reported, Inference) else 0.0
    return Found(found, _means(model, value, scale), estimand="exposure_average")


def lengths(basis: Basis, model: Model) -> Codes:
    """(n,) for how many periods the team of each row has used the tool, this one included.

    0 before. A period counts by its number, so that one nobody measured in counts too.
    """
    rows = basis.rows
    period = rows.period.times[rows.period.codes[model.row]]
    length = np.zeros(len(period), dtype=np.intp)
    for team, start in _began(basis, model).items():
        mine = (model.cluster == team) & (model.arm == 1)
        length[mine] = (period[mine] - rows.period.times[start]).astype(np.intp) + 1
    return length


def starts(basis: Basis, model: Model) -> Codes:
    """The different periods in which teams began, of those that did."""
    return np.unique(list(_began(basis, model).values()))


def _began(basis: Basis, model: Model) -> dict[int, int]:
    """By team that used the tool: place of the period in which it began.

    As the draw has it (`entry.starts`): a team may have begun before its first measurement with
    the tool. Where the rows do not tell, that measurement's period.
    """
    rows = basis.rows
    told, period = entry.starts(basis.trial, rows), rows.period.codes[model.row]
    using = model.arm == 1
    first = {
        int(team): int(period[using & (model.cluster == team)].min())
        for team in np.unique(model.cluster[using])
    }
    return {team: int(told[team]) if told[team] != NONE else seen for team, seen in first.items()}


def staggered_start(basis: Basis) -> Check | None:
    """Whether teams that were not drawn began at unlike times: one average then misleads."""
    if basis.trial.design.kind != "difference_in_differences":
        return None
    model = build(basis, basis.trial.primary, main_scale(basis.trial))
    if not isinstance(model, Model):
        return None
    began = starts(basis, model)
    if len(began) < 2:
        text = say("Every team that got the tool began in the same period.")
        return Check(name="staggered_start", passed=True, message=text)
    never = len(np.setdiff1d(model.cluster[model.arm == 0], model.cluster[model.arm == 1]))
    text = say(
        "Teams began in {n} different periods and {never} never did. The plain average then also "
        "holds those that began late against those that began early, and can even have the wrong "
        "sign where the effect grows with use: read the average by length of use.",
        n=len(began),
        never=never,
    )
    return Check(name="staggered_start", passed=False, message=text)


def _means(model: Model, value: float, scale: Scale) -> Means:
    mean = summary(model.y).mean
    treated: Floats = model.arm.astype(float)
    return (
        pair(mean - value * float(treated.mean()), value, scale)
        if mean is not None
        else (None, None)
    )
