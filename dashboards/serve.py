"""How the dashboard is started. Read by `htkeval dashboard`; imports nothing of Streamlit."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from htkeval.workspace import Workspace

HERE = Path(__file__).resolve().parent
ADDRESS = "127.0.0.1"
"""Only this computer, until there are roles."""


def command(workspace: Workspace, port: int) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment that serve a workspace's dashboard.

    Args:
        workspace: Whose evidence is shown.
        port: The port on this computer.

    Returns:
        Arguments for a new process, and its whole environment.
    """
    options = {
        "server.port": str(port),
        "server.address": ADDRESS,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    arguments = [sys.executable, "-m", "streamlit", "run", str(HERE / "app.py"), *flags]
    return arguments, {
        **os.environ,
        "HTKEVAL_WORKSPACE": str(workspace.root),
        "HTKEVAL_STORE": workspace.store,
        "HTKEVAL_BLOBS": str(workspace.blobs),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(HERE.parent), os.getenv("PYTHONPATH")))),
    }
