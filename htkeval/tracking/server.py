"""How an MLflow server is started so that it is safe, small and quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from htkeval.errors import Problem, UsageError
from htkeval.text import say
from htkeval.tracking.mlflow_opening import DATABASES, default_artifacts, without_password

LOCAL = ("localhost:*", "127.0.0.1:*")
"""The names under which a browser on this machine may ask for the server."""


def command(
    tracking: str,
    artifacts: Path | None = None,
    *,
    port: int = 5000,
    host: str = "127.0.0.1",
    allowed_hosts: Sequence[str] = (),
) -> tuple[list[str], dict[str, str]]:
    """How is a lean MLflow server started on a database?

    One worker: with more, each answer waits about 40 ms for the network's delayed
    acknowledgement (Kludex/uvicorn#3149), and four take six times the memory. No job workers, no
    telemetry, and no page of another site may embed it.

    Args:
        tracking: Address of MLflow's database.
        artifacts: Folder for files; beside an SQLite file if not given.
        port: Where to listen.
        host: Which of the machine's own addresses to listen on.
        allowed_hosts: Further names under which browsers may ask for it: a reverse proxy's.

    Returns:
        The program with its arguments, and the environment variables to add.

    Raises:
        UsageError: The address is not a database's, or nobody says where files go.
    """
    folder = artifacts or default_artifacts(tracking)
    if not tracking.startswith(DATABASES) or folder is None:
        raise UsageError(
            Problem(
                "MLFLOW_TRACKING_URI",
                without_password(tracking) or say("nothing"),
                say("the address of a database that a server can be started on"),
            )
        )
    arguments = [
        *(sys.executable, "-m", "mlflow", "server"),
        *("--backend-store-uri", tracking),
        *("--artifacts-destination", folder.absolute().as_uri()),
        *("--host", host, "--port", str(port), "--workers", "1"),
        *("--allowed-hosts", ",".join((*LOCAL, *allowed_hosts))),
        *("--x-frame-options", "DENY"),
    ]
    environment = {
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_REMOTE_ASSISTANT": "false",  # it may run commands on this machine
    }
    return arguments, environment
