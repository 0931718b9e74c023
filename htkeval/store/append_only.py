"""The triggers by which the database itself refuses to change or remove what happened."""

from __future__ import annotations

GENESIS = "0" * 64
"""What the first event names as the one before it."""

SQLITE = (
    *(
        f"""CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for table in ("event", "measurement")
        for verb in ("update", "delete")
    ),
    # INSERT OR REPLACE removes the row in the way without asking the trigger above.
    f"""CREATE TRIGGER event_follows_the_last BEFORE INSERT ON event
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
  OR NEW.previous <> coalesce((SELECT hash FROM event WHERE seq = NEW.seq - 1), '{GENESIS}')
  OR EXISTS (SELECT 1 FROM event WHERE trial = NEW.trial AND content = NEW.content)
BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END""",
    """CREATE TRIGGER measurement_replaces_none BEFORE INSERT ON measurement
WHEN EXISTS (SELECT 1 FROM measurement WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM measurement WHERE batch = NEW.batch AND number = NEW.number)
  OR EXISTS (SELECT 1 FROM measurement WHERE supersedes = NEW.supersedes)
BEGIN SELECT RAISE(ABORT, 'measurement is append-only'); END""",
)
"""One statement each."""

POSTGRESQL = (
    """CREATE FUNCTION htkeval_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION htkeval_refuse()"""
        for table in ("event", "measurement")
    ),
)
"""One statement each. PostgreSQL has no REPLACE, but it has TRUNCATE."""

NAMES = {
    "sqlite": (
        "event_refuses_update",
        "event_refuses_delete",
        "measurement_refuses_update",
        "measurement_refuses_delete",
        "event_follows_the_last",
        "measurement_replaces_none",
    ),
    "postgresql": ("event_refuses_change", "measurement_refuses_change"),
}
"""What must stand in the database for it to be append-only."""

MOVED = "htkeval_moved"
"""How the database itself refuses a write to a store that was moved elsewhere, before the place."""

_WRITES = {"event": "INSERT", "subject": "INSERT UPDATE", "outbox": "INSERT UPDATE"}
"""What every write to a store begins with, or is."""


def retiring(dialect: str, place: str) -> tuple[str, ...]:
    """What makes a store refuse every further write, one statement each; it can still be read.

    Args:
        dialect: `sqlite` or `postgresql`.
        place: Where it was moved to, without a password.
    """
    said = f"{MOVED} {place}".replace("'", "''")
    verbs = [(table, verb) for table, all_ in _WRITES.items() for verb in all_.split()]
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_{verb.lower()}_was_moved BEFORE {verb} ON {table}\n"
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for table, verb in verbs
        )
    return (
        "CREATE FUNCTION htkeval_moved() RETURNS trigger LANGUAGE plpgsql AS $moved$\n"
        f"BEGIN RAISE EXCEPTION USING MESSAGE = '{said}'; END $moved$",
        *(
            f"CREATE TRIGGER {table}_{verb.lower()}_was_moved BEFORE {verb} ON {table}\n"
            "FOR EACH STATEMENT EXECUTE FUNCTION htkeval_moved()"
            for table, verb in verbs
        ),
    )
