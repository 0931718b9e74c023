"""A participant is forgotten: one transaction, no name left, and figures told to be out of date."""

import json
import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from htkeval.cli.options import now, who
from htkeval.errors import EnvironmentFailed
from htkeval.steps import erase as step
from htkeval.steps.case import open_case
from htkeval.steps.deliver import titles
from htkeval.store import appending, blobs
from htkeval.tracking.memory import MemorySink
from htkeval.tracking.publisher import compare, rebuild_all, sync
from htkeval.workspace import at
from tests.cli.test_corrections import listed, put, rows_of, state
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import sheet
from tests.often import often
from tests.store.deliveries import drop_guards

NAME = "Kastanje77"
"""A pseudonym that stands nowhere else."""
WHY = "Samtykket er trukket tilbage."


@pytest.fixture
def analysed(ready, place, call):
    """A registered trial with 48 measurements, eight of them of one person, and an analysis."""
    return ready("named", lambda: analyse_named(place, call))


def analyse_named(place, call):
    lines = sheet(year=2099).splitlines()
    person = lines[1].partition(";")[0] + ";"
    named = [
        line.replace(person, f"{NAME};") if line.startswith(person) else line for line in lines
    ]
    (place / "maal.csv").write_text("\n".join(named) + "\n", encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    (place / "maal.csv").unlink()
    assert call("analyse", "proeve").code == 0


def forget(call, who_=NAME, why=WHY):
    return call("erase", "proeve", "--participant", who_, "--why", why, "--as", "Ida")


def test_the_rows_of_a_person_who_is_erased_do_not_count_and_the_chain_verifies(analysed, call):
    answer = forget(call)
    assert answer.code == 0, answer.err
    assert "measurements that do not count any more: 8" in answer.out
    assert "data changed; run each analysis again" in answer.out
    assert len(rows_of(analysed)) == len(listed(call)) == 40
    (event,) = events(analysed, "erasure")
    assert (event.payload["rows"], event.payload["why"], event.actor.name) == (8, WHY, "Ida")
    assert failed(call) == set()
    verified = call("verify", "--no-runs").out
    assert "forgotten: 1" in verified
    assert "data changed, run it again" in " ".join(verified.split())


def test_who_erases_a_few_is_told_that_two_analyses_differ_by_them(analysed, call):
    """Of five who go together the difference is a sum of five; before any analysis there is none"""
    said = "fewer than five people"
    with open_case(at(analysed, {}), "proeve") as case:
        people = sorted({*case.store.people("proeve")} - {NAME})
    assert said in " ".join(forget(call).out.split())
    for one in people[:3]:
        assert said in " ".join(forget(call, one).out.split())
    assert said not in " ".join(forget(call, people[3]).out.split())


def test_the_pseudonym_is_in_no_byte_of_the_workspace_afterwards(analysed, call):
    def holding():
        files = (file for file in analysed.rglob("*") if file.is_file())
        return [file for file in files if NAME.encode() in file.read_bytes()]

    assert holding() != []
    assert forget(call).code == 0
    assert holding() == []


def test_salt_and_pseudonym_are_gone_and_every_other_person_is_as_before(analysed, call):
    def people():
        with open_case(at(analysed, {}), "proeve") as case, case.store.reading() as connection:
            found = connection.execute(text("SELECT token, pseudonym, salt FROM subject"))
            return {row[0]: (row[1], row[2]) for row in found}

    before = people()
    assert forget(call).code == 0
    (token,) = (token for token, (name, _) in before.items() if name == NAME)
    assert people() == {**before, token: (None, None)}


def test_snapshots_that_held_the_person_are_deleted_and_made_anew_without(analysed, call):
    (old,) = events(analysed, "snapshot")
    assert forget(call).code == 0
    with open_case(at(analysed, {}), "proeve") as case:
        new = case.store.latest("proeve", "snapshot")
        assert not blobs.path(case.blobs, old.payload["sha256"]).exists()
        assert blobs.path(case.blobs, new.payload["sha256"]).exists()
    assert (new.payload["rows"], old.payload["rows"]) == (40, 48)


def test_an_analysis_on_them_is_to_be_run_again_and_then_counts_the_others(analysed, call):
    assert forget(call).code == 0
    assert (state(call)["stale"], state(call)["data_changed"]) == (True, True)
    assert "data changed after the analysis" in call("status", "proeve").out
    found = json.loads(call("analyse", "proeve", "--format", "json").out)
    assert (found["rows"], state(call)["stale"]) == (40, False)
    assert failed(call) == set()


def test_snapshots_from_before_the_person_came_stay(analysed, call):
    (old,) = events(analysed, "snapshot")
    line = sheet(year=2099).splitlines()
    fresh = [line[0], line[1].replace(line[1].partition(";")[0], "Ny1")]
    (analysed / "ny.csv").write_text("\n".join(fresh) + "\n", encoding="utf-8")
    assert call("add", "proeve", "ny.csv").code == 0
    assert forget(call, "Ny1").code == 0
    (event,) = events(analysed, "erasure")
    assert event.payload["files"] == []
    with open_case(at(analysed, {}), "proeve") as case:
        assert blobs.path(case.blobs, old.payload["sha256"]).exists()
    assert failed(call) == set()


def test_a_machine_that_stops_inside_leaves_the_person_as_he_was(analysed, call, monkeypatch):
    before = rows_of(analysed)

    def full(*_arguments, **_more):
        raise OSError(28, "full")

    with monkeypatch.context() as patch, open_case(at(analysed, {}), "proeve") as case:
        patch.setattr(appending, "append", full)
        with pytest.raises((OSError, EnvironmentFailed)):
            step.erase(case, NAME, why=WHY, actor=who("Ida"), now=now())
    assert (rows_of(analysed), events(analysed, "erasure")) == (before, ())
    assert failed(call) == set()


KILLED = """
import os, signal, sys
from htkeval.cli.root import run
from htkeval.store import erasure
moment, module = (sys.argv[1], {"inside": erasure.appending, "after": None}[sys.argv[1]])
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if module: module.append = die
else:
    from htkeval.steps import erase
    erase.sweep = die
run(sys.argv[2:])
"""


@pytest.mark.parametrize(
    ("moment", "left"), often([("inside", 48), ("after", 40)], [("inside", 48)])
)
def test_a_process_that_is_killed_leaves_all_of_the_erasure_or_none(analysed, call, moment, left):
    arguments = ["erase", "proeve", "--participant", NAME, "--why", WHY]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, moment, *arguments], cwd=analysed, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    assert len(rows_of(analysed)) == left
    assert len(events(analysed, "erasure")) == (left == 40)
    assert failed(call) == (set() if left == 48 else {"files"})
    assert call("snapshot", "proeve").code == 0
    assert failed(call) == set()


