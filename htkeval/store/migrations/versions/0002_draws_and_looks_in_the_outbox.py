"""Draws and looks are told to MLflow too, so those that were made before wait in the outbox.

A migration is history: it repeats what the schema was on its day and imports none of it.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO outbox (key, seq, trial, kind, state, attempts)"
        " SELECT hash, seq, trial, kind, 'pending', 0 FROM event"
        " WHERE kind IN ('allocation', 'look') AND seq NOT IN (SELECT seq FROM outbox)"
    )
