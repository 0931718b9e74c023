"""A trial as files: nobody's name in them, the same bytes each time, the same figure again."""

from __future__ import annotations

import csv
import json
import subprocess

import pyarrow.parquet as pq
import pytest
from sqlalchemy import text

from htkeval.cli import export as command
from htkeval.errors import StateError
from htkeval.steps.case import open_case
from htkeval.workspace import at
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import TO_COME, sheet, write_trial

ROWS = ("codebook", "data", "registration", "results")


def out(call, folder="ud", *more):
    return call("export", "proeve", "-o", folder, "--as", "Ida", *more)


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def main(call, *arguments):
    found = json.loads(call("analyse", *arguments, "--format", "json").out)
    (one,) = (effect for effect in found["effects"] if effect["confirmatory"])
    return {key: one[key] for key in ("estimate", "ci", "p_value", "method", "baseline")}


def test_the_exported_sheet_gives_the_stored_confirmatory_figure(measured, call, monkeypatch):
    """Days became weeks, so rows stand in another order, and repeated draws move the interval."""
    monkeypatch.setattr("htkeval.evaluation.draw.lots.DRAWS", 9_999)
    stored = main(call, "proeve")
    answer = out(call)
    assert answer.code == 0, answer.err
    monkeypatch.chdir(measured / "ud")
    for name in ("data.csv", "data.parquet"):
        found = main(call, "trial.toml", "--data", name)
        assert found["estimate"] == pytest.approx(stored["estimate"], rel=1e-12)
        assert found["p_value"] == pytest.approx(stored["p_value"], rel=0.05)
        assert found["ci"] == pytest.approx(stored["ci"], abs=0.01)
        assert found["method"] == stored["method"]
    (written,) = (r for r in read(measured / "ud/results.csv") if r["confirmatory"] == "True")
    assert float(written["estimate"]) == stored["estimate"]
    told = (measured / "ud/README.en.md").read_text("utf-8")
    assert "the confirmatory figure is that of results.csv" in told


