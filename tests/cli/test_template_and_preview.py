"""template and add --preview from the shell: an empty sheet out, and how a filled one is read."""

from __future__ import annotations

import csv
import re

import openpyxl
import pytest

from htkeval.store.store import open_store
from htkeval.trial_file import load
from htkeval.workspace import at
from tests.examples import TO_COME, sheet, write_workspace
from tests.intake.filled import fill

WITH_TASKS = TO_COME.replace('participant = "medarbejder"', 'participant = "medarbejder"\n'
                             'task = "opgave"')  # fmt: skip


def events(place):
    with open_store(at(place).store) as store:
        return [event.kind for event in store.events("proeve")]


def test_a_template_is_written_filled_in_previewed_and_added(place, call, tmp_path):
    made = call("template", "proeve", "-o", "skema.xlsx", "--lang", "en")
    assert made.code == 0, made.err
    trial = load(place / "experiments" / "proeve" / "trial.toml")
    fill((place / "skema.xlsx").read_bytes(), trial, place / "fyldt.xlsx")
    told = call("add", "proeve", "fyldt.xlsx", "--preview", "--lang", "en")
    assert told.code == 0, told.out + told.err
    assert "uden: rows: 3" in told.out
    [minutes] = [one for one in told.out.splitlines() if one.startswith("minutter")]
    assert "Minutter pr. referat: duration" in minutes
    assert "1.5, 2.5, 3.5" in minutes
    [days] = [one for one in told.out.splitlines() if one.startswith("dato")]
    assert "date cells of Excel" in days
    assert events(place) == []
    assert call("add", "proeve", "fyldt.xlsx").code == 0
    assert events(place) == ["batch"]


def test_a_preview_makes_no_store(place, call):
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    assert call("add", "proeve", "maal.csv", "--preview").code == 0
    assert not (place / ".htkeval").exists()


def test_a_preview_tells_every_fault_and_how_the_rest_is_read(place, call):
    rows = ["medarbejder;arm;dato;minutter;fejl", "P1;uden;12-01-2099;35,5;0",
            "P1;med;2099-01-13;tredive;1", "P2;hvad;13-01-2099;;"]  # fmt: skip
    (place / "maal.csv").write_text("\n".join(rows), encoding="utf-8")
    told = call("add", "proeve", "maal.csv", "--preview", "--lang", "en")
    assert told.code == 1
    said = " ".join(told.out.split())
    assert 'row 3, column minutter: found "tredive"' in said
    assert 'row 4, column arm: found "hvad"' in said
    assert "decimal comma" in said
    assert "written in several ways" in said
    assert "without an arm: rows: 1" in said
    assert "Rows with nothing measured: 1." in said
    [minutes] = [one for one in told.out.splitlines() if one.startswith("minutter")]
    assert minutes.split()[-2:] == ["35.5", "2"]


