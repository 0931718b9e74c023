"""A store that is only read: nothing is made or written, wherever it lies."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from htkeval.errors import EnvironmentFailed, StateError
from htkeval.store import migrations, read_only
from htkeval.store.schema import VERSION_TABLE
from htkeval.store.store import open_store, read_store
from tests.store.adding import read_as_nobody
from tests.store.deliveries import TRIAL, batch, deliver, note
from tests.store.test_processes import PROCESSES

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no rights of this kind")


def at(file):
    return f"sqlite:///{file.as_posix()}"


def test_no_store_is_read_as_an_empty_one_and_is_not_made(address, tmp_path):
    with read_store(address) as store:
        assert (store.events(), store.trials(), store.outbox()) == ((), (), ())
        assert store.counts("referater") == {}
    assert not list(tmp_path.iterdir())
    if address.startswith("sqlite"):
        with pytest.raises(StateError):
            open_store(address, create=False)


def test_what_is_there_is_read(address):
    with open_store(address) as store:
        deliver(store, batch(1, 2))
        written = store.events()
        with read_store(address) as reader:
            assert reader.events() == written
            note(store)
            assert reader.last() == store.last()


def test_reading_refuses_to_write(address):
    open_store(address).close()
    with read_store(address) as reader, pytest.raises(EnvironmentFailed, match="cannot be written"):
        note(reader)


def test_what_is_written_to_an_empty_one_is_refused_not_lost(file):
    with read_store(at(file)) as reader, pytest.raises(EnvironmentFailed):
        note(reader)
    assert not file.exists()


def test_reading_leaves_no_file_behind(file):
    with open_store(at(file)) as store:
        note(store)
    before = file.read_bytes()
    with read_store(at(file)) as reader:
        assert len(reader.events()) == 1
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    assert file.read_bytes() == before


@posix
@pytest.mark.parametrize("logged", [False, True])
def test_a_store_that_may_not_be_written_to_is_read_with_what_others_have_in_the_log(logged):
    """As an account that may not: root may write anywhere."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "store.db"
        with open_store(at(file)) as store:
            note(store)
            if not logged:
                store.close()
            assert file.with_name("store.db-wal").exists() is logged
            for each in Path(name).iterdir():
                each.chmod(0o444)
            Path(name).chmod(0o555)
            heard, told = PROCESSES.Pipe(duplex=False)
            process = PROCESSES.Process(target=read_as_nobody, args=(told, at(file)), daemon=True)
            process.start()
            told.close()
            said = heard.recv()
            process.join(60)
            Path(name).chmod(0o755)
    assert said == [1]


def test_a_log_with_content_is_never_passed_over(file, monkeypatch):
    with open_store(at(file)) as store:
        note(store)
        monkeypatch.setattr(os, "access", lambda _, wanted: wanted != os.W_OK)
        assert read_only._how(file) == "mode=ro"
    assert read_only._how(file) == "mode=ro&immutable=1"


def test_a_newer_store_is_refused(file):
    with open_store(at(file)) as store, store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0099'")
    with pytest.raises(StateError, match="newer htkeval"):
        read_store(at(file))


def test_an_older_store_is_brought_up_first(file):
    with open_store(at(file)) as store:
        deliver(store, batch(1))
        with store.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0001'")
    with read_store(at(file)) as reader, reader.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
        assert found == migrations.HEAD
        assert reader.counts(TRIAL.id) == {"treatment": 1}


def test_an_older_store_that_may_not_be_written_to_is_read_all_the_same(file, monkeypatch):
    with open_store(at(file)) as store:
        deliver(store, batch(1))
        note(store, "look", {"k": 1})
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM outbox")
            connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0001'")
    before = file.read_bytes()
    monkeypatch.setattr(os, "access", lambda _, wanted: wanted != os.W_OK)
    with read_store(at(file)) as reader:
        assert reader.counts(TRIAL.id) == {"treatment": 1}
        assert [row.kind for row in reader.outbox()] == ["look"], "as this version would have it"
        with pytest.raises(EnvironmentFailed):
            note(reader)
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@posix
def test_a_new_store_is_for_its_own_account_alone(tmp_path):
    file = tmp_path / "ny" / "store.db"
    with open_store(at(file)) as store:
        note(store)
        rights = {
            each.name: stat.S_IMODE(each.stat().st_mode)
            for each in (file.parent, *file.parent.iterdir())
        }
    assert rights == {"ny": 0o700} | dict.fromkeys(
        ("store.db", "store.db-wal", "store.db-shm"), 0o600
    )
