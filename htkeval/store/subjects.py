"""Who stands behind a token. Kept apart from everything that is append-only, so as to forget."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, insert, select

from htkeval.store.inserting import insert_all
from htkeval.store.schema import subject

AT_ONCE = 1000
"""Names looked up by one statement; a database takes only so many values."""

_KNOWN = select(subject.c.pseudonym, subject.c.token).where(
    subject.c.trial == bindparam("trial"),
    subject.c.pseudonym.in_(bindparam("some", expanding=True)),
)
_ALL = select(subject.c.pseudonym, subject.c.token).where(
    subject.c.trial == bindparam("trial"), subject.c.pseudonym.is_not(None)
)
_COUNT = (
    select(func.count())
    .select_from(subject)
    .where(subject.c.trial == bindparam("trial"), subject.c.pseudonym.is_not(None))
)
_NEW = insert(subject)
_COLUMNS = ("token", "trial", "pseudonym", "salt")
_SALT = 32


def token(salt: str, pseudonym: str) -> str:
    """HMAC-SHA256 of a pseudonym under its salt, as 64 hexadecimal digits."""
    return _token(bytes.fromhex(salt), pseudonym)


def _token(salt: bytes, pseudonym: str) -> str:
    return hmac.digest(salt, pseudonym.encode(), "sha256").hex()


def tokens(connection: Connection, trial: str, pseudonyms: Iterable[str]) -> dict[str, str]:
    """The token of each pseudonym of a trial; whoever is new gets a salt of his own."""
    wanted = sorted(dict.fromkeys(pseudonyms))
    there = known(connection, trial, wanted)
    fresh = _subjects(trial, [name for name in wanted if name not in there])
    insert_all(connection, _NEW, _COLUMNS, fresh)
    return there | {pseudonym: its for its, _, pseudonym, _ in fresh}


def known(connection: Connection, trial: str, pseudonyms: Iterable[str]) -> dict[str, str]:
    """The token of each pseudonym that a trial knows already."""
    wanted = sorted(dict.fromkeys(pseudonyms))
    some = {} if len(wanted) > AT_ONCE else {"some": wanted}
    query = _KNOWN if some else _ALL  # everybody at once is sooner read than many are looked up
    found = connection.execute(query, {"trial": trial, **some}) if wanted else ()
    there: dict[str, str] = {}
    there.update((name, its) for name, its in found)
    return there


def count(connection: Connection, trial: str) -> int:
    """How many people a trial knows."""
    return int(connection.scalar(_COUNT, {"trial": trial}) or 0)


def _subjects(trial: str, pseudonyms: list[str]) -> list[tuple[str, str, str, str]]:
    """A token for each, under a salt of its own; the salts are drawn in one go."""
    salts = secrets.token_bytes(_SALT * len(pseudonyms))
    each = [salts[at : at + _SALT] for at in range(0, len(salts), _SALT)]
    return [
        (_token(salt, pseudonym), trial, pseudonym, salt.hex())
        for salt, pseudonym in zip(each, pseudonyms, strict=True)
    ]
