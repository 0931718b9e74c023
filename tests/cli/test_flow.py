"""A trial from its definition to a signed decision, from the shell."""

import csv
import io
import json

import pytest

from tests.examples import TO_COME, sheet


def test_the_whole_road_ends_in_a_signed_decision(measured, call):
    assert "rows frozen as" in call("snapshot", "proeve").out
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    assert analysis["registration"]
    assert len(analysis["snapshot"]) == 64
    assert analysis["evidence_level"] == "E4"
    assert sum(effect["confirmatory"] for effect in analysis["effects"]) == 1
    before = json.loads(call("recommend", "proeve", "--format", "json").out)
    assert before["verdict"] == "prolong"
    assert {r["id"]: r["met"] for r in before["requirements"]}["gate_dpia"] is False
    assert call("gate", "proeve", "dpia", "--state", "closed", "--date", "2026-01-05").code == 0
    after = json.loads(call("recommend", "proeve", "--format", "json").out)
    assert after["verdict"] == "go", after
    signed = call(
        "decide", "proeve", "--outcome", "go", "--reason", "alt er på plads", "--as", "Ida"
    )
    assert signed.code == 0
    assert "signed by Ida (known by declared)" in signed.out
    state = json.loads(call("status", "--format", "json").out)["trials"][0]
    assert (state["verdict"], state["decided"], state["baseline"]) == ("go", "go", 24)
    assert state["open_gates"] == []


def test_the_same_rows_give_the_same_snapshot_and_analysis(measured, call):
    first = json.loads(call("analyse", "proeve", "--format", "json").out)
    again = json.loads(call("analyse", "proeve", "--format", "json").out)
    assert first == again
    events = json.loads(call("status", "--format", "json").out)["trials"][0]["unpublished"]
    assert events == 3  # registration, snapshot, analysis: each once


def test_a_sheet_analysed_directly_gives_the_effects_of_the_stored_road(measured, call):
    stored = json.loads(call("analyse", "proeve", "--format", "json").out)
    direct = json.loads(call("analyse", "proeve", "--data", "maal.csv", "--format", "json").out)
    assert direct["effects"] == stored["effects"]
    assert direct["snapshot"] == stored["snapshot"]
    assert direct["registration"] is None
    assert direct["evidence_level"] == "E3"


