"""A measurement as a row of the store, and the digests by which the chain covers it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from htkeval.canonical import canonical_row
from htkeval.measurement import Measurement
from htkeval.trial import Arm


@dataclass(frozen=True)
class Row:
    """A measurement as it is stored, its participant still by name."""

    pseudonym: str | None
    """Whose row it is; goes to `subject` and nowhere else."""
    arm: Arm
    """The arm."""
    keys: str
    """Canonical JSON of the keys; the participant's stands there as null."""
    measured: str
    """Canonical JSON of the values."""


def encode(measurement: Measurement, participant: str | None) -> Row:
    """A measurement as it is stored.

    Args:
        measurement: The row of the sheet.
        participant: The key column that holds the pseudonym; None where the trial has none.
    """
    keys, pseudonym = measurement.keys, None
    if participant is not None and participant in keys:
        pseudonym = keys[participant]
        keys = {**keys, participant: None}
    return Row(pseudonym, measurement.arm, canonical_row(keys), canonical_row(measurement.values))


def decode(
    arm: Arm, keys: str, measured: str, *, participant: str | None, pseudonym: str | None
) -> Measurement:
    """The measurement that `encode` was given."""
    named = json.loads(keys)
    if participant is not None and participant in named:
        named[participant] = pseudonym
    return Measurement(arm=arm, keys=named, values=json.loads(measured))


def digest(*, subject: str | None, arm: str, keys: str, measured: str) -> str:
    """SHA-256 of one row: of its canonical JSON, put together from parts that are canonical.

    It knows the token, not the pseudonym: once the salt is gone, nobody can try names on it.
    """
    who = "null" if subject is None else f'"{subject}"'
    whole = f'{{"arm":"{arm}","keys":{keys},"measured":{measured},"subject":{who}}}'
    return sha256(whole.encode()).hexdigest()


def roll_up(digests: Iterable[str]) -> str:
    """SHA-256 of the rows' digests in their order: what the batch's event carries."""
    return sha256("".join(digests).encode()).hexdigest()


def content(digests: Iterable[str]) -> str:
    """SHA-256 of the rows' digests in no order: the same sheet sorted otherwise is the same."""
    return roll_up(sorted(digests))
