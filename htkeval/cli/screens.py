"""dashboard: the evidence in a browser."""

from __future__ import annotations

import click

from htkeval.cli.options import here, placed
from htkeval.cli.output import line
from htkeval.cli.runs import run_until_stopped
from htkeval.cli.speech import words
from htkeval.text import say


@click.command(help=words(say("The dashboard in a browser, on this computer only.")))
@click.option("--port", default=8501, show_default=True, help=words(say("Port.")))
@placed
def dashboard(port: int) -> None:
    """Runs until it is stopped."""
    import importlib.util

    from htkeval.resources import bundled

    workspace = here()
    spec = importlib.util.spec_from_file_location(
        "htkeval_serve", bundled("dashboards") / "serve.py"
    )
    if spec is None or spec.loader is None:
        raise click.ClickException("dashboards/serve.py")
    serve = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(serve)
    arguments, environment = serve.command(workspace, port)
    line(say("The dashboard is on {address}; Ctrl-C stops it.", address=f"http://127.0.0.1:{port}"))
    run_until_stopped(arguments, environment)
