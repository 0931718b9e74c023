"""register: what is frozen, what is read at once, and what a later hand on the disk is found by."""

import json
import sqlite3
from contextlib import closing

import pytest

from htkeval import __version__
from htkeval.canonical import canonical, fingerprint
from htkeval.steps.case import open_case
from htkeval.store import chain
from htkeval.workspace import at
from tests.cli.test_verify import failed
from tests.examples import TO_COME, sheet

RICH = (
    TO_COME.replace(
        'date = "dato"', 'date = "dato"\nclusters = 6\ntasks_each = 8\nbaseline_tasks = 3'
    )
    + """
[[covariates]]
column = "sider"
scale = "log"

[[exclusions]]
rule = "minutter > 480"
reason = "glemt at stoppe uret"

[analysis]
seed = 77
looks = [0.5, 1.0]
spending = "pocock"

[forecast]
relative_change = -0.25
"""
)


def promised(place):
    with open_case(at(place, {}), "proeve") as case:
        return case.registration


def test_a_registration_freezes_all_that_was_promised(place, call):
    (place / "experiments" / "proeve" / "trial.toml").write_text(RICH, encoding="utf-8")
    assert call("register", "proeve").code == 0
    payload = promised(place).payload
    definition = payload["definition"]
    assert definition["question"] == "Går det hurtigere?"
    assert definition["arms"]["treatment"]["label"] == "Med AI"
    design = definition["design"]
    assert (design["clusters"], design["tasks_each"], design["baseline_tasks"]) == (6, 8, 3)
    assert [metric["margin"] for metric in definition["metrics"]] == [None, 0.5]
    assert definition["covariates"] == [{"column": "sider", "label": None, "scale": "log"}]
    assert definition["exclusions"][0]["rule"] == "minutter > 480"
    assert definition["forecast"]["relative_change"] == -0.25
    analysis = definition["analysis"]
    assert (analysis["seed"], analysis["looks"], analysis["spending"]) == (77, [0.5, 1.0], "pocock")
    assert payload["method"] == "rerandomisation"
    assert payload["estimand"]["values"]["treatment"] == "Med AI"
    assert payload["software"] == f"htkeval {__version__}"
    policy = at(place, {}).policy
    assert payload["policy"] == policy.version
    assert payload["policy_fingerprint"] == policy.fingerprint
    content = {key: value for key, value in payload.items() if key != "fingerprint"}
    assert payload["fingerprint"] == fingerprint(content)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Question: Går det hurtigere?",
                "With AI: Med AI. Without: I hånden.",
                "Planned: 6 participants, each with 8 tasks.",
                "At least 3 tasks without AI come before the first with it.",
                "Minutter pr. referat. At least 15 % less is worth having.",
                "Fejl i referatet: at most 50 percentage points worse.",
                "the draw repeated (re-randomisation). Confidence: 95 %. Seed of the draws: 77.",
                "looked at 2 times, at 50, 100 % of the information",
                "it is spent evenly (Pocock)",
                "The trial lead expects 25 % less.",
                "Policy: Version 2026-1 (fingerprint ",
                "Fingerprint ",
            ),
        ),
        (
            "da",
            (
                "Spørgsmål: Går det hurtigere?",
                "Planlagt: 6 deltagere med 8 opgaver hver.",
                "Der måles mindst 3 opgaver uden AI før den første med.",
                "Mindst 15 pct. mindre er det værd.",
                "Fejl i referatet: højst 50 procentpoint dårligere.",
                "Lodtrækningernes startværdi: 77.",
                "Forsøgslederen forventer 25 pct. mindre.",
                "Fingeraftryk ",
            ),
        ),
    ],
)
def test_what_was_frozen_is_read_in_a_few_lines(place, call, monkeypatch, language, words):
    from htkeval.cli import output, registration, speech

    for module in (output, registration, speech):
        monkeypatch.setattr(module, "language", lambda: language)
    (place / "experiments" / "proeve" / "trial.toml").write_text(RICH, encoding="utf-8")
    answer = call("register", "proeve")
    said = " ".join(answer.out.split())
    assert [text for text in words if text not in said] == []
    assert len(answer.out.splitlines()) < 20
    assert promised(place).payload["fingerprint"] in said


def test_a_second_registration_stores_nothing(measured, call):
    before = promised(measured)
    with open_case(at(measured, {}), "proeve") as case:
        events = len(case.store.events())
    answer = call("register", "proeve")
    assert answer.code == 1
    assert "htkeval deviate proeve" in answer.err
    with open_case(at(measured, {}), "proeve") as case:
        assert len(case.store.events()) == events
    assert promised(measured) == before


