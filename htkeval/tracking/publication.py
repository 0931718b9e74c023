"""An event as MLflow will show it: one run, or a run with a child for each arm."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from htkeval.event import Event
from htkeval.frozen import Contradiction, Finite, Frozen
from htkeval.tracking.payload import Sha256

RunKind = Literal[
    "registration",
    "deviation",
    "allocation",
    "snapshot",
    "arm",
    "look",
    "analysis",
    "decision",
]

KEY_LIMIT = 250
PARAM_LIMIT = 6000
TAG_LIMIT = 8000
"""MLflow's limits in characters. It cuts what is longer without a word unless told not to."""

_LEGAL_KEY = re.compile(r"\w[\w. -]*", re.ASCII)
"""What MLflow takes as a key on every system, without the slashes that its pages group by."""


class Artifact(Frozen):
    """A file of a run."""

    name: str = Field(pattern=r"^[a-z]+(-[a-z0-9]+){0,2}\.[a-z]+$")
    """Its name in MLflow."""
    sha256: Sha256
    """SHA-256 of its bytes."""
    content: bytes | None = None
    """The bytes; None where they stand in the blob folder under their SHA-256."""
    later: bool = False
    """Whether it came after the event, so that a run which is complete may lack it."""


class Dataset(Frozen):
    """The rows that a run rests on."""

    name: str
    """Name in MLflow's list of datasets."""
    sha256: Sha256
    """SHA-256 of the snapshot's Parquet bytes."""
    rows: int | None = None
    """How many rows, where the event says so."""

    @property
    def digest(self) -> str:
        """As much of the SHA-256 as MLflow has room for; all of it is in the tag `htk.sha256`."""
        return self.sha256[:36]


class Publication(Frozen):
    """One run as it shall be. The same event always gives the same publication."""

    key: Sha256
    """Says which run this is, so that it is never delivered twice."""
    experiment: str
    """Name of the experiment: the trial's id."""
    title: str
    """The trial's name for people, as the experiment's description."""
    run_name: str = Field(max_length=KEY_LIMIT)
    """Name of the run."""
    kind: RunKind
    """What happened."""
    parent: Sha256 | None = None
    """Key of the run that this one stands under."""
    at_ms: int
    """When it happened, in milliseconds since 1970 UTC: start, end and time of every metric."""
    params: dict[str, str] = {}
    """What was chosen."""
    metrics: dict[str, Finite] = {}
    """What was found."""
    tags: dict[str, str] = {}
    """What it is known by."""
    dataset: Dataset | None = None
    """The rows that it rests on."""
    artifacts: tuple[Artifact, ...] = ()
    """Its files."""

    @model_validator(mode="after")
    def _fits_mlflow(self) -> Self:
        for key in (*self.params, *self.metrics, *self.tags):
            if len(key) > KEY_LIMIT or not _LEGAL_KEY.fullmatch(key):
                raise Contradiction("{key} cannot be a name in MLflow", key=key[:KEY_LIMIT])
        for values, limit in ((self.params, PARAM_LIMIT), (self.tags, TAG_LIMIT)):
            for key, value in values.items():
                if len(value) > limit:
                    raise Contradiction(
                        "{key} has {n} characters, MLflow has room for {limit}",
                        key=key,
                        n=len(value),
                        limit=limit,
                    )
        return self


def shortened(value: str, limit: int) -> str:
    """A text cut to a limit, which says so; one that fits is kept as it is.

    Example:
        >>> shortened("x" * 100, 40)
        'xxxxxxxxxxxxxxxxx … [shortened from 100]'
    """
    if len(value) <= limit:
        return value
    mark = f" … [shortened from {len(value)}]"
    return value[: limit - len(mark)] + mark


def key_of(event: Event, kind: RunKind, part: str = "") -> str:
    """The idempotency key of a run: SHA-256 of its kind, its part and its event's own hash."""
    return hashlib.sha256("\n".join((kind, part, event.hash)).encode()).hexdigest()


def at_ms(event: Event) -> int:
    """When an event happened, in whole milliseconds since 1970 UTC."""
    return calendar.timegm(event.at.utctimetuple()) * 1000 + event.at.microsecond // 1000


def as_params(values: Mapping[str, object]) -> dict[str, str]:
    """Values as MLflow's params: text, shortened where it must be; what is None is left out."""
    given = {key: value for key, value in values.items() if value is not None}
    return {key: shortened(_word(value), PARAM_LIMIT) for key, value in given.items()}


def as_tags(values: Mapping[str, object]) -> dict[str, str]:
    """Values as MLflow's tags: text, shortened where it must be; what is None is left out."""
    given = {key: value for key, value in values.items() if value is not None}
    return {key: shortened(_word(value), TAG_LIMIT) for key, value in given.items()}


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