def test_a_sheet_without_the_names_is_told_without_a_table(place, call):
    (place / "maal.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    told = call("add", "proeve", "maal.csv", "--preview", "--lang", "en")
    assert told.code == 1
    assert "no column arm" in told.out
    assert "Read as" not in told.out


def test_a_preview_shows_no_number_of_a_citizen(place, call):
    rows = ["medarbejder;arm;dato;minutter;fejl", "010203-1234;uden;12-01-2099;3112991234;0"]
    (place / "maal.csv").write_text("\n".join(rows), encoding="utf-8")
    told = call("add", "proeve", "maal.csv", "--preview", "--lang", "en")
    assert told.code == 1
    assert "010203-xxxx" in told.out
    digits = "".join(filter(str.isalnum, told.out))
    assert "0102031234" not in digits
    assert "3112991234" not in digits


def test_a_preview_asks_the_trial_too(place, call):
    text = sheet(year=2099).splitlines()
    marked = [f"{text[0]}{';' if ';' in text[0] else ','}htkeval_simulated"]
    marked += [f"{one}{';' if ';' in text[0] else ','}1" for one in text[1:]]
    (place / "opfundet.csv").write_text("\n".join(marked), encoding="utf-8")
    assert call("register", "proeve").code == 0
    told = call("add", "proeve", "opfundet.csv", "--preview", "--lang", "en")
    assert told.code == 1
    assert "simulated measurements for a trial that is registered" in told.out
    assert call("add", "proeve", "opfundet.csv").code == 1
    assert call("add", "proeve", "opfundet.csv", "--preview", "--simulated").code == 0


def test_a_missing_file_is_a_wrong_call_in_a_preview_too(place, call):
    assert call("add", "proeve", "ingen.csv", "--preview").code == 2


def test_nothing_is_written_over_and_only_two_kinds_of_file_are_known(place, call):
    (place / "skema.csv").write_text("mine", encoding="utf-8")
    assert call("template", "proeve", "-o", "skema.csv").code == 1
    assert (place / "skema.csv").read_text(encoding="utf-8") == "mine"
    wrong = call("template", "proeve", "-o", "skema.ods", "--lang", "en")
    assert wrong.code == 2
    assert "one of .xlsx, .csv" in wrong.err
    assert not (place / "skema.ods").exists()
    assert call("template", "ingen", "-o", "x.xlsx").code == 2


def test_a_template_only_reads_the_store(place, call):
    assert call("template", "proeve", "-o", "skema.csv").code == 0
    assert (place / "skema.csv").read_bytes().startswith(b"\xef\xbb\xbfarm;medarbejder;")
    assert not (place / ".htkeval").exists()


@pytest.fixture
def drawn(tmp_path, monkeypatch, call):
    root = write_workspace(tmp_path / "place", WITH_TASKS)
    monkeypatch.chdir(root)
    units = [f"P{p};T{t}" for p in range(3) for t in range(4)]
    (root / "opgaver.csv").write_text("\n".join(["medarbejder;opgave", *units]), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("allocate", "proeve", "--units", "opgaver.csv", "-o", "liste.csv").code == 0
    return root


def test_the_lots_of_the_record_stand_in_the_template(drawn, call):
    assert call("template", "proeve", "-o", "skema.xlsx").code == 0
    rows = (
        openpyxl.load_workbook(drawn / "skema.xlsx").worksheets[1].iter_rows(min_row=4, max_col=3)
    )
    told = {(row[1].value, row[2].value, row[0].value) for row in rows}
    listed = (drawn / "liste.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert told == {tuple(one.replace(";", ",").split(",")) for one in listed}
    assert len(told) == 12
    trial = load(drawn / "experiments" / "proeve" / "trial.toml")
    kept = dict.fromkeys(("arm", "medarbejder", "opgave"))
    fill((drawn / "skema.xlsx").read_bytes(), trial, drawn / "fyldt.xlsx", rows=12, keep=kept)
    assert call("add", "proeve", "fyldt.xlsx").code == 0


IN_ORDERS = TO_COME.replace(
    'kind = "within"', 'kind = "crossover"\nperiod = "periode"\nsequence = "orden"'
)


def test_beside_a_person_and_a_period_only_the_arm_of_the_order_can_be_chosen(
    tmp_path, monkeypatch, call
):
    root = write_workspace(tmp_path / "place", IN_ORDERS)
    monkeypatch.chdir(root)
    (root / "folk.csv").write_text("\n".join(["medarbejder", *"ABCDEF"]), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert (
        call("allocate", "proeve", "--units", "folk.csv", "-o", "liste.csv", "--lang", "da").code
        == 0
    )
    assert call("template", "proeve", "-o", "skema.xlsx").code == 0
    book = openpyxl.load_workbook(root / "skema.xlsx")
    names = {cell.column_letter: cell.value for cell in book.worksheets[1][3]}
    rules = {names[str(one.sqref)[0]]: one.formula1
             for one in book.worksheets[1].data_validations.dataValidation}  # fmt: skip
    arms, person, period = re.fullmatch(
        r"INDEX\((.+),MATCH\(\$B4,(.+),0\),MATCH\(\$C4,(.+),0\)\)", rules["arm"]
    ).groups()
    assert (person, period) == (rules["medarbejder"], rules["periode"])
    assert rules["orden"].startswith("INDEX(")

    def block(place):
        rows = book["htkeval"][place.split("!")[1].replace("$", "")]
        return [[cell.value for cell in row] for row in rows]

    offered = {
        (who, when, arm)
        for [who], each in zip(block(person), block(arms), strict=True)
        for [when], arm in zip(block(period), each, strict=True)
    }
    listed = csv.DictReader((root / "liste.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    assert offered == {(row["medarbejder"], n, row[f"periode_{n}"]) for row in listed for n in "12"}
    assert {arm for _, _, arm in offered} == {"uden", "med"}


def test_rows_of_drawn_tasks_that_are_not_filled_in_are_told_of(drawn, call):
    assert call("template", "proeve", "-o", "skema.xlsx").code == 0
    told = call("add", "proeve", "skema.xlsx", "--preview", "--lang", "en")
    assert "Rows with nothing measured: 12." in " ".join(told.out.split())
