"""Deliver to MLflow."""

from __future__ import annotations

from htkeval.steps.case import open_workspace_store
from htkeval.store.store import Store
from htkeval.tracking.publisher import SyncReport, rebuild_all, sync
from htkeval.tracking.sink import EvidenceSink
from htkeval.workspace import Workspace


def titles(workspace: Workspace) -> dict[str, str]:
    """The title of each trial by id, for the experiments' descriptions."""
    return {trial.id: trial.title for trial in workspace.readable_trials}


def sink(workspace: Workspace) -> EvidenceSink:
    """The MLflow of a workspace."""
    from htkeval.tracking.mlflow_sink import MlflowSink

    return MlflowSink(workspace.tracking, artifacts=workspace.root / ".htkeval" / "mlartifacts")


def deliver(workspace: Workspace, *, rebuild: bool = False) -> SyncReport:
    """Deliver what is not in MLflow yet, or everything into an empty one."""
    with open_workspace_store(workspace) as store:
        return deliver_from(store, workspace, rebuild=rebuild)


def deliver_from(store: Store, workspace: Workspace, *, rebuild: bool = False) -> SyncReport:
    """As `deliver`, from a store that is open."""
    act = rebuild_all if rebuild else sync
    return act(store, sink(workspace), workspace.blobs, titles=titles(workspace))


def server_command(workspace: Workspace, *, port: int) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of an MLflow server on a workspace's runs."""
    from htkeval.tracking.server import command

    return command(workspace.tracking, workspace.root / ".htkeval" / "mlartifacts", port=port)
