"""A paper that is kept after its decision is in that decision's run too, exactly once."""

from hashlib import sha256

import pytest

from htkeval.event import ELSEWHERE
from htkeval.store import blobs
from htkeval.tracking.publisher import SyncReport, compare, rebuild_all, sync
from tests.tracking.story import ANALYSIS, PUBLISHED, RUNS, TRIAL, Breaking, Killed, tell

PAPER = b"%PDF what was told of it afterwards"


def keep(case, content=PAPER, number=1, *, trial=None, kind="portfolio", on=ANALYSIS):
    said = {
        "paper": f"P{number}", "kind": kind, "of": trial, "format": "pdf", "language": "da",
        "sha256": blobs.put(case.blobs, content), "content": "cd" * 32,
        "analyses": [sha256(on).hexdigest()],
    }  # fmt: skip
    case.append("paper", said, trial=trial or ELSEWHERE)


def decision(sink):
    (run,) = [run for run in sink.runs(TRIAL) if run.tags["htk.kind"] == "decision"]
    return run


def agrees(case, sink, titles):
    return [check.passed for check in compare(case.store, sink, case.blobs, titles=titles)]


def test_a_paper_that_is_kept_afterwards_is_delivered_into_the_run_that_is_there(
    case, sink, titles
):
    sync(case.store, sink, case.blobs, titles=titles)
    before = sink.runs(TRIAL)
    keep(case)
    keep(case, b"%PDF of the trial", 2, trial=TRIAL, kind="trial")
    assert case.states() == ["sent", "sent", "sent", "pending"]
    assert agrees(case, sink, titles) == [True, None]
    assert sync(case.store, sink, case.blobs, titles=titles) == SyncReport(delivered=1)
    assert sink.runs(TRIAL) == before  # the same runs: only files were added
    assert sink.fetch(decision(sink).run_id, "paper-p1-da.pdf") == PAPER
    assert sink.fetch(decision(sink).run_id, "paper-p2-da.pdf") == b"%PDF of the trial"
    assert agrees(case, sink, titles) == [True]
    assert sync(case.store, sink, case.blobs, titles=titles) == SyncReport()


def test_a_paper_that_tells_of_something_else_moves_nothing(case, sink, titles):
    sync(case.store, sink, case.blobs, titles=titles)
    keep(case, on=b"another analysis")
    keep(case, b"%PDF what is new", 2, kind="status")
    assert case.states() == ["sent"] * PUBLISHED


def test_kept_before_its_decision_is_delivered_it_comes_along(case, sink, titles):
    keep(case)
    sync(case.store, sink, case.blobs, titles=titles)
    assert sink.fetch(decision(sink).run_id, "paper-p1-da.pdf") == PAPER
    again = rebuild_all(case.store, sink, case.blobs, titles=titles)
    assert again == SyncReport(already=PUBLISHED)


def test_a_file_that_somebody_changed_there_is_found_and_put_back(case, sink, titles):
    keep(case)
    sync(case.store, sink, case.blobs, titles=titles)
    sink.upload(decision(sink).run_id, "paper-p1-da.pdf", b"forged")
    assert False in agrees(case, sink, titles)
    rebuild_all(case.store, sink, case.blobs, titles=titles)
    assert agrees(case, sink, titles) == [True]


@pytest.mark.parametrize("calls", range(1, 6))
def test_broken_off_anywhere_the_next_delivery_ends_with_one_run_that_has_it(
    case, sink, titles, calls
):
    sync(case.store, sink, case.blobs, titles=titles)
    keep(case)
    try:
        sync(case.store, Breaking(sink, calls), case.blobs, titles=titles)
    except Killed:
        assert case.states()[-1] == "sending"
    sync(case.store, sink, case.blobs, titles=titles)
    assert sink.fetch(decision(sink).run_id, "paper-p1-da.pdf") == PAPER
    assert len(sink.runs(TRIAL)) == RUNS
    assert agrees(case, sink, titles) == [True]


def test_kept_while_its_decision_is_under_way_it_is_for_the_next_delivery(case, sink, titles):
    class Slow:
        def __getattr__(self, name):
            return getattr(sink, name)

        def finish(self, run_id, *, end_ms):
            sink.finish(run_id, end_ms=end_ms)
            if not case.store.events(kind="paper"):
                keep(case)

    sync(case.store, Slow(), case.blobs, titles=titles)
    first = case.states()[-1]
    sync(case.store, sink, case.blobs, titles=titles)
    assert first == "pending"
    assert sink.fetch(decision(sink).run_id, "paper-p1-da.pdf") == PAPER


def test_another_trials_decision_is_left_alone(case, sink, titles):
    tell(case, trial="another")
    sync(case.store, sink, case.blobs, titles=titles)
    keep(case, on=b"none")
    assert set(case.states()) == {"sent"}
