"""Does every promise give its fingerprint again, and does each change build on the one before?"""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.canonical import fingerprint
from htkeval.effect import Check
from htkeval.event import Event
from htkeval.registration import changes_promise, frozen_content
from htkeval.text import Text, say


def promises_of(events: tuple[Event, ...]) -> Iterator[Check]:
    """A check for each registered trial; its sentence also tells how often it was changed."""
    kinds = ("registration", "deviation")
    for trial in sorted({event.trial for event in events if event.kind == "registration"}):
        mine = [event for event in events if event.trial == trial and event.kind in kinds]
        broken = _broken(mine)
        yield Check(
            name=f"promise:{trial}", passed=broken is None, message=broken or _kept(trial, mine)
        )


def _broken(mine: list[Event]) -> Text | None:
    """The first event that is not what it says; None where all are."""
    before: str | None = None
    for event in mine:
        try:
            if not changes_promise(event):
                continue
            content, named = frozen_content(event), event.payload["fingerprint"]
            same, follows = fingerprint(content) == named, content.get("amends") == before
        except (KeyError, TypeError, ValueError, AttributeError):
            same, follows, named = False, False, None
        if not same:
            return say(
                "{trial}: the promise in event {seq} was changed: it gives another fingerprint.",
                trial=event.trial,
                seq=event.seq,
            )
        if not follows:
            return say(
                "{trial}: the promise in event {seq} does not build on the one before it.",
                trial=event.trial,
                seq=event.seq,
            )
        before = named
    return None


def _kept(trial: str, mine: list[Event]) -> Text:
    told = sum(event.kind == "deviation" for event in mine)
    if told:
        return say(
            "{trial}: the promise gives its fingerprint; deviations told: {n}.", trial=trial, n=told
        )
    return say("{trial}: the promise gives its fingerprint; no deviation is told.", trial=trial)
