"""A measurement as a row of the store, and the digests by which the chain covers it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from htkeval.canonical import canonical_rows
from htkeval.measurement import Measurement
from htkeval.trial import Arm


class Row(NamedTuple):
    """A measurement as it is stored, its participant still by name."""

    pseudonym: str | None
    """Whose row it is; goes to `subject` and nowhere else."""
    arm: Arm
    """The arm."""
    keys: str
    """Canonical JSON of the keys; the participant's stands there as null."""
    measured: str
    """Canonical JSON of the values."""


def encode(measurements: Iterable[Measurement], participant: str | None) -> list[Row]:
    """Measurements as they are stored.

    Args:
        measurements: Rows of the sheet.
        participant: The key column that holds the pseudonym; None where the trial has none.
    """
    some = list(measurements)
    keys = [row.keys for row in some]
    who: list[str | None] = [None] * len(some)
    if participant is not None:
        who = [named.get(participant) for named in keys]
        keys = [{**named, participant: None} if participant in named else named for named in keys]
    written = zip(canonical_rows(keys), canonical_rows(row.values for row in some), strict=True)
    return [Row(name, row.arm, *parts) for name, row, parts in zip(who, some, written, strict=True)]


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
