"""How the dashboard is started. Read by `htkeval dashboard`; imports nothing of Streamlit."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from htkeval.steps.protect import LOCAL, protection
from htkeval.workspace import Workspace

HERE = Path(__file__).resolve().parent
ADDRESS = LOCAL
"""Only this computer, unless somebody says otherwise and there are roles."""
FORWARDS = {"FORWARDED_ALLOW_IPS": "none"}
"""The server must not take a request's word for where it came from: the door asks that itself."""


def command(
    workspace: Workspace, port: int, address: str = ADDRESS
) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment that serve a workspace's dashboard.

    Args:
        workspace: Whose evidence is shown.
        port: The port on this computer.
        address: Where it listens.

    Returns:
        Arguments for a new process, and its whole environment.

    Raises:
        HtkevalError: As `protection` says.
    """
    settled = protection(workspace, address)
    options = {
        "server.port": str(port),
        "server.address": address,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
    }
    if settled.host:  # the socket asks it too; config.toml knows this computer's names only
        options["server.allowedHosts"] = settled.host
    header = settled.roles.proxy.header if settled.roles.proxy else None
    if header:  # a session is never handed on to another account
        options["server.trustedUserHeaders"] = json.dumps({header: "account"})
    if settled.secrets:
        options["secrets.files"] = str(settled.secrets)
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    arguments = [sys.executable, "-m", "streamlit", "run", str(HERE / "app.py"), *flags]
    return arguments, {
        **os.environ,
        **FORWARDS,
        "HTKEVAL_WORKSPACE": str(workspace.root),
        "HTKEVAL_STORE": workspace.store,
        "HTKEVAL_BLOBS": str(workspace.blobs),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(HERE.parent), os.getenv("PYTHONPATH")))),
    }
