"""An empty sheet that `add` reads without a complaint once it is filled in."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest

from htkeval.intake.codebook import codebook, headed
from htkeval.intake.columns import plan
from htkeval.intake.rows import read
from htkeval.intake.template.book import HEADER, workbook
from htkeval.intake.template.choices import LISTS
from htkeval.intake.template.csv_sheet import csv_sheet
from htkeval.intake.template.lots import Lots
from htkeval.resources import bundled
from htkeval.steps.draft import Draft, files
from htkeval.steps.proposal import KINDS, SIZES
from htkeval.text import render
from htkeval.trial import ARMS
from htkeval.trial_file import load
from tests.intake.filled import fill
from tests.intake.trials import ERRORS, build_trial
from tests.often import often

BUNDLED = ("tale-til-tekst", "fagbot", "chatbot-kompetence")
STATED = [(kind, design) for kind, its in KINDS.items() for design in its.designs]
EACH_ONCE = {
    *{kind: (kind, design) for kind, design in STATED}.values(),
    *{design: (kind, design) for kind, design in STATED}.values(),
}
"""Each kind of trial and each design is tried every day."""


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def rules(content):
    """By column's name: its rule."""
    sheet = opened(content).worksheets[1]
    names = {cell.column_letter: cell.value for cell in sheet[HEADER]}
    found = sheet.data_validations.dataValidation
    return {names[str(one.sqref).split(":")[0].rstrip("0123456789")]: one for one in found}


def assert_comes_in(trial, path, language):
    batch = read(trial, fill(workbook(trial, None, language), trial, path))
    assert [row.arm for row in batch.measurements] == [*ARMS] * 3
    for row in batch.measurements:
        assert all(value is not None for value in (*row.keys.values(), *row.values.values()))


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", BUNDLED)
def test_a_filled_template_of_each_trial_is_read(tmp_path, name, language):
    trial = load(bundled("experiments") / name / "trial.toml")
    assert_comes_in(trial, tmp_path / "skema.xlsx", language)


def test_every_design_of_a_new_trial_is_tried():
    assert {design for _, design in STATED} == set(SIZES)


@pytest.mark.parametrize(("kind", "design"), often(STATED, EACH_ONCE))
def test_a_filled_template_of_each_new_trial_is_read(tmp_path, kind, design):
    draft = Draft(slug="nyt", title="Nyt", kind=kind, design=design, today=date(2026, 1, 5))
    made = files(draft, "da", commands={})
    file = tmp_path / "trial.toml"
    content = made["trial.toml"]
    file.write_text(content if isinstance(content, str) else content.decode(), encoding="utf-8")
    assert_comes_in(load(file), tmp_path / "skema.xlsx", "da")


def test_a_filled_csv_is_read_with_the_letters_of_its_names(tmp_path):
    trial = build_trial({"column": "målt tid; netto"})
    content = csv_sheet(trial, None).decode("utf-8-sig")
    assert content == 'arm;participant;"målt tid; netto"\r\n'
    path = tmp_path / "skema.csv"
    path.write_bytes(csv_sheet(trial, None) + b"treatment;P1;35,5\r\n")
    [row] = read(trial, path).measurements
    assert row.values == {"målt tid; netto": 35.5}


def test_labels_and_units_that_are_called_like_a_column_do_not_hide_the_names(tmp_path):
    """The reader takes the first row that holds the arm's name."""
    trial = build_trial({"label": "arm"}, title="arm", arms={
        "baseline": {"label": "uden", "value": "arm"}, "treatment": {"label": "med"}})  # fmt: skip
    trial = trial.model_copy(update={"title": "arm"})
    assert_comes_in(trial, tmp_path / "skema.xlsx", "da")


