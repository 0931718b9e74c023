"""Whatever is changed behind the store's back, the proof that covers it fails, and says where."""

import json
import shutil
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import text

from htkeval.canonical import canonical, fingerprint
from htkeval.errors import EnvironmentFailed
from htkeval.measurement import Batch
from htkeval.store import blobs, snapshots
from htkeval.store.store import Store, open_store
from htkeval.store.verify import verify
from tests.store.deliveries import NOON, TRIAL, batch, deliver, drop_guards, note, row

PROMISE = {"definition": TRIAL.model_dump(mode="json"), "policy": "1"}
PRINT = fingerprint(PROMISE)
ALL = ("guards", "sequence", "chain", "clock", "rows", "subjects", "outbox", "files", "orphans")


@dataclass(frozen=True)
class Kept:
    """A whole story in a store, with its blobs."""

    store: Store
    folder: Path

    def proof(self, **more):
        """What each check says."""
        return {check.name: check for check in verify(self.store, self.folder, **more)}

    def failing(self, **more):
        """The names of the checks that fail."""
        return {name for name, check in self.proof(**more).items() if check.passed is False}

    def said(self, name):
        """The sentence of one check, in English."""
        return str(self.proof()[name].message)

    def change(self, *statements):
        """As somebody would who has the database and knows SQL."""
        with self.store.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            drop_guards(connection)
            for statement in statements:
                connection.exec_driver_sql(statement)

    def blob(self, kind, field="sha256"):
        """Where the file of the newest event of a kind lies."""
        return blobs.path(self.folder, self.store.latest(TRIAL.id, kind).payload[field])


@pytest.fixture
def kept(store, tmp_path):
    return tell(store, tmp_path / "blobs")


@pytest.fixture
def kept_in_file(file_store, tmp_path):
    return tell(file_store, tmp_path / "blobs")


def tell(store, folder):
    """1 registration, 2 and 3 batches, 4 snapshot, 5 analysis, 6 decision, 7 batch, 8 gate."""
    note(store, "registration", {"fingerprint": PRINT, **PROMISE})
    deliver(store, batch(1, 2, 3))
    data = deliver(store, batch(4, 5)).event.seq
    freeze(store, folder, data, registration=PRINT)
    note(store, "analysis", {"sha256": blobs.put(folder, b"an analysis")})
    note(store, "decision", {"recommendation": blobs.put(folder, b"an advice")})
    deliver(store, batch(6, name="senere.csv"))
    note(store)
    return Kept(store, folder)


def freeze(store, folder, data_seq, *, registration=None):
    table = snapshots.table(TRIAL, store.measurements(TRIAL.id))
    payload = {
        "sha256": blobs.put(folder, snapshots.to_parquet(table)),
        "columns": table.column_names,
        "data_seq": data_seq,
        "registration": registration,
    }
    return note(store, "snapshot", payload)


def test_a_store_that_nobody_touched_passes_every_check(kept):
    proof = kept.proof()
    if kept.store.engine.dialect.name == "postgresql":  # the owner could change it, and is told
        assert proof.pop("rights").passed is None
    assert tuple(proof) == (*ALL, f"promise:{TRIAL.id}", f"snapshot:{TRIAL.id}")
    assert {check.passed for check in proof.values()} == {True}


def test_an_empty_store_passes(store, tmp_path):
    found = {check.passed for check in verify(store, tmp_path) if check.name != "rights"}
    assert found == {True}


def test_the_chain_names_its_end_so_that_it_can_be_written_down(kept):
    assert kept.store.events()[-1].hash[:16] in kept.said("chain")


def test_a_changed_payload_is_found(kept):
    kept.change("UPDATE event SET payload = replace(payload, 'senere', 'tidlig') WHERE seq = 7")
    assert kept.failing() == {"guards", "chain"}
    assert kept.said("chain") == "Event 7 was changed: its contents give another hash."


@pytest.mark.parametrize(
    "change",
    [
        "trial = 'fagbot'",
        "kind = 'registration'",
        "kind = 'noget andet'",
        "at = '2026-02-02T11:59:00.000000+00:00'",
        "at = 'i går'",
        "actor = 'Jens'",
        "known_by = 'oidc'",
        "simulated = true",
        "payload = 'ikke JSON'",
        "payload = '{}'",
        "content = '" + "0" * 64 + "'",
        "hash = '" + "0" * 64 + "'",
    ],
)
def test_every_column_of_an_event_is_covered(kept_in_file, change):
    kept_in_file.change(f"UPDATE event SET {change} WHERE seq = 8")
    assert "chain" in kept_in_file.failing()


