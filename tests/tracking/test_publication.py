"""Which runs an event becomes, and what may not become one."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from htkeval.canonical import canonical
from htkeval.event import Event
from htkeval.tracking.from_event import publications
from htkeval.tracking.publication import PARAM_LIMIT, TAG_LIMIT, Publication, shortened
from tests.tracking.story import draw_and_look, tell


def of_kind(case, kind):
    (event,) = case.store.events(kind=kind)
    return publications(event, "A title")


def test_a_registration_becomes_one_run_whose_file_hashes_to_the_fingerprint(case):
    (run,) = of_kind(case, "registration")
    promised = case.store.latest("tale-til-tekst", "registration").payload
    assert run.artifacts[0].name == "registration.json"
    assert run.artifacts[0].sha256 == promised["fingerprint"] == run.tags["htk.sha256"]
    assert run.params["design.kind"] == "within"
    assert run.params["method"] == "rerandomisation"
    assert run.params["design.randomised"] == "true"
    assert run.params["primary.worthwhile"] == "-0.15"
    assert run.params["forecast.relative_change"] == "-0.25"
    assert "design.block" not in run.params


def test_a_snapshot_becomes_a_parent_with_a_child_for_each_arm(case):
    parent, baseline, treatment = of_kind(case, "snapshot")
    assert parent.metrics == {"rows": 159, "baseline.rows": 83, "treatment.rows": 76}
    assert parent.artifacts[0].name == "snapshot.parquet"
    assert parent.artifacts[0].sha256 == parent.dataset.sha256 == parent.tags["htk.sha256"]
    assert {baseline.parent, treatment.parent} == {parent.key}
    assert baseline.metrics["task_time.mean"] == 31.2
    assert treatment.params == {"arm": "treatment"}
    assert "task_time.sd" not in treatment.metrics, "one that could not be computed is left out"


def test_an_analysis_becomes_a_run_with_four_figures_an_effect(case):
    (run,) = of_kind(case, "analysis")
    assert run.metrics["task_time.ratio.estimate"] == 0.8047281516
    assert run.metrics["task_time.ratio.low"] == 0.66
    assert run.metrics["task_time.ratio.high"] == 0.99
    assert run.metrics["task_time.ratio.p_value"] == 0.036
    assert run.params["confirmatory"] == "task_time.ratio"
    assert run.metrics["task_time.ratio.exposure_average.estimate"] == 0.7
    assert run.params["task_time.difference.method"] == "rerandomisation"
    assert run.params["evidence_level"] == "E4"
    assert run.params["checks_failed"] == "contamination"
    assert run.dataset.sha256 == run.params["snapshot"]
    assert run.artifacts[0].name == "analysis.json"


def test_a_decision_becomes_a_run_with_the_signer_and_the_reason(case):
    (run,) = of_kind(case, "decision")
    assert run.run_name == "decision 5: go_with_conditions"
    assert run.params["recommended"] == "prolong"
    assert run.tags["htk.reason"] == "Ét vilkår mangler: »DPIA«."
    assert run.tags["htk.signer"] == "Maja Holm"
    assert run.tags["htk.signer_known_by"] == "declared"
    assert [artifact.name for artifact in run.artifacts] == ["recommendation.json", "decision.json"]


def test_what_goes_with_a_decision_stands_in_its_run(case):
    event = case.store.latest("tale-til-tekst", "decision")
    told = {
        **event.payload,
        "departure": "Leverandøren venter",
        "conditions": [{"id": "C1", "text": "dpia", "owner": "DPO", "due": "2026-12-31"}],
        "books": {"kr_a_year": 50000.0, "begins": "2026-07-01", "area": "Social"},
        "business_case": event.payload["recommendation"],
    }
    (run,) = publications(event.model_copy(update={"payload": told}), "Titel")
    assert run.tags["htk.departure"] == "Leverandøren venter"
    assert run.params["conditions"] == "1"
    assert (run.params["books_kr_a_year"], run.params["books_from"]) == ("50000", "2026-07-01")
    assert [one.name for one in run.artifacts][-1] == "business.json"


def test_a_draw_becomes_a_run_that_names_nobody_and_no_arm(case):
    draw_and_look(case)
    (run,) = of_kind(case, "allocation")
    payload = case.store.latest("tale-til-tekst", "allocation").payload
    assert run.metrics == {"units": 3}
    assert run.params["mechanism"] == "complete"
    assert run.params["list"] == run.tags["htk.sha256"] == payload["list"]
    assert run.artifacts == ()
    told = run.model_dump_json()
    for secret in ("token-of-anna", "Nord", "drawn", "patterns"):
        assert secret not in told
    other = {**payload, "drawn": [0, 1, 0]}
    event = case.store.latest("tale-til-tekst", "allocation")
    (turned,) = publications(event.model_copy(update={"payload": other}), "A title")
    assert turned == run


def test_a_look_becomes_a_run_with_who_looked_at_how_much(case):
    draw_and_look(case)
    (run,) = of_kind(case, "look")
    assert (run.params["k"], run.params["of"], run.params["final"]) == ("1", "2", "false")
    assert (run.params["who"], run.params["who_known_by"]) == ("Maja Holm", "declared")
    assert run.metrics == {"fraction": 0.52}
    assert run.dataset.sha256 == run.params["snapshot"] == run.tags["htk.sha256"]
    assert run.artifacts == ()


def test_the_rows_of_a_sealed_snapshot_stay_here(empty_case):
    tell(empty_case)
    event = empty_case.store.latest("tale-til-tekst", "snapshot")
    sealed = event.model_copy(update={"payload": {**event.payload, "sealed": True}})
    parent, *_ = publications(sealed, "A title")
    assert parent.artifacts == ()
    assert parent.params["sealed"] == "true"
    (open_one, *_) = publications(event, "A title")
    assert "sealed" not in open_one.params


def test_events_that_are_not_published_become_nothing(case):
    assert of_kind(case, "gate") == ()


def test_the_same_event_always_becomes_the_same_runs_and_no_two_share_a_key(case):
    runs = [run for event in case.store.events() for run in publications(event, "A title")]
    again = [run for event in case.store.events() for run in publications(event, "A title")]
    assert runs == again
    assert len({run.key for run in runs}) == len(runs) == 6


def test_start_end_and_metrics_have_the_time_of_the_event(case):
    (run,) = of_kind(case, "registration")
    assert run.at_ms == 1_776_081_600_123  # date -u -d '2026-04-13T12:00:00.123Z' +%s%3N


@pytest.mark.parametrize("simulated", [True, False])
def test_every_run_says_whether_it_rests_on_invented_measurements(empty_case, simulated):
    tell(empty_case, simulated=simulated)
    events = empty_case.store.events()
    runs = [run for event in events for run in publications(event, "A title")]
    assert {run.tags["htk.simulated"] for run in runs} == {str(simulated).lower()}
    assert {"Simulated figures" in run.tags["mlflow.note.content"] for run in runs} == {simulated}
    assert {"Simulerede tal" in run.tags["mlflow.note.content"] for run in runs} == {simulated}


def test_a_long_reason_is_shortened_aloud_and_kept_whole_in_the_file(empty_case):
    reason = "Fordi " + "æ" * 9000
    tell(empty_case, reason=reason)
    (run,) = of_kind(empty_case, "decision")
    assert run.tags["htk.reason"].endswith(" … [shortened from 9006]")
    assert len(run.tags["htk.reason"]) == TAG_LIMIT
    assert reason.encode() in run.artifacts[1].content


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"metrics": {"task_time": float("nan")}}, "must be finite"),
        ({"metrics": {"task_time": float("inf")}}, "must be finite"),
        ({"metrics": {"task:time": 1.0}}, "cannot be a name in MLflow"),
        ({"metrics": {"../task": 1.0}}, "cannot be a name in MLflow"),
        ({"params": {"a" * 251: "x"}}, "cannot be a name in MLflow"),
        ({"params": {"a": "x" * (PARAM_LIMIT + 1)}}, "has 6001 characters"),
        ({"tags": {"a": "x" * (TAG_LIMIT + 1)}}, "has 8001 characters"),
        ({"key": "' OR 1=1"}, "should match pattern"),
    ],
)
def test_what_mlflow_would_cut_refuse_or_store_as_zero_never_gets_there(case, change, said):
    (run,) = of_kind(case, "registration")
    with pytest.raises(ValidationError, match=said):
        Publication.model_validate({**run.model_dump(), **change})


def test_an_effect_that_is_not_a_number_is_refused(case):
    event = case.store.latest("tale-til-tekst", "analysis")
    payload = {**event.payload, "effects": [{**event.payload["effects"][0], "low": float("nan")}]}
    with pytest.raises(ValidationError, match=r"effects\.0\.low"):
        publications(event.model_copy(update={"payload": payload}), "A title")


def test_a_payload_of_a_later_version_can_still_be_told(case):
    event = case.store.latest("tale-til-tekst", "snapshot")
    later = event.model_copy(update={"payload": {**event.payload, "weather": "rain"}})
    assert publications(later, "A title") == publications(event, "A title")


def test_what_fits_is_kept_and_what_does_not_fills_the_limit():
    assert shortened("x" * 40, 40) == "x" * 40
    assert len(shortened("x" * 41, 40)) == 40


def test_a_time_far_back_is_before_1970():
    event = Event(
        seq=1,
        trial="t",
        kind="registration",
        at=datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
        actor={"name": "x", "known_by": "os"},
        simulated=False,
        payload={"fingerprint": "0" * 64, "definition": {}, "policy": "1"},
        previous="0" * 64,
        hash="1" * 64,
    )
    (run,) = publications(event, "A title")
    assert run.at_ms == -1000
    assert run.artifacts[0].content == canonical({"definition": {}, "policy": "1"}).encode()
