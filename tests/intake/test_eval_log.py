"""What a log of inspect_ai says, and what must be said of it."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any

import pytest

from htkeval.errors import SheetError
from htkeval.intake.technical.eval_log import header, read_header
from tests.recognised import LOGS

beside = pytest.mark.skipif(not LOGS.is_dir(), reason="inspect-logs are not beside this checkout")


def log(status: str = "success", *, done: int = 100, value: float = 0.5, **changes: Any) -> Any:
    """A log's header as inspect_ai's API gives it."""
    metric = SimpleNamespace(name="accuracy", value=value)
    score = SimpleNamespace(name="match", scorer="match", metrics={"accuracy": metric})
    results = SimpleNamespace(total_samples=100, completed_samples=done, scores=[score])
    run = SimpleNamespace(
        task="sagsbehandling",
        model="mockllm/model",
        config=SimpleNamespace(limit=changes.pop("limit", None)),
        dataset=SimpleNamespace(samples=100),
    )
    fields = {"status": status, "eval": run, "results": results, **changes}
    return SimpleNamespace(**fields)


def flags(found: Any) -> list[str]:
    return [one.name for one in found.flags]


def test_a_log_that_ended_well_has_its_scores_and_no_flag():
    found = header(log())
    assert (found.complete, flags(found)) == (True, [])
    assert [(one.scorer, one.name, one.value) for one in found.scores] == [
        ("match", "accuracy", 0.5)
    ]


@pytest.mark.parametrize(
    ("status", "name"), [("cancelled", "cancelled"), ("error", "error"), ("started", "unfinished")]
)
def test_a_log_that_did_not_end_well_is_incomplete_and_says_so(status, name):
    found = header(log(status))
    assert (found.complete, flags(found)) == (False, [name])
    assert len(found.scores) == 1


def test_samples_that_are_missing_make_it_incomplete_and_a_limit_is_told():
    assert flags(header(log(done=99))) == ["samples"]
    assert not header(log(done=99)).complete
    assert flags(header(log(limit=10))) == ["limited"]
    assert header(log(limit=10)).complete
    assert flags(header(log(limit=100))) == []


def test_a_score_that_is_no_number_is_left_out_and_told():
    found = header(log(value=math.nan))
    assert (found.scores, flags(found), found.complete) == ((), ["no_value"], False)


def test_a_log_without_results_says_so():
    found = header(log("error", results=None))
    assert (found.scores, flags(found)) == ((), ["error", "no_scores"])


@beside
def test_a_cancelled_log_of_three_samples_is_flagged():
    text = (LOGS / "popularity.json").read_text(encoding="utf-8")
    read = json.loads(text, object_hook=lambda fields: SimpleNamespace(**fields))
    for score in read.results.scores:
        score.metrics = vars(score.metrics)
    found = header(read)
    assert found.status == "cancelled"
    assert not found.complete
    assert flags(found) == ["cancelled", "limited"]
    values = [round(one.value, 4) for one in found.scores]
    assert values == [0.6667, 0.3333]


@beside
def test_inspect_ai_itself_reads_both_logs(tmp_path):
    pytest.importorskip("inspect_ai", reason="the extra inspect is not installed")
    cancelled = read_header(LOGS / "popularity.json")
    assert flags(cancelled) == ["cancelled", "limited"]
    assert round(cancelled.scores[0].value, 4) == 0.6667
    assert read_header(LOGS / "log_formats.json").complete
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SheetError, match="something that inspect_ai cannot read"):
        read_header(tmp_path / "other.json")