def edit(place, statement, *values):
    """As somebody would who has the file and knows SQL."""
    with closing(sqlite3.connect(place / ".htkeval" / "store.db")) as raw:
        triggers = [name for (name,) in raw.execute("select name from sqlite_master"
                                                    " where type = 'trigger'")]  # fmt: skip
        kept = [raw.execute("select sql from sqlite_master where name = ?", (name,)).fetchone()[0]
                for name in triggers]  # fmt: skip
        for name in triggers:
            raw.execute(f"drop trigger {name}")
        assert raw.execute(statement, values).rowcount > 0
        for made in kept:
            raw.execute(made)
        raw.commit()


def test_a_registration_edited_on_the_disk_is_found(measured, call):
    assert failed(call) == set()
    edit(
        measured,
        "update event set payload = replace(payload, '-0.15', '-0.05') where kind = 'registration'",
    )
    assert failed(call) == {"chain", "promise:proeve"}
    told = call("verify", "--no-runs").out
    assert "proeve: the promise in event 1 was changed: it gives another fingerprint." in told


def test_one_who_also_mends_the_hash_is_found_by_the_fingerprint_and_the_chain(measured, call):
    event = promised(measured)
    payload = json.loads(json.dumps(event.payload).replace("-0.15", "-0.05"))
    forged = event.model_copy(update={"payload": payload})
    sealed = chain.seal(forged)
    edit(
        measured,
        "update event set payload = ?, hash = ? where kind = 'registration'",
        canonical(payload),
        sealed,
    )
    found = failed(call)
    assert {"chain", "promise:proeve", "outbox"} <= found


def rows(arm, count, *, day="", start=0):
    """So many rows of one arm, every one with minutes of its own."""
    minutes = [f"{20 + (start + n) / 7:.2f}".replace(".", ",") for n in range(count)]
    return [f"M{n % 6:02d};{arm};{day};{each};0" for n, each in enumerate(minutes)]


def written(place, name, *parts):
    """A sheet of such rows in the current folder."""
    lines = ["medarbejder;arm;dato;minutter;fejl", *(line for part in parts for line in part)]
    (place / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def level(call):
    found = json.loads(call("analyse", "proeve", "--format", "json").out)
    in_time = {check["name"]: check["passed"] for check in found["checks"]}["registered_in_time"]
    return in_time, found["evidence_level"]


def test_what_was_not_promised_in_time_stays_so(place, call):
    """An undated sheet with the tool came first; whatever comes later, the mark stays."""
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace('date = "dato"\n', ""), encoding="utf-8")
    assert call("add", "proeve", written(place, "a.csv", rows("med", 1))).code == 0
    late = call("register", "proeve")
    assert "not registered in time, for good" in late.out
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    assert level(call) == (False, "E3")
    file.write_text(TO_COME, encoding="utf-8")
    call("deviate", "proeve", "--what", "design.date", "--why", "arket har en dato")
    assert level(call) == (False, "E3")


def test_an_undated_sheet_after_the_promise_is_in_time_and_a_late_one_is_not(place, call):
    assert call("register", "proeve").code == 0
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    assert call("add", "proeve", written(place, "u.csv", rows("med", 2))).code == 0
    assert level(call) == (True, "E4")
    late = written(place, "sent.csv", rows("med", 1, day="01-02-2020", start=50))
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace("2099-01-12", "2020-01-12"), encoding="utf-8")
    call("deviate", "proeve", "--what", "starts", "--why", "begyndte før")
    assert call("add", "proeve", late).code == 0
    assert level(call) == (False, "E3")


def test_a_paper_is_printed_with_the_registration_and_again_with_the_same_bytes(place, call):
    first = call("register", "proeve", "--pdf", "a.pdf")
    assert first.code == 0
    assert "Printed to a.pdf" in first.out
    before = promised(place)
    again = call("register", "proeve", "--pdf", "b.pdf")
    assert again.code == 0
    assert "is registered. Frozen" not in again.out
    assert (place / "a.pdf").read_bytes() == (place / "b.pdf").read_bytes()
    assert promised(place) == before


@pytest.mark.parametrize("name", ["there.pdf", "nowhere/a.pdf"])
def test_a_paper_that_cannot_be_written_leaves_nothing_registered(place, call, name):
    (place / "there.pdf").write_bytes(b"signed")
    answer = call("register", "proeve", "--pdf", name)
    assert answer.code == (1 if name == "there.pdf" else 3)
    assert promised(place) is None
    assert (place / "there.pdf").read_bytes() == b"signed"


def test_a_registration_that_is_refused_leaves_no_paper(place, call):
    (place / "configs" / "policy.toml").write_text("version = 1\n", encoding="utf-8")
    assert call("register", "proeve", "--pdf", "a.pdf").code == 1
    assert not (place / "a.pdf").exists()