def test_without_days_to_coarsen_every_digit_is_the_same(place, call, monkeypatch):
    plan = TO_COME.replace('date = "dato"', "")
    write_trial(place / "experiments/proeve", plan)
    rows = [line.split(";") for line in sheet(year=2099).splitlines()]
    text_ = "\n".join(";".join([*row[:2], *row[3:]]) for row in rows) + "\n"
    (place / "maal.csv").write_text(text_, encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    stored = main(call, "proeve")
    assert out(call).code == 0
    monkeypatch.chdir(place / "ud")
    assert main(call, "trial.toml", "--data", "data.csv") == stored
    assert main(call, "trial.toml", "--data", "data.parquet") == stored


def test_there_is_a_csv_and_a_parquet_of_each_and_a_readme_in_both_languages(analysed, call):
    assert out(call).code == 0
    folder = analysed / "ud"
    wanted = {f"{name}.{end}" for name in ROWS for end in ("csv", "parquet")}
    wanted |= {"README.da.md", "README.en.md", "SHA256SUMS", "trial.toml"}
    assert {file.name for file in folder.iterdir()} == wanted
    for name in ROWS:
        table = pq.read_table(folder / f"{name}.parquet")
        rows = read(folder / f"{name}.csv")
        assert (table.num_rows, table.column_names) == (len(rows), list(rows[0]))
    told = (folder / "README.da.md").read_text("utf-8")
    assert "personoplysninger" in told
    assert all(f"`{name}`" in told for name in wanted - {"README.da.md", "README.en.md"})
    with open_case(at(analysed, {}), "proeve") as case:
        for kind in ("snapshot", "analysis"):
            assert case.store.latest("proeve", kind).payload["sha256"] in told
        assert case.fingerprint in told


def test_the_fingerprints_are_those_of_the_files(analysed, call):
    assert out(call).code == 0
    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=analysed / "ud", capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    (event,) = events(analysed, "export")
    sums = dict(
        reversed(line.split("  ")) for line in (analysed / "ud/SHA256SUMS").read_text().splitlines()
    )
    assert sums.items() <= event.payload["files"].items()


def test_no_pseudonym_and_no_token_stands_in_any_byte(analysed, call):
    with open_case(at(analysed, {}), "proeve") as case, case.store.reading() as connection:
        people = list(connection.execute(text("SELECT token, pseudonym FROM subject")))
    assert len(people) == 6
    assert out(call).code == 0
    for file in (analysed / "ud").iterdir():
        content = file.read_bytes()
        if file.suffix == ".parquet":  # compressed: read it too
            content += str(pq.read_table(file).to_pydict()).encode()
        for token, name in people:
            assert str(token).encode() not in content
            assert name.encode() not in content
    assert {row["medarbejder"] for row in read(analysed / "ud/data.csv")} == {
        f"P00{n}" for n in range(1, 7)
    }


def test_the_same_trial_gives_the_same_bytes(analysed, call):
    assert out(call).code == 0
    assert out(call, "igen").code == 0
    first, second = (
        {file.name: file.read_bytes() for file in (analysed / name).iterdir()}
        for name in ("ud", "igen")
    )
    assert first == second


def test_who_exported_what_and_when_is_an_event(analysed, call):
    assert out(call).code == 0
    assert out(call, "alle", "--public").code == 0
    rows, public = events(analysed, "export")
    assert (rows.actor.name, rows.payload["public"], rows.payload["rows"]) == ("Ida", False, 48)
    assert (public.payload["public"], public.payload["rows"]) == (True, 0)
    assert failed(call) == set()


def test_a_folder_with_something_in_it_is_refused_and_left_alone(analysed, call):
    (analysed / "ud").mkdir()
    (analysed / "ud/vigtigt.txt").write_text("x")
    before = events(analysed)
    assert out(call).code == 1
    assert [file.name for file in (analysed / "ud").iterdir()] == ["vigtigt.txt"]
    assert out(call, "maal.csv").code == 1
    assert events(analysed) == before
    (analysed / "tom").mkdir()
    assert out(call, "tom").code == 0


def test_where_the_event_cannot_be_stored_nothing_is_written(analysed, call, monkeypatch):
    from htkeval.steps import export as step

    def refused(*_args, **_more):
        raise StateError(())

    monkeypatch.setattr(step, "record", refused)
    assert out(call).code == 1
    assert not (analysed / "ud").exists()
    assert list(analysed.glob(".htkeval-*")) == []
    assert command.new_folder is not None


def test_in_public_there_are_no_rows_but_counts_and_results(analysed, call):
    assert out(call, "ud", "--public").code == 0
    folder = analysed / "ud"
    assert not (folder / "data.csv").exists()
    assert read(folder / "counts.csv") == [
        {"arm": "baseline", "tasks": "24", "people": "6"},
        {"arm": "treatment", "tasks": "24", "people": "6"},
    ]
    assert read(folder / "results.csv")


def test_findings_leave_with_it_and_in_public_only_experiences(analysed, call):
    tell = ("finding", "proeve", "--owner", "Digitaliseringschef", "--text")
    call(*tell, "Møder med mange kræver flere rettelser", "--kind", "experience")
    call(*tell, "Lyd sendes ud af huset", "--kind", "security", "--area", "Social")
    out(call)
    out(call, "frit", "--public")
    kinds = [row["kind"] for row in read(analysed / "ud/findings.csv")]
    assert kinds == ["experience", "security"]
    assert [row["kind"] for row in read(analysed / "frit/findings.csv")] == ["experience"]
    assert "hvad der blev erfaret" in (analysed / "ud/README.da.md").read_text("utf-8")


def test_rows_of_fewer_than_five_people_in_an_arm_do_not_leave(place, call):
    (place / "maal.csv").write_text(sheet(people=4, year=2099), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    refused = out(call)
    assert refused.code == 1
    assert "--public" in refused.err
    assert not (place / "ud").exists()
    assert out(call, "ud", "--public").code == 0
    for row in read(place / "ud/counts.csv"):
        assert (row["tasks"], row["people"]) == ("", "")


def test_somebody_who_was_forgotten_is_in_no_later_export(analysed, call):
    name = sheet(year=2099).splitlines()[1].partition(";")[0]
    assert call("erase", "proeve", "--participant", name, "--why", "trukket tilbage").code == 0
    assert out(call).code == 0
    assert len(read(analysed / "ud/data.csv")) == 40


def test_a_lock_is_told_in_the_readme(analysed, call):
    assert call("snapshot", "proeve", "--final", "--as", "Bo").code == 0
    assert out(call).code == 0
    assert "Data er låst: af Bo den" in (analysed / "ud/README.da.md").read_text("utf-8")


def test_between_looks_nothing_leaves_with_rows_or_without(place, call):
    plan = TO_COME.replace('date = "dato"', 'date = "dato"\nclusters = 12\ntasks_each = 8')
    write_trial(place / "experiments/proeve", plan + "\n[analysis]\nlooks = [0.5, 1.0]\n")
    (place / "maal.csv").write_text(sheet(48, people=12, year=2099), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    before = events(place)
    for more in ((), ("--public",)):
        refused = out(call, "ud", *more)
        assert refused.code == 1
        assert "last look is not due" in refused.err
    assert events(place) == before
    assert not (place / "ud").exists()
