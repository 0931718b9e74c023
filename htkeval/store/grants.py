"""What a role may do in a PostgreSQL store: read and add, and change what is no record.

Triggers refuse a change to whoever works with the tables; but whoever owns them may drop the
triggers. So one role owns the tables, and htkeval works day by day as another, to which the server
itself refuses what nobody should do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, text

from htkeval.effect import Check
from htkeval.errors import Problem, StateError
from htkeval.store.schema import VERSION_TABLE, event, measurement, outbox, subject
from htkeval.store.store import Store
from htkeval.text import Text, say


class Rights(NamedTuple):
    """What may be done to one table beside reading it."""

    add: bool
    """Whether rows may be added."""
    change: tuple[str, ...] = ()
    """Columns that may be changed."""


RIGHTS: dict[str, Rights] = {
    event.name: Rights(add=True),
    measurement.name: Rights(add=True),
    subject.name: Rights(add=True, change=("pseudonym", "salt")),
    outbox.name: Rights(add=True, change=("state", "run_id", "attempts", "error")),
    VERSION_TABLE: Rights(add=False),
}
"""By table. A person is forgotten by emptying two columns, and a run is told of in four."""

_NUMBERS = "measurement_id_seq"
"""What numbers the rows."""


def grant(store: Store, role: str) -> None:
    """Give a role just what htkeval needs, and take from it whatever else it was given.

    Raises:
        StateError: The store is a file; or the role is not there, or is one that could change
            what happened whatever it is given. Nothing was changed.
        EnvironmentFailed: Whoever asks does not own the tables.
    """
    with store.altering() as connection:
        for statement in statements(connection, role):
            connection.exec_driver_sql(statement)
        if connection.execute(_COULD, {"role": role}).scalar():
            raise _refused(
                role,
                say(
                    "a role that owns the tables, is a superuser or stands in for one, or a right "
                    "that all have"
                ),
                say("a role of its own, to which the server can refuse something"),
                _MAKE,
            )


def statements(connection: Connection, role: str) -> tuple[str, ...]:
    """What `grant` has the server do, to be read, or done by whoever may.

    Raises:
        StateError: The store is a file, or the role is not there.
    """
    quote = connection.dialect.identifier_preparer.quote_identifier
    if connection.dialect.name != "postgresql":
        raise _refused(role, say("a store in a file"), say("a store on a PostgreSQL server"))
    if connection.scalar(_THERE, {"role": role}) is None:
        found, expected = say("no role of this name"), say("a role that the server knows")
        raise _refused(role, found, expected, _MAKE)
    who, schema = quote(role), quote(str(connection.scalar(text("SELECT current_schema()"))))
    tables = ", ".join(map(quote, RIGHTS))
    return (
        f"REVOKE ALL ON {tables} FROM {who}",
        f"REVOKE ALL ON SEQUENCE {quote(_NUMBERS)} FROM {who}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM {who}",
        f"GRANT USAGE ON SCHEMA {schema} TO {who}",
        f"GRANT USAGE ON SEQUENCE {quote(_NUMBERS)} TO {who}",
        *(
            f"GRANT {', '.join(_verbs(rights, quote))} ON {quote(table)} TO {who}"
            for table, rights in RIGHTS.items()
        ),
    )


def _verbs(rights: Rights, quote: Callable[[str], str]) -> Iterator[str]:
    yield "SELECT"
    if rights.add:
        yield "INSERT"
    if rights.change:
        yield f"UPDATE ({', '.join(map(quote, rights.change))})"


_MAKE = say("Nothing was changed. In psql: CREATE ROLE name LOGIN, then run this again.")


def _refused(role: str, found: Text, expected: Text, step: Text | str = "") -> StateError:
    return StateError(Problem(say("role {role}", role=role), found, expected, step))


def least(connection: Connection) -> Check | None:
    """Is the role that works with the store one that cannot change what happened?

    None where the store is a file: whoever may write to it may write anything, and only the chain
    tells. `passed` is never False: many a server has one role, and nothing was changed yet.
    """
    if connection.dialect.name != "postgresql":
        return None
    role = str(connection.scalar(text("SELECT current_user")))
    could = connection.execute(_COULD, {"role": role}).scalar()
    if could:
        sentence = say(
            "The role {role} could change what happened in {names}: the server would let it. Let "
            "another role own the tables, and run `htkeval store grant` for the one that works "
            "with them.",
            role=role,
            names=could,
        )
        return Check(name="rights", passed=None, message=sentence)
    sentence = say("The server lets the role {role} read and add, and change no event.", role=role)
    return Check(name="rights", passed=True, message=sentence)


_THERE = text("SELECT 1 FROM pg_roles WHERE rolname = :role")

_COULD = text(
    "SELECT string_agg(relname, ', ' ORDER BY relname) FROM pg_class"
    " WHERE oid IN ('event'::regclass, 'measurement'::regclass)"
    " AND (pg_has_role(:role, relowner, 'MEMBER')"  # of a superuser always true
    " OR has_any_column_privilege(:role, oid, 'UPDATE')"
    " OR has_table_privilege(:role, oid, 'DELETE, TRUNCATE, TRIGGER'))"
)
"""The tables that a role could change. Whoever owns one may drop its triggers."""
