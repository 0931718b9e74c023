"""`plan` from the shell: what could be seen, before anybody is measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from htkeval.outlook import Outlook
from htkeval.planning.outlook import Question
from htkeval.resources import PACKAGE
from htkeval.steps.plan import outlook

Call = Callable[..., Any]
QUICK = ("--trials", "100", "--draws", "99", "--jobs", "1", "--no-size")


def once(count: Callable[..., Outlook]) -> Callable[..., Outlook]:
    known: list[tuple[Question, Outlook]] = []

    def counted(question: Question, **how: Any) -> Outlook:
        for asked, found in known:
            if asked == question:
                return found
        known.append((question, count(question, **how)))
        return known[-1][1]

    return counted


@pytest.fixture(scope="module", autouse=True)
def counted_once() -> Iterator[None]:
    """The same question of several tests is counted in invented trials once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("htkeval.steps.plan.outlook", once(outlook))
        yield


@pytest.fixture
def workspace(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("htkeval.planning.outlook.VERDICTS", 20)  # shown in tests/planning
    assert call("init", ".").code == 0
    return tmp_path


def test_a_lead_reads_what_the_plan_can_see(call: Call, workspace: Path) -> None:
    said = call("plan", "fagbot", "--units", "12", "--tasks-each", "8", *QUICK, "--lang", "en")
    assert said.code == 0
    assert "With 12 participants and 8 svar each you will see a saving of" in said.out
    assert "What the policy would say" in said.out


def test_the_document_is_as_its_schema_says_and_speaks(call: Call, workspace: Path) -> None:
    said = call("plan", "fagbot", "--units", "12", "--tasks-each", "8", *QUICK, "--format", "json")
    found = json.loads(said.out)
    schema = json.loads((PACKAGE / "schemas/plan.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema)
    assert found["schema"] == 1
    assert found["method"] == "rerandomisation"
    assert found["alarms"]["value"] < 0.15
    assert {one["name"] for one in found["assumed"]} >= {"log_sd", "icc"}
    assert all(one["text"] for one in found["assumed"])
    curve = call("plan", "fagbot", "--units", "12", "--tasks-each", "8", *QUICK, "--format", "csv")
    assert curve.out.splitlines()[0] == "effect,power"


def test_a_draw_that_can_show_nothing_is_refused_with_a_way_out(
    call: Call, workspace: Path
) -> None:
    said = call("plan", "chatbot-kompetence", "--units", "6", "--tasks-each", "9", *QUICK,
                "--lang", "en")  # fmt: skip
    assert said.code == 1
    assert "With 6 teams the smallest p-value that this draw can give is 0.1" in said.out
    assert "teams on it can" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--icc", "1"), 2, "icc"),
        (("--units", "1"), 2, "units"),
        (("--units", "12", "--tasks-each", "1"), 1, "at least 2"),
    ],
)
def test_numbers_that_make_no_plan_are_refused(
    call: Call, workspace: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = call("plan", "fagbot", *arguments, "--lang", "en")
    assert said.code == code
    assert words in said.err


@pytest.mark.parametrize(
    ("option", "typed"),
    [
        *(("--mean", typed) for typed in ("nan", "inf", "-5", "0", "tre")),
        *((name, "nan") for name in ("--tasks-each", "--cv", "--icc", "--log-sd", "--reaction-sd")),
        ("--log-sd", "-inf"),
        ("--icc", "0,1"),
    ],
)
def test_what_is_no_number_is_refused_with_the_numbers_that_are_taken(
    call: Call, workspace: Path, option: str, typed: str
) -> None:
    said = call("plan", "fagbot", f"{option}={typed}", "--lang", "en")
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith(f"{option}: found {typed}, expected a number ")
    assert "Traceback" not in said.err


def test_how_many_there_will_be_must_be_said_somewhere(call: Call, workspace: Path) -> None:
    file = workspace / "experiments/fagbot/trial.toml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [one for one in lines if not one.startswith(("clusters", "tasks_each"))]
    file.write_text("".join(kept), encoding="utf-8")
    said = call("plan", "fagbot", "--lang", "en")
    assert said.code == 1
    assert "--units" in said.err
    assert "--tasks-each" in said.err
