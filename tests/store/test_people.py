"""People in the store: what is recorded of taking part, all of them forgotten, what is left."""

import pytest
from sqlalchemy.event import listen

from htkeval.errors import StateError
from htkeval.measurement import Batch
from htkeval.store import presses, subjects
from htkeval.store.verify import verify
from tests.store.deliveries import MAJA, NOON, deliver, row

SAID = {"state": "informed", "date": "2026-01-05", "why": None}


def record(store, *people, said=SAID):
    return store.participate("referater", lambda _: (people, said), actor=MAJA, now=NOON)


def bring(store, *rows):
    deliver(store, Batch(trial="referater", name="ark.csv", measurements=rows))


def test_what_is_recorded_comes_back_by_pseudonym_and_stands_by_token(store):
    events = record(store, "P2", "P1")
    bring(store, row(1, who="P3"))
    found = store.participations("referater")
    assert {name: len(said) for name, said in found.items()} == {"P1": 1, "P2": 1, "P3": 0}
    assert [one.event for one in found["P2"]] == [events[0].seq]
    assert not any(name in event.model_dump_json() for event in events for name in found)
    assert store.people_known("referater") == 3
    assert store.participations("andet") == {}


def test_what_make_refuses_leaves_nobody_known(store):
    def refuse(_):
        raise StateError(())

    with pytest.raises(StateError):
        store.participate("referater", refuse, actor=MAJA, now=NOON)
    assert (store.people_known("referater"), store.events()) == (0, ())


def test_everybody_is_forgotten_and_what_is_left_leads_to_nobody(store, tmp_path):
    record(store, "P1", "P9")
    nobody = row(4).model_copy(update={"keys": {**row(4).keys, "medarbejder": None}})
    bring(store, row(1, who="P1"), row(2, who="P1"), row(3, who="P2"), nobody)
    events = store.erase_all("referater", why="x", actor=MAJA, now=NOON)
    assert (len(events), store.people_known("referater")) == (3, 0)
    assert len(store.measurements("referater")) == 1  # it was nobody's from the first
    left = store.forgotten("referater")
    assert sorted(one.rows.total() for one in left) == [1, 2]
    assert store.forgotten("andet") == ()
    found = {check.name: check.passed for check in verify(store, tmp_path / "blobs")}
    assert (found["chain"], found["rows"], found["subjects"]) == (True, True, True)
    assert store.erase_all("referater", why="x", actor=MAJA, now=NOON) == ()


@pytest.mark.parametrize("which", ["all", "one", "open"])
def test_the_presses_of_one_person_are_found_without_those_of_the_others(file_store, which):
    """Somebody waits for it; SQLite would walk through all of them for the sake of their order."""
    sent: list[tuple[str, tuple[object, ...]]] = []
    record(file_store, "P1")
    listen(file_store.engine, "before_cursor_execute", lambda *told: sent.append(told[2:4]))
    with file_store.reading() as connection:
        people = subjects.People(connection, "referater")
        presses.of_person(connection, people, "P1", which=which, timing="t" * 20)
        query, values = sent[-1]
        said = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()
    searched = [row[3] for row in said if row[3].startswith(("SEARCH", "SCAN"))]
    assert searched
    assert all("ix_event_press (trial=? AND <expr>=?" in step for step in searched)