def test_files_that_a_stopped_machine_left_are_told_and_deleted_by_the_next_snapshot(
    analysed, call, monkeypatch
):
    with monkeypatch.context() as patch, open_case(at(analysed, {}), "proeve") as case:
        patch.setattr(step, "sweep", lambda _case: None)
        patch.setattr(step, "snapshot", lambda *_, **__: None)
        step.erase(case, NAME, why=WHY, actor=who("Ida"), now=now())
    assert failed(call) == {"files"}
    assert call("snapshot", "proeve").code == 0
    assert failed(call) == set()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("pseudonym = NULL, salt = NULL WHERE pseudonym = 'Kastanje77'", "without an erasure"),
        ("pseudonym = 'x', salt = 'ab' WHERE pseudonym IS NULL", "has a name again"),
    ],
)
def test_a_person_forgotten_or_named_behind_the_record_is_found(analysed, call, change, said):
    if "IS NULL" in change:
        assert forget(call).code == 0
    with open_case(at(analysed, {}), "proeve") as case, case.store.engine.begin() as connection:
        drop_guards(connection)
        connection.execute(text(f"UPDATE subject SET {change}"))
    assert "subjects" in failed(call)
    assert said in " ".join(call("verify", "--no-runs").out.split())


def test_what_cannot_be_erased_is_refused(analysed, call):
    assert "no participant with this pseudonym" in forget(call, "Ukendt").err
    assert "`htkeval participants proeve`" in forget(call, "Ukendt").err
    assert f'Written "{NAME}" there is one.' in forget(call, NAME.lower()).err
    assert "the pseudonym itself" in forget(call, why=f"{NAME} bad om det").err
    assert forget(call, why=" ").code == 1
    assert NAME not in forget(call, why=f"{NAME} bad om det").err
    assert forget(call).code == 0
    assert forget(call).code == 1
    assert len(events(analysed, "erasure")) == 1


def test_a_person_whose_row_was_corrected_is_gone_too(analysed, call):
    (row, *_) = listed(call, "--participant", NAME)
    assert put(call, "--set", "minutter=30", row=str(row["id"])).code == 0
    assert forget(call).code == 0
    assert events(analysed, "erasure")[0].payload["rows"] == 8
    assert len(rows_of(analysed)) == 40
    assert put(call, "--set", "fejl=1", row=str(row["id"])).code == 1
    assert failed(call) == set()


def test_where_nobody_else_was_measured_nothing_is_left_to_freeze(analysed, call):
    names = sorted({row.keys["medarbejder"] for row in rows_of(analysed)})
    for name in names:
        assert forget(call, name).code == 0
    assert rows_of(analysed) == ()
    assert failed(call) == set()


def test_mlflow_hears_of_a_snapshot_whose_file_is_gone_without_it(analysed, call):
    workspace = at(analysed, {})
    assert forget(call).code == 0
    with open_case(workspace, "proeve") as case:
        sink = MemorySink()
        report = sync(case.store, sink, case.blobs, titles=titles(workspace))
        assert (report.failed, report.problems) == (0, ())
        checks = compare(case.store, sink, case.blobs, titles=titles(workspace))
        assert all(check.passed for check in checks)
        again = rebuild_all(case.store, MemorySink(), case.blobs, titles=titles(workspace))
        assert again.failed == 0


def test_a_file_that_was_sent_before_is_told_to_be_deleted_in_mlflow(analysed, call):
    workspace = at(analysed, {})
    with open_case(workspace, "proeve") as case:
        sink = MemorySink()
        sync(case.store, sink, case.blobs, titles=titles(workspace))
    answer = forget(call)
    assert "MLflow still holds the file snapshot.parquet in 1 runs" in answer.err
    with open_case(workspace, "proeve") as case:
        sync(case.store, sink, case.blobs, titles=titles(workspace))
        checks = compare(case.store, sink, case.blobs, titles=titles(workspace))
        assert all(check.passed for check in checks)
