"""One picture of each kind that charts draw, with every part that a kind can have."""

from __future__ import annotations

from typing import Any

from htkeval.evaluation.together import pooled
from htkeval.reporting import analyst, pictures
from htkeval.reporting.abreast import abreast
from htkeval.reporting.forest import forest
from htkeval.reporting.waterfall import falling
from tests.business.test_case import case
from tests.dashboards import examples as x
from tests.intake.trials import build_trial
from tests.packages import QUESTION
from tests.reporting.test_analyst_pictures import FOUND, TRIAL, with_ways
from tests.reporting.test_curve import FALLING
from tests.reporting.test_forest import bcg
from tests.reporting.test_paper_charts import YEARS


def every_picture() -> dict[str, Any]:
    """By a name: pictures of every kind in `DRAWN`, and of the kinds of two directions both."""
    state = x.go()
    assert state.analysis is not None
    domain = pictures.card_domain([(state.trial, state.analysis)])
    (stratum,) = pooled(QUESTION, bcg()).strata
    found = {
        "strip": pictures.strip(state.trial, state.analysis, domain),
        "curve": FALLING,
        "years": YEARS,
        "forest": forest(stratum),
        "hours": falling(build_trial(), case()),
        "guardrail": pictures.guardrail(state.trial.metrics[1], state.analysis.effects[2]),
        "forecast": pictures.against_forecast(state.trial, state.analysis),
        "abreast": abreast([x.go(), x.prolong(), x.no_go()]),
        **analyst.pictures(TRIAL, with_ways(3), FOUND),
    }
    return {name: picture for name, picture in found.items() if picture is not None}
