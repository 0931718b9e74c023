"""Proves that nothing in the store was changed, removed or lost.

What it cannot prove alone: that the newest events were not cut off whole, with their rows and
outbox entries, for then nothing points at them any more. The sentence on the chain therefore
names its end; written down elsewhere (MLflow's runs carry it as their key), it proves that too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from htkeval.effect import Check
from htkeval.store import grants, proof_of_chain, proof_of_files, proof_of_promise, proof_of_rows
from htkeval.store.store import Store
from htkeval.trial import Trial


def verify(
    store: Store, blobs_folder: Path, *, definitions: Mapping[str, Trial] = MappingProxyType({})
) -> tuple[Check, ...]:
    """Is everything still as it was stored?

    Args:
        store: The store; it is read as it stands at one moment, and not changed.
        blobs_folder: Where its immutable files are.
        definitions: What `trial.toml` says, by trial, to rebuild the snapshots of trials that
            are not registered.

    Returns:
        `guards`, on a server `rights`, `sequence`, `chain`, `clock`, `rows`, `subjects`,
        `outbox`, `files`, `orphans`, `promise:TRIAL` for each registered trial and
        `snapshot:TRIAL` for each with one. `passed` is None where it cannot be told.

    Raises:
        EnvironmentFailed: The store cannot be read at all.
    """
    with store.reading() as connection:
        links = proof_of_chain.links(connection)
        events = tuple(link.event for link in links if link.event is not None)
        rights = grants.least(connection)
        return (
            proof_of_chain.guards(connection),
            *((rights,) if rights else ()),
            proof_of_chain.sequence(links),
            proof_of_chain.chain_of(links),
            proof_of_chain.clock(events),
            proof_of_rows.rows_of(connection, events),
            proof_of_rows.subjects_of(connection, events),
            proof_of_chain.outbox_of(connection, events),
            proof_of_files.files(events, blobs_folder),
            proof_of_files.orphans(events, blobs_folder),
            *proof_of_promise.promises_of(events),
            *proof_of_files.snapshots_of(connection, events, blobs_folder, definitions),
        )
