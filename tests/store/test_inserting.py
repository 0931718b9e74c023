"""Many rows at once are the same rows, by whichever road they reach the server."""

import pytest
from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from htkeval.store import batches, inserting
from htkeval.store.schema import subject
from tests.store.deliveries import TRIAL, batch, deliver

COLUMNS = ("token", "trial", "pseudonym", "salt")
ODD = [
    "",
    " ",
    "\\N",
    "\\",
    "\\.",
    "a\tb",
    "linje\nskift",
    "\r\n",
    "æøå",
    "𝄞",
    '"',
    "'",
    "{}",
    None,
]
"""What a stream of lines and tabs could take for something else."""
NEW = insert(subject)


def people(n=inserting.BULK):
    rows = [(f"{at:064d}", TRIAL.id, f"person {at}", ODD[at % len(ODD)]) for at in range(n)]
    return [(token, trial, odd if odd is None else f"{name}{odd}", odd)
            for token, trial, name, odd in rows]  # fmt: skip


def put(store, rows):
    with store.engine.begin() as connection:
        inserting.insert_all(connection, NEW, COLUMNS, rows)


def kept(store):
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(subject).order_by(subject.c.token))]


@pytest.mark.parametrize("bulk", [1, 10**9])
def test_what_is_stored_is_what_was_given_whatever_it_holds(store, monkeypatch, bulk):
    monkeypatch.setattr(inserting, "BULK", bulk)
    put(store, people())
    assert kept(store) == people()


def test_many_rows_and_few_are_numbered_on_in_one_row(store):
    deliver(store, batch(*range(2 * inserting.BULK)))
    deliver(store, batch(10_001))
    with store.reading() as connection:
        ids = connection.exec_driver_sql("SELECT id FROM measurement ORDER BY id").scalars().all()
    assert ids == list(range(1, 2 * inserting.BULK + 2))


def test_one_row_that_cannot_be_kept_keeps_out_the_others(store):
    with pytest.raises(IntegrityError):
        put(store, [*people(), people()[0]])
    assert kept(store) == []


@pytest.mark.service
def test_a_character_that_the_server_refuses_keeps_out_all_rows(empty_database):
    from htkeval.store.store import open_store

    with open_store(empty_database) as store:
        with pytest.raises(DBAPIError):
            put(store, [*people(), ("x", TRIAL.id, "nul\0", None)])
        assert kept(store) == []


def subject_index(store):
    with store.reading() as connection:
        found = inspect(connection).get_indexes("measurement")
    return [one["column_names"] for one in found if one["name"] == "ix_measurement_subject"]


def test_after_many_rows_the_index_is_there_and_finds_a_persons_rows(store, monkeypatch):
    deliver(store, batch(1, 2))
    few = store.measurements(TRIAL.id, people={"kollega 3"})
    monkeypatch.setattr(inserting, "MANY", 10)
    deliver(store, batch(*range(3, 60)))
    assert subject_index(store) == [["subject"]]
    mine = store.measurements(TRIAL.id, people={"kollega 3"})
    every = store.measurements(TRIAL.id)
    assert few == ()
    assert mine == tuple(row for row in every if row.keys["medarbejder"] == "kollega 3")
    assert len(mine) > 5


def test_where_many_rows_fail_nothing_is_stored_and_the_index_stands(store, monkeypatch):
    deliver(store, batch(1))
    monkeypatch.setattr(inserting, "MANY", 10)

    def full(*_):
        raise OSError("no room")

    monkeypatch.setattr(batches, "insert_all", full)
    with pytest.raises(OSError, match="no room"):
        deliver(store, batch(*range(2, 60)))
    monkeypatch.undo()
    assert subject_index(store) == [["subject"]]
    assert len(store.measurements(TRIAL.id)) == 1
    deliver(store, batch(*range(2, 60)))
