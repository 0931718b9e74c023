"""A press of the stopwatch is found by whose it is and by which task is being timed.

A migration is history: it repeats what the schema was on its day and imports none of it.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ON = {
    "sqlite": "json_extract(payload, '$.subject'), json_extract(payload, '$.press.timing')",
    "postgresql": (
        "(CAST(payload AS json) #>> '{subject}'), (CAST(payload AS json) #>> '{press,timing}')"
    ),
}


def upgrade() -> None:
    on = ON[op.get_bind().dialect.name]
    op.execute(f"CREATE INDEX IF NOT EXISTS ix_event_press ON event (trial, {on}) WHERE kind = 'press'")
