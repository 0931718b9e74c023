"""What is estimated, in words: frozen with the promise."""

from __future__ import annotations

from htkeval.evaluation.estimating import main_scale
from htkeval.metric import Metric
from htkeval.text import Text, say
from htkeval.trial import Trial


def estimand(trial: Trial) -> Text:
    """The estimand of the confirmatory test: what is compared, on which figure, over whom.

    Returns:
        A sentence. Everybody counts in the arm that was assigned (intention to treat).
    """
    return say(
        "{figure}: “{treatment}” compared with “{baseline}”, {weights}. Everyone counts in the "
        "group that the plan put them in, whether or not they followed it (intention to treat).",
        figure=_figure(trial, trial.primary),
        treatment=trial.arms.treatment.label,
        baseline=trial.arms.baseline.label,
        weights=_weights(trial),
    )


def _figure(trial: Trial, metric: Metric) -> Text:
    if main_scale(trial) == "ratio":
        return say("The relative change of the typical “{label}”", label=metric.label)
    if metric.kind in ("share", "binary"):
        return say("The difference in “{label}”, in percentage points", label=metric.label)
    return say("The difference in average “{label}”", label=metric.label)


def _weights(trial: Trial) -> Text:
    if trial.analysis.weights == "task":
        return say("every task counting the same")
    by_team = trial.cluster_column == trial.design.team and trial.design.team is not None
    return say("every team counting the same") if by_team else say("every person counting the same")
