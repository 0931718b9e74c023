"""A trial as files that others can read and compute again: rows, codebook, promise, results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from htkeval.csv_text import csv_text
from htkeval.decision import Actor
from htkeval.effect import Effect
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.measurement import SIMULATED_COLUMN
from htkeval.steps.analyse import Stored, newest
from htkeval.steps.case import Case
from htkeval.steps.export_tables import (
    codebook_table,
    counts_table,
    findings_table,
    registration_table,
    results_table,
    shared,
)
from htkeval.steps.kept_back import few_in_an_arm, keep_back
from htkeval.steps.lock import refuse_early
from htkeval.steps.snapshot import current_table, snapshot
from htkeval.store import blobs
from htkeval.text import Text, say
from htkeval.toml_text import as_toml
from htkeval.trial import ARMS, Trial

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Exported:
    """What an export holds, and what its README says of it."""

    trial: Trial
    """The definition that counts."""
    public: bool
    """Whether without rows."""
    files: Mapping[str, bytes]
    """By name: what is written."""
    snapshot: str
    """Fingerprint of the rows as they stand in the store."""
    registration: str | None
    """Fingerprint of the promise."""
    analysis: str | None
    """Fingerprint of the newest analysis; None where there is none of these rows."""
    same: bool | None
    """Whether the rows as written give the confirmatory figure of that analysis, but for what the
    order of the rows does to repeated draws; None where there are no rows or no figure."""
    kept_back: tuple[Text, ...]
    """What was changed or held back, a sentence each."""
    locked: Event | None
    """The lock that holds."""
    rows: int
    """Rows that are written."""
    simulated: bool
    """Whether the measurements were invented."""


def export(case: Case, *, public: bool, actor: Actor, now: datetime) -> Exported:
    """Make the files of an export; the current rows are frozen first, if they are not.

    Args:
        case: The trial.
        public: Without rows: what may be laid before everybody.
        actor: Who exports.
        now: When, in UTC.

    Raises:
        StateError: There are no measurements; the trial is neither over nor at its last look; or
            the rows are of fewer than five people in an arm, and not left out.
    """
    now_there = current_table(case)
    refuse_early(case, now_there, now=now, what=say("an export"))
    if not public and few_in_an_arm(case.trial, now_there):
        raise _few(case)
    frozen = snapshot(case, actor=actor, now=now)
    table = _frozen_table(case, frozen)
    stored = _of_these(case, frozen)
    tables = {"codebook": codebook_table(case.trial), "registration": registration_table(case)}
    if stored is not None:
        tables["results"] = results_table(stored.analysis)
    if told := shared(case, public=public):
        tables["findings"] = findings_table(told)
    kept: tuple[Text, ...] = ()
    same: bool | None = None
    if public:
        tables["counts"] = counts_table(case.trial, table)
    else:
        out = keep_back(case.trial, table)
        tables["data"], kept = _as_sheet(case.trial, out.table, frozen.simulated), out.told
        same = _same(case, tables["data"], stored)
    return Exported(
        trial=case.trial,
        public=public,
        files=_files(tables, definition(case)),
        snapshot=frozen.payload["sha256"],
        registration=case.fingerprint,
        analysis=stored.fingerprint if stored else None,
        same=same,
        kept_back=kept,
        locked=case.store.locked(case.file.id),
        rows=0 if public else table.num_rows,
        simulated=frozen.simulated,
    )


def record(
    case: Case, made: Exported, files: Mapping[str, bytes], *, actor: Actor, now: datetime
) -> Event:
    """Keep who exported what and when; the folder is nobody's business.

    Args:
        case: The trial.
        made: What was made.
        files: By name: all that is written.
        actor: Who exports.
        now: When, in UTC.
    """
    payload = {
        "public": made.public,
        "rows": made.rows,
        "snapshot": made.snapshot,
        "registration": made.registration,
        "analysis": made.analysis,
        "files": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    known = case.store.newest(case.file.id, "erasure")  # nobody leaves who was just forgotten
    if known["erasure"] > _erased_before(case, made):
        raise _forgotten(case)
    return case.store.append(case.file.id, "export", payload, actor=actor, now=now, known=known)


def _erased_before(case: Case, made: Exported) -> int:
    """Up to where erasures are in the rows that were made."""
    events = case.store.events(case.file.id, "snapshot")
    mine = next(e for e in reversed(events) if e.payload["sha256"] == made.snapshot)
    return int(mine.payload["data_seq"])


def definition(case: Case) -> str:
    """The definition that counts as a `trial.toml`, its method as the promise froze it."""
    said = case.trial.model_dump(mode="python")
    if case.method is not None:
        said["analysis"]["method"] = case.method
    return as_toml(said)


def csv_of(table: pa.Table) -> bytes:
    """A table as CSV that Excel reads and runs nothing of: UTF-8, commas, decimal points."""
    columns = [table.column(name).to_pylist() for name in table.column_names]
    told = csv_text(table.column_names, zip(*columns, strict=True), end="\r\n")
    return told.encode("utf-8-sig")


def _files(tables: Mapping[str, pa.Table], toml: str) -> dict[str, bytes]:
    from htkeval.store import snapshots

    files = {"trial.toml": toml.encode()}
    for name, table in tables.items():
        files[f"{name}.csv"] = csv_of(table)
        files[f"{name}.parquet"] = snapshots.to_parquet(table)
    return files


def _frozen_table(case: Case, frozen: Event) -> pa.Table:
    from htkeval.store import snapshots

    return snapshots.from_parquet(blobs.read(case.blobs, frozen.payload["sha256"]))


def _of_these(case: Case, frozen: Event) -> Stored | None:
    """The newest analysis, where it is of these rows."""
    stored = newest(case)
    mine = stored is not None and stored.analysis.snapshot == frozen.payload["sha256"]
    return stored if mine else None


def _as_sheet(trial: Trial, table: pa.Table, simulated: bool) -> pa.Table:
    """The rows as `--data` reads them: the arms in the sheet's own words, and the mark of invented
    measurements."""
    import pyarrow as pa

    own: dict[str, str] = {arm: trial.arms.value(arm) for arm in ARMS}
    made = {}
    for name in table.column_names:
        column = table.column(name)
        if name in (trial.design.arm, trial.design.realised_arm):
            column = pa.array([own.get(one, one) for one in column.to_pylist()], pa.string())
        made[name] = column
    if simulated:
        made[SIMULATED_COLUMN] = pa.array([1.0] * table.num_rows)
    return pa.table(made)


def _same(case: Case, sheet: pa.Table, stored: Stored | None) -> bool | None:
    """Whether the rows as written, by the definition alone, give the stored confirmatory figure."""
    promised = stored.analysis.confirmatory if stored else None
    if promised is None:
        return None
    from htkeval import evaluation

    method = {} if case.method is None else {"method": case.method}
    plan = case.trial.analysis.model_copy(update=method)
    trial = case.trial.model_copy(update={"analysis": plan})
    canonical = {trial.arms.value(arm): arm for arm in ARMS}
    import pyarrow as pa

    columns = {name: sheet.column(name) for name in sheet.column_names if name != SIMULATED_COLUMN}
    for name in (trial.design.arm, trial.design.realised_arm):
        if name in columns:
            words = columns[name].to_pylist()
            columns[name] = pa.array([canonical.get(one, one) for one in words], pa.string())
    again = evaluation.evaluate(trial, pa.table(columns), snapshot="0" * 64).confirmatory
    return again is not None and _alike(again, promised)


def _alike(one: Effect, other: Effect) -> bool:
    """Whether two figures are one but for the order of the rows, which a day that became a week
    may turn: draws are then made in another order, and sums are added up in another."""
    bearable = 0.02 * (other.ci[1] - other.ci[0])
    return (
        one.method == other.method
        and math.isclose(one.estimate, other.estimate, rel_tol=1e-9)
        and math.isclose(one.p_value, other.p_value, rel_tol=0.1, abs_tol=0.002)
        and all(abs(a - b) <= bearable for a, b in zip(one.ci, other.ci, strict=True))
    )


def _few(case: Case) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            say("an arm with rows of fewer than five people"),
            say("at least five people in each arm: few are known by their rows"),
            say("`--public` writes what may be shown of them, without rows."),
        )
    )


def _forgotten(case: Case) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            say("somebody who was forgotten while this was made"),
            say("rows without that person"),
            say("Nothing was written. Export again."),
        )
    )
