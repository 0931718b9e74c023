"""Reads a run of an evaluation from MLflow: its metrics, and how many values each scorer gave."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from htkeval.errors import Problem, UsageError
from htkeval.text import say
from htkeval.tracking.mlflow_opening import open_client, spoken, sqlite_file, without_password

if TYPE_CHECKING:
    from mlflow import MlflowClient

TABLE = "eval_results_table.json"
"""What `mlflow.models.evaluate` keeps of each row."""

LARGEST = 100 * 2**20
"""Bytes of that table."""
PAGE = 500
"""Traces read at a time."""
MOST_PAGES = 200
"""Pages that are read; of a run with more traces, nothing is counted."""


@dataclass(frozen=True)
class EvaluatedRun:
    """What was read of a run. Neither inputs, outputs nor reasons of scorers are among it."""

    run: dict[str, Any]
    """Info, metrics and tags, as MLflow's own `to_dictionary` gives them."""
    tallies: Mapping[str, tuple[int, int]]
    """By scorer: how many values it gave, and how many it failed to give."""
    software: str
    """MLflow with its version."""
    counted: bool = True
    """False where the run has too many traces to count."""


def read_run(address: str, artifacts: Path | None, run_id: str) -> EvaluatedRun:
    """Read one run.

    Args:
        address: As for `MLFLOW_TRACKING_URI`.
        artifacts: As for `MlflowSink`.
        run_id: MLflow's name of the run.

    Raises:
        UsageError: There is no such run.
        EnvironmentFailed: MLflow is away.
    """
    file = sqlite_file(address)
    if file is not None and not file.is_file():  # opening it would make it
        raise _no_run(address, run_id)
    client = open_client(address, artifacts)
    with spoken(address, step=say("Nothing was stored. Try again later.")):
        from mlflow import __version__
        from mlflow.exceptions import MlflowException

        try:
            run = client.get_run(run_id)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                raise _no_run(address, run_id) from error
            raise
        found = run.to_dictionary()
        by_trace = _of_traces(client, run)
        tallies = {**_of_table(client, run_id), **(by_trace or {})}
    return EvaluatedRun(
        run={"info": found["info"], "data": found["data"]},
        tallies=tallies,
        software=f"mlflow {__version__}",
        counted=by_trace is not None,
    )


def _no_run(address: str, run_id: str) -> UsageError:
    place = say("MLflow at {address}", address=without_password(address))
    return UsageError(
        Problem(
            place,
            say("no run {run}", run=run_id),
            say("a run's number, 32 signs, or a file"),
            say("The run's page in MLflow shows its number; MLFLOW_TRACKING_URI says where it is."),
        )
    )


def _of_traces(client: MlflowClient, run: Any) -> dict[str, tuple[int, int]] | None:
    """From the assessments: those that were replaced by others do not count, nor expectations.

    None where there are too many to read.
    """
    given: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    token: str | None = None
    for _ in range(MOST_PAGES):
        page = client.search_traces(
            locations=[run.info.experiment_id],
            run_id=run.info.run_id,
            max_results=PAGE,
            page_token=token,
            include_spans=False,
        )
        for trace in page:
            for one in trace.info.assessments:
                if (feedback := getattr(one, "feedback", None)) is None or one.valid is False:
                    continue
                (failed if feedback.value is None or one.error else given)[one.name] += 1
        token = page.token
        if not token:
            return {name: (given[name], failed[name]) for name in given | failed}
    return None


def _of_table(client: MlflowClient, run_id: str) -> dict[str, tuple[int, int]]:
    """From the table's columns of numbers; `toxicity/v1/score` is the scorer `toxicity/v1`."""
    there = {file.path: file.file_size for file in client.list_artifacts(run_id)}
    if TABLE not in there or (there[TABLE] or 0) > LARGEST:
        return {}
    with TemporaryDirectory() as folder:
        file = Path(client.download_artifacts(run_id, TABLE, folder))
        try:
            table = json.loads(file.read_bytes())
            columns = zip(*table["data"], strict=True)
            named = dict(zip(table["columns"], columns, strict=True))
        except (ValueError, KeyError, TypeError, RecursionError):
            return {}
    return {
        name.removesuffix("/score"): _tally(cells)
        for name, cells in named.items()
        if isinstance(name, str) and name.endswith("/score")
    }


def _tally(cells: Iterable[Any]) -> tuple[int, int]:
    known = [
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
        for one in cells
    ]
    return sum(known), len(known) - sum(known)
