"""A place for runs that lives as long as the process: for tests, and for trying things."""

from __future__ import annotations

import itertools
from dataclasses import replace

from htkeval.errors import Problem, Refused
from htkeval.text import say
from htkeval.tracking.publication import Publication
from htkeval.tracking.sink import (
    FINISHED,
    KEY_TAG,
    PARENT_TAG,
    PUBLISHING,
    RUNNING,
    STATE_TAG,
    StoredRun,
)


class MemorySink:
    """Keeps runs in dictionaries, and is as strict as MLflow about changing them.

    Example:
        >>> MemorySink().runs("fagbot")
        ()
    """

    address = "memory"

    def __init__(self) -> None:
        self._runs: dict[str, StoredRun] = {}
        self._experiment_of: dict[str, str] = {}
        self._files: dict[tuple[str, str], bytes] = {}
        self._numbers = itertools.count(1)

    def answers(self) -> bool:
        """Always."""
        return True

    def find(self, experiment: str, key: str) -> tuple[StoredRun, ...]:
        """The runs with this key."""
        return tuple(run for run in self.runs(experiment) if run.key == key)

    def runs(self, experiment: str) -> tuple[StoredRun, ...]:
        """Every run of an experiment, in the order they were made."""
        return tuple(r for i, r in self._runs.items() if self._experiment_of[i] == experiment)

    def create(self, publication: Publication, *, parent_run: str | None) -> str:
        """Begin a run."""
        run_id = f"run-{next(self._numbers)}"
        tags = {**publication.tags, KEY_TAG: publication.key, STATE_TAG: PUBLISHING}
        if parent_run is not None:
            tags[PARENT_TAG] = parent_run
        self._experiment_of[run_id] = publication.experiment
        self._runs[run_id] = StoredRun(
            run_id=run_id,
            name=publication.run_name,
            status=RUNNING,
            start_ms=publication.at_ms,
            end_ms=None,
            tags=tags,
        )
        return run_id

    def log(self, run_id: str, publication: Publication) -> None:
        """Write params, metrics and the dataset; a param that is there cannot change."""
        run = self._runs[run_id]
        for key, value in publication.params.items():
            if run.params.get(key, value) != value:
                raise Refused(
                    Problem(say("run {run}, {key}", run=run.name, key=key), run.params[key], value)
                )
        data = publication.dataset
        self._runs[run_id] = replace(
            run,
            params={**run.params, **publication.params},
            metrics={**run.metrics, **publication.metrics},
            datasets=((data.name, data.digest),) if data else run.datasets,
        )

    def upload(self, run_id: str, name: str, content: bytes) -> None:
        """Write a file."""
        self._files[run_id, name] = content

    def fetch(self, run_id: str, name: str) -> bytes | None:
        """Read a file back."""
        return self._files.get((run_id, name))

    def tag(self, run_id: str, key: str, value: str) -> None:
        """Write one tag."""
        run = self._runs[run_id]
        self._runs[run_id] = replace(run, tags={**run.tags, key: value})

    def finish(self, run_id: str, *, end_ms: int) -> None:
        """Complete the run."""
        self._runs[run_id] = replace(self._runs[run_id], status=FINISHED, end_ms=end_ms)

    def discard(self, run_id: str) -> None:
        """Forget the run."""
        del self._runs[run_id]
