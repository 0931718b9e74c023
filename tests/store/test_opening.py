"""From an address to a store: made, found again, brought up to date, or refused in words."""

import shutil
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import OperationalError

from htkeval.errors import EnvironmentFailed, HtkevalError, StateError, UsageError
from htkeval.store import failures, migrations, opening
from htkeval.store.schema import VERSION_TABLE, metadata
from htkeval.store.store import open_store
from tests.store.deliveries import TRIAL, batch, deliver, note


def at(file):
    return f"sqlite:///{file.as_posix()}"


def refused(error, address, **more):
    """What is said when a store cannot be opened."""
    with pytest.raises(error) as told:
        open_store(address, **more)
    assert len(told.value.problems) == 1
    return str(told.value)


def test_a_store_is_made_with_its_folder(tmp_path):
    file = tmp_path / "ny" / "mappe" / "store.db"
    open_store(at(file)).close()
    assert file.is_file()


def test_every_connection_writes_safely(file_store):
    """FULL is 2: each commit is on the disk before it is acknowledged."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    wanted["busy_timeout"] = 30_000
    with file_store.reading() as first, file_store.reading() as second:
        for connection in (first, second):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == wanted


REFLECTING = pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression-based index",
    "ignore:autogenerate skipping metadata-specified expression-based index",
)
"""SQLAlchemy cannot read such an index of SQLite; the statement that made it is compared."""


def test_the_constant_is_alembics_own_head():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


@REFLECTING
def test_the_tables_made_at_once_are_those_that_the_migrations_make(address):
    """Every table, column, key, index and trigger."""
    with open_store(address) as store:
        made = described(store.engine)
        with store.engine.begin() as connection:
            empty(connection)
            migrations.upgrade(connection)
        assert described(store.engine) == made
        assert set(made["tables"]) == {*metadata.tables, VERSION_TABLE}


@REFLECTING
def test_the_migrations_leave_nothing_for_alembic_to_find(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_an_older_store_is_brought_up_to_this_version(file, tmp_path, monkeypatch):
    """By a migration that does not exist yet."""
    with open_store(at(file)) as store:
        deliver(store, batch(1))
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder)
    (folder / "versions" / "0004_later.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        "revision, down_revision = '0004', '0003'\n"
        "def upgrade():\n    op.add_column('outbox', sa.Column('later', sa.Text))\n"
    )
    monkeypatch.setattr(migrations, "FOLDER", folder)
    monkeypatch.setattr(migrations, "HEAD", "0004")
    with open_store(at(file)) as store:
        assert "later" in {each["name"] for each in inspect(store.engine).get_columns("outbox")}
        assert store.measurements(TRIAL.id) == batch(1).measurements
    with open_store(at(file)):
        pass


def test_draws_and_looks_from_before_they_were_told_wait_to_be_told(address):
    """A store of revision 0001, whose outbox knew neither."""
    with open_store(address) as store:
        for kind in ("registration", "allocation", "look", "gate"):
            note(store, kind, {"k": kind})
        with store.engine.begin() as connection:
            connection.execute(text("DELETE FROM outbox WHERE kind <> 'registration'"))
            connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0001'"))
    with open_store(address) as store:
        waiting = [(row.seq, row.kind, row.state, row.attempts) for row in store.outbox()]
        assert waiting == [
            (1, "registration", "pending", 0),
            (2, "allocation", "pending", 0),
            (3, "look", "pending", 0),
        ]
        assert [row.key for row in store.outbox()] == [e.hash for e in store.events()[:3]]


def test_a_store_from_before_presses_had_an_index_gets_one(address):
    with open_store(address) as store, store.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_event_press"))
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0002'"))
    with open_store(address) as store, store.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_event_press"))


def test_a_store_of_a_newer_version_is_refused_and_not_touched(file):
    open_store(at(file)).close()
    change(file, f"UPDATE {VERSION_TABLE} SET version_num = '0099'")
    before = file.read_bytes()
    said = refused(StateError, at(file))
    assert "version 0099, made by a newer htkeval" in said
    assert f"version {migrations.HEAD} or earlier" in said
    assert StateError.exit_code == 1
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("content", [b"arm;minutter\n" * 300, b"PK\x03\x04" + bytes(5000)])
def test_a_file_that_is_not_sqlite_is_refused_and_not_touched(file, content, create):
    file.write_bytes(content)
    assert "a file that is not an SQLite database" in refused(
        EnvironmentFailed, at(file), create=create
    )
    assert file.read_bytes() == content


def test_another_programs_database_is_refused_and_not_touched(file):
    """The address of MLflow's store, say."""
    change(file, "CREATE TABLE runs (run_uuid TEXT)", "CREATE TABLE alembic_version (x TEXT)")
    before = file.read_bytes()
    assert "(alembic_version, runs)" in refused(StateError, at(file))
    assert file.read_bytes() == before


