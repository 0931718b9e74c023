"""A store of each kind: in a file, and, where there is one, on a PostgreSQL server."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from htkeval.store.store import open_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def address(request, tmp_path):
    """The address of a store that does not exist yet."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'store.db').as_posix()}"
    return request.getfixturevalue("empty_database")


@pytest.fixture
def store(address):
    with open_store(address) as opened:
        yield opened


@pytest.fixture
def file(tmp_path):
    """Where a store in a file lies."""
    return tmp_path / "store.db"


@pytest.fixture
def file_store(file):
    with open_store(f"sqlite:///{file.as_posix()}") as opened:
        yield opened


@pytest.fixture
def empty_database(postgresql):
    """The server's one database, with nothing in it."""
    import psycopg

    with psycopg.connect(host=str(postgresql), user="postgres", autocommit=True) as connection:
        connection.execute("SET client_min_messages = error")
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return f"postgresql+psycopg://postgres@/postgres?host={postgresql.as_posix()}"


@pytest.fixture(scope="session")
def postgresql():
    """The socket folder of a server that is there for these tests only."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not found:
        if os.environ.get("HTKEVAL_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL's server programs are not installed")
        pytest.skip("PostgreSQL's server programs are not installed")
    home = Path(tempfile.mkdtemp(prefix="htkpg"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    try:
        run(home, "initdb", "-D", str(home / "data"), "-A", "trust", "-U", "postgres", "-N",
            "--locale=C.UTF-8", "--encoding=UTF8")  # fmt: skip
        options = f"-k {home} -c listen_addresses='' -c fsync=off"
        run(home, "pg_ctl", "-D", str(home / "data"), "-l", str(home / "log"), "-w",
            "-o", options, "start")  # fmt: skip
        try:
            yield home
        finally:
            run(home, "pg_ctl", "-D", str(home / "data"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def run(folder: Path, program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs, by the account that may run it."""
    binary = max(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    command = [str(binary), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)
