"""Exactly once, however often it is tried and wherever it breaks off. In memory: see the twins."""

import contextlib
import subprocess
import sys
import threading

import pytest

from htkeval.errors import EnvironmentFailed, Problem, Refused
from htkeval.store.store import open_store
from htkeval.tracking.memory import MemorySink
from htkeval.tracking.publisher import SyncReport, compare, rebuild_all, sync
from tests.often import often
from tests.tracking.story import (
    PUBLISHED,
    RUNS,
    TRIAL,
    Breaking,
    Killed,
    tell,
    without_numbers,
)

CALLS = 40
"""How many calls a whole delivery makes; a test holds that it makes no more."""


KINDS = ("registration", "snapshot", "arm", "analysis", "decision")


def away():
    raise EnvironmentFailed(())


class Away(Breaking):
    """A sink whose server is gone once its calls are used up."""

    def answers(self):
        return self._left > 0


def test_every_published_event_gets_its_runs_and_the_store_knows_them(case, sink, titles):
    report = sync(case.store, sink, case.blobs, titles=titles)
    assert report == SyncReport(delivered=PUBLISHED)
    runs = sink.runs(TRIAL)
    assert len(runs) == RUNS
    assert all(run.accepted for run in runs)
    assert case.states() == ["sent"] * PUBLISHED
    known = {row.run_id for row in case.store.outbox()}
    assert known == {run.run_id for run in runs if run.tags["htk.kind"] != "arm"}


def test_delivering_again_changes_nothing(case, sink, titles):
    sync(case.store, sink, case.blobs, titles=titles)
    before = sink.runs(TRIAL)
    assert sync(case.store, sink, case.blobs, titles=titles) == SyncReport()
    assert sink.runs(TRIAL) == before


def test_a_run_that_the_store_forgot_about_is_found_again(case, sink, titles):
    sync(case.store, sink, case.blobs, titles=titles)
    before = sink.runs(TRIAL)
    for row in case.store.outbox():
        case.store.mark(row.key, "sending")
    assert sync(case.store, sink, case.blobs, titles=titles) == SyncReport(already=PUBLISHED)
    assert sink.runs(TRIAL) == before


@pytest.mark.parametrize("calls", often(range(CALLS), range(0, CALLS, 5)))
def test_killed_after_any_call_the_next_delivery_ends_with_one_complete_run_each(
    case, sink, titles, calls
):
    with pytest.raises(Killed):
        sync(case.store, Breaking(sink, calls), case.blobs, titles=titles)
    sync(case.store, sink, case.blobs, titles=titles)
    whole = MemorySink()
    rebuild_all(case.store, whole, case.blobs, titles=titles)
    assert without_numbers(sink.runs(TRIAL)) == without_numbers(whole.runs(TRIAL))
    assert [c.passed for c in compare(case.store, sink, case.blobs, titles=titles)] == [True]


def test_a_whole_delivery_makes_no_more_calls_than_were_broken_off_after(case, sink, titles):
    sync(case.store, Breaking(sink, CALLS), case.blobs, titles=titles)


def test_half_of_an_event_is_never_shown_as_complete(case, sink, titles):
    for calls in range(1, CALLS):
        broken = Breaking(sink, calls)
        with contextlib.suppress(Killed):
            sync(case.store, broken, case.blobs, titles=titles)
        runs = {kind: [r for r in sink.runs(TRIAL) if r.tags["htk.kind"] == kind] for kind in KINDS}
        if any(parent.accepted for parent in runs["snapshot"]):
            assert [arm.accepted for arm in runs["arm"]] == [True, True]
    assert case.states() == ["sent"] * PUBLISHED


def test_a_server_that_is_away_is_said_and_everything_waits(case, sink, titles):
    with pytest.raises(EnvironmentFailed):
        sync(case.store, Away(sink, 0, error=away), case.blobs, titles=titles)
    assert case.states() == ["pending"] * PUBLISHED
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == PUBLISHED


def test_a_server_that_goes_away_keeps_what_it_has(case, sink, titles):
    with pytest.raises(EnvironmentFailed):
        sync(case.store, Away(sink, 20, error=away), case.blobs, titles=titles)
    assert case.states() == ["sent", "pending", "pending", "pending"]
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == PUBLISHED - 1
    assert len(sink.runs(TRIAL)) == RUNS


def test_one_event_that_cannot_be_delivered_does_not_stop_the_others(case, sink, titles):
    digest = case.store.latest(TRIAL, "analysis").payload["sha256"]
    file = case.blobs / "sha256" / digest[:2] / digest
    content = file.read_bytes()
    file.chmod(0o600)
    file.unlink()
    report = sync(case.store, sink, case.blobs, titles=titles)
    assert (report.delivered, report.failed, len(report.problems)) == (PUBLISHED - 1, 1, 1)
    assert case.states() == ["sent", "sent", "failed", "sent"]
    file.write_bytes(content)
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == 1


