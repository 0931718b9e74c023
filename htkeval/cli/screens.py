"""dashboard: the evidence in a browser."""

from __future__ import annotations

import click

from htkeval.cli.options import a_port, here, placed
from htkeval.cli.output import line
from htkeval.cli.runs import needs_free, run_until_stopped
from htkeval.cli.speech import words
from htkeval.text import say


@click.command(
    help=words(say("The dashboard in a browser; on this computer only, unless people log in."))
)
@a_port(8501)
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    metavar=words(say("ADDRESS")),
    help=words(
        say("Where it listens; another than this computer's asks for roles in configs/roles.toml.")
    ),
)
@placed
def dashboard(port: int, address: str) -> None:
    """Runs until it is stopped. Exit code 1 where others could reach it and nobody logs in."""
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
    arguments, environment = serve.command(workspace, port, address)
    needs_free(port)
    shown = f"[{address}]" if ":" in address else address
    line(say("The dashboard is on {address}; Ctrl-C stops it.", address=f"http://{shown}:{port}"))
    run_until_stopped(arguments, environment)
