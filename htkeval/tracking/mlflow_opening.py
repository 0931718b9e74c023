"""How MLflow is opened: quiet, quick to give up, and cutting nothing in silence."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from htkeval.errors import EnvironmentFailed, Problem, Refused, UsageError
from htkeval.text import Text, say
from htkeval.tracking.lock import only_publisher

if TYPE_CHECKING:
    from mlflow import MlflowClient

MUST_BE = {
    "MLFLOW_TRUNCATE_LONG_VALUES": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER": "false",
}
"""Settings that delivery rests on: nothing cut, nothing sent elsewhere, nothing printed."""

UNLESS_SET = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",
}
"""MLflow by itself waits about four minutes for a dead server; the outbox tries again anyway."""

SERVERS = ("http://", "https://")
DATABASES = ("sqlite:", "postgresql:", "postgresql+psycopg:")

REFUSALS = (
    "BAD_REQUEST",
    "INVALID_PARAMETER_VALUE",
    "INVALID_STATE",
    "RESOURCE_ALREADY_EXISTS",
    "RESOURCE_DOES_NOT_EXIST",
)
"""MLflow's codes for "I understand this and do not take it". All others are failures."""

FIRST_TABLE = "experiments"
"""A database without this table is new to MLflow, whatever else is in it."""


def open_client(address: str, artifacts: Path | None) -> MlflowClient:
    """An MLflow client on an address.

    Args:
        address: `sqlite:///…`, `postgresql+psycopg://…`, or an MLflow server's http(s) address.
        artifacts: Folder for files where there is no server; a new SQLite file's own
            "Default" experiment gets it too, so that the working directory never counts.

    Raises:
        UsageError: Not such an address.
        EnvironmentFailed: A database that cannot be opened, or is of another MLflow's version.
    """
    if not address.startswith((*SERVERS, *DATABASES)):
        raise UsageError(
            Problem(
                "MLFLOW_TRACKING_URI",
                address or say("nothing"),
                say("an address that begins with sqlite:, postgresql+psycopg: or http(s):"),
            )
        )
    configure()
    if address.startswith(DATABASES):
        _open_database(address, artifacts)
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=address)


def default_artifacts(address: str) -> Path | None:
    """Where files go: beside an SQLite file; a server sees to it itself."""
    file = sqlite_file(address)
    return file.parent / "mlartifacts" if file else None


def sqlite_file(address: str) -> Path | None:
    """The file behind an `sqlite:` address; None for any other address."""
    if not address.startswith("sqlite:"):
        return None
    from sqlalchemy.engine import make_url

    name = make_url(address).database
    return Path(name).absolute() if name and name != ":memory:" else None


def without_password(address: str) -> str:
    """An address as it may be shown.

    Example:
        >>> without_password("https://maja:secret@mlflow.example.dk/x")
        'https://maja:***@mlflow.example.dk/x'
    """
    return re.sub(r"//([^/@:]*):[^/@]*@", r"//\1:***@", address)


_WAITS = say("Nothing is lost: what is not delivered waits. Run `htkeval sync` again later.")


def unreachable(address: str, found: object, *, step: Text = _WAITS) -> EnvironmentFailed:
    """The failure that says that MLflow is away, and that nothing is lost by it."""
    return EnvironmentFailed(
        Problem(
            say("MLflow at {address}", address=without_password(address)),
            _first_line(found),
            say("an MLflow that answers"),
            step,
        )
    )


@contextmanager
def spoken(address: str, *, step: Text = _WAITS) -> Iterator[None]:
    """MLflow's failures as ours, in a sentence; `step` says what to do where it is away."""
    from google.protobuf.json_format import ParseError
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except MlflowException as error:
        if error.error_code in REFUSALS:
            raise Refused(
                Problem(
                    say("MLflow at {address}", address=without_password(address)),
                    str(error).partition("\n")[0],
                    say("a run that MLflow takes"),
                )
            ) from error
        raise unreachable(address, error, step=step) from error
    except (SQLAlchemyError, OSError) as error:  # a full disk, or an answer 4xx or 5xx
        raise unreachable(address, error, step=step) from error
    except (ParseError, ValueError) as error:  # an answer that is none of MLflow's
        raise unreachable(address, error, step=step) from error


