"""A technical measurement beside a trial: figures only, and no evidence of time saved."""

from __future__ import annotations

import hashlib
import json
import sys
from types import ModuleType

import jsonschema
import pytest

from htkeval import attachment
from htkeval.cli.attach import TOOLS
from htkeval.resources import PACKAGE
from htkeval.tracking.evaluated_run import EvaluatedRun
from tests.cli.test_deviations import analysed, events, state
from tests.intake.evaluated import (
    BANDS,
    RAGAS,
    SECRET,
    answers,
    audit,
    mlflow_run,
    promptfoo,
    write_form,
)
from tests.intake.test_eval_log import log
from tests.recognised import SPOKEN


@pytest.fixture
def inspected(monkeypatch, tmp_path):
    """A log that an imitation of inspect_ai's API reads, so that its library need not be here."""

    def say_it_is(read):
        package, api = ModuleType("inspect_ai"), ModuleType("inspect_ai.log")
        package.__version__ = "0.0"
        api.read_eval_log = lambda file, header_only: read
        monkeypatch.setitem(sys.modules, "inspect_ai", package)
        monkeypatch.setitem(sys.modules, "inspect_ai.log", api)
        file = tmp_path / "proeve.eval"
        file.write_bytes(b"a log")
        return file

    return say_it_is


