"""Events in a chain, the rows they brought, who stands behind them, and what MLflow lacks.

A migration is history: it repeats what the schema was on its day and imports none of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHA = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("trial", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("known_by", sa.Text, nullable=False),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("content", SHA),
        sa.Column("previous", SHA, nullable=False),
        sa.Column("hash", SHA, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_event"),
        sa.UniqueConstraint("previous", name="uq_event_previous"),
        sa.UniqueConstraint("trial", "content", name="uq_event_trial_content"),
    )
    op.create_index("ix_event_trial_kind_seq", "event", ["trial", "kind", "seq"])
    op.create_index("ix_event_trial_seq", "event", ["trial", "seq"])
    op.create_table(
        "subject",
        sa.Column("token", SHA, nullable=False),
        sa.Column("trial", sa.Text, nullable=False),
        sa.Column("pseudonym", sa.Text),
        sa.Column("salt", SHA),
        sa.PrimaryKeyConstraint("token", name="pk_subject"),
        sa.UniqueConstraint("trial", "pseudonym", name="uq_subject_trial_pseudonym"),
    )
    op.create_table(
        "measurement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("batch", BIG, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("subject", SHA),
        sa.Column("arm", sa.Text, nullable=False),
        sa.Column("keys", sa.Text, nullable=False),
        sa.Column("measured", sa.Text, nullable=False),
        sa.Column("digest", SHA, nullable=False),
        sa.Column("supersedes", BIG),
        sa.PrimaryKeyConstraint("id", name="pk_measurement"),
        sa.ForeignKeyConstraint(["batch"], ["event.seq"], name="fk_measurement_batch"),
        sa.ForeignKeyConstraint(["subject"], ["subject.token"], name="fk_measurement_subject"),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["measurement.id"], name="fk_measurement_supersedes"
        ),
        sa.UniqueConstraint("batch", "number", name="uq_measurement_batch_number"),
    )
    op.create_index("ix_measurement_subject", "measurement", ["subject"])
    op.create_index("ix_measurement_supersedes", "measurement", ["supersedes"], unique=True)
    op.create_table(
        "outbox",
        sa.Column("key", SHA, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("trial", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("key", name="pk_outbox"),
        sa.ForeignKeyConstraint(["seq"], ["event.seq"], name="fk_outbox_seq"),
        sa.UniqueConstraint("seq", name="uq_outbox_seq"),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed')", name=op.f("ck_outbox_state")
        ),
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the store only grows: there is no way back from its first revision")


TRIGGERS = {
    "sqlite": (
        *(
            f"""CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb.upper()} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
            for table in ("event", "measurement")
            for verb in ("update", "delete")
        ),
        f"""CREATE TRIGGER event_follows_the_last BEFORE INSERT ON event
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
  OR NEW.previous <> coalesce((SELECT hash FROM event WHERE seq = NEW.seq - 1), '{"0" * 64}')
  OR EXISTS (SELECT 1 FROM event WHERE trial = NEW.trial AND content = NEW.content)
BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END""",
        """CREATE TRIGGER measurement_replaces_none BEFORE INSERT ON measurement
WHEN EXISTS (SELECT 1 FROM measurement WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM measurement WHERE batch = NEW.batch AND number = NEW.number)
  OR EXISTS (SELECT 1 FROM measurement WHERE supersedes = NEW.supersedes)
BEGIN SELECT RAISE(ABORT, 'measurement is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION htkeval_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$""",
        *(
            f"""CREATE TRIGGER {table}_refuses_change
BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION htkeval_refuse()"""
            for table in ("event", "measurement")
        ),
    ),
}