def _first_line(found: object) -> Text | str:
    line = without_password(str(found).strip().partition("\n")[0])
    return line if len(line) <= 300 else line[:300] + " …"


def configure() -> None:
    """Set this process up for MLflow, before MLflow is imported."""
    os.environ.update(MUST_BE)
    for name, value in UNLESS_SET.items():
        os.environ.setdefault(name, value)
    for noisy in ("mlflow", "alembic", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)


def _open_database(address: str, artifacts: Path | None) -> None:
    """Prove that the database opens, before MLflow tries ten times in a hundred seconds."""
    if artifacts is None:
        raise UsageError(
            Problem(
                "MLFLOW_TRACKING_URI",
                without_password(address),
                say("the address of an SQLite file, or of an MLflow server that keeps files"),
            )
        )
    file = sqlite_file(address)
    is_new = _probe_sqlite(file, address) if file else _probe_server(address)
    if is_new and file and _is_empty(file):
        _make_file(file, address, artifacts)
    elif is_new:
        _make_tables(address, artifacts)
    if file:
        _write_ahead(file)


def _probe_sqlite(file: Path, address: str) -> bool:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file, timeout=10)) as database:
            tables = database.execute("SELECT name FROM sqlite_master").fetchall()
    except (sqlite3.Error, OSError) as error:
        raise unreachable(address, error) from error
    return (FIRST_TABLE,) not in tables


def _probe_server(address: str) -> bool:
    import sqlalchemy
    from sqlalchemy.pool import NullPool

    try:
        engine = sqlalchemy.create_engine(
            address, poolclass=NullPool, connect_args={"connect_timeout": 10}
        )
        return FIRST_TABLE not in sqlalchemy.inspect(engine).get_table_names()
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:
        raise unreachable(address, error) from error


def _is_empty(file: Path) -> bool:
    """Whether nobody has written to a file yet; another's tables in it stay where they are."""
    try:
        return not file.exists() or file.stat().st_size == 0
    except OSError as error:
        raise unreachable(str(file), error) from error


def _make_file(file: Path, address: str, artifacts: Path) -> None:
    """MLflow's tables in a file of their own, which is given its name when they are all there.

    MLflow makes them in dozens of steps that take seconds, and cannot go on with half of them: a
    machine that stops in between would block every delivery for good. One process makes them; what
    stands in its folder is what one that stopped has left.
    """
    folder = file.with_name(f"{file.name}.making")
    with only_publisher(folder, wait=_MAKING):
        if _probe_sqlite(file, address):  # nobody else was quicker
            made = folder / file.name
            try:
                for left in folder.glob(f"{file.name}*"):
                    left.unlink()
                _make_tables(f"sqlite:///{made.as_posix()}", artifacts)
                made.replace(file)
            except OSError as error:
                raise unreachable(address, error) from error
    shutil.rmtree(folder, ignore_errors=True)


_MAKING = 120.0
"""Seconds to wait for another process that makes the tables."""


def _make_tables(address: str, artifacts: Path) -> None:
    """MLflow's schema in an empty database, with a root for files that is not `./mlruns`."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    root = artifacts.absolute().as_uri()
    SqlAlchemyStore(address, root).engine.dispose()  # type: ignore[no-untyped-call]  # MLflow's


def _write_ahead(file: Path) -> None:
    """A write-ahead log, once for the file: readers no longer wait for the writer.

    Somebody else may be using the file just then; that costs speed only, so it is let be.
    """
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=1)) as database:
        database.execute("PRAGMA journal_mode = WAL")
