"""The promise as it was frozen, or as a deviation changed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from htkeval.canonical import canonical_json
from htkeval.decision import Actor
from htkeval.effect import Method
from htkeval.event import Event
from htkeval.frozen import Frozen
from htkeval.looks import Information
from htkeval.prior import Prior
from htkeval.text import Text
from htkeval.trial import Trial


class Content(Frozen):
    """What is frozen under one fingerprint."""

    definition: Trial
    """Question, arms, metrics, margins, design, planned sizes, covariates, exclusions, seed, looks
    and their spending, forecast: all that trial.toml says."""
    method: Method | None = None
    """What the plan means by `auto`; None in a promise from before methods were frozen."""
    estimand: Text | None = None
    """What is estimated, in words; None in a promise from before it was said."""
    policy: str
    """Version of the policy in force."""
    policy_fingerprint: str | None = None
    """SHA-256 of the policy's contents: two of one version are told apart."""
    software: str | None = None
    """Name and version of the program that froze it."""
    information: Information | None = None
    """What looks rest on; None, and not in the record at all, where there is one look."""
    prior: Prior | None = None
    """What was believed of the minutes before; None, and not in the record at all, where no minutes
    are measured, and in a promise from before it was frozen."""
    amends: str | None = None
    """Fingerprint of what a deviation changed; None for the registration itself."""


class Registration(Content):
    """A frozen promise with who made it and when."""

    fingerprint: str
    """SHA-256 of the canonical JSON of the content."""
    at: datetime
    """When, in UTC."""
    by: Actor
    """Who."""
    simulated: bool = False
    """Whether the measurements to come were to be invented."""

    @classmethod
    def of(cls, event: Event) -> Self:
        """Read back from the record; what a later version adds to the content is left alone."""
        content = frozen_content(event)
        known = {key: content[key] for key in Content.model_fields if key in content}
        return cls(
            **known,
            fingerprint=event.payload["fingerprint"],
            at=event.at,
            by=event.actor,
            simulated=event.simulated,
        )


def frozen_content(event: Event) -> Mapping[str, Any]:
    """What the fingerprint of a registration, or of a deviation that changes it, covers."""
    if event.kind == "deviation":
        content: Mapping[str, Any] = event.payload["promise"]
        return content
    return {key: value for key, value in event.payload.items() if key != "fingerprint"}


def definition(promise: Event) -> Trial:
    """The trial as it was promised."""
    return _read(canonical_json(frozen_content(promise)["definition"]))


@lru_cache(maxsize=64)
def _read(text: str) -> Trial:
    """A promise never changes, and a form that is saved asks for it while somebody waits."""
    return Trial.model_validate_json(text)


def changes_promise(event: Event) -> bool:
    """Whether another definition counts from this event on."""
    return event.kind == "registration" or event.payload.get("promise") is not None
