"""A store of each kind: in a file, and, where there is one, on a PostgreSQL server."""

import os

import pytest

from htkeval.store.store import open_store
from tests.store.server import server, there


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
    if not there():
        if os.environ.get("HTKEVAL_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL's server programs are not installed")
        pytest.skip("PostgreSQL's server programs are not installed")
    with server("-c fsync=off") as home:
        yield home