def test_a_changed_event_whose_hash_was_made_to_fit_breaks_the_next_link(kept):
    """The forger knows the rule for the hash, but the next event names the old one."""
    from htkeval.store.chain import seal

    event = kept.store.events()[6]
    forged = event.model_copy(update={"payload": {**event.payload, "name": "forfalsket"}})
    kept.change(
        f"UPDATE event SET payload = '{canonical(forged.payload)}', hash = '{seal(forged)}'"
        " WHERE seq = 7"
    )
    assert kept.said("chain") == "Event 8 does not follow the event that stands before it."


def test_a_removed_event_is_found(kept):
    kept.change("DELETE FROM outbox WHERE seq = 6", "DELETE FROM event WHERE seq = 6")
    assert {"sequence", "chain"} <= kept.failing()
    assert kept.said("sequence") == "Event 6 is missing."


def test_a_removed_batch_at_the_end_leaves_its_rows_behind(file_store, tmp_path):
    deliver(file_store, batch(1))
    deliver(file_store, batch(2))
    kept = Kept(file_store, tmp_path)
    with file_store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DROP TRIGGER event_refuses_delete")
        raw.execute("DELETE FROM event WHERE seq = 2")
    assert kept.said("rows") == "Rows belong to batch 2, of which no event tells."


def test_a_reordered_chain_is_found(kept):
    kept.change(
        "DELETE FROM measurement WHERE batch = 7",
        "UPDATE event SET seq = 100 WHERE seq = 8",
        "UPDATE event SET seq = 8 WHERE seq = 7",
        "UPDATE event SET seq = 7 WHERE seq = 100",
    )
    assert {"chain", "rows"} <= kept.failing()
    assert "sequence" not in kept.failing()


def test_a_changed_value_in_a_row_is_found(kept):
    kept.change("UPDATE measurement SET measured = replace(measured, '22.0', '12.0') WHERE id = 2")
    assert {"rows", f"snapshot:{TRIAL.id}"} <= kept.failing()
    assert kept.said("rows") == "Batch 2, row 2 was changed after it was delivered."


def test_two_rows_that_swapped_their_values_are_found(kept):
    """Each value was really measured, but not in this arm."""
    kept.change(
        "UPDATE measurement SET number = 100 WHERE id = 1",
        "UPDATE measurement SET number = 1 WHERE id = 2",
        "UPDATE measurement SET number = 2 WHERE id = 1",
    )
    assert kept.said("rows") == "The rows of batch 2 are not those that were delivered."


@pytest.mark.parametrize(
    "change", ["arm = 'treatment'", "keys = '{}'", "subject = NULL", "supersedes = 1"]
)
def test_every_column_of_a_row_is_covered(kept_in_file, change):
    kept_in_file.change(f"UPDATE measurement SET {change} WHERE id = 2")
    assert "rows" in kept_in_file.failing()


def test_a_changed_row_whose_digest_was_made_to_fit_is_found_by_its_batch(kept):
    from htkeval.store import rows

    with kept.store.reading() as connection:
        found = connection.execute(text("SELECT * FROM measurement WHERE id = 2")).mappings().one()
    measured = found["measured"].replace("22.0", "12.0")
    parts = {name: found[name] for name in ("subject", "arm", "keys")}
    digest = rows.digest(**parts, measured=measured)
    kept.change(f"UPDATE measurement SET measured = '{measured}', digest = '{digest}' WHERE id = 2")
    assert kept.said("rows") == "The rows of batch 2 are not those that were delivered."


def test_a_removed_row_is_found(kept):
    kept.change("DELETE FROM measurement WHERE id = 2")
    assert kept.said("rows") == "Batch 2 does not have the rows that it was delivered with."


def test_a_wholly_removed_batch_of_rows_is_found(kept):
    kept.change("DELETE FROM measurement WHERE batch = 2")
    assert kept.said("rows") == "The rows of batch 2 are missing."


def test_an_added_row_is_found(kept):
    kept.change(
        "INSERT INTO measurement (batch, number, arm, keys, measured, digest)"
        " SELECT batch, 9, arm, keys, measured, digest FROM measurement WHERE id = 2"
    )
    assert "rows" in kept.failing()


def test_a_renamed_participant_is_found(kept):
    kept.change("UPDATE subject SET pseudonym = 'en anden' WHERE pseudonym = 'kollega 1'")
    assert "subjects" in kept.failing()
    assert TRIAL.id in kept.said("subjects")


