"""Who stands behind a token. Kept apart from everything that is append-only, so as to forget."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, insert, select

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
_EVERY = select(subject.c.token, subject.c.pseudonym).where(subject.c.trial == bindparam("trial"))
_NEW = insert(subject)
_COLUMNS = ("token", "trial", "pseudonym", "salt")
_SALT = 32


def token(salt: str, pseudonym: str) -> str:
    """HMAC-SHA256 of a pseudonym under its salt, as 64 hexadecimal digits."""
    return _token(bytes.fromhex(salt), pseudonym)


def _token(salt: bytes, pseudonym: str) -> str:
    return hmac.digest(salt, pseudonym.encode(), "sha256").hex()


class People:
    """Who stands behind the tokens of a trial at one moment of the store, each looked up once."""

    def __init__(self, connection: Connection, trial: str) -> None:
        self._connection, self.trial = connection, trial
        self._asked: set[str] = set()
        self._there: dict[str, str] = {}
        self._every: Mapping[str, str | None] | None = None

    def known(self, pseudonyms: Iterable[str]) -> dict[str, str]:
        """The token of each pseudonym that the trial knows already."""
        wanted = dict.fromkeys(pseudonyms)
        new = sorted(name for name in wanted if name not in self._asked)
        if new and self._every is None:
            self._there |= _looked_up(self._connection, self.trial, new)
        self._asked.update(new)
        return {name: self._there[name] for name in wanted if name in self._there}

    def tokens(self, pseudonyms: Iterable[str]) -> dict[str, str]:
        """The token of each, within a write; whoever is new gets a salt of his own."""
        wanted = sorted(dict.fromkeys(pseudonyms))
        there = self.known(wanted)
        fresh = _subjects(self.trial, [name for name in wanted if name not in there])
        insert_all(self._connection, _NEW, _COLUMNS, fresh)
        made = {pseudonym: its for its, _, pseudonym, _ in fresh}
        self._there |= made
        if self._every is not None:
            self._every = {**self._every, **{its: name for name, its in made.items()}}
        return there | made

    @property
    def behind(self) -> Mapping[str, str | None]:
        """By token: the pseudonym; None for whoever was forgotten."""
        if self._every is None:
            rows = self._connection.execute(_EVERY, {"trial": self.trial})
            self._every = {row[0]: row[1] for row in rows}
            self._there |= {name: its for its, name in self._every.items() if name is not None}
        return self._every

    @property
    def pseudonyms(self) -> tuple[str, ...]:
        """Of everybody whom the trial knows; whoever was forgotten has none."""
        return tuple(sorted(name for name in self.behind.values() if name is not None))


def _looked_up(connection: Connection, trial: str, wanted: list[str]) -> dict[str, str]:
    some = {} if len(wanted) > AT_ONCE else {"some": wanted}
    query = _KNOWN if some else _ALL  # everybody at once is sooner read than many are looked up
    return {row[0]: row[1] for row in connection.execute(query, {"trial": trial, **some})}


def _subjects(trial: str, pseudonyms: list[str]) -> list[tuple[str, str, str, str]]:
    """A token for each, under a salt of its own; the salts are drawn in one go."""
    salts = secrets.token_bytes(_SALT * len(pseudonyms))
    each = [salts[at : at + _SALT] for at in range(0, len(salts), _SALT)]
    return [
        (_token(salt, pseudonym), trial, pseudonym, salt.hex())
        for salt, pseudonym in zip(each, pseudonyms, strict=True)
    ]
