"""MLflow as a place for runs. MLflow is imported when the first run is looked for, not before."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from htkeval.errors import HtkevalError, Problem, Refused
from htkeval.text import say
from htkeval.tracking.mlflow_opening import (
    SERVERS,
    configure,
    default_artifacts,
    open_client,
    spoken,
    without_password,
)
from htkeval.tracking.publication import Dataset, Publication
from htkeval.tracking.sink import (
    FINISHED,
    KEY_TAG,
    PARENT_TAG,
    PUBLISHING,
    STATE_TAG,
    StoredRun,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient

PAGE = 1000
"""Runs read at a time: MLflow loads all of a page at once."""


class MlflowSink:
    """Runs in MLflow, by its own client: in its database directly, or through a server."""

    def __init__(self, address: str, *, artifacts: Path | None = None) -> None:
        """
        Args:
            address: As for `MLFLOW_TRACKING_URI`.
            artifacts: Folder for files where there is no server; beside an SQLite file if not
                given.
        """
        self.address = without_password(address)
        self._address = address
        self._artifacts = artifacts or default_artifacts(address)
        self._experiments: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        configure()

    @cached_property
    def _client(self) -> MlflowClient:
        with self._spoken():
            return open_client(self._address, self._artifacts)

    def answers(self) -> bool:
        """Whether MLflow can be reached and can read its database."""
        try:
            with self._spoken():
                self._client.search_experiments(max_results=1)
        except HtkevalError:
            return False
        return True

    def find(self, experiment: str, key: str) -> tuple[StoredRun, ...]:
        """The runs with this key that were not deleted."""
        if not key.isalnum():
            raise ValueError(f"not a key: {key!r}")
        return self._search(experiment, f"tags.`{KEY_TAG}` = '{key}'")

    def runs(self, experiment: str) -> tuple[StoredRun, ...]:
        """Every run of an experiment that was not deleted."""
        return self._search(experiment, "")

    def create(self, publication: Publication, *, parent_run: str | None) -> str:
        """Begin a run with its tags and its fixed start."""
        tags = {**publication.tags, KEY_TAG: publication.key, STATE_TAG: PUBLISHING}
        if parent_run is not None:
            tags[PARENT_TAG] = parent_run
        with self._spoken():
            run = self._client.create_run(
                self._experiment_for(publication),
                start_time=publication.at_ms,
                tags=tags,
                run_name=publication.run_name,
            )
        self._folders[run.info.run_id] = run.info.artifact_uri
        return str(run.info.run_id)

    def log(self, run_id: str, publication: Publication) -> None:
        """Write params and metrics in one batch, then the dataset.

        The same metric with the same time is dropped by MLflow, so this may be done twice.
        """
        from mlflow.entities import Metric, Param

        at = publication.at_ms
        metrics = [Metric(key, value, at, 0) for key, value in publication.metrics.items()]
        params = [Param(key, value) for key, value in publication.params.items()]
        with self._spoken():
            self._client.log_batch(run_id, metrics=metrics, params=params, synchronous=True)
            if publication.dataset:
                self._client.log_inputs(run_id, datasets=[_input(publication.dataset)])

    def upload(self, run_id: str, name: str, content: bytes) -> None:
        """Write a file of the run."""
        with self._spoken(), TemporaryDirectory() as folder:
            file = Path(folder, name)
            file.write_bytes(content)
            self._client.log_artifact(run_id, str(file))

    def fetch(self, run_id: str, name: str) -> bytes | None:
        """Read a file of the run back; None where there is none.

        By the run's own folder: asked by the run's number, MLflow looks for models as well.
        """
        from mlflow.artifacts import download_artifacts

        uri = f"{self._folder(run_id)}/{name}"
        try:
            with self._spoken(), TemporaryDirectory() as folder:
                file = download_artifacts(uri, dst_path=folder, tracking_uri=self._address)
                return Path(file).read_bytes()
        except HtkevalError:
            with self._spoken():
                there = [file.path for file in self._client.list_artifacts(run_id)]
            if name in there:
                raise
            return None

    def tag(self, run_id: str, key: str, value: str) -> None:
        """Write one tag."""
        with self._spoken():
            self._client.set_tag(run_id, key, value, synchronous=True)

    def finish(self, run_id: str, *, end_ms: int) -> None:
        """Complete the run with its fixed end."""
        with self._spoken():
            self._client.set_terminated(run_id, status=FINISHED, end_time=end_ms)

    def discard(self, run_id: str) -> None:
        """Delete the run as MLflow does: it is hidden and can be restored."""
        with self._spoken():
            self._client.delete_run(run_id)

    def _folder(self, run_id: str) -> str:
        """The address of a run's files."""
        if run_id not in self._folders:
            with self._spoken():
                self._folders[run_id] = self._client.get_run(run_id).info.artifact_uri
        return self._folders[run_id]

    def _search(self, experiment: str, condition: str) -> tuple[StoredRun, ...]:
        number = self._experiment(experiment)
        if number is None:
            return ()
        found: list[StoredRun] = []
        token: str | None = None
        while True:
            with self._spoken():
                page = self._client.search_runs([number], condition, 1, PAGE, None, token)
            found += [_stored(run) for run in page]
            token = page.token
            if not token:
                return tuple(found)

    def _experiment(self, name: str) -> str | None:
        """The number of an experiment; None where there is none."""
        if name not in self._experiments:
            with self._spoken():
                found = self._client.get_experiment_by_name(name)
            if found is None:
                return None
            if found.lifecycle_stage != "active":
                raise Refused(
                    Problem(
                        say("MLflow experiment {name}", name=name),
                        say("an experiment that somebody deleted"),
                        say("an experiment that takes runs"),
                        say("Restore it with `mlflow experiments restore`."),
                    )
                )
            self._experiments[name] = found.experiment_id
        return self._experiments[name]

    def _experiment_for(self, publication: Publication) -> str:
        """The number of a publication's experiment, made where it is missing."""
        name = publication.experiment
        number = self._experiment(name)
        if number is None:
            with self._spoken():
                number = self._client.create_experiment(
                    name,
                    artifact_location=self._location(name),
                    tags={"mlflow.note.content": publication.title, "htk.trial": name},
                )
            self._experiments[name] = number
        return number

    def _location(self, experiment: str) -> str | None:
        if self._address.startswith(SERVERS) or self._artifacts is None:
            return None
        return (self._artifacts.absolute() / experiment).as_uri()

    def _spoken(self) -> AbstractContextManager[None]:
        """MLflow's failures as ours, in a sentence."""
        return spoken(self._address)


def _input(dataset: Dataset) -> Any:
    """A dataset as an input of a run, marked as the rows that were analysed."""
    from mlflow.entities import Dataset as Described
    from mlflow.entities import DatasetInput, InputTag

    where = f"blobs/sha256/{dataset.sha256[:2]}/{dataset.sha256}"
    described = Described(
        name=dataset.name,
        digest=dataset.digest,
        source_type="htkeval",
        source=json.dumps({"sha256": dataset.sha256, "file": where}),
        profile=None if dataset.rows is None else json.dumps({"num_rows": dataset.rows}),
    )
    tags = [InputTag("mlflow.data.context", "analysis"), InputTag("htk.sha256", dataset.sha256)]
    return DatasetInput(described, tags)


def _stored(run: Any) -> StoredRun:
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return StoredRun(
        run_id=run.info.run_id,
        name=run.info.run_name,
        status=run.info.status,
        start_ms=run.info.start_time,
        end_ms=run.info.end_time,
        params=dict(run.data.params),
        metrics=dict(run.data.metrics),
        tags=dict(run.data.tags),
        datasets=tuple((each.dataset.name, each.dataset.digest) for each in inputs),
    )