def test_a_participant_whose_salt_alone_is_gone_is_found(kept):
    kept.change("UPDATE subject SET salt = NULL WHERE pseudonym = 'kollega 1'")
    assert "subjects" in kept.failing()


def test_a_salt_that_is_no_salt_is_found(kept_in_file):
    kept_in_file.change("UPDATE subject SET salt = 'x' WHERE pseudonym = 'kollega 1'")
    assert "subjects" in kept_in_file.failing()


def test_a_participant_moved_to_another_trial_is_found(kept):
    kept.change("UPDATE subject SET trial = 'fagbot' WHERE pseudonym = 'kollega 1'")
    assert "row 1 belongs to a participant whom the trial does not know" in kept.said("subjects")


def test_a_participant_forgotten_by_hand_is_found(kept):
    """Forgotten by hand: no erasure tells of it, and the snapshot no longer comes out."""
    kept.change("UPDATE subject SET pseudonym = NULL, salt = NULL WHERE pseudonym = 'kollega 1'")
    assert kept.failing() == {"guards", "subjects", f"snapshot:{TRIAL.id}"}
    assert "was forgotten without an erasure" in kept.said("subjects")


@pytest.mark.parametrize(
    ("kind", "field"),
    [("snapshot", "sha256"), ("analysis", "sha256"), ("decision", "recommendation")],
)
def test_a_removed_file_is_found(kept_in_file, kind, field):
    kept_in_file.blob(kind, field).unlink()
    assert kept_in_file.failing() == {"files"}
    assert kept_in_file.said("files").endswith("found no such file.")


def test_a_changed_byte_in_a_file_is_found(kept_in_file):
    file = kept_in_file.blob("snapshot")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    assert kept_in_file.failing() == {"files"}
    assert kept_in_file.said("files") == (
        f"The snapshot of trial {TRIAL.id} (event 4): found other bytes than were stored."
    )


def test_a_name_that_leads_out_of_the_folder_is_not_followed(kept_in_file):
    note(kept_in_file.store, "analysis", {"sha256": "../../../etc/passwd"})
    assert kept_in_file.said("files").endswith("found a name that is not a SHA-256.")


def test_a_file_that_no_event_names_is_told_but_may_be_what_a_step_left(kept_in_file):
    assert kept_in_file.proof()["orphans"].passed is True
    name = blobs.put(kept_in_file.folder, b"what the lost events knew")
    assert kept_in_file.proof()["orphans"].passed is None
    assert f"1 (the first is {name[:16]})" in kept_in_file.said("orphans")
    assert kept_in_file.failing() == set()


def test_a_record_brought_back_from_an_older_copy_is_betrayed_by_its_files(
    kept_in_file, file, tmp_path
):
    old = tmp_path / "old.db"
    kept_in_file.store.close()
    shutil.copy(file, old)
    note(kept_in_file.store, "analysis", {"sha256": blobs.put(kept_in_file.folder, b"later")})
    with open_store(f"sqlite:///{old.as_posix()}") as store:
        found = {check.name: check.passed for check in verify(store, kept_in_file.folder)}
    assert found["orphans"] is None
    assert False not in found.values()


def test_rows_that_no_longer_give_the_snapshot_are_found(kept):
    """The event names a snapshot that is whole, but of other rows."""
    other = snapshots.table(TRIAL, (row(1, minutes=1.0),))
    name = blobs.put(kept.folder, snapshots.to_parquet(other))
    note(kept.store, "snapshot", {"sha256": name, "data_seq": 3, "registration": PRINT})
    assert kept.failing() == {f"snapshot:{TRIAL.id}"}


def test_the_same_rows_written_by_another_arrow_still_pass(kept_in_file):
    """Arrow writes its version into the file, so an upgrade changes the bytes, not the rows."""
    table = snapshots.table(TRIAL, kept_in_file.store.measurements(TRIAL.id))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    ours = snapshots.writer(bytes(sink.getvalue())).encode()
    theirs = ours.replace(b"version", b"VERSION")
    other = bytes(sink.getvalue()).replace(ours, theirs)
    assert snapshots.writer(other) != snapshots.writer(snapshots.to_parquet(table))
    payload = {
        "sha256": blobs.put(kept_in_file.folder, other),
        "data_seq": 7,
        "registration": PRINT,
    }
    note(kept_in_file.store, "snapshot", payload)
    check = kept_in_file.proof()[f"snapshot:{TRIAL.id}"]
    assert check.passed
    assert "another version of Arrow" in str(check.message)


