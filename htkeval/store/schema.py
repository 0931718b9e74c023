"""The store's tables. One schema for SQLite and PostgreSQL; Alembic's migrations mirror it.

    event         what happened, a chain of hashes; never changed, never removed
    measurement   the rows that a batch brought; never changed, never removed
    subject       who stands behind a row's token; the only table that can forget
    outbox        what MLflow has still to be told; the only other table that changes

A person's pseudonym stands in `subject` alone. Events and measurements know a token, an HMAC
under a salt that is also there alone: when both are destroyed, the token leads to nobody and
the chain still verifies.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy import event as when

from htkeval.store.append_only import POSTGRESQL, SQLITE
from htkeval.store.in_payload import InPayload

VERSION_TABLE = "htkeval_version"
"""Holds the revision of the schema. Not Alembic's usual name, which MLflow uses for its own."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_BIG = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers only INTEGER keys itself
_SHA = String(64)

_payload = Column("payload", Text, nullable=False)

event = Table(
    "event",
    metadata,
    Column("seq", _BIG, primary_key=True, autoincrement=False),
    Column("trial", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("known_by", Text, nullable=False),
    Column("simulated", Boolean, nullable=False),
    _payload,
    Column("content", _SHA),
    Column("previous", _SHA, nullable=False),
    Column("hash", _SHA, nullable=False),
    UniqueConstraint("previous"),
    UniqueConstraint("trial", "content"),
    Index("ix_event_trial_kind_seq", "trial", "kind", "seq"),
    Index("ix_event_trial_seq", "trial", "seq"),
)
"""`at` is ISO text in UTC, `payload` canonical JSON. `content` repeats a batch's own fingerprint,
so that the database itself keeps the same rows from coming in twice. `previous` is unique: the
chain cannot fork."""

PRESS: ColumnElement[str] = literal_column("'press'")
"""Written out wherever presses are looked for: their index covers nothing else."""
OF, TIMES = ("subject",), ("press", "timing")
"""Where a press's payload says of whose task it is, by token, and which task it times."""
PRESSES = Index(
    "ix_event_press",
    event.c.trial,
    InPayload(_payload, *OF),
    InPayload(_payload, *TIMES),
    sqlite_where=event.c.kind == PRESS,
)


def on_postgresql() -> None:
    """Say of the index what PostgreSQL's dialect must be loaded for: a tenth of a quick command."""
    PRESSES.dialect_kwargs["postgresql_where"] = event.c.kind == PRESS


subject = Table(
    "subject",
    metadata,
    Column("token", _SHA, primary_key=True),
    Column("trial", Text, nullable=False),
    Column("pseudonym", Text),
    Column("salt", _SHA),
    UniqueConstraint("trial", "pseudonym"),
)
"""`token` = HMAC-SHA256(salt, pseudonym). Both are null once the person has been forgotten."""

BY_SUBJECT = Index("ix_measurement_subject", "subject")
"""Finds the rows of one person."""

measurement = Table(
    "measurement",
    metadata,
    Column("id", _BIG, primary_key=True),
    Column("batch", _BIG, ForeignKey("event.seq"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("subject", _SHA, ForeignKey("subject.token")),
    Column("arm", Text, nullable=False),
    Column("keys", Text, nullable=False),
    Column("measured", Text, nullable=False),
    Column("digest", _SHA, nullable=False),
    Column("supersedes", _BIG, ForeignKey("measurement.id")),
    UniqueConstraint("batch", "number"),
    BY_SUBJECT,
    Index("ix_measurement_supersedes", "supersedes", unique=True),
)
"""`number` counts from 1 within the event that brought the rows, `keys` and `measured` are
canonical JSON. A row that `supersedes` another takes its place; the other stays, as history."""

outbox = Table(
    "outbox",
    metadata,
    Column("key", _SHA, primary_key=True),
    Column("seq", _BIG, ForeignKey("event.seq"), nullable=False),
    Column("trial", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("run_id", Text),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    UniqueConstraint("seq"),
    CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed')", name="state"),
)
"""`key` is the event's hash: the same however often the run is sent or MLflow is rebuilt."""

for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        _ddl = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's
        when.listen(metadata, "after_create", _ddl.execute_if(dialect=_dialect))
