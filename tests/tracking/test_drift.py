"""Whether MLflow still says what the store says, and what that notices."""

import shutil

import pytest

from htkeval.store.store import open_store
from htkeval.text import render
from htkeval.tracking.from_event import publications
from htkeval.tracking.publisher import compare, sync
from tests.tracking.story import TRIAL, draw_and_look, promise, tell


@pytest.fixture
def delivered(case, sink, titles):
    sync(case.store, sink, case.blobs, titles=titles)
    return case


def run_of(sink, kind):
    return next(run for run in sink.runs(TRIAL) if run.tags["htk.kind"] == kind)


def sentences(case, sink, titles):
    checks = compare(case.store, sink, case.blobs, titles=titles)
    assert [check.passed for check in checks] == [False] * len(checks)
    return [str(check.message) for check in checks]


def test_runs_that_were_left_alone_agree(delivered, sink, titles):
    (check,) = compare(delivered.store, sink, delivered.blobs, titles=titles)
    assert check.passed is True
    assert str(check.message) == "6 runs in MLflow say what the store says."


def test_nothing_published_is_nothing_to_compare(empty_case, sink, titles):
    assert compare(empty_case.store, sink, empty_case.blobs, titles=titles) == ()


def test_what_is_not_delivered_yet_cannot_be_told(case, sink, titles):
    (check,) = compare(case.store, sink, case.blobs, titles=titles)
    assert check.passed is None
    assert str(check.message) == "4 events are not delivered to MLflow yet."


def test_an_edited_figure_is_found(delivered, sink, titles):
    run = run_of(sink, "analysis")
    run.metrics["task_time.ratio.estimate"] = 0.5
    assert sentences(delivered, sink, titles) == [
        "tale-til-tekst, analysis 4: task_time.ratio.estimate is 0.5 in MLflow "
        "and 0.8047281516 in the store."
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda run: run.metrics.update(invented=1.0), "invented is 1.0 in MLflow and – in"),
        (lambda run: run.metrics.pop("gaps"), "gaps is – in MLflow and 1.0 in the store"),
        (lambda run: run.params.update(evidence_level="E5"), "evidence_level is E5 in MLflow"),
        (lambda run: object.__setattr__(run, "name", "min analyse"), "name is min analyse in"),
        (lambda run: run.tags.update({"htk.simulated": "true"}), "htk.simulated is true in"),
        (lambda run: run.tags.update({"htk.state": "publishing"}), "status is FINISHED in"),
    ],
)
def test_any_edit_of_what_we_wrote_is_found(delivered, sink, titles, change, said):
    change(run_of(sink, "analysis"))
    (sentence,) = sentences(delivered, sink, titles)
    assert said in sentence


def test_a_note_and_a_tag_that_somebody_added_are_theirs(delivered, sink, titles):
    sink.tag(run_of(sink, "analysis").run_id, "mlflow.note.content", "Læs denne først")
    sink.tag(run_of(sink, "analysis").run_id, "mødedato", "17. april")
    (check,) = compare(delivered.store, sink, delivered.blobs, titles=titles)
    assert check.passed is True


def test_a_new_title_is_no_disagreement(delivered, sink):
    (check,) = compare(delivered.store, sink, delivered.blobs, titles={TRIAL: "Et nyt navn"})
    assert check.passed is True


def test_a_changed_file_is_found(delivered, sink, titles):
    sink.upload(run_of(sink, "decision").run_id, "recommendation.json", b'{"verdict": "go"}')
    (sentence,) = sentences(delivered, sink, titles)
    assert "decision 5: go_with_conditions: recommendation.json is" in sentence


def test_a_deleted_run_is_found(delivered, sink, titles):
    sink.discard(run_of(sink, "arm").run_id)
    assert sentences(delivered, sink, titles) == [
        "tale-til-tekst, snapshot 3: baseline: MLflow has 0 runs of it instead of one."
    ]


def test_a_deleted_parent_is_found_at_its_children_too(delivered, sink, titles):
    sink.discard(run_of(sink, "snapshot").run_id)
    found = sentences(delivered, sink, titles)
    assert len(found) == 3
    assert sum("mlflow.parentRunId is – in MLflow" in sentence for sentence in found) == 2


def test_a_copied_run_is_found(delivered, sink, titles):
    (run,) = publications(delivered.store.events()[0], "A title")
    sink.create(run, parent_run=None)
    assert sentences(delivered, sink, titles) == [
        "tale-til-tekst, registration 1: MLflow has 2 runs of it instead of one."
    ]


def test_an_invented_decision_is_found(delivered, sink, titles, tmp_path):
    (run,) = publications(delivered.store.events()[-1], "A title")
    forged = run.model_copy(update={"key": "f" * 64, "run_name": "decision 6: go"})
    number = sink.create(forged, parent_run=None)
    sink.tag(number, "htk.state", "verified")
    sink.finish(number, end_ms=run.at_ms)
    assert sentences(delivered, sink, titles) == [
        "MLflow has a run decision 6: go that carries our mark, but the store knows nothing of it."
    ]


def test_delivered_and_waiting_are_told_apart(delivered, sink, titles):
    tell(delivered)
    checks = compare(delivered.store, sink, delivered.blobs, titles=titles)
    assert [check.passed for check in checks] == [True, None]


def test_a_record_brought_back_to_before_a_draw_and_a_look_is_found(case, sink, titles, tmp_path):
    sync(case.store, sink, case.blobs, titles=titles)
    case.store.close()
    old = tmp_path / "old.db"
    shutil.copy(tmp_path / "store.db", old)
    draw_and_look(case)
    report = sync(case.store, sink, case.blobs, titles=titles)
    assert (report.delivered, report.failed) == (2, 0)
    assert sync(case.store, sink, case.blobs, titles=titles).delivered == 0
    (agrees,) = compare(case.store, sink, case.blobs, titles=titles)
    assert agrees.passed is True
    with open_store(f"sqlite:///{old}") as store:
        found = sorted(str(c.message) for c in compare(store, sink, case.blobs, titles=titles))
    assert found == [
        f"MLflow has a run {run} that carries our mark, but the store knows nothing of it."
        for run in ("allocation 6", "look 7")
    ]


def test_one_is_not_called_several(empty_case, sink, titles):
    empty_case.append("registration", promise())
    (waits,) = compare(empty_case.store, sink, empty_case.blobs, titles=titles)
    assert render(waits.message, "da") == "Én hændelse er ikke afleveret til MLflow endnu."
    sync(empty_case.store, sink, empty_case.blobs, titles=titles)
    (agrees,) = compare(empty_case.store, sink, empty_case.blobs, titles=titles)
    assert render(agrees.message, "da").startswith("Den ene kørsel i MLflow ")
