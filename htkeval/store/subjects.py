"""Who stands behind a token. Kept apart from everything that is append-only, so as to forget."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select

from htkeval.store.schema import subject

AT_ONCE = 1000
"""Names looked up by one statement; a database takes only so many values."""

_KNOWN = select(subject.c.pseudonym, subject.c.token).where(
    subject.c.trial == bindparam("trial"),
    subject.c.pseudonym.in_(bindparam("some", expanding=True)),
)
_NEW = insert(subject)


def token(salt: str, pseudonym: str) -> str:
    """HMAC-SHA256 of a pseudonym under its salt, as 64 hexadecimal digits."""
    return hmac.digest(bytes.fromhex(salt), pseudonym.encode(), "sha256").hex()


def tokens(connection: Connection, trial: str, pseudonyms: Iterable[str]) -> dict[str, str]:
    """The token of each pseudonym of a trial; whoever is new gets a salt of his own."""
    wanted = sorted(set(pseudonyms))
    known: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found = connection.execute(_KNOWN, {"trial": trial, "some": some})
        known.update((name, its) for name, its in found)
    fresh = [_subject(trial, name) for name in wanted if name not in known]
    if fresh:
        connection.execute(_NEW, fresh)
    return known | {row["pseudonym"]: row["token"] for row in fresh}


def _subject(trial: str, pseudonym: str) -> dict[str, str]:
    salt = secrets.token_hex(32)
    return {
        "token": token(salt, pseudonym),
        "trial": trial,
        "pseudonym": pseudonym,
        "salt": salt,
    }
