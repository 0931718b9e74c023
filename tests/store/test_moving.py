"""A store in another place is the same store, byte for byte, or it is not there."""

import os
import threading

import pytest
from sqlalchemy import select, text

from htkeval.canonical import canonical
from htkeval.errors import EnvironmentFailed, StateError, UsageError
from htkeval.measurement import Batch
from htkeval.store import moving
from htkeval.store.append_only import GENESIS
from htkeval.store.moving import move, moved_to
from htkeval.store.schema import VERSION_TABLE, metadata
from htkeval.store.store import open_store
from htkeval.store.verify import verify
from tests.store.deliveries import MAJA, NOON, TRIAL, batch, deliver, drop_guards, note, row
from tests.store.test_opening import empty

NOT_THERE = {"files", "snapshot:referater", "promise:referater"}
"""Checks on files and on a promise, of which these stores have none that is real."""


def story(address):
    """Everything that a store can hold: two trials, a correction, an erasure, runs half sent."""
    with open_store(address) as store:
        note(store, "registration", {"fingerprint": "f", "æ": [1.5, None, True, "\\N\t'"]})
        deliver(store, batch(*range(120)))
        deliver(
            store, Batch(trial="fagbot", name="x", measurements=(row(1), row(2))), simulated=True
        )
        line = next(iter(store.lines(TRIAL.id, arm="gruppe")))
        new = line.row.measurement.model_copy(update={"values": {"minutter": 1.0, "fejl": None}})
        said = {"why": "x", "actor": MAJA, "now": NOON}
        store.correct(TRIAL.id, lambda _: (line, new), design=TRIAL.design, **said)
        store.erase(TRIAL.id, "kollega 3", **said)
        note(store, "snapshot", {"sha256": "0" * 64, "data_seq": 2})
        key = store.outbox()[0].key
        store.mark(key, "sending")
        store.mark(key, "sent", run_id="run 1")
        store.mark(store.outbox()[-1].key, "failed", error="væk")


