"""Files that other programs write, made up with the structure that theirs have."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

SECRET = "Borgeren har fået afslag på boligstøtte"
"""What stands in prompts, answers and reasons, and must stand nowhere else."""


def promptfoo(**changes: Any) -> dict[str, Any]:
    """Results of two providers: 3 of 4 tests passed, and 1 of 4, with one in error."""
    prompts = [
        _prompt("openai:gpt-4o", 3, 1, 0, {"tone": 2.4}, 0.25),
        _prompt("file:///home/ida/agent.py", 1, 2, 1, {"tone": 0.6}, 0.5),
    ]
    summary = {
        "version": 3,
        "timestamp": "2026-11-30T08:00:00.000Z",
        "prompts": prompts,
        "results": [{"prompt": {"raw": SECRET}, "response": {"output": SECRET}, "error": SECRET}],
        "stats": {
            "successes": 4,
            "failures": 3,
            "errors": 1,
            "tokenUsage": {
                "total": 900,
                "prompt": 600,
                "completion": 300,
                "cached": 0,
                "numRequests": 8,
                "assertions": {"total": 120, "prompt": 80, "completion": 40},
            },
        },
    }
    return {
        "evalId": "eval-abc",
        "results": {**summary, **changes},
        "config": {"prompts": [SECRET]},
        "metadata": {"promptfooVersion": "0.120.0"},
    }


def _prompt(
    provider: str, passed: int, failed: int, errors: int, named: dict[str, float], cost: float
) -> dict[str, Any]:
    return {
        "id": "d3bcaf71c11c2678899be04d872718325f0916b3b0705e805ee29930663a42e2",
        "raw": SECRET,
        "label": SECRET,
        "provider": provider,
        "metrics": {
            "score": 2.5,
            "testPassCount": passed,
            "testFailCount": failed,
            "testErrorCount": errors,
            "namedScores": named,
            "namedScoresCount": dict.fromkeys(named, 3),
            "cost": cost,
        },
    }


def mlflow_run(status: str = "FINISHED", **changes: Any) -> dict[str, Any]:
    """A run as `run.to_dictionary()` gives it."""
    info = {"run_id": "0" * 31 + "a", "run_name": "sagsbehandling", "status": status}
    metrics = {"safety/mean": 0.75, "accuracy_score": 0.5}
    data = {"metrics": metrics, "params": {}, "tags": {"mlflow.runType": "genai_evaluate"}}
    return {"info": {**info, "lifecycle_stage": "active"}, "data": {**data, **changes}}


RAGAS = f"""\
user_input,response,retrieved_contexts,reference,faithfulness,answer_relevancy,verdict
{SECRET},ja,"['{SECRET}']",ja,0.5,0.9,pass
{SECRET},nej,"['{SECRET}']",ja,,0.7,fail
{SECRET},ja,"['{SECRET}']",ja,1.0,0.8,pass
"""
"""Faithfulness 0.5 and 1 with one missing; relevancy 0.9, 0.7, 0.8; a metric of words."""


HEAD = ("Id", "Starttidspunkt", "Sluttidspunkt", "Mail", "Navn")
QUESTIONS = ("Hvor tilfreds er du?", "Hvad bruger du det til?", "Andet?")
"""A rating, a question with several answers, and own words."""


def answers(
    ratings: list[int], *, mails: list[str] | None = None, uses: list[str] | None = None
) -> list[list[Any]]:
    """A form's answers: person n took n minutes."""
    start = datetime.fromisoformat("2026-11-23 09:00")  # Excel knows no zone
    return [
        [
            n,
            start,
            start + timedelta(minutes=n),
            mails[n - 1] if mails else "anonymous",
            "Ida Holm",
            rating,
            uses[n - 1] if uses else "Referater;Breve;",
            f"{SECRET} {n}",
        ]
        for n, rating in enumerate(ratings, start=1)
    ]


def write_form(file: Path, rows: list[list[Any]], *, head: tuple[str, ...] = HEAD) -> Path:
    """The same as Forms exports it to Excel."""
    book = Workbook()
    sheet = book.active
    sheet.append([*head, *QUESTIONS])
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file


def audit(forms: int, *, users: int | None = None) -> str:
    """An audit: each form takes 60 s, of which 20 s and 10 s in questions of two groups, and 15 s
    more after a break of an hour."""
    rows = ["instance ID,event,node,start,end,latitude,longitude,accuracy,old-value,new-value,user"]
    for n in range(1, forms + 1):
        at, who = 1_764_000_000_000 + n * 86_400_000, f"u{n % (users or forms)}"
        rest = f"55.6761,12.5683,5,{SECRET},{SECRET},{who}"
        rows += [
            f"f{n},form start,,{at},,{rest}",
            f"f{n},question,/data/borger[1]/navn,{at},{at + 20_000},{rest}",
            f"f{n},group questions,/data/svar,{at + 20_000},{at + 30_000},{rest}",
            f"f{n},form exit,,{at + 60_000},,{rest}",
            f"f{n},form resume,,{at + 3_660_000},,{rest}",
            f"f{n},form finalize,,{at + 3_675_000},,{rest}",
        ]
    return "\n".join(rows) + "\n"


BANDS = """\
band;nedre;øvre;antal
ingen;0;0;4
op til 10;0;10;5
over 10;10;;1
"""
"""At least (0 + 0 + 10) / 10 = 1; with 60 as the cap at most (0 + 50 + 60) / 10 = 11."""
