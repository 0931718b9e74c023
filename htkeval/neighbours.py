"""What other municipalities found of the same question, as a requirement of a decision."""

from __future__ import annotations

from htkeval.decision import Requirement
from htkeval.evidence_pool import USABLE_FROM, Stratum, Together
from htkeval.text import Text, say


def neighbours(question: str | None, of_others: Stratum | None) -> Requirement:
    """Do other municipalities' trials by lot speak for an improvement in the next one?

    Met where the prediction interval lies wholly on the side of an improvement, not met where it
    lies wholly on the other, and not known in between, or from too few trials. Ours is not among
    them: it has its own requirements, and would count twice.

    Args:
        question: The question that our trial states; None: it states none.
        of_others: Trials of others that ask it, drawn, timed and real; None: there are none.
    """
    found = None if of_others is None else of_others.pooled
    met = None
    if of_others is not None and found is not None and found.usable and found.prediction:
        low, high = found.prediction
        lower = of_others.trials[0].better == "lower"
        improves, worsens = (high < 1, low > 1) if lower else (low > 1, high < 1)
        met = True if improves else False if worsens else None
    return Requirement(
        id="neighbours",
        met=met,
        evidence=f"question:{question or '–'}",
        message=_told(question, of_others, found),
    )


def _told(question: str | None, of_others: Stratum | None, found: Together | None) -> Text:
    if question is None:
        return say("The trial states no question (question_id) that others could ask too.")
    enough = of_others is not None and (
        sum(one.reason is None for one in of_others.trials) >= USABLE_FROM
    )
    if enough and (found is None or found.prediction is None):
        return say("Trials of others that ask it are too far apart to expect anything by them.")
    if found is None or not found.usable or found.prediction is None:
        n = 0 if of_others is None else sum(one.reason is None for one in of_others.trials)
        return say(
            "Trials of others by lot that ask it and are measured well enough: {n}; a policy may "
            "use {needs} or more.",
            n=n,
            needs=USABLE_FROM,
        )
    low, high = found.prediction
    return say(
        "By {n} trials of others the next municipality may expect a change between "
        "{low:+#,##0;-#,##0} and {high:+#,##0;-#,##0} % (95 % prediction).",
        n=found.trials,
        low=100 * (low - 1),
        high=100 * (high - 1),
    )