def test_the_same_trial_gives_the_same_bytes_whenever_it_is_written(monkeypatch):
    trial = build_trial()
    first = workbook(trial, None, "da")
    import openpyxl.writer.excel as writer

    class Later(writer.datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + timedelta(days=400)

    monkeypatch.setattr(writer.datetime, "datetime", Later)
    assert workbook(trial, None, "da") == first
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {part.date_time for part in file.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert b"<dcterms:modified" in file.read("docProps/core.xml")


def test_names_are_locked_and_the_cells_below_are_not():
    sheet = opened(workbook(build_trial(), None, "da")).worksheets[1]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert all(cell.protection.locked for cell in sheet[HEADER])
    assert all(not sheet.column_dimensions[at].protection.locked for at in "ABC")
    assert all(not cell.protection.locked for cell in sheet[HEADER + 1] if cell.has_style)


def test_what_a_rate_is_divided_by_is_not_called_out_of_how_many():
    """Errors are not so many out of the words; of a share the one is a part of the other."""
    share = {"id": "andel", "kind": "share", "column": "andel", "exposure": "sager", "unit": None}
    trial = build_trial({}, ERRORS | {"unit": None}, share | {"role": "secondary"})
    label = {field.column.name: render(field.label, "da") for field in codebook(trial)}
    assert label["words"] == "Fejl pr. 1.000 ord: antallet, der deles med (words)"
    assert label["sager"].endswith(": ud af hvor mange (sager)")


def test_the_unit_stands_above_the_name_in_the_language():
    assert [cell.value for cell in opened(workbook(build_trial(), None, "da")).worksheets[1][2]][
        2
    ] == "Minutter pr. referat (minutter)"
    hours = codebook(build_trial({"unit": "h"}))[-1]
    assert render(headed(hours), "en").endswith("(hours)")


ALL_KINDS = build_trial(
    {},
    {"id": "andel", "kind": "share", "column": "andel", "unit": None, "role": "secondary"},
    {"id": "fejl", "kind": "rate", "column": "fejl", "unit": None, "exposure": "ord",
     "role": "secondary"},
    {"id": "godt", "kind": "binary", "column": "godt", "unit": None, "role": "secondary"},
    {"id": "score", "kind": "rating", "column": "score", "unit": None, "role": "secondary"},
    {"id": "kort", "column": "kort", "unit": "min:s", "role": "secondary"},
    design={"date": "dato", "status": "status"},
)  # fmt: skip


def test_what_excel_allows_is_what_add_allows():
    found = rules(workbook(ALL_KINDS, None, "da"))
    assert {name: one.type for name, one in found.items()} == {
        "arm": "list", "participant": "textLength", "dato": "date", "status": "list",
        "task_time": "decimal", "andel": "decimal", "fejl": "decimal", "ord": "decimal",
        "godt": "list", "score": "decimal",
    }  # fmt: skip
    epoch = date(1899, 12, 30)  # Excel's own count, for days after February 1900
    last = str((ALL_KINDS.ends - epoch).days)
    assert (found["dato"].formula1, found["dato"].formula2) == ("46034", last)
    assert (found["andel"].formula1, found["andel"].formula2) == ("0", "1")
    assert (found["task_time"].operator, found["ord"].operator) == (
        "greaterThanOrEqual",
        "greaterThan",
    )


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_word_that_can_be_chosen_is_one_that_add_reads(tmp_path, language):
    content = workbook(ALL_KINDS, None, language)
    lists = opened(content)[LISTS]
    for name, one in rules(content).items():
        if one.type != "list":
            continue
        for [cell] in lists[one.formula1.split("!")[1].replace("$", "")]:
            path = fill(content, ALL_KINDS, tmp_path / "s.xlsx", rows=1, keep={name: cell.value})
            [row] = read(ALL_KINDS, path).measurements
            assert {**row.keys, **row.values, "arm": row.arm}[name] is not None


def test_a_column_of_minutes_and_seconds_is_text_so_that_excel_makes_no_hours_of_it():
    sheet = opened(workbook(ALL_KINDS, None, "da")).worksheets[1]
    [at] = [cell.column_letter for cell in sheet[HEADER] if cell.value == "kort"]
    assert sheet.column_dimensions[at].number_format == "@"


def test_what_begins_like_a_formula_is_text(tmp_path):
    trial = build_trial({"label": "=HYPERLINK(1)"}).model_copy(update={"title": "=1+1"})
    for sheet in opened(workbook(trial, None, "da")).worksheets:
        assert all(cell.data_type != "f" for row in sheet for cell in row)


TASKS = Lots(
    unit=("participant", "task"), drawn="arm", columns=("participant", "task", "arm"), tasks=True,
    rows=tuple({"participant": f"P{n % 2}", "task": f"T{n}", "arm": ARMS[n % 3 == 0]}
               for n in range(6)),
)  # fmt: skip


def test_each_task_that_was_drawn_has_its_row_and_its_arm_is_locked(tmp_path):
    trial = build_trial(design={"task": "task"})
    content = workbook(trial, TASKS, "da")
    row = opened(content).worksheets[1][HEADER + 1]
    assert [(cell.value, cell.protection.locked) for cell in row[:3]] == [
        ("treatment", True),
        ("P0", True),
        ("T0", True),
    ]
    kept = dict.fromkeys(TASKS.columns)
    batch = read(trial, fill(content, trial, tmp_path / "s.xlsx", keep=kept))
    assert [(one.arm, one.keys["task"]) for one in batch.measurements] == [
        (row["arm"], row["task"]) for row in TASKS.rows
    ]
    told = list(csv.DictReader(io.StringIO(csv_sheet(trial, TASKS).decode("utf-8-sig")),
                               delimiter=";"))  # fmt: skip
    assert [line["arm"] for line in told] == [row["arm"] for row in TASKS.rows]


def test_beside_a_person_only_the_arm_that_was_drawn_can_be_chosen():
    trial = build_trial(design={"kind": "parallel"})
    rows = tuple({"participant": f"P{n}", "arm": ARMS[n % 2]} for n in range(4))
    columns = ("participant", "arm")
    people = replace(TASKS, unit=("participant",), columns=columns, tasks=False, rows=rows)
    content = workbook(trial, people, "da")
    found = rules(content)
    assert found["participant"].formula1 == "htkeval!$B$1:$B$4"
    assert found["arm"].formula1 == ("INDEX(htkeval!$A$1:$A$4,MATCH($B4,htkeval!$B$1:$B$4,0))")
    lists = opened(content)[LISTS]
    assert [(row[1].value, row[0].value) for row in lists["A1:B4"]] == [
        (one["participant"], one["arm"]) for one in people.rows
    ]
    assert [cell.value for cell in opened(content)["Lodtrækning"][2]] == ["P0", "baseline"]


def test_the_codebook_has_a_row_for_each_column_and_says_what_it_decides():
    sheet = opened(workbook(ALL_KINDS, None, "da"))["Kodebog"]
    told = [[cell.value for cell in row] for row in sheet]
    assert [row[0].split(": ")[1] for row in told[1:]] == [one.name for one in plan(ALL_KINDS)]
    [time] = [row for row in told if row[0].endswith("task_time")]
    assert time[1:] == ["Minutter pr. referat", "varighed", "minutter", "0 eller mere, i minutter",
                        "nej", "forsøget afgøres på det"]  # fmt: skip


def test_the_guide_says_what_the_plan_needs_and_nothing_else():
    def guide(trial):
        rows = opened(workbook(trial, None, "da"))["Vejledning"].values
        return " ".join(row[0] for row in rows)

    assert "CPR" in guide(build_trial())
    assert "Skriv en dato" not in guide(build_trial())
    assert "12. januar 2026" in guide(ALL_KINDS)
    assert "1:23" in guide(ALL_KINDS)
