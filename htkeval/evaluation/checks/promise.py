"""What was promised, and what became of the promise."""

from __future__ import annotations

from htkeval.deviation import SEEN_WORDS, Deviation
from htkeval.effect import Check
from htkeval.evaluation.level import Promise
from htkeval.text import Text, say


def registered_in_time(promise: Promise) -> Check:
    """Whether the promise came first."""
    if promise.registration is None:
        text = say("There is no registration: nothing was promised before the measurements.")
    elif promise.in_time:
        text = say("The trial was registered before the first measurement with the tool.")
    else:
        text = say("The trial was registered after the first measurement with the tool.")
    kept = promise.registration is not None and promise.in_time
    return Check(name="registered_in_time", passed=kept, message=text)


def as_registered(promise: Promise) -> Check | None:
    """That the promise was broken; said only where it was: else the registered one was analysed."""
    if promise.registration is None or not promise.unregistered_change:
        return None
    text = say("The primary metric, the design or the analysis was changed without saying so.")
    return Check(name="as_registered", passed=False, message=text)


def deviations_told(promise: Promise) -> Check | None:
    """What was changed and told; shown, not judged."""
    if not promise.deviations:
        return None
    told = tuple(_told(one) for one in promise.deviations)
    meaning = (
        say("The changed plan is followed.")
        if any(one.decides for one in promise.deviations)
        else say("None of it changes how the result is found.")
    )
    text = say(
        "Deviations from what was promised ({n}): {told}. {meaning}",
        n=len(told),
        told=told,
        meaning=meaning,
    )
    return Check(name="deviations", passed=None, message=text)


def changed_blind(promise: Promise) -> Check | None:
    """Whether what decides was changed only while no figure with the tool could be seen."""
    if not any(one.decides for one in promise.deviations):
        return None
    grave = any(one.grave for one in promise.deviations)
    text = (
        say(
            "The way in which the result is found was changed when measurements with AI were in, "
            "so whoever changed it could have seen where the result was going."
        )
        if grave
        else say(
            "The way in which the result is found was changed before any measurement with AI was "
            "in."
        )
    )
    return Check(name="changed_blind", passed=not grave, message=text)


def _told(one: Deviation) -> Text:
    return say(
        "{keys} ({day:d MMMM y}, {seen}: {why})",
        keys=", ".join(one.keys),
        day=one.at.date().isoformat(),  # as it reads back from a stored analysis
        seen=SEEN_WORDS[one.seen],
        why=one.why.removesuffix("."),
    )