def test_a_failure_of_one_call_at_a_server_that_answers_is_kept_to_its_event(case, sink, titles):
    class Sick(MemorySink):
        def log(self, run_id, publication):
            if publication.kind == "snapshot":
                raise EnvironmentFailed(Problem("MLflow", "error 500", "an answer"))
            super().log(run_id, publication)

    report = sync(case.store, Sick(), case.blobs, titles=titles)
    assert (report.delivered, report.failed) == (PUBLISHED - 1, 1)
    assert str(report.problems[0]) == "MLflow: found error 500; expected an answer."
    assert case.states() == ["sent", "failed", "sent", "sent"]


def test_an_event_that_lacks_what_its_run_needs_is_reported_in_a_sentence(empty_case, sink, titles):
    empty_case.append("snapshot", {"rows": 3, "arms": {}})
    tell(empty_case)
    report = sync(empty_case.store, sink, empty_case.blobs, titles=titles)
    assert (report.delivered, report.failed) == (PUBLISHED, 1)
    assert str(report.problems[0]).startswith("event 1, snapshot: found sha256: Field required")


def test_bytes_that_come_back_changed_are_not_called_verified(case, titles):
    class Forgetful(MemorySink):
        def upload(self, run_id, name, content):
            super().upload(run_id, name, content[:-1])

    sink = Forgetful()
    report = sync(case.store, sink, case.blobs, titles=titles)
    assert (report.delivered, report.failed) == (0, PUBLISHED)
    assert not any(run.accepted for run in sink.runs(TRIAL))
    assert "as it was sent" in str(report.problems[0])


def test_a_run_that_a_late_server_made_twice_is_put_away(case, sink, titles):
    (run,) = _again(case)
    kept, ghost = (sink.create(run, parent_run=None) for _ in range(2))
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == PUBLISHED
    ids = {each.run_id for each in sink.runs(TRIAL)}
    assert len(ids) == RUNS
    assert kept in ids
    assert ghost not in ids


def test_children_of_a_ghost_are_brought_to_the_parent_that_is_kept(case, sink, titles):
    with pytest.raises(Killed):
        sync(case.store, Breaking(sink, 17), case.blobs, titles=titles)
    arm = next(run for run in sink.runs(TRIAL) if run.tags["htk.kind"] == "arm")
    sink.tag(arm.run_id, "mlflow.parentRunId", "a ghost")
    sync(case.store, sink, case.blobs, titles=titles)
    assert [c.passed for c in compare(case.store, sink, case.blobs, titles=titles)] == [True]


def _again(case):
    from htkeval.tracking.from_event import publications

    return publications(case.store.events()[0], "A title")


def test_two_complete_runs_with_one_key_are_never_chosen_between(case, sink, titles):
    sync(case.store, sink, case.blobs, titles=titles)
    copy = sink.create(*_again(case), parent_run=None)
    sink.tag(copy, "htk.state", "verified")
    sink.finish(copy, end_ms=1)
    case.store.mark(case.store.outbox()[0].key, "failed")
    report = sync(case.store, sink, case.blobs, titles=titles)
    assert report.failed == 1
    assert "2 complete runs with the same key" in str(report.problems[0])
    assert copy in {run.run_id for run in sink.runs(TRIAL)}


def test_everything_can_be_delivered_again_into_an_empty_place(case, sink, titles):
    sync(case.store, sink, case.blobs, titles=titles)
    empty = MemorySink()
    report = rebuild_all(case.store, empty, case.blobs, titles=titles)
    assert report == SyncReport(delivered=PUBLISHED)
    assert without_numbers(empty.runs(TRIAL)) == without_numbers(sink.runs(TRIAL))
    assert [c.passed for c in compare(case.store, empty, case.blobs, titles=titles)] == [True]


def test_two_publishers_at_once_make_one_run_each(case, sink, titles, tmp_path):
    reports = []

    def publish():
        with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store:
            reports.append(sync(store, sink, case.blobs, titles=titles))

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sum(report.delivered for report in reports) == PUBLISHED
    assert len(reports) == 4
    assert len(sink.runs(TRIAL)) == RUNS


def test_a_param_that_somebody_changed_half_way_is_refused_not_overwritten(case, sink, titles):
    (run,) = _again(case)
    made = sink.create(run, parent_run=None)
    sink.log(made, run.model_copy(update={"params": {"policy": "mine"}, "metrics": {}}))
    with pytest.raises(Refused, match="2026-1"):
        sink.log(made, run)
    assert sync(case.store, sink, case.blobs, titles=titles).failed == 1


def test_the_publisher_loads_neither_mlflow_nor_pandas():
    code = "import htkeval.tracking.publisher, sys; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"mlflow", "pandas", "numpy", "sqlalchemy"}.isdisjoint(run.stdout.split())
