"""The frozen rows of the newest analysis, in groups that show nobody alone."""

from __future__ import annotations

import math

from htkeval.analysis import Analysis
from htkeval.errors import EnvironmentFailed
from htkeval.event import Event
from htkeval.in_groups import InGroups, Passed
from htkeval.steps.analyse import Stored, newest
from htkeval.steps.case import Case
from htkeval.steps.standing import taken
from htkeval.store import blobs
from htkeval.text import Text, say
from htkeval.trial import Trial

NOT_YET = say("The trial is not analysed yet, so nothing of its rows is shown.")
BETWEEN = say(
    "Nothing of the rows is shown between looks: whoever could follow them would find by chance "
    "what is not there. How far the trial is stands on its page."
)
GONE = say("The rows that were analysed are no longer kept, so nothing more of them is shown.")


def in_groups(case: Case) -> InGroups | Text:
    """What do the rows show that the newest analysis read? From their bytes, never live tables.

    Args:
        case: The trial.

    Returns:
        The pictures' figures; a sentence where nothing may be shown.
    """
    from htkeval import evaluation
    from htkeval.store import snapshots

    stored = newest(case)
    if stored is None:
        return NOT_YET
    if stored.analysis.between_looks:
        return BETWEEN
    try:
        content = blobs.read(case.blobs, stored.analysis.snapshot)
    except EnvironmentFailed:
        return GONE
    return evaluation.in_groups(
        _as_shown(case, stored.analysis),
        snapshots.from_parquet(content),
        snapshot=stored.analysis.snapshot,
        looks=_looks(case, stored),
    )


def _as_shown(case: Case, analysis: Analysis) -> Trial:
    """The definition, with the level of the look where the analysis is one."""
    main, trial = analysis.confirmatory, case.trial
    if main is None or main.look is None or not 0 < main.look["nominal_level"] < 1:
        return trial
    plan = trial.analysis.model_copy(update={"level": 1 - main.look["nominal_level"]})
    return trial.model_copy(update={"analysis": plan})


def _looks(case: Case, stored: Stored) -> tuple[Passed, ...]:
    """Every look up to the analysis, as the first analysis after it found it."""
    until = stored.event.seq
    found = (_passed(case, event, until) for event in taken(case, until=until))
    return tuple(one for one in found if one is not None)


def _passed(case: Case, look: Event, until: int) -> Passed | None:
    for event in case.store.events(case.file.id, "analysis"):
        same = event.payload["snapshot"] == look.payload["snapshot"]
        if look.seq < event.seq <= until and same:
            try:
                content = blobs.read(case.blobs, event.payload["sha256"])
            except EnvironmentFailed:
                return None
            return passed(Analysis.model_validate_json(content))
    return None


def passed(analysis: Analysis) -> Passed | None:
    """A look as a point and its bounds: half the repeated interval, to both sides of no effect.

    The repeated interval leaves out "no effect" exactly where the trial may stop, so the bounds of
    an estimate are that interval moved so that the estimate is none.
    """
    main = analysis.confirmatory
    if main is None or main.look is None:
        return None
    low, high = main.ci
    if main.scale == "ratio":
        bounds = (main.estimate / high, main.estimate / low)
    else:
        bounds = (main.null + main.estimate - high, main.null + main.estimate - low)
    if not all(map(math.isfinite, bounds)):
        return None
    return Passed(
        k=int(main.look["k"]),
        of=int(main.look["of"]),
        rows=analysis.rows,
        estimate=main.estimate,
        bounds=bounds,
        crossed=main.p_value <= main.look["nominal_level"],
    )