@pytest.mark.parametrize("there", [True, False])
def test_without_create_a_missing_store_is_not_made(file, there):
    if there:
        file.touch()
    assert "no store yet" in refused(StateError, at(file), create=False)
    assert file.exists() is there
    assert not there or file.stat().st_size == 0


def test_an_empty_file_becomes_a_store(file):
    file.touch()
    with open_store(at(file)) as store:
        assert store.events() == ()


@pytest.mark.parametrize(
    "address",
    ["", "store.db", "sqlite://", "sqlite:///:memory:", "sqlite:///file:store.db?uri=true",
     "postgresql+psycopg//maja:hemmelig@server/db",
     "postgresql+psycopg://maja:hemmelig@server:port/db", "mysql://maja:hemmelig@server/db",
     "postgresql+psycopg2://maja:hemmelig@server/db", "::"],
)  # fmt: skip
def test_an_address_that_no_store_can_have_is_a_wrong_call(address):
    said = refused(UsageError, address)
    assert "sqlite:///FILE or postgresql+psycopg://" in said
    assert "hemmelig" not in said


@pytest.mark.parametrize("start", ["postgresql", "postgresql+psycopg"])
def test_without_psycopg_a_postgresql_address_says_what_to_install(monkeypatch, start):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = refused(EnvironmentFailed, f"{start}://maja:hemmelig@localhost/db")
    assert "pip install 'htkeval[postgres]'" in said
    assert "hemmelig" not in said


def test_a_plain_postgresql_address_means_psycopg_3():
    pytest.importorskip("psycopg")
    engine = opening.engine_for("postgresql://maja@localhost/db", wait=1)
    assert engine.dialect.driver == "psycopg"


def test_a_server_that_is_away_is_told_without_the_password(tmp_path):
    pytest.importorskip("psycopg")
    address = f"postgresql+psycopg://maja:hemmelig@/db?host={tmp_path.as_posix()}"
    said = refused(EnvironmentFailed, address)
    assert "no PostgreSQL server that answers" in said
    assert "hemmelig" not in said


def test_a_store_that_others_keep_locked_fails_after_the_wait(address):
    with open_store(address) as busy, open_store(address, wait=1) as store:
        note(store)
        with busy._writing():
            with pytest.raises(EnvironmentFailed, match="others are writing") as told:
                deliver(store, batch(1))
            assert len(store.events()) == 1
        assert told.value.exit_code == 3
        assert deliver(store, batch(1)).event.seq == 2


def test_who_reads_waits_for_nobody(address):
    with open_store(address) as busy, open_store(address, wait=1) as store:
        note(busy)
        with busy._writing() as connection:
            connection.execute(text("UPDATE outbox SET attempts = 1"))
            assert len(store.events()) == 1


def test_a_full_disk_stores_nothing_and_says_so(file_store):
    deliver(file_store, batch(1))
    before = file_store.events()
    set_pages(file_store, 40)
    with pytest.raises(EnvironmentFailed, match="a full disk"):
        deliver(file_store, batch(*range(2, 5000)))
    assert file_store.events() == before
    assert file_store.counts(TRIAL.id) == {"treatment": 1}
    set_pages(file_store, 1_000_000)
    assert deliver(file_store, batch(2)).event.seq == 2


def test_a_store_that_may_only_be_read_stores_nothing_and_says_so(file_store):
    note(file_store)
    with file_store.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA query_only = ON")
    with pytest.raises(EnvironmentFailed, match="cannot be written to"):
        note(file_store)
    assert len(file_store.events()) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "fil").touch()
    said = refused(EnvironmentFailed, at(tmp_path / "fil" / "mappe" / "store.db"))
    assert "a folder that cannot be made" in said


def test_a_newer_store_is_refused_in_danish_too(file):
    open_store(at(file)).close()
    change(file, f"UPDATE {VERSION_TABLE} SET version_num = '0099'")
    with pytest.raises(HtkevalError) as told:
        open_store(at(file))
    assert "lavet af et nyere htkeval" in told.value.message("da")


