"""What was changed after the promise: which keys, by whom, when, why, and what had been seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import JsonValue

from htkeval.event import Event
from htkeval.frozen import Frozen
from htkeval.text import Text, say
from htkeval.trial import Trial

Seen = Literal["nothing", "baseline", "treatment"]
"""How far measuring had come: nobody measured, only without the tool, or with it too."""

BASELINE = "baseline"
"""The word for going on although the baseline is smaller than planned."""

_NAMED_BY = {
    "metrics": "id",
    "covariates": "column",
    "exclusions": "rule",
    "gates": "id",
    "hard_stops": "column",
}
"""Lists whose items have a name; every other list is one value."""

METHOD = "method"
"""The key of what the plan means by `auto`, which no file states."""

_DECIDE = (
    *("arms", "design", "metrics", "covariates", "exclusions", "analysis", "hard_stops"),
    *("ends", METHOD),  # from its last day on a plan is looked at as it stands
)
_ONLY_TOLD = ("label", "text", "reason")
"""Sections from which the result is found, and the words in them that change no figure."""


class Change(Frozen):
    """One key of the definition that no longer says what was promised."""

    key: str
    """As in trial.toml, items of a list by their name: `metrics.errors.margin`."""
    before: JsonValue = None
    """What was promised; None where it was not stated."""
    after: JsonValue = None
    """What it says now; None where it is not stated any more."""

    @property
    def decides(self) -> bool:
        """Whether the result, or what is said of it, is found from this key."""
        return decides(self.key)


class Deviation(Frozen):
    """A change of the promise that somebody stands by."""

    what: tuple[str, ...]
    """What was changed, as named by who recorded it: keys, or a word of their own."""
    why: str
    """Why, in their words."""
    to: str | None = None
    """What was done instead, where it does not stand in the definition."""
    seen: Seen
    """How far measuring had come when it was recorded."""
    changes: tuple[Change, ...] = ()
    """Every key of the definition that was changed by it."""
    fingerprint: str | None = None
    """Fingerprint of the definition that counts from then on; None where that is the same."""
    at: datetime
    """When it was recorded, in UTC."""
    by: str
    """Who recorded it."""

    @classmethod
    def of(cls, event: Event) -> Self:
        """Read back from the record."""
        said = {key: event.payload[key] for key in cls.model_fields if key in event.payload}
        return cls.model_validate({**said, "at": event.at, "by": event.actor.name})

    @property
    def decides(self) -> bool:
        """Whether the way in which the result is found was changed."""
        return any(change.decides for change in self.changes)

    @property
    def grave(self) -> bool:
        """Whether that was changed when measurements with the tool could have been seen."""
        return self.decides and self.seen == "treatment"

    @property
    def keys(self) -> tuple[str, ...]:
        """The changed keys, else what was named."""
        return tuple(change.key for change in self.changes) or self.what


def decides(key: str) -> bool:
    """Whether the result, or what is said of it, is found from a key of the definition.

    Example:
        >>> decides("metrics.errors.margin"), decides("metrics.errors.label"), decides("title")
        (True, False, False)
        >>> decides("ends"), decides("starts")
        (True, False)
    """
    section, last = key.partition(".")[0], key.rpartition(".")[2]
    return section in _DECIDE and last not in _ONLY_TOLD


def changed(before: Trial, after: Trial) -> tuple[Change, ...]:
    """Which keys say something else, in the order of the file?

    Args:
        before: What was promised.
        after: What stands now. The order in which metrics or covariates stand is no change.
    """
    old, new = (_named(trial.model_dump(mode="json")) for trial in (before, after))
    return tuple(_apart(old, new, ""))


def _named(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with its lists as sections by name."""
    named = dict(definition)
    for section, name in _NAMED_BY.items():
        items = definition[section]
        by_name = {item[name]: item for item in items}
        if len(by_name) == len(items):
            named[section] = by_name
    return named


def _apart(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name), new.get(name)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _apart(one, other, f"{path}{name}.")
        else:
            yield Change(key=f"{path}{name}", before=one, after=other)


SEEN_WORDS: dict[Seen, Text] = {
    "nothing": say("before anything was measured"),
    "baseline": say("before the first measurement with AI"),
    "treatment": say("after the first measurement with AI"),
}
"""How far measuring had come, in a sentence."""
