"""The same comparison by a mixed model, beside the reported method."""

from __future__ import annotations

import math

import numpy as np

from htkeval.effect import Inference, Method
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE
from htkeval.evaluation.model import ARM, Model
from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.mixed import Mixed, reml
from htkeval.stats.mixed.error import kenward_roger, satterthwaite
from htkeval.stats.scaling import Codes
from htkeval.trial import Trial

CLUSTER, PART = "cluster", "part of a cluster"
"""Names of the effects: a participant or team; a participant of a team, or a team in a period."""
MOST_LEVELS = 2_000
"""Beyond so many people and teams a mixed model takes long and says what CR2 says."""


def random_effects(basis: Basis, model: Model) -> dict[str, Codes]:
    """What has a level of its own: people, teams, people in teams, a team in a period."""
    trial, rows = basis.trial, basis.rows
    effects = {CLUSTER: model.cluster}
    if trial.cluster_column == trial.design.team:
        person = rows.words(trial.design.participant).codes[model.row]
        if trial.design.kind == "cluster":
            more = _numbered(model.cluster, person)
        else:
            more = _numbered(model.cluster, rows.period.codes[model.row])
        if (person != NONE).all() or trial.design.kind != "cluster":
            effects[PART] = more
    return {name: codes for name, codes in effects.items() if _tells(codes)}


def _tells(codes: Codes) -> bool:
    """Whether some level has several rows, and not too many levels there are."""
    levels = len(np.unique(codes))
    return levels < len(codes) and levels <= MOST_LEVELS


def _numbered(first: Codes, second: Codes) -> Codes:
    pairs = np.column_stack([first, second])
    return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.intp)


def mixed(basis: Basis, model: Model) -> Mixed | None:
    """The model's fit by restricted maximum likelihood; None where it has no answer."""
    effects = random_effects(basis, model)
    if not effects or model.by_unit or model.exposure:
        return None
    columns = {**model.x, ARM: model.arm.astype(np.float64)}
    found = reml(model.y, columns, effects=effects)
    return None if isinstance(found, Absence) else found


def mixed_answers(basis: Basis, model: Model) -> dict[Method, Inference | Absence]:
    """Satterthwaite's and Kenward and Roger's answers; none where every row is by itself."""
    fitted = mixed(basis, model)
    if fitted is None:
        return {}
    return {
        "reml": inference("reml", satterthwaite(fitted, ARM), basis.trial),
        "kenward_roger": inference("kenward_roger", kenward_roger(fitted, ARM), basis.trial),
    }


def inference(method: Method, found: Estimate | Absence, trial: Trial) -> Inference | Absence:
    """An estimate with its interval at the trial's level."""
    if isinstance(found, Absence):
        return found
    interval = found.interval(trial.analysis.level)
    if isinstance(interval, Absence):
        return interval
    return Inference(
        method=method,
        estimate=found.value,
        se=found.se,
        df=found.df if math.isfinite(found.df) else None,  # a normal answer has none
        ci=interval,
        p_value=found.p_value,
    )