def test_opening_needs_none_of_the_heavy_packages(file):
    """`status` and `add` pay for every import."""
    open_store(at(file)).close()
    script = (
        "import sys\n"
        "from htkeval.store import store, blobs, outbox\n"
        "opened = store.open_store(sys.argv[1])\n"
        "opened.events(); opened.outbox(); opened.measurements('x'); opened.counts('x')\n"
        "heavy = {'alembic', 'pyarrow', 'numpy', 'pandas', 'scipy', 'mlflow', 'psycopg', 'babel'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", script, at(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_making_a_store_needs_no_alembic(file):
    script = (
        "import sys\nfrom htkeval.store.store import open_store\n"
        "open_store(sys.argv[1])\nprint('alembic' in sys.modules)\n"
    )
    command = [sys.executable, "-c", script, at(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"


def test_the_address_a_person_sees_has_no_password():
    url = make_url("postgresql+psycopg://maja:hemmelig@server/db")
    assert "hemmelig" not in opening.place_of(url)
    assert opening.place_of(make_url("sqlite:////data/store.db")) == "/data/store.db"


def change(file, *statements):
    """As another program would."""
    connection = sqlite3.connect(file)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def set_pages(store, pages):
    """A disk with so much room and no more."""
    with store.engine.connect() as connection:
        connection.connection.driver_connection.execute(f"PRAGMA max_page_count = {pages}")


def described(engine):
    """All that a database says of its tables."""
    look = inspect(engine)
    tables = {
        name: {
            "columns": [{**each, "type": str(each["type"])} for each in look.get_columns(name)],
            "primary key": look.get_pk_constraint(name),
            "unique": sorted(look.get_unique_constraints(name), key=str),
            "foreign": sorted(look.get_foreign_keys(name), key=str),
            "checks": look.get_check_constraints(name),
        }
        for name in look.get_table_names()
    }
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index')",
        "postgresql": "SELECT tgname, regexp_replace(pg_get_triggerdef(oid), 'public\\.', '')"
        " FROM pg_trigger WHERE NOT tgisinternal"
        " UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'htkeval%'",
    }[engine.dialect.name]
    with engine.connect() as connection:
        rows = [tuple(each) for each in connection.execute(text(query))]
    return {"tables": tables, "statements": sorted(rows, key=str)}


def empty(connection):
    """No table, no trigger, no function."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return
    for name in (*reversed(metadata.sorted_tables), VERSION_TABLE):
        connection.exec_driver_sql(f"DROP TABLE {name}")


@pytest.mark.parametrize(("free", "said"), [(0, "a full disk"), (2**30, "the database failed")])
def test_an_input_or_output_that_fails_on_a_full_disk_is_said_to_be_that(
    tmp_path, monkeypatch, free, said
):
    """On a full disk SQLite cannot map its own file and says `disk I/O error` (SHMSIZE)."""
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(failures.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(EnvironmentFailed, match=said), failures.in_words(str(tmp_path / "s.db")):
        raise OperationalError("SELECT 1", {}, cause)


def test_stores_of_one_address_have_their_statements_in_common_and_no_connection(file):
    """A page opens the store each time that it is drawn; to write a statement out takes longest."""
    with open_store(at(file)) as one, open_store(at(file)) as other:
        one.events()
        made = one.engine.get_execution_options()["compiled_cache"]
        before = len(made)
        other.events()
        assert other.engine.get_execution_options()["compiled_cache"] is made
        assert len(made) == before > 0
        assert other.engine.pool is not one.engine.pool
        one.close()
        assert other.events() == ()


def test_another_file_finds_every_statement_written_out(file, tmp_path):
    """The one SQLite of a process reads all files; a command opens one to read and one to write."""
    there = f"sqlite:///{tmp_path / 'other.db'}"
    for address in (at(file), there):
        open_store(address).close()
    with open_store(at(file)) as one, open_store(there) as other:
        one.events()
        made = one.engine.get_execution_options()["compiled_cache"]
        before = len(made)
        other.events()
        assert other.engine.get_execution_options()["compiled_cache"] is made
        assert len(made) == before > 0
        deliver(other, batch())
        assert one.events() == ()


def test_a_file_that_is_not_named_in_full_is_where_the_process_is(tmp_path, monkeypatch):
    """The first to be opened must not be taken for all of its name."""
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        monkeypatch.chdir(tmp_path / place)
        with open_store("sqlite:///store.db") as store:
            assert store.events() == ()
            deliver(store, batch(name=f"{place}.csv"))


def test_a_second_thread_waits_for_no_half_known_server(file, monkeypatch):
    """What a dialect can is asked by the first connection; the next engine meanwhile asks itself.

    With one dialect for both the second had no `server_version_info`, and PostgreSQL's raised an
    AttributeError as soon as a connection with another isolation was given back.
    """
    asked, seen = DefaultDialect.initialize, []

    def slow(self, connection):
        if not seen:
            seen.append(self)
            with open_store(at(file)) as second:
                assert second.events() == ()
                seen.append(second.engine.dialect)
        asked(self, connection)

    open_store(at(file)).close()
    opening._shared.cache_clear()
    monkeypatch.setattr(opening, "_FILES", opening._Spoken())
    monkeypatch.setattr(DefaultDialect, "initialize", slow)
    open_store(at(file)).close()
    first, second = seen
    assert first is not second
    assert hasattr(second, "default_isolation_level")
