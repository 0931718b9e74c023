"""How alike the tasks of one person or team are: why many tasks of few people tell little."""

from __future__ import annotations

from htkeval.analysis import Analysis
from htkeval.reporting.method_tables import effect_name, ends
from htkeval.reporting.numbers import number
from htkeval.reporting.tables import Table
from htkeval.text import say
from htkeval.trial import Trial

LIKENESS = say(
    "How alike tasks are, from 0 (not at all) to 1 (the same figure). The more alike they are, "
    "the less each further task of the same person or team tells."
)
"""What the figures of likeness are."""


def table(trial: Trial, analysis: Analysis) -> Table:
    """How alike the tasks of one person or team are, and in a roll-out two of a team's periods."""
    head = (say("Likeness"), say("Estimate"), say("From"), say("To"))
    body = []
    for effect in analysis.effects:
        if effect.estimand == "effect":
            name = effect_name(trial, effect, confirmatory=False)
            if effect.icc is not None:
                within = say("{effect}: tasks of one person or team (ICC)", effect=name)
                body.append((within, number(effect.icc, 2), *ends(effect.icc_ci, 2)))
            if effect.cluster_autocorrelation is not None:
                periods = say("{effect}: two periods of one team, one period being 1", effect=name)
                shown = number(effect.cluster_autocorrelation, 2)
                body.append((periods, shown, *ends(effect.cluster_autocorrelation_ci, 2)))
    return Table(say("How alike the tasks are"), head, tuple(body), figures=True)