def everything(address):
    """Every value of every table, as text."""
    with open_store(address, create=False) as store, store.reading() as connection:
        return {
            table.name: [canonical(list(each)) for each in connection.execute(
                select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }  # fmt: skip


def failing(store, folder):
    return {check.name for check in verify(store, folder) if check.passed is False} - NOT_THERE


@pytest.fixture
def elsewhere(tmp_path):
    return f"sqlite:///{(tmp_path / 'ny mappe' / 'andet.db').as_posix()}"


def test_there_and_back_every_byte_is_the_same(address, elsewhere, tmp_path):
    """From a file to a server too, where there is one."""
    start = f"sqlite:///{(tmp_path / 'start.db').as_posix()}"
    story(start)
    whole = everything(start)
    assert all(whole.values())
    there = move(start, address)
    assert everything(address) == whole
    back = move(address, elsewhere)
    assert everything(elsewhere) == whole
    assert there.counts == back.counts == {name: len(rows) for name, rows in whole.items()}
    with open_store(elsewhere) as store:
        assert there.head == back.head == store.last().hash
        assert failing(store, tmp_path) == set()


def test_a_moved_store_goes_on_where_it_was(address, elsewhere, tmp_path):
    """The next event follows the last, the next rows have numbers of their own."""
    story(elsewhere)
    move(elsewhere, address)
    with open_store(address) as store:
        last = store.last().seq
        assert deliver(store, batch(5)).duplicate is False
        assert deliver(store, batch(*range(1000, 1100))).event.seq == last + 2
        assert deliver(store, batch(5)).duplicate
        assert failing(store, tmp_path) == set()


def test_an_empty_store_can_be_moved_too(address, elsewhere):
    open_store(elsewhere).close()
    assert move(elsewhere, address).head == GENESIS
    with open_store(address) as store:
        assert deliver(store, batch(1, 2)).event.seq == 1


def test_the_old_store_can_be_read_and_takes_nothing_more(address, elsewhere):
    story(address)
    before = everything(address)
    move(address, elsewhere)
    with open_store(address) as old:
        with pytest.raises(StateError, match=r"it was moved to .*andet\.db") as told:
            note(old)
        assert "HTKEVAL_STORE" in str(told.value)
        with pytest.raises(StateError, match="moved to"):
            deliver(old, batch(7_000))
        with pytest.raises(StateError, match="moved to"):
            old.mark(old.outbox()[1].key, "sending")
        with pytest.raises(StateError, match="moved to"):
            old.erase(TRIAL.id, "kollega 1", why="x", actor=MAJA, now=NOON)
        with old.reading() as connection:
            assert moved_to(connection).endswith("andet.db")
    assert everything(address) == before
    with pytest.raises(StateError, match="it was moved to"):
        move(address, elsewhere.replace("andet", "tredje"))


def test_who_waits_for_his_turn_while_it_is_moved_is_told(address, elsewhere, monkeypatch):
    """He opened the store before, and writes the moment that he may."""
    story(address)
    said, real = [], moving._moved
    with open_store(address) as old:

        def write():
            try:
                note(old)
                said.append("stored")
            except StateError as told:
                said.append(str(told))

        waiting = threading.Thread(target=write)

        def slowly(table, source, target):
            if not waiting.is_alive():
                waiting.start()
            return real(table, source, target)

        monkeypatch.setattr(moving, "_moved", slowly)
        monkeypatch.setattr(moving, "_TABLES", metadata.sorted_tables[:1])
        move(address, elsewhere)
        waiting.join(60)
    assert len(said) == 1
    assert "moved to" in said[0]


@pytest.mark.parametrize("moment", range(4))
def test_a_move_that_stops_in_the_middle_leaves_both_as_they_were(
    address, elsewhere, monkeypatch, moment
):
    """At each table."""
    story(elsewhere)
    before, real = everything(elsewhere), moving._moved
    stop = metadata.sorted_tables[moment]

    def failing_one(table, source, target):
        counted = real(table, source, target)
        if table is stop:
            raise KeyboardInterrupt
        return counted

    monkeypatch.setattr(moving, "_moved", failing_one)
    with pytest.raises(KeyboardInterrupt):
        move(elsewhere, address)
    assert not any(everything(address).values())
    assert everything(elsewhere) == before
    with open_store(elsewhere) as store:
        note(store)
    monkeypatch.undo()
    assert move(elsewhere, address).counts["event"] == len(before["event"]) + 1


def test_what_arrives_otherwise_is_refused(address, elsewhere, monkeypatch):
    """A target that quietly changes a value."""
    story(elsewhere)
    real = moving.insert_all

    def changing(connection, statement, columns, rows):
        at = columns.index("error") if "error" in columns else None
        changed = [tuple("?" if i == at else v for i, v in enumerate(each)) for each in rows]
        real(connection, statement, columns, changed)

    monkeypatch.setattr(moving, "insert_all", changing)
    with pytest.raises(StateError, match="table outbox: found other rows than were sent"):
        move(elsewhere, address)
    assert not any(everything(address).values())


def test_a_place_that_holds_something_is_left_alone(address, elsewhere):
    story(elsewhere)
    with open_store(address) as store:
        note(store)
    before = everything(address), everything(elsewhere)
    with pytest.raises(StateError, match="holds something already"):
        move(elsewhere, address)
    assert (everything(address), everything(elsewhere)) == before
    with open_store(elsewhere) as store:
        note(store)


def test_a_place_of_a_newer_version_is_left_alone(address, elsewhere):
    story(elsewhere)
    with open_store(address) as store, store.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0099'"))
    with pytest.raises(StateError, match="made by a newer htkeval"):
        move(elsewhere, address)
    with open_store(elsewhere) as store:
        note(store)


def test_a_record_that_was_changed_is_not_carried_on(address, elsewhere):
    story(address)
    with open_store(address) as store, store.engine.begin() as connection:
        drop_guards(connection)
        connection.execute(text("UPDATE measurement SET measured = '{}' WHERE id = 2"))
    with pytest.raises(StateError, match="Batch 2, row 2 was changed"):
        move(address, elsewhere)
    assert not any(everything(elsewhere).values())


@pytest.mark.parametrize("other", ["{}", "./{}", "link"])
def test_a_store_is_not_moved_onto_itself(file, monkeypatch, other):
    monkeypatch.chdir(file.parent)
    story(f"sqlite:///{file.as_posix()}")
    if other == "link":
        os.link(file, file.with_name("link"))
    with pytest.raises(UsageError, match="the store that is to be moved"):
        move(f"sqlite:///{file.as_posix()}", f"sqlite:///{other.format(file.name)}")


def test_where_there_is_no_store_nothing_is_made(elsewhere, tmp_path):
    with pytest.raises(StateError, match="no store yet"):
        move(f"sqlite:///{tmp_path / 'ingen.db'}", elsewhere)
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_others_keep_locked_is_told_and_the_source_goes_on(address, elsewhere):
    story(elsewhere)
    locked = pytest.raises(EnvironmentFailed, match="others are writing")
    with open_store(address) as busy, busy.altering(), locked:
        move(elsewhere, address, wait=1)
    with open_store(elsewhere) as store:
        note(store)


@pytest.mark.service
def test_a_server_emptied_by_hand_takes_it_too(empty_database, elsewhere):
    story(elsewhere)
    with open_store(empty_database) as store, store.engine.begin() as connection:
        empty(connection)
    assert move(elsewhere, empty_database).counts["event"] > 0
