"""The role that htkeval works with can do its work, and the server refuses it all else."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from htkeval.errors import EnvironmentFailed, StateError
from htkeval.store import grants
from htkeval.store.schema import VERSION_TABLE, metadata
from htkeval.store.store import open_store, read_store
from htkeval.store.verify import verify
from tests.store.deliveries import MAJA, NOON, TRIAL, batch, deliver, note

ROLE = 'dag"lig'
"""A name that must be quoted."""


def test_every_table_has_its_rights():
    """A table that comes later must be thought of, or the working role cannot use it."""
    assert set(grants.RIGHTS) == {*metadata.tables, VERSION_TABLE}


def test_only_what_is_no_record_may_be_changed():
    changing = {name for name, rights in grants.RIGHTS.items() if rights.change}
    assert changing.isdisjoint({"event", "measurement", VERSION_TABLE})


def test_a_store_in_a_file_has_no_roles(file_store):
    with pytest.raises(StateError, match="a store in a file"):
        grants.grant(file_store, "daglig")
    with file_store.reading() as connection:
        assert grants.least(connection) is None


@pytest.fixture
def owner(empty_database):
    """The store of whoever owns its tables, and a role beside."""
    with open_store(empty_database) as opened:
        with opened.engine.begin() as connection:
            there = connection.scalar(
                text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": ROLE}
            )
            if there:
                connection.exec_driver_sql('DROP OWNED BY "dag""lig"; DROP ROLE "dag""lig"')
            connection.exec_driver_sql('CREATE ROLE "dag""lig" LOGIN')
        yield opened


@pytest.fixture
def working(owner, empty_database):
    """The address by which htkeval works day by day."""
    grants.grant(owner, ROLE)
    return empty_database.replace("postgres@", "dag%22lig@")


service = pytest.mark.service


@service
def test_the_whole_work_can_be_done(working, tmp_path):
    """Add few and many, correct, exclude, erase, tell MLflow, prove."""
    with open_store(working) as store:
        note(store, "registration", {"fingerprint": "f"})
        deliver(store, batch(*range(200)))
        deliver(store, batch(1001))
        line = store.lines(TRIAL.id, arm="gruppe")[0]
        new = line.row.measurement.model_copy(update={"values": {"minutter": 1.0, "fejl": None}})
        said = {"why": "x", "actor": MAJA, "now": NOON}
        store.correct(TRIAL.id, lambda _: (line, new), design=TRIAL.design, **said)
        store.exclude(TRIAL.id, lambda s: s.lines(TRIAL.id, arm="gruppe")[1], told=None, **said)
        store.erase(TRIAL.id, "kollega 3", **said)
        for waiting in store.outbox():
            store.mark(waiting.key, "sending")
            store.mark(waiting.key, "sent", run_id="run")
    with read_store(working) as store:
        checks = {check.name: check for check in verify(store, tmp_path)}
        assert checks["rights"].passed is True
        assert ROLE in str(checks["rights"].message)
        names = ("guards", "sequence", "chain", "rows", "subjects", "outbox")
        assert [checks[name].passed for name in names] == [True] * len(names)


@service
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'x'",
        "UPDATE measurement SET measured = '{}'",
        "DELETE FROM event",
        "DELETE FROM measurement",
        "DELETE FROM subject",
        "DELETE FROM outbox",
        "TRUNCATE event, measurement, outbox",
        "TRUNCATE outbox",
        "DROP TRIGGER event_refuses_change ON event",
        "ALTER TABLE event DISABLE TRIGGER event_refuses_change",
        "CREATE TRIGGER t BEFORE INSERT ON event EXECUTE FUNCTION htkeval_refuse()",
        "CREATE OR REPLACE FUNCTION htkeval_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RETURN NULL; END$$",
        "SET session_replication_role = replica",
        "DROP TABLE outbox CASCADE",
        "ALTER TABLE measurement ADD COLUMN x text",
        "CREATE TABLE hidden (x text)",
        "UPDATE subject SET token = 'x'",
        "UPDATE subject SET trial = 'x'",
        "UPDATE outbox SET key = 'x'",
        "UPDATE outbox SET seq = 1",
        "UPDATE htkeval_version SET version_num = '0001'",
        "SELECT setval('measurement_id_seq', 1)",
    ],
)
def test_the_server_refuses_the_role_what_nobody_should_do(owner, working, statement):
    with open_store(working) as store:
        deliver(store, batch(1, 2))
        before = store.events(), store.measurements(TRIAL.id)
        with pytest.raises(ProgrammingError) as told, store.engine.begin() as connection:
            connection.exec_driver_sql(statement)
        assert told.value.orig.sqlstate == "42501"  # insufficient_privilege
        assert (store.events(), store.measurements(TRIAL.id)) == before


@service
def test_what_was_granted_by_hand_before_is_taken_back(owner, working):
    with owner.engine.begin() as connection:
        connection.exec_driver_sql('GRANT ALL ON event, measurement TO "dag""lig"')
    assert rights_of(working).passed is None
    grants.grant(owner, ROLE)
    assert rights_of(working).passed is True


@service
def test_whoever_could_change_history_is_told(owner, working):
    told = rights_of(owner.engine.url.render_as_string())
    assert told.passed is None
    assert "event, measurement" in str(told.message)
    assert "htkeval store grant" in str(told.message)


@service
def test_a_right_that_everybody_has_is_seen(owner, working):
    """Taking it from the role does not help: the role is told that it may."""
    with owner.engine.begin() as connection:
        connection.exec_driver_sql("GRANT UPDATE (actor) ON event TO PUBLIC")
    with pytest.raises(StateError):
        grants.grant(owner, ROLE)
    found = rights_of(working)
    assert found.passed is None
    assert "happened in event:" in str(found.message)


@service
def test_the_owner_can_be_given_no_less(owner):
    with pytest.raises(StateError, match="a role that owns the tables"):
        grants.grant(owner, "postgres")
    note(owner)


@service
def test_a_role_that_is_not_there_is_told(owner):
    with pytest.raises(StateError, match="no role of this name"):
        grants.grant(owner, "fremmed")


@service
def test_the_working_role_can_grant_nothing(working):
    with open_store(working) as store, pytest.raises(EnvironmentFailed, match="may not do this"):
        grants.grant(store, ROLE)


def rights_of(address):
    with read_store(address) as store, store.reading() as connection:
        return grants.least(connection)
