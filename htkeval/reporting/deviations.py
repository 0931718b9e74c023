"""What was changed after the promise, in the sentences that screens and papers share."""

from __future__ import annotations

from htkeval.deviation import BASELINE, METHOD, SEEN_WORDS, Change, Deviation
from htkeval.local_day import local_day
from htkeval.portfolio import TrialState
from htkeval.reporting.sentences import joined, quoted
from htkeval.text import Text, say

NONE_TOLD = say("No deviation is recorded.")

POLICY_CHANGED = say("The policy in force is another than the one at the registration.")

KEYS: dict[str, Text] = {
    METHOD: say("what the plan means by “auto”"),
    "starts": say("the first day"),
    "ends": say("the last day"),
    "question": say("the question"),
    "question_id": say("the name of the question between municipalities"),
    "retention": say("how long participants are known"),
    "retention.until": say("how long participants are known"),
    "design.clusters": say("the planned number of participants or teams"),
    "design.tasks_each": say("the planned number of tasks each"),
    "design.baseline_tasks": say("the planned baseline"),
    "design.allocation": say("how the draw is made"),
    "design.kind": say("the plan of the comparison"),
    "analysis.method": say("the method"),
    "analysis.seed": say("the seed of the draws"),
    "analysis.level": say("the level of confidence"),
    "analysis.looks": say("when the result is looked at"),
    "analysis.primary_scale": say("the scale of the figure that decides"),
    "analysis.weights": say("what counts the same"),
    "forecast.relative_change": say("what the trial lead expects"),
}
"""What the keys are called that are changed most; others are called by their key."""

_OF_METRIC: dict[str, Text] = {
    "margin": say("the accepted worsening"),
    "worthwhile": say("the smallest change worth having"),
    "role": say("the role of a figure"),
    "source": say("how a figure came to be"),
}


def sentence(one: Deviation) -> Text:
    """Model sentence 22 without its first word: what, when, by whom, why, and what it means."""
    words = {
        "day": local_day(one.at),
        "who": one.by,
        "seen": SEEN_WORDS[one.seen],
        "why": one.why.removesuffix("."),
    }
    if one.changes:
        what = Text("{all}", {"all": tuple(_change(change) for change in one.changes)})
        told = say("Changed on {day} by {who}, {seen}: {what}. Why: {why}.", what=what, **words)
    else:
        what = Text("{all}", {"all": tuple(_own_words(one))})
        told = say("Told on {day} by {who}, {seen}: {what}. Why: {why}.", what=what, **words)
    return joined([told, meaning(one)])


def headed(one: Deviation) -> Text:
    """The same with its first word."""
    return say("Deviation: {told}", told=sentence(one))


def meaning(one: Deviation) -> Text:
    """What a deviation does to the result."""
    if one.grave:
        return say(
            "The result is found otherwise than promised, and whoever changed it could have seen "
            "where it was going."
        )
    if one.decides:
        return say("The result is found by the changed plan.")
    return say("How the result is found is not changed.")


def in_short(state: TrialState) -> Text | None:
    """How many there are, and the worst of them in a sentence; None where there is none."""
    if not state.deviations:
        return None
    told = say("Deviations from what was promised: {n}.", n=len(state.deviations))
    worst = max(state.deviations, key=lambda one: (one.grave, one.decides))
    return joined([told, meaning(worst)])


def not_told(state: TrialState) -> Text | None:
    """That the trial's file says something else, and nobody has told why; None where it does not"""
    if not state.untold or state.registration is None:
        return None
    return say(
        "The trial's file says something else than what was promised ({keys}), and no deviation "
        "tells why. What was promised counts.",
        keys=", ".join(state.untold),
    )


def _own_words(one: Deviation) -> list[Text]:
    early = say("the tool was taken into use before the planned baseline was in")
    words = [early if word == BASELINE else quoted(word) for word in one.what]
    return [*words, say("instead: {what}", what=one.to)] if one.to else words


def key_name(key: str) -> Text:
    """A key in words, with the key itself so that it can be found in the file."""
    name = KEYS.get(key)
    section, _, rest = key.partition(".")
    if name is None and section == "metrics":
        name = _OF_METRIC.get(rest.rpartition(".")[2])
    return say("{name} ({key})", name=name, key=key) if name else quoted(key)


def _change(one: Change) -> Text:
    name, plain = key_name(one.key), (str, int, float, bool)
    if isinstance(one.before, plain) and isinstance(one.after, plain):
        before, after = _shown(one.before), _shown(one.after)
        return say("{what} from {before} to {after}", what=name, before=before, after=after)
    if one.before is None and isinstance(one.after, plain):
        return say("{what} set to {after}", what=name, after=_shown(one.after))
    if one.after is None:
        return say("{what} taken out", what=name)
    return name


def _shown(value: object) -> Text:
    """A value as it is written in trial.toml, so that it can be found there."""
    return quoted(str(value).lower() if isinstance(value, bool) else str(value))
