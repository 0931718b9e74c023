"""What a process does that adds measurements beside others."""

import os
from multiprocessing.connection import Connection

from htkeval.errors import EnvironmentFailed
from htkeval.measurement import Batch
from htkeval.store.store import open_store, read_store
from tests.store.deliveries import TRIAL, deliver, note, row


def add(told: Connection, address: str, who: str, batches: int, rows: int) -> None:
    """Say "open", then add, and tell the number of each batch that was acknowledged."""
    with open_store(address, wait=60) as store:
        told.send("open")
        for number in range(batches):
            whole = tuple(row(each, who=who) for each in range(number * rows, (number + 1) * rows))
            deliver(store, Batch(trial=TRIAL.id, name=f"{who} {number}", measurements=whole))
            told.send(number)
            if number % 5 == 0:
                note(store, "snapshot", {"sha256": f"{who} {number}"}, trial="fagbot")


def note_as_nobody(told: Connection, address: str, elsewhere: str) -> None:
    """Try to append as an account that owns nothing, and tell what was said."""
    with open_store(elsewhere) as store:  # imports what that account could not read
        note(store)
    if os.geteuid() == 0:
        os.setuid(65534)
    try:
        with open_store(address) as store:
            note(store)
        told.send("stored")
    except EnvironmentFailed as failed:
        told.send(str(failed))


def read_as_nobody(told: Connection, address: str) -> None:
    """Read as an account that owns nothing, and tell the numbers of the events."""
    with read_store("sqlite:////nowhere/store.db") as store:  # imports what it could not read
        store.events()
    if os.geteuid() == 0:
        os.setuid(65534)
    try:
        with read_store(address) as store:
            told.send([event.seq for event in store.events()])
    except EnvironmentFailed as failed:
        told.send(str(failed))