@pytest.mark.parametrize("payload", [{}, {"sha256": "x"}, {"sha256": "x", "data_seq": None}])
def test_a_snapshot_event_without_its_fields_fails_in_words(kept_in_file, payload):
    note(kept_in_file.store, "snapshot", {"registration": PRINT, **payload})
    assert kept_in_file.failing() == {"files", f"snapshot:{TRIAL.id}"}


def test_a_trial_without_a_registration_is_rebuilt_by_the_definition_that_is_given(
    file_store, tmp_path
):
    data = deliver(file_store, batch(1, 2)).event.seq
    freeze(file_store, tmp_path, data)
    kept = Kept(file_store, tmp_path)
    name = f"snapshot:{TRIAL.id}"
    assert kept.proof()[name].passed is None
    assert kept.proof(definitions={TRIAL.id: TRIAL})[name].passed is True
    kept.change("UPDATE measurement SET measured = replace(measured, '21.0', '11.0')")
    assert kept.proof(definitions={TRIAL.id: TRIAL})[name].passed is False


def test_a_trial_file_that_changed_after_the_snapshot_is_told_from_changed_rows(
    file_store, tmp_path
):
    freeze(file_store, tmp_path, deliver(file_store, batch(1, 2)).event.seq)
    other = TRIAL.model_copy(update={"metrics": TRIAL.metrics[:1]})
    check = Kept(file_store, tmp_path).proof(definitions={TRIAL.id: other})[f"snapshot:{TRIAL.id}"]
    assert check.passed is None
    assert "trial.toml names other columns" in str(check.message)


def test_a_registered_trial_is_rebuilt_by_its_promise_not_by_what_the_file_says_now(kept_in_file):
    other = TRIAL.model_copy(update={"design": TRIAL.design.model_copy(update={"arm": "arm"})})
    assert kept_in_file.failing(definitions={TRIAL.id: other}) == set()


def test_an_event_that_mlflow_would_never_hear_of_is_found(kept):
    kept.change("DELETE FROM outbox WHERE seq = 4")
    assert kept.said("outbox") == "Event 4 is missing from the outbox."


def test_an_outbox_entry_that_does_not_fit_its_event_is_found(kept):
    note(kept.store)
    kept.change(
        "INSERT INTO outbox (key, seq, trial, kind, state, attempts)"
        " VALUES ('x', 9, 'referater', 'gate', 'sent', 1)"
    )
    assert kept.said("outbox") == "The outbox does not agree with event 9."


def test_a_missing_guard_is_found(kept):
    assert kept.proof()["guards"].passed is True
    kept.change()
    assert kept.failing() == {"guards"}


def test_a_clock_that_was_set_back_cannot_be_told_from_forgery_but_fails_nothing(kept_in_file):
    note(kept_in_file.store, now=NOON - timedelta(hours=2))
    assert kept_in_file.proof()["clock"].passed is None
    assert "Event 9 is dated before" in kept_in_file.said("clock")
    assert kept_in_file.failing() == set()


def test_writers_who_wait_for_their_turn_are_not_taken_for_a_clock_set_back(file_store, tmp_path):
    note(file_store, now=NOON)
    note(file_store, now=NOON - timedelta(seconds=30))
    assert Kept(file_store, tmp_path).proof()["clock"].passed is True


def test_a_batch_without_rows_passes(file_store, tmp_path):
    deliver(file_store, Batch(trial=TRIAL.id, name="tomt", measurements=()))
    assert Kept(file_store, tmp_path).failing() == set()


def test_proving_changes_nothing(kept_in_file, file):
    kept_in_file.store.close()
    before = sha256(file.read_bytes()).hexdigest()
    with open_store(f"sqlite:///{file.as_posix()}") as again:
        verify(again, kept_in_file.folder)
    assert sha256(file.read_bytes()).hexdigest() == before


def test_a_damaged_database_is_told_in_one_sentence(kept_in_file, file):
    kept_in_file.store.close()
    content = bytearray(file.read_bytes())
    content[4096 : len(content) - 4096] = bytes(len(content) - 8192)
    file.write_bytes(bytes(content))
    address = f"sqlite:///{file.as_posix()}"
    with pytest.raises(EnvironmentFailed, match="damaged"), open_store(address) as again:
        verify(again, kept_in_file.folder)


def test_the_checks_can_be_printed_as_json(kept_in_file):
    printed = [
        check.model_dump(mode="json") for check in verify(kept_in_file.store, kept_in_file.folder)
    ]
    assert json.loads(json.dumps(printed)) == printed