def attached(call, *arguments):
    answer = call("attach", "proeve", *arguments, "--format", "json")
    assert answer.code == 0, answer.err
    document = json.loads(answer.out)
    schema = json.loads((PACKAGE / "schemas/attach.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


@pytest.fixture
def spoken(place):
    pytest.importorskip("jiwer", reason="the extra wer is not installed")
    file = place / "tale.csv"
    file.write_text(SPOKEN, encoding="utf-8")
    return file


MADE: dict[str, tuple[str, str]] = {
    "wer": ("tale.csv", SPOKEN),
    "mlflow": ("run.json", json.dumps(mlflow_run())),
    "promptfoo": ("results.json", json.dumps(promptfoo())),
    "ragas": ("frame.csv", RAGAS),
    "odk": ("audit.csv", audit(6)),
    "banded": ("svar.csv", BANDS),
}
"""A text that each tool can read."""


@pytest.fixture
def made(place, inspected):
    """A file of any tool."""

    def of(tool):
        if tool == "inspect_ai":
            return inspected(log(value=1.0))
        if tool == "wer":
            pytest.importorskip("jiwer", reason="the extra wer is not installed")
        if tool == "forms":
            return write_form(place / "svar.xlsx", answers([4] * 6 + [5] * 6))
        name, text = MADE[tool]
        (place / name).write_text(text, encoding="utf-8")
        return place / name

    return of


def test_the_evidence_and_the_verdict_are_what_they_were(measured, call, made):
    """Whatever the tool: all of them at once, for an analysis takes its time."""
    before = analysed(call)[0]
    advice = call("recommend", "proeve", "--format", "json").out
    for tool in TOOLS:
        answer = call("attach", "proeve", made(tool), "--tool", tool)
        assert answer.code == 0, answer.err
    now = state(call)
    assert tuple(one["tool"] for one in now["attachments"]) == TOOLS
    assert not now["stale"]
    assert analysed(call)[0] == before
    assert state(call)["evidence_level"] == before["evidence_level"] == "E4"
    assert call("recommend", "proeve", "--format", "json").out == advice
    assert call("verify", "--no-runs").code == 0


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_each_is_told_in_words_and_no_text_of_it_is_kept(place, call, made, tool, language):
    answer = call("attach", "proeve", made(tool), "--tool", tool, "--lang", language)
    assert answer.code == 0, answer.err
    assert len(answer.out.splitlines()) >= 3
    assert SECRET not in answer.out
    assert SECRET.encode() not in (place / ".htkeval" / "store.db").read_bytes()


def test_the_command_line_takes_every_tool():
    assert TOOLS == attachment.TOOLS


@pytest.mark.parametrize("name", ["ida@eksempel.dk", "010203-1234", "tlf. 23 45 67 89"])
@pytest.mark.parametrize("tool", ["mlflow", "promptfoo", "ragas"])
def test_a_name_in_any_file_is_searched(place, call, tool, name):
    made = {
        "mlflow": mlflow_run(metrics={f"{name}/mean": 1}),
        "promptfoo": promptfoo(),
        "ragas": [{"user_input": "a", name: 1}],
    }
    made["promptfoo"]["results"]["prompts"][0]["provider"] = name
    (place / "fil.json").write_text(json.dumps(made[tool]), encoding="utf-8")
    answer = call("attach", "proeve", "fil.json", "--tool", tool)
    assert answer.code == 1
    assert name not in answer.err
    assert events(place) == ()


@pytest.mark.parametrize("tool", ["mlflow", "promptfoo", "ragas"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[" * 100_000, b'{"a": NaN}', b"PK\x03\x04", b"\xff"]
)
def test_a_broken_file_is_refused_and_nothing_is_stored(place, call, tool, content):
    (place / "fil.json").write_bytes(content)
    answer = call("attach", "proeve", "fil.json", "--tool", tool)
    assert answer.code == 1
    assert answer.err.startswith("fil.json")
    assert events(place) == ()


def test_a_file_that_is_too_large_is_refused_unread(place, call):
    with (place / "fil.json").open("wb") as file:
        file.truncate(101 * 2**20)
    answer = call("attach", "proeve", "fil.json", "--tool", "promptfoo", "--lang", "en")
    assert answer.code == 1
    assert "at most 100 MB" in answer.err


ID = "0123456789abcdef" * 2


@pytest.fixture
def evaluated(monkeypatch):
    """An MLflow that holds one run, as `read_run` gives it."""

    def holds(run, tallies=()):
        def read(address, artifacts, run_id):
            assert run_id == ID
            return EvaluatedRun(run=run, tallies=dict(tallies), software="mlflow 0.0")

        monkeypatch.setattr("htkeval.tracking.evaluated_run.read_run", read)

    return holds


@pytest.mark.parametrize(
    "named",
    [ID, f"runs:/{ID}", f"http://127.0.0.1:5000/#/experiments/1/runs/{ID}?viewMode=x"],
)
def test_a_run_is_found_by_its_number_however_it_is_written(place, call, evaluated, named):
    evaluated(mlflow_run(), {"safety": (3, 1)})
    kept = attached(call, named, "--tool", "mlflow")["attachment"]
    assert kept["file"] == ID
    assert [(one["n"], one["missing"]) for one in kept["scores"]] == [(None, None), (3, 1)]
    assert attached(call, ID, "--tool", "mlflow")["duplicate"]


def test_a_run_that_went_on_since_is_another_measurement(place, call, evaluated):
    evaluated(mlflow_run("RUNNING"))
    first = attached(call, ID, "--tool", "mlflow")["attachment"]
    assert [one["name"] for one in first["flags"]] == ["unfinished"]
    evaluated(mlflow_run())
    second = attached(call, ID, "--tool", "mlflow")
    assert not second["duplicate"]
    assert second["attachment"]["sha256"] != first["sha256"]


def test_a_run_that_mlflow_does_not_have_is_a_wrong_call_and_makes_nothing(place, call):
    answer = call("attach", "proeve", f"runs:/{'0' * 32}", "--tool", "mlflow")
    assert answer.code == 2
    assert "0" * 32 in answer.err
    assert not (place / ".htkeval" / "mlflow.db").exists()


def test_an_attachment_that_is_withdrawn_is_no_evidence_and_stays_on_record(place, call, made):
    kept = attached(call, made("ragas"), "--tool", "ragas")["attachment"]
    gone = attached(call, "--withdraw", kept["event"], "--why", "forkert fil")
    assert (gone["attachment"], gone["withdrawn"]["why"]) == (kept, "forkert fil")
    assert state(call)["attachments"] == []
    assert [one["withdraws"] for one in state(call)["withdrawn"]] == [kept["event"]]
    assert len(events(place, "attachment")) == 2
    assert call("verify", "--no-runs").code == 0
    assert not attached(call, made("ragas"), "--tool", "ragas")["duplicate"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--withdraw", "9", "--why", "forkert"), 1),
        (("--withdraw", "1", "--why", " "), 1),
        (("--withdraw", "1", "--why", "ring til 010203-1234"), 1),
        (("--withdraw", "1"), 2),
        (("fil.csv", "--withdraw", "1", "--why", "forkert"), 2),
        (("fil.csv", "--tool", "ragas", "--why", "forkert"), 2),
        (("fil.csv",), 2),
        ((), 2),
    ],
)
def test_a_withdrawal_that_is_none_stores_nothing(place, call, made, arguments, code):
    attached(call, made("ragas"), "--tool", "ragas")
    assert call("attach", "proeve", *arguments).code == code
    assert len(events(place)) == 1


def test_what_was_withdrawn_cannot_be_withdrawn_again(place, call, made):
    number = attached(call, made("ragas"), "--tool", "ragas")["attachment"]["event"]
    attached(call, "--withdraw", number, "--why", "forkert")
    assert call("attach", "proeve", "--withdraw", number, "--why", "forkert").code == 1
    assert len(events(place)) == 2


def test_a_cancelled_log_says_so_first_and_everywhere(place, call, inspected):
    file = inspected(log("cancelled"))
    answer = call("attach", "proeve", file, "--tool", "inspect_ai", "--lang", "en", "--as", "Ida")
    first, warning, *_ = answer.out.splitlines()
    assert first == "proeve.eval: its figures are stored as event 1; its text is not."
    assert warning == "The evaluation was cancelled before its end: its scores are incomplete."
    (kept,) = state(call)["attachments"]
    assert kept["flags"][0]["name"] == "cancelled"
    assert kept["complete"] is False
    assert kept["sha256"] == hashlib.sha256(b"a log").hexdigest()
    assert (kept["by"], kept["model"]) == ("Ida", "mockllm/model")
    (score,) = kept["scores"]
    assert (score["name"], score["scorer"], score["value"]) == ("accuracy", "match", 0.5)


def test_the_same_file_again_is_found_and_mlflow_is_told_nothing(place, call, inspected):
    file = inspected(log())
    assert not attached(call, file, "--tool", "inspect_ai")["duplicate"]
    assert attached(call, file, "--tool", "inspect_ai")["duplicate"]
    assert len(events(place, "attachment")) == 1
    assert state(call)["unpublished"] == 0
    assert call("verify", "--no-runs").code == 0


@pytest.mark.parametrize("name", ["task", "model"])
def test_a_name_that_gives_a_person_away_is_refused_and_not_repeated(place, call, inspected, name):
    read = log()
    setattr(read.eval, name, "ida@eksempel.dk")
    answer = call("attach", "proeve", inspected(read), "--tool", "inspect_ai")
    assert answer.code == 1
    assert f"eval.{name}" in answer.err
    assert "eksempel" not in answer.err
    assert events(place) == ()


def test_a_files_name_is_searched_too(place, call):
    (place / "010203-1234.csv").write_text(SPOKEN, encoding="utf-8")
    answer = call("attach", "proeve", "010203-1234.csv", "--tool", "wer")
    assert answer.code == 1
    assert "1234" not in answer.err
    assert events(place) == ()


@pytest.mark.parametrize(
    ("module", "tool", "extra"), [("jiwer", "wer", "wer"), ("inspect_ai", "inspect_ai", "inspect")]
)
def test_without_its_library_it_says_what_to_install(place, call, monkeypatch, module, tool, extra):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, f"{module}.log", None)
    (place / "tale.csv").write_text(SPOKEN, encoding="utf-8")
    answer = call("attach", "proeve", "tale.csv", "--tool", tool)
    assert answer.code == 3
    assert f'pip install "htkeval[{extra}]"' in answer.err
    assert events(place) == ()


def test_a_missing_file_and_a_reference_for_a_log_are_wrong_calls(place, call, inspected):
    assert call("attach", "proeve", "ingen.csv", "--tool", "wer").code == 2
    file = inspected(log())
    answer = call("attach", "proeve", file, "--tool", "inspect_ai", "--reference", file)
    assert answer.code == 2
    assert "--reference" in answer.err


def test_of_recognised_speech_the_figures_are_kept_and_no_word_and_no_name(place, call, spoken):
    kept = attached(call, spoken, "--tool", "wer")["attachment"]
    figures = {one["name"]: one["value"] for one in kept["scores"]}
    assert figures["word_error_rate"] == 0.5
    assert (figures["errors"], figures["words"], figures["utterances"]) == (5, 10, 3)
    assert kept["normalisation"][1] == "lower case"
    assert "tells {n} speakers apart" in kept["interval"]["message"]["template"]
    assert kept["interval"]["message"]["values"]["n"]["template"] == "under {fewest}"
    record = (place / ".htkeval" / "store.db").read_bytes() + str(kept).encode()
    for word in ("Anna", "orgeren", "afsluttet"):
        assert word.encode() not in record


def test_it_is_told_in_plain_words_without_any_one_speaker(place, call, spoken):
    answer = call("attach", "proeve", spoken, "--tool", "wer", "--lang", "en")
    text = " ".join(answer.out.split())
    assert "50.0 of 100 words were wrong: 5 errors in 10 words" in text
    assert "There is no interval: the file tells under 5 speakers apart" in text
    assert "They say nothing of time saved" in text
    assert "Speaker" not in answer.out


def test_each_speaker_is_in_the_record_alone_and_in_nothing_that_is_printed(place, call, spoken):
    assert attached(call, spoken, "--tool", "wer")["attachment"]["speakers"] == []
    (event,) = events(place)
    kept = [(one["number"], one["errors"], one["words"]) for one in event.payload["speakers"]]
    assert kept == [(1, 1, 4), (2, 4, 6)]
    (told,) = json.loads(call("status", "proeve", "--format", "json").out)["trials"]
    assert told["attachments"][0]["speakers"] == []
    again = attached(call, spoken, "--tool", "wer")
    assert again["duplicate"]


def test_five_speakers_give_an_interval_around_the_rate(place, call, spoken):
    rows = [f"{n};S{n};a b c d e;{'x ' * (n % 3)}{'a b c d e'[2 * (n % 3) :]}" for n in range(1, 7)]
    spoken.write_text("\n".join(["id;speaker;reference;recognised", *rows]), encoding="utf-8")
    kept = attached(call, spoken, "--tool", "wer")["attachment"]
    low, high = kept["interval"]
    assert 0 <= low < 6 / 30 < high
    assert kept["scores"][0]["value"] == 6 / 30


def test_a_rate_of_no_words_is_refused(place, call, spoken):
    spoken.write_text("id;speaker;reference;recognised\n1;a;...;hej\n", encoding="utf-8")
    answer = call("attach", "proeve", spoken, "--tool", "wer")
    assert answer.code == 1
    assert events(place) == ()
