"""What goes in comes out, in order, once. The same tests hold on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from htkeval.canonical import fingerprint
from htkeval.decision import Actor
from htkeval.measurement import Batch
from htkeval.store.append_only import GENESIS
from htkeval.store.store import open_store
from tests.store.deliveries import MAJA, NOON, TRIAL, batch, deliver, drop_guards, note, row


def test_measurements_come_out_as_they_went_in(store):
    delivery = batch(1, 2, 3)
    added = deliver(store, delivery)
    assert (added.rows, added.duplicate) == (3, False)
    assert store.measurements(TRIAL.id) == delivery.measurements


def test_rows_of_several_batches_come_in_the_order_of_delivery(store):
    deliver(store, batch(5, 6))
    deliver(store, batch(1, 2), participant=None)
    assert store.measurements(TRIAL.id) == batch(5, 6, 1, 2).measurements


def test_rows_can_be_had_as_they_stood_after_an_event(store):
    first = deliver(store, batch(1)).event
    deliver(store, batch(2))
    assert store.measurements(TRIAL.id, until=first.seq) == batch(1).measurements


def test_a_trial_sees_its_own_rows_only(store):
    deliver(store, batch(1, 3))
    deliver(store, batch(2, trial="fagbot"))
    assert store.counts(TRIAL.id) == {"treatment": 2}
    assert store.counts("fagbot") == {"baseline": 1}
    assert store.counts("ukendt") == {}
    assert store.trials() == ("fagbot", TRIAL.id)


def test_an_empty_participant_cell_stays_empty(store):
    blank = row(1).model_copy(update={"keys": {"medarbejder": None, "opgave": "sag"}})
    whole = Batch(trial=TRIAL.id, name="x", measurements=(blank, row(2, who="")))
    deliver(store, whole)
    assert store.measurements(TRIAL.id) == whole.measurements


def test_the_same_rows_again_are_one_batch_whatever_the_file_is_called(store):
    first = deliver(store, batch(1, 2, 3))
    again = deliver(store, batch(3, 1, 2, name="kopi af ark.csv"), now=NOON + timedelta(days=1))
    assert again.duplicate
    assert again.rows == 3
    assert again.event == first.event
    assert len(store.events()) == 1
    assert store.counts(TRIAL.id) == {"baseline": 1, "treatment": 2}


def test_the_same_rows_in_another_trial_are_another_batch(store):
    deliver(store, batch(1))
    assert not deliver(store, batch(1, trial="fagbot")).duplicate


def test_one_row_more_is_another_batch(store):
    deliver(store, batch(1, 2))
    assert not deliver(store, batch(1, 2, 3)).duplicate


def test_the_batch_event_says_what_was_delivered(store):
    event = deliver(store, batch(1, 2, 3)).event
    said = {key: event.payload[key] for key in ("name", "rows", "arms", "participant")}
    assert said == {
        "name": "ark.csv",
        "rows": 3,
        "arms": {"baseline": 1, "treatment": 2},
        "participant": "medarbejder",
    }


def test_events_hang_together_from_the_first_on(store):
    events = (note(store), deliver(store, batch(1)).event, note(store, trial="fagbot"))
    assert [event.seq for event in events] == [1, 2, 3]
    assert events[0].previous == GENESIS
    assert [event.previous for event in events[1:]] == [event.hash for event in events[:2]]
    assert store.events() == events


def test_the_hash_is_the_sha256_of_all_other_fields(store):
    """By hand, so that anybody can check the chain without htkeval."""
    event = note(store, payload={"gate": "dpia", "n": 1.5})
    assert event.hash == fingerprint(
        {
            "seq": 1,
            "trial": "referater",
            "kind": "gate",
            "at": "2026-02-02T12:00:00.000000+00:00",
            "actor": {"name": "Maja Holm", "known_by": "declared"},
            "simulated": False,
            "payload": {"gate": "dpia", "n": 1.5},
            "previous": "0" * 64,
        }
    )


def test_events_can_be_had_by_trial_and_kind(store):
    gate, other = note(store), note(store, trial="fagbot")
    promise = note(store, "registration", {"fingerprint": "f"})
    assert store.events(TRIAL.id) == (gate, promise)
    assert store.events(kind="gate") == (gate, other)
    assert store.events("fagbot", "registration") == ()
    assert store.latest(TRIAL.id, "gate") == gate
    assert store.latest("fagbot", "decision") is None


def test_the_latest_is_the_last_that_happened_even_when_the_clock_was_set_back(store):
    note(store, payload={"state": "open"}, now=NOON)
    note(store, payload={"state": "closed"}, now=NOON - timedelta(hours=5))
    newest = store.latest(TRIAL.id, "gate")
    assert newest.payload == {"state": "closed"}
    assert newest.at == NOON - timedelta(hours=5)


def test_a_moment_is_kept_in_utc(store):
    summer = datetime(2026, 7, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    note(store, now=summer)
    assert store.events()[0].at == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def test_a_moment_without_a_time_zone_is_refused(store):
    with pytest.raises(ValueError, match="time zone"):
        note(store, now=datetime(2026, 7, 1, 14, 0))  # noqa: DTZ001 - that is what is tested
    assert store.events() == ()


def test_a_payload_is_read_back_as_it_was_returned(store):
    event = note(store, payload={"pair": (1, 2.0), "word": "æøå", "none": None})
    assert event.payload == {"pair": [1, 2.0], "word": "æøå", "none": None}
    assert store.events() == (event,)


@pytest.mark.parametrize("payload", [{"x": float("nan")}, {"x": {1: 2}}, {"x": object()}])
def test_a_payload_that_is_not_json_is_refused_and_nothing_is_stored(store, payload):
    with pytest.raises((TypeError, ValueError)):
        note(store, payload=payload)
    assert store.events() == ()


def test_measurements_cannot_come_as_a_bare_event(store):
    with pytest.raises(ValueError, match="add_batch"):
        note(store, "batch", {"rows": 1})


def test_the_mark_of_invented_measurements_stays_for_good(store):
    before = note(store)
    deliver(store, batch(1), simulated=True)
    after = note(store, "snapshot", {"sha256": "x"}, simulated=False)
    more = deliver(store, batch(2)).event
    assert (before.simulated, after.simulated, more.simulated) == (False, True, True)
    assert store.is_simulated(TRIAL.id)


def test_the_mark_of_one_trial_says_nothing_of_another(store):
    deliver(store, batch(1), simulated=True)
    assert not note(store, trial="fagbot").simulated
    assert not store.is_simulated("fagbot")
    assert not store.is_simulated("ukendt")


def test_what_mlflow_must_know_stands_in_the_outbox(store):
    note(store)
    deliver(store, batch(1))
    told = [
        note(store, kind, {"x": kind})
        for kind in ("registration", "snapshot", "analysis", "decision")
    ]
    waiting = store.outbox()
    assert [(row.seq, row.kind, row.key) for row in waiting] == [
        (event.seq, event.kind, event.hash) for event in told
    ]
    assert {(row.state, row.attempts, row.run_id, row.error) for row in waiting} == {
        ("pending", 0, None, None)
    }


def test_the_outbox_keeps_how_far_sending_has_come(store):
    key = note(store, "snapshot", {"sha256": "x"}).hash
    store.mark(key, "sending")
    store.mark(key, "failed", run_id="run 7", error="serveren svarer ikke")
    (failed,) = store.outbox("failed")
    assert (failed.run_id, failed.attempts, failed.error) == ("run 7", 1, "serveren svarer ikke")
    store.mark(key, "sending")
    store.mark(key, "sent")
    (sent,) = store.outbox("sent")
    assert (sent.run_id, sent.attempts, sent.error) == ("run 7", 2, None)
    assert store.outbox("pending") == ()


def test_a_key_that_is_not_in_the_outbox_is_an_error(store):
    with pytest.raises(KeyError):
        store.mark("0" * 64, "sent")


def test_what_was_stored_is_there_when_opened_again(address):
    with open_store(address) as first:
        deliver(first, batch(1, 2))
        events = first.events()
    with open_store(address, create=False) as second:
        assert second.events() == events
        assert second.measurements(TRIAL.id) == batch(1, 2).measurements
        assert deliver(second, batch(1, 2)).duplicate


def test_who_acts_is_kept(store):
    jens = Actor(name="Jens Å", known_by="oidc")
    assert note(store, actor=jens).actor == jens
    assert note(store).actor == MAJA
    assert [event.actor for event in store.events()] == [jens, MAJA]


def test_the_same_person_has_one_token_in_a_trial_and_another_in_the_next(store):
    deliver(store, batch(1, 6))
    deliver(store, batch(11))
    deliver(store, batch(1, trial="fagbot"))
    with store.reading() as connection:
        rows = connection.execute(text("SELECT trial, pseudonym FROM subject ORDER BY trial"))
        found = [tuple(each) for each in rows]
    assert found == [("fagbot", "kollega 1"), (TRIAL.id, "kollega 1")]


def test_a_row_that_supersedes_another_takes_its_place(store):
    """Whatever brought it; what `correct` does is tested with the command."""
    deliver(store, batch(1, 2))
    correction = deliver(store, Batch(trial=TRIAL.id, name="ny", measurements=(row(1, minutes=7),)))
    deliver(store, batch(3))
    with store.engine.begin() as connection:
        drop_guards(connection)
        connection.execute(
            text("UPDATE measurement SET supersedes = 1 WHERE batch = :seq"),
            {"seq": correction.event.seq},
        )
    minutes = [each.values["minutter"] for each in store.measurements(TRIAL.id)]
    assert minutes == [22.0, 7.0, 23.0]
    assert store.counts(TRIAL.id) == {"baseline": 1, "treatment": 2}
    assert store.measurements(TRIAL.id, until=1) == batch(1, 2).measurements


def test_rows_of_a_person_who_was_forgotten_no_longer_count(store):
    """Erasure sets these two fields to null."""
    deliver(store, batch(1, 2, 6))
    with store.engine.begin() as connection:
        connection.execute(
            text("UPDATE subject SET pseudonym = NULL, salt = NULL WHERE pseudonym = :who"),
            {"who": "kollega 1"},
        )
    assert store.measurements(TRIAL.id) == batch(2).measurements
    assert store.counts(TRIAL.id) == {"baseline": 1}


def test_many_people_at_once_keep_their_own_rows(store):
    """More than are looked up by one statement."""
    rows = tuple(row(number, who=f"kollega {number}") for number in range(2500))
    delivery = Batch(trial=TRIAL.id, name="stort ark", measurements=rows)
    deliver(store, delivery)
    assert store.measurements(TRIAL.id) == rows
    assert deliver(store, delivery).duplicate
