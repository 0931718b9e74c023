"""sync, verify, server: what MLflow has, and proof that nothing was changed."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import a_port, here, placed, reading
from htkeval.cli.output import line, print_csv, print_json
from htkeval.cli.speech import words
from htkeval.cli.start import report
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.text import Text
    from htkeval.tracking.publisher import SyncReport


@click.command(help=words(say("Deliver to MLflow what is not there yet; exactly once.")))
@click.option(
    "--rebuild", is_flag=True, help=words(say("Deliver everything into an empty MLflow."))
)
@reading
@placed
def sync(rebuild: bool, form: str) -> None:
    """Exit code 3 where MLflow is away; what was not delivered waits."""
    from htkeval.steps.deliver import deliver

    found = deliver(here(), rebuild=rebuild)
    row = {"delivered": found.delivered, "already": found.already, "failed": found.failed}
    if form == "json":
        from htkeval.cli.printed.standing import Delivery

        print_json(Delivery(**row, problems=tuple(words(p) for p in found.problems)))
    elif form == "csv":
        print_csv([row], list(row))
    else:
        line(_delivered(found))
        for problem in found.problems:
            line(problem)
    if found.failed:
        raise click.exceptions.Exit(3)


def _delivered(found: SyncReport) -> Text:
    if found.delivered == 1:
        return say("One event delivered to MLflow; there already: {old}.", old=found.already)
    return say(
        "{n} events delivered to MLflow; there already: {old}.",
        n=found.delivered,
        old=found.already,
    )


@click.command(
    help=words(say("Prove chain, files, snapshots and runs: has anything been changed?"))
)
@click.option("--runs/--no-runs", default=True, help=words(say("Compare with MLflow too.")))
@reading
@placed
def verify(runs: bool, form: str) -> None:
    """Exit code 1 where something was changed."""
    from htkeval.steps.prove import prove

    report(prove(here(), runs=runs), form)


@click.command(help=words(say("An MLflow server with safe settings, on this computer only.")))
@a_port(5000)
@placed
def server(port: int) -> None:
    """Runs until it is stopped."""
    from htkeval.steps.deliver import server_command

    needs_free(port)
    arguments, environment = server_command(here(), port=port)
    line(say("MLflow on {address}; Ctrl-C stops it.", address=f"http://127.0.0.1:{port}"))
    run_until_stopped(arguments, environment)


def needs_free(port: int) -> None:
    """Refuse a port that somebody listens on. Raises `EnvironmentFailed`."""
    import socket

    from htkeval.errors import EnvironmentFailed, Problem

    with socket.socket() as listener:
        if listener.connect_ex(("127.0.0.1", port)) != 0:
            return
    place = say("port {port}", port=str(port))
    step = say("Choose another with --port.")
    raise EnvironmentFailed(Problem(place, say("a program that uses it"), say("a free one"), step))


def run_until_stopped(arguments: list[str], environment: dict[str, str]) -> None:
    """Run a server in the foreground; it ends when this process is stopped or interrupted."""
    import signal

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with subprocess.Popen(arguments, env={**os.environ, **environment}) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            code = 0
    if code:
        raise click.exceptions.Exit(3)
