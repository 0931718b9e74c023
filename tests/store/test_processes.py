"""Many at once, and some who die in the middle: the chain stays whole, no row is lost."""

import multiprocessing
import os
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from htkeval.store.store import open_store
from htkeval.store.verify import verify
from tests.often import often
from tests.store.adding import add, note_as_nobody
from tests.store.deliveries import TRIAL, batch, deliver

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PROCESSES = multiprocessing.get_context(METHOD)
PROCESSES.set_forkserver_preload(["tests.store.adding"])


def start(address, who, *, batches, rows):
    """A process, and what it tells."""
    heard, told = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=add, args=(told, address, who, batches, rows), daemon=True)
    process.start()
    told.close()
    return process, heard


def run(*started):
    """Wait until all have ended well."""
    for process, _ in started:
        process.join(120)
        assert process.exitcode == 0


def failing(store, folder):
    """The checks that fail, but for those on files: these processes store none."""
    failed = {check.name for check in verify(store, folder) if check.passed is False}
    return failed - {"files", "snapshot:fagbot"}


@pytest.mark.campaign
def test_eight_processes_at_once_lose_nothing_and_fork_nothing(address, tmp_path):
    """The store does not exist yet: they make it at once, too."""
    people = [f"person {number}" for number in range(8)]
    run(*[start(address, who, batches=10, rows=3) for who in people])
    with open_store(address, create=False) as store:
        assert failing(store, tmp_path) == set()
        whose = Counter(each.keys["medarbejder"] for each in store.measurements(TRIAL.id))
        assert whose == dict.fromkeys(people, 30)
        assert [event.seq for event in store.events()] == list(range(1, 8 * 12 + 1))
        assert len(store.outbox()) == 8 * 2


def test_the_same_sheet_from_four_processes_is_one_batch(address, tmp_path):
    run(*[start(address, "den samme", batches=3, rows=20) for _ in range(4)])
    with open_store(address) as store:
        assert len(store.events(TRIAL.id, "batch")) == 3
        assert sum(store.counts(TRIAL.id).values()) == 60
        assert failing(store, tmp_path) == set()


def test_threads_of_one_process_may_share_a_store(store, tmp_path):
    """As the pages of a dashboard do."""
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda n: deliver(store, batch(n, n + 1000)), range(40)))
    assert sorted(each.event.seq for each in added) == list(range(1, 41))
    assert sum(store.counts(TRIAL.id).values()) == 80
    assert failing(store, tmp_path) == set()


@pytest.mark.parametrize("seed", often(range(4), [0]))
def test_a_process_that_is_killed_leaves_each_batch_whole_or_not_at_all(file, tmp_path, seed):
    """Killed at any moment while it adds batches of 2000 rows, each some tenths of a second."""
    address = f"sqlite:///{file.as_posix()}"
    process, heard = start(address, "den dræbte", batches=1000, rows=2000)
    assert heard.recv() == "open"
    time.sleep(random.Random(seed).uniform(0.05, 0.8))
    process.kill()
    process.join(60)
    acknowledged = list(iter_until_closed(heard))
    with open_store(address, create=False, wait=5) as store:
        assert failing(store, tmp_path) == set()
        batches = store.events(TRIAL.id, "batch")
        assert len(batches) - len(acknowledged) in (0, 1)
        assert sum(store.counts(TRIAL.id).values()) == 2000 * len(batches)
        assert deliver(store, batch(1)).event.seq == len(store.events())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no accounts of this kind")
@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path, there):
    """As an account that may not: root may write anywhere."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "store.db"
        if there:
            open_store(f"sqlite:///{file.as_posix()}").close()
        for each in Path(name).iterdir():
            each.chmod(0o444)
        Path(name).chmod(0o555)
        heard, told = PROCESSES.Pipe(duplex=False)
        places = f"sqlite:///{file.as_posix()}", f"sqlite:///{(tmp_path / 'x.db').as_posix()}"
        process = PROCESSES.Process(target=note_as_nobody, args=(told, *places), daemon=True)
        process.start()
        told.close()
        said = heard.recv()
        process.join(60)
        Path(name).chmod(0o755)
    assert "a file or folder that cannot be written to" in said


def iter_until_closed(heard):
    """Everything that was told before the line went dead."""
    while True:
        try:
            yield heard.recv()
        except (EOFError, ConnectionResetError):
            return