def test_a_sheet_needs_no_workspace(tmp_path, call, monkeypatch):
    from tests.examples import write_trial

    file = write_trial(tmp_path / "t", TO_COME)
    (tmp_path / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    answer = call("analyse", file, "--data", "maal.csv", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert {(row["metric"], row["scale"]) for row in rows} >= {("task_time", "ratio")}
    assert not (tmp_path / ".htkeval").exists()


def test_what_was_expected_stands_beside_what_was_measured(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    forecast = '[forecast]\nrelative_change = -0.25\ncolumn = "ventet"\n\n[[gates]]'
    file.write_text(TO_COME.replace("[[gates]]", forecast), encoding="utf-8")
    head, *rows = sheet(year=2099).splitlines()
    asked = [f"{row};{'-0,4' if ';uden;' in row else ''}" for row in rows]
    (place / "maal.csv").write_text("\n".join([f"{head};ventet", *asked]) + "\n", "utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    said = call("analyse", "proeve").out
    assert "Expected before by the trial lead: 25 % less. By 6 participants: 40 % less." in said


def test_a_trial_is_registered_once(measured, call):
    again = call("register", "proeve")
    assert again.code == 1
    assert "A promise is made once" in again.err


def test_a_registration_after_treatment_marks_the_trial_for_good(place, call):
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    call("add", "proeve", "maal.csv")
    late = call("register", "proeve")
    assert late.code == 0
    assert "not registered in time, for good" in late.out
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    assert analysis["evidence_level"] == "E3"


def test_work_done_before_the_promise_is_not_promised_in_time(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace("2099-01-12", "2020-01-12"), encoding="utf-8")
    (place / "maal.csv").write_text(sheet(year=2020), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    checks = {check["name"]: check["passed"] for check in analysis["checks"]}
    assert checks["registered_in_time"] is False
    assert analysis["evidence_level"] == "E3"


def test_a_sheet_that_grew_and_came_again_counts_each_row_once(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    text = TO_COME.replace('date = "dato"', 'date = "dato"\ntask = "opgave"')
    file.write_text(text, encoding="utf-8")
    head, *rows = sheet(year=2099).splitlines()
    lines = [f"{head};opgave", *(f"{row};{n}" for n, row in enumerate(rows))]
    for name, upto in (("a.csv", 25), ("b.csv", 49)):
        (place / name).write_text("\n".join(lines[:upto]) + "\n", encoding="utf-8")
        told = call("add", "proeve", name)
        assert told.code == 0
    assert "24 measurements stored as delivery 2 (event 2); 24 were here already" in told.out
    again = call("add", "proeve", "b.csv")
    assert "already here" in again.out
    assert sum(json.loads(call("status", "proeve", "--format", "json").out)["trials"][0][arm]
               for arm in ("baseline", "treatment")) == 48  # fmt: skip
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    (check,) = (check for check in analysis["checks"] if check["name"] == "repeated")
    assert check["passed"] is True
    assert call("verify", "--no-runs").code == 0


def test_a_value_that_was_put_right_stays_so_when_the_sheet_comes_again(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    text = TO_COME.replace('date = "dato"', 'date = "dato"\ntask = "opgave"')
    file.write_text(text, encoding="utf-8")
    head, *rows = sheet(year=2099).splitlines()
    lines = [f"{head};opgave", *(f"{row};{n}" for n, row in enumerate(rows))]
    for name, upto in (("a.csv", 25), ("b.csv", 49)):
        (place / name).write_text("\n".join(lines[:upto]) + "\n", encoding="utf-8")
    assert call("add", "proeve", "a.csv").code == 0
    put_right = ("correct", "proeve", "--row", "1", "--set", "minutter=35,5", "--why", "uret stod")
    assert call(*put_right).code == 0
    assert call("exclude", "proeve", "--row", "2", "--why", "afbrudt").code == 0
    told = call("add", "proeve", "b.csv")
    assert "24 were here already" in told.out
    line = json.loads(call("status", "proeve", "--format", "json").out)["trials"][0]
    assert line["baseline"] + line["treatment"] == 47
    (row,) = json.loads(call("rows", "proeve", "--row", "1", "--format", "json").out)["rows"]
    assert row["values"]["minutter"] == 35.5
    assert call("verify", "--no-runs").code == 0


def test_a_task_that_is_told_otherwise_is_stored_and_seen(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    text = TO_COME.replace('date = "dato"', 'date = "dato"\ntask = "opgave"')
    file.write_text(text, encoding="utf-8")
    head, *rows = sheet(year=2099).splitlines()
    lines = [f"{head};opgave", *(f"{row};{n}" for n, row in enumerate(rows))]
    (place / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    cells = lines[1].split(";")
    other = ";".join([*cells[:3], "99,5", *cells[4:]])
    (place / "b.csv").write_text("\n".join([lines[0], other, lines[2]]) + "\n", encoding="utf-8")
    assert call("add", "proeve", "a.csv").code == 0
    told = call("add", "proeve", "b.csv")
    assert told.code == 0
    assert "1 measurements stored" in told.out
    assert "b.csv: 1 rows tell otherwise of a task that is here already" in told.err
    analysis = json.loads(call("analyse", "proeve", "--format", "json").out)
    (check,) = (check for check in analysis["checks"] if check["name"] == "repeated")
    assert check["passed"] is False


def test_a_changed_definition_does_not_move_the_promise(measured, call):
    file = measured / "experiments" / "proeve" / "trial.toml"
    file.write_text(TO_COME.replace("worthwhile = -0.15", "worthwhile = -0.01"), encoding="utf-8")
    answer = call("analyse", "proeve")
    assert "the registered one counts" in answer.err
    state = json.loads(call("status", "--format", "json").out)["trials"][0]
    assert state["file_differs"] is True


def test_the_same_content_twice_is_one_batch_and_says_so(measured, call):
    (measured / "igen.csv").write_bytes(b"\xef\xbb\xbf" + sheet(year=2099).encode())
    again = call("add", "proeve", "igen.csv")
    assert again.code == 0
    assert "already here" in again.out
    assert json.loads(call("status", "--format", "json").out)["trials"][0]["baseline"] == 24


def test_an_outdated_analysis_is_not_signed_unless_that_is_said(measured, call):
    call("analyse", "proeve")
    (measured / "flere.csv").write_text(sheet(60, year=2099), encoding="utf-8")
    call("add", "proeve", "flere.csv")
    sign = ("decide", "proeve", "--outcome", "prolong", "--reason", "vi venter")
    assert call(*sign).code == 1
    assert call(*sign, "--outdated").code == 0


def test_a_decision_may_depart_from_the_recommendation_and_says_so(measured, call):
    call("analyse", "proeve")
    answer = call(
        "decide", "proeve", "--outcome", "stop", "--reason", "leverandøren er gået konkurs"
    )
    assert answer.code == 0
    assert "departs from the recommendation" in answer.out


def test_a_policy_may_refuse_a_signer_who_only_says_who_he_is(measured, call):
    policy = measured / "configs" / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    start = text.index("decide_known_by")
    end = text.index("\n", start)
    policy.write_text(text[:start] + 'decide_known_by = ["oidc"]' + text[end:], encoding="utf-8")
    call("analyse", "proeve")
    answer = call("decide", "proeve", "--outcome", "prolong", "--reason", "x")
    assert answer.code == 1
    assert "a signer known by declared" in answer.err


def test_a_decision_needs_a_reason(measured, call):
    call("analyse", "proeve")
    assert call("decide", "proeve", "--outcome", "prolong", "--reason", "  ").code == 1


def test_what_comes_next_is_said_at_every_stage(place, call):
    assert "htkeval register proeve" in call().out
    call("register", "proeve")
    assert "htkeval add proeve" in call().out
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    call("add", "proeve", "maal.csv")
    assert "htkeval analyse proeve" in call().out
    call("analyse", "proeve")
    assert "htkeval gate proeve" in call().out
    call("gate", "proeve", "dpia", "--state", "closed")
    assert "htkeval decide proeve" in call().out
    call("decide", "proeve", "--outcome", "go", "--reason", "klart")
    assert "nothing waits" in call().out


def without_the_mark(sheet: str) -> str:
    """A written sheet as if somebody had measured it."""
    return "".join(line.rpartition(",")[0] + "\n" for line in sheet.splitlines())


@pytest.fixture
def invented(place, call):
    """A workspace with a trial, its invented sheet, and the same rows without their mark."""
    from htkeval.resources import bundled

    folder = place / "experiments" / "fagbot"
    folder.mkdir()
    for name in ("trial.toml", "scenario.toml"):
        (folder / name).write_bytes((bundled("experiments") / "fagbot" / name).read_bytes())
    assert call("simulate", "fagbot", "-o", "opdigtet.csv").code == 0
    written = (place / "opdigtet.csv").read_text(encoding="utf-8")
    (place / "maalt.csv").write_text(without_the_mark(written), encoding="utf-8")
    return place


def stands(call, trial="fagbot"):
    return json.loads(call("status", trial, "--format", "json").out)["trials"][0]


def test_simulated_and_real_measurements_are_never_mixed(invented, call):
    assert call("simulate", "fagbot").code == 0
    again = call("add", "fagbot", "opdigtet.csv")
    assert again.code == 0
    assert "already here" in again.out
    before = stands(call)
    answer = call("add", "fagbot", "maalt.csv")
    assert answer.code == 1
    assert "the two are never mixed" in answer.err
    assert stands(call) == before


def test_no_simulated_sheet_comes_into_a_trial_that_was_measured(invented, call):
    assert call("add", "fagbot", "maalt.csv").code == 0
    before = stands(call)
    assert before["simulated"] is False
    answer = call("add", "fagbot", "opdigtet.csv")
    assert answer.code == 1
    assert "found real measurements" in answer.err
    assert stands(call) == before


@pytest.mark.parametrize(
    ("files", "sort"),
    [(("opdigtet.csv", "maalt.csv"), "real"), (("maalt.csv", "opdigtet.csv"), "simulated")],
)
def test_a_delivery_of_simulated_and_real_sheets_is_refused_whole(invented, call, files, sort):
    answer = call("add", "fagbot", *files)
    assert answer.code == 1
    assert f"{files[1]}: found {sort} measurements" in answer.err
    assert "the two are never mixed" in answer.err
    assert stands(call)["baseline"] == 0


def test_a_simulated_sheet_makes_its_trial_simulated(invented, call):
    assert call("add", "fagbot", "opdigtet.csv").code == 0
    assert stands(call)["simulated"] is True
    assert "SIMULATED" in call("status", "fagbot").out
    assert "SIMULATED" in call("analyse", "fagbot").out
    assert json.loads(call("analyse", "fagbot", "--format", "json").out)["simulated"] is True
    assert json.loads(call("recommend", "fagbot", "--format", "json").out)["simulated"] is True


@pytest.mark.parametrize("command", [("add", "fagbot", "opdigtet.csv"), ("simulate", "fagbot")])
def test_practice_rows_do_not_lock_a_trial_that_was_promised(invented, call, command):
    assert call("register", "fagbot").code == 0
    answer = call(*command)
    assert answer.code == 1
    assert "htkeval analyse fagbot --data FILE" in answer.err
    assert "another workspace" in answer.err
    assert call("add", "fagbot", "maalt.csv").code == 0
    assert stands(call)["simulated"] is False


@pytest.mark.parametrize("command", [("add", "fagbot", "opdigtet.csv"), ("simulate", "fagbot")])
def test_whoever_says_so_makes_a_promised_trial_a_simulated_one(invented, call, command):
    assert call("register", "fagbot").code == 0
    assert call(*command, "--simulated").code == 0
    assert stands(call)["simulated"] is True
    again = call("add", "fagbot", "opdigtet.csv")
    assert (again.code, "already here" in again.out) == (0, True)


def test_invented_rows_are_called_so_when_they_come_in(invented, call):
    answer = call("add", "fagbot", "opdigtet.csv")
    assert "simulated measurements stored as delivery 1" in answer.out
    assert "a simulated one from now on" in answer.out


def test_a_simulated_sheet_analysed_directly_says_so(invented, call):
    def analysed(file):
        return json.loads(call("analyse", "fagbot", "--data", file, "--format", "json").out)

    simulated, real = analysed("opdigtet.csv"), analysed("maalt.csv")
    assert (simulated["simulated"], real["simulated"]) == (True, False)
    assert simulated["snapshot"] == real["snapshot"]
    assert "SIMULATED" in call("analyse", "fagbot", "--data", "opdigtet.csv").out


def test_doctor_says_what_is_found_where(place, call):
    answer = call("doctor", "--format", "json")
    checks = {check["name"]: check for check in json.loads(answer.out)["checks"]}
    assert answer.code == 0
    assert checks["workspace"]["text"].startswith("Høje-Taastrup Kommune")
    (place / "configs" / "policy.toml").write_text("version = 1\n", encoding="utf-8")
    assert call("doctor").code == 1


@pytest.mark.parametrize("command", ["status", "doctor", "recommend", "analyse", "check"])
def test_a_document_fits_its_published_schema(measured, call, command):
    import jsonschema

    from htkeval.cli.documents import DOCUMENTS
    from htkeval.resources import PACKAGE

    call("analyse", "proeve")
    name = {"recommend": "recommendation", "analyse": "analysis", "doctor": "checks"}.get(
        command, command
    )
    assert name in DOCUMENTS
    arguments = () if command in ("status", "doctor") else ("proeve",)
    answer = call(command, *arguments, "--format", "json")
    schema = json.loads((PACKAGE / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(answer.out))
    assert json.loads(answer.out)["schema"] == 1


def test_the_published_schemas_are_made_from_the_nouns(tmp_path):
    from htkeval.cli.documents import DOCUMENTS, write_schemas
    from htkeval.resources import PACKAGE

    write_schemas(tmp_path)
    for name in DOCUMENTS:
        made = (tmp_path / f"{name}.schema.json").read_text(encoding="utf-8")
        kept = (PACKAGE / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
        assert made == kept, f"{name}: run `make schemas`"


def test_one_run_and_one_trial_are_not_called_several(place, call):
    assert call("register", "proeve").code == 0
    assert "One run is not in MLflow yet: htkeval sync" in call().out
    told = " ".join(call("doctor").out.split())  # lines break where the folder's name is long
    assert "One trial: proeve." in told
    assert "one run is not in MLflow yet." in told
