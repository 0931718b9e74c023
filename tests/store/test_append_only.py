"""The database itself refuses to change or remove what happened, whoever asks."""

import pytest
from sqlalchemy.exc import DBAPIError

from htkeval.steps.add import add_files
from htkeval.steps.case import Case
from tests.store.deliveries import MAJA, NOON, TRIAL, batch, deliver, note

EVENT = "seq, trial, kind, at, actor, known_by, simulated, payload, content, previous, hash"


@pytest.fixture
def filled(store):
    note(store, "registration", {"fingerprint": "f"})
    deliver(store, batch(1, 2))
    deliver(store, batch(3))
    return store


def refused(store, statement):
    """Whether the database refuses a statement and keeps everything as it was."""
    before = store.events(), store.measurements(TRIAL.id)
    with pytest.raises(DBAPIError) as told, store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert (store.events(), store.measurements(TRIAL.id)) == before
    return str(told.value.orig)


@pytest.mark.parametrize("table", ["event", "measurement"])
@pytest.mark.parametrize("change", ["UPDATE {} SET trial = trial", "DELETE FROM {}"])
def test_what_happened_can_be_neither_changed_nor_removed(filled, table, change):
    statement = change.format(table)
    if table == "measurement":
        statement = statement.replace("trial", "arm")
    assert f"{table} is append-only" in refused(filled, statement)


def test_replacing_an_event_is_refused(file_store):
    """SQLite's INSERT OR REPLACE removes the row in its way without a word to its triggers."""
    note(file_store)
    values = EVENT.replace("payload", "'{}'")
    statement = f"INSERT OR REPLACE INTO event ({EVENT}) SELECT {values} FROM event WHERE seq = 1"
    assert "an event follows the last one" in refused(file_store, statement)


def test_replacing_an_earlier_batch_by_a_new_event_is_refused(file_store):
    first = deliver(file_store, batch(1)).event
    values = EVENT.replace("seq", "2", 1).replace("previous, hash", f"'{first.hash}', 'x'")
    statement = f"INSERT OR REPLACE INTO event ({EVENT}) SELECT {values} FROM event WHERE seq = 1"
    assert "an event follows the last one" in refused(file_store, statement)


@pytest.mark.parametrize("values", ["id, batch, number", "NULL, batch, number"])
def test_replacing_a_row_is_refused(file_store, values):
    deliver(file_store, batch(1, 2))
    columns = "subject, arm, keys, '{}', digest"
    statement = (
        "INSERT OR REPLACE INTO measurement (id, batch, number, subject, arm, keys, measured,"
        f" digest) SELECT {values}, {columns} FROM measurement WHERE number = 1"
    )
    assert "measurement is append-only" in refused(file_store, statement)


@pytest.mark.parametrize("seq", [2, 5])
def test_an_event_that_does_not_follow_the_last_is_refused(file_store, seq):
    last = [note(file_store), note(file_store), note(file_store)][-1]
    values = EVENT.replace("seq", str(seq), 1).replace("previous, hash", f"'{last.hash}', 'x'")
    statement = f"INSERT INTO event ({EVENT}) SELECT {values} FROM event WHERE seq = 1"
    assert "an event follows the last one" in refused(file_store, statement)


def test_an_event_that_names_another_before_it_is_refused(file_store):
    first = note(file_store)
    note(file_store)
    values = EVENT.replace("seq", "3", 1).replace("previous, hash", f"'{first.hash}', 'x'")
    statement = f"INSERT INTO event ({EVENT}) SELECT {values} FROM event WHERE seq = 1"
    assert "an event follows the last one" in refused(file_store, statement)


def test_a_state_that_the_outbox_does_not_know_is_refused(filled):
    assert "ck_outbox_state" in refused(filled, "UPDATE outbox SET state = 'måske'")


def test_a_row_without_its_event_is_refused(filled):
    said = refused(
        filled,
        "INSERT INTO measurement (batch, number, arm, keys, measured, digest)"
        " VALUES (99, 1, 'baseline', '{}', '{}', 'x')",
    )
    assert "FOREIGN KEY" in said.upper()


def test_a_pseudonym_stands_in_no_table_but_the_one_that_can_forget(file_store):
    deliver(file_store, batch(1, 2, 3))
    assert tables_that_say("kollega", file_store) == {"subject"}


def test_a_sheet_that_is_added_leaves_its_pseudonyms_in_that_table_only(file_store, tmp_path):
    """The whole road, as `htkeval add` goes it."""
    sheet = tmp_path / "ark.csv"
    sheet.write_text(
        "gruppe;medarbejder;opgave;team;minutter;fejl\n"
        "baseline;mette.h;sag 1;hold A;31,5;0\ntreatment;mette.h;sag 2;hold A;25;1\n"
    )
    case = Case(store=file_store, blobs=tmp_path, file=TRIAL)
    add_files(case, (sheet,), actor=MAJA, now=NOON)
    assert tables_that_say("mette.h", file_store) == {"subject"}
    seen = {row.keys["medarbejder"] for row in file_store.measurements(TRIAL.id)}
    assert seen == {"mette.h"}


def tables_that_say(word, store):
    """Every table with a word in some column, as somebody with the file would search it."""
    with store.reading() as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = [name for (name,) in connection.exec_driver_sql(query)]
        return {
            name
            for name in names
            if any(
                word in str(tuple(row))
                for row in connection.exec_driver_sql(f"SELECT * FROM {name}")
            )
        }
