"""Excel workbooks: what Excel keeps and shows, and what must not pass as an empty cell."""

from __future__ import annotations

import importlib
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from htkeval.errors import SheetError
from htkeval.intake.rows import read
from htkeval.intake.sheet import Sheet, read_sheet
from tests.intake.trials import build_trial

WANTED = ("arm", "participant", "task_time")
HEADER = ("participant", "arm", "task_time")
WriteBook = Callable[..., Path]


@pytest.fixture
def write_book(tmp_path: Path) -> WriteBook:
    """Writes a workbook with a sheet for each keyword, and gives its path."""

    def write(**sheets: Sequence[Sequence[Any]]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "maalinger.xlsx"
        book.save(path)
        return path

    return write


def sheet_of(path: Path) -> Sheet:
    return read_sheet(path, wanted=WANTED, optional=frozenset())


def refusal(path: Path) -> str:
    with pytest.raises(SheetError) as caught:
        sheet_of(path)
    return caught.value.message("en")


def test_the_sheet_with_the_arm_column_is_found_below_its_merged_title(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Sådan udfylder du arket"])
    sheet = book.create_sheet("Målinger")
    sheet.append(["Referater, uge 3"])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    for row in (HEADER, ("P1", "baseline", 35), (None, None, None), ("P2", "treatment", 20.5)):
        sheet.append(row)
    sheet["F90"].number_format = "0%"  # a cell that only has a format
    path = tmp_path / "maalinger.xlsx"
    book.save(path)
    read_back = sheet_of(path)
    assert read_back.rows == [4, 6]
    assert read_back.columns["task_time"] == [35, 20.5]


def test_rows_and_columns_are_counted_from_a1_though_the_table_starts_elsewhere(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    for at, row in enumerate((HEADER, ("P1", "baseline", "x")), start=5):
        for column, value in enumerate(row, start=3):
            book.active.cell(row=at, column=column, value=value)
    path = tmp_path / "maalinger.xlsx"
    book.save(path)
    with pytest.raises(SheetError, match=r"maalinger\.xlsx, row 6, column task_time: found \"x\""):
        read(build_trial(), path)


def test_a_time_cell_is_hours_and_minutes_and_a_date_cell_a_day(write_book: WriteBook) -> None:
    path = write_book(
        Ark1=[
            (*HEADER, "dato"),
            ("P1", "baseline", time(0, 35), datetime(2026, 2, 3)),  # noqa: DTZ001 - as Excel
            (2, "treatment", timedelta(minutes=75), "03-02-2026"),
        ]
    )
    rows = read(build_trial(design={"date": "dato"}), path).measurements
    assert [row.values["task_time"] for row in rows] == [35.0, 75.0]
    assert [row.keys["dato"] for row in rows] == ["2026-02-03", "2026-02-03"]
    assert [row.keys["participant"] for row in rows] == ["P1", "2"]


def test_time_cells_without_seconds_are_asked_about_where_min_s_was_wanted(
    write_book: WriteBook,
) -> None:
    trial = build_trial({"unit": "min:s"})
    path = write_book(Ark1=[HEADER, ("P1", "baseline", time(1, 23)), ("P2", "treatment", "2:00")])
    with pytest.raises(SheetError) as caught:
        read(trial, path)
    assert caught.value.message("en") == (
        'maalinger.xlsx, row 2, column task_time: found "1:23", which is 1 hours and 23 minutes'
        " or 1 minutes and 23 seconds; expected minutes and seconds, such as 1:23, or minutes,"
        " such as 1,5. Write 83 min, or 1 min 23 s."
    )


def test_one_time_cell_with_seconds_settles_how_its_column_is_meant(write_book: WriteBook) -> None:
    trial = build_trial({"unit": "min:s"})
    path = write_book(
        Ark1=[HEADER, ("P1", "baseline", time(0, 2)), ("P2", "treatment", time(0, 1, 30))]
    )
    assert [row.values["task_time"] for row in read(trial, path).measurements] == [2.0, 1.5]


@pytest.mark.parametrize(
    ("cell", "words"),
    [("=1+2", "a formula without a stored value"), ("#N/A", "#N/A"), ("#DIV/0!", "#DIV/0!")],
)
def test_a_cell_that_was_not_worked_out_is_refused_never_taken_as_empty(
    write_book: WriteBook, cell: str, words: str
) -> None:
    path = write_book(Ark1=[HEADER, ("P1", "baseline", 35), ("P2", "treatment", cell)])
    with pytest.raises(SheetError) as caught:
        read(build_trial(), path)
    assert caught.value.message("en") == (
        f"maalinger.xlsx, row 3, column task_time: found {words}; expected a value."
        " Open the file in Excel and save it, or write the value itself."
    )


def test_a_last_row_of_nothing_but_formulas_is_not_dropped(write_book: WriteBook) -> None:
    formulas = ("=A2", "=B2", "=C2")
    path = write_book(Ark1=[HEADER, ("P1", "baseline", 35), formulas])
    with pytest.raises(SheetError) as caught:
        read(build_trial(), path)
    assert caught.value.total == 3
    assert "row 3, column participant" in caught.value.message("en")


def test_a_formula_in_a_column_that_nobody_wants_is_no_matter(write_book: WriteBook) -> None:
    path = write_book(Ark1=[(*HEADER, "x"), ("P1", "baseline", 35, "=C2*2")])
    assert len(read(build_trial(), path).measurements) == 1


def stored_formulas(path: Path, cells: str) -> Path:
    """A workbook whose row 2 is the given XML: what Excel writes, which openpyxl cannot."""
    source = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                start = content.index(b'<row r="2"')
                content = content[:start] + cells.encode() + b"</sheetData></worksheet>"
            new.writestr(part, content)
    return path


def test_a_formulas_stored_value_is_read_and_an_empty_text_is_empty(write_book: WriteBook) -> None:
    path = stored_formulas(
        write_book(Ark1=[HEADER, ("P1", "baseline", 35)]),
        '<row r="2"><c r="A2" t="str"><f>"P"&amp;1</f><v>P1</v></c>'
        '<c r="B2" t="inlineStr"><is><t>baseline</t></is></c>'
        '<c r="C2"><f>30+5</f><v>35</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>P2</t></is></c>'
        '<c r="B3" t="inlineStr"><is><t>treatment</t></is></c>'
        '<c r="C3" t="str"><f>IF(D3="","",D3)</f><v></v></c></row>',
    )
    rows = read(build_trial(), path).measurements
    assert [row.values["task_time"] for row in rows] == [35.0, None]
    assert rows[0].keys == {"participant": "P1"}


def test_formulas_are_found_where_cells_do_not_say_their_place(write_book: WriteBook) -> None:
    path = stored_formulas(
        write_book(Ark1=[HEADER, ("P1", "baseline", 35)]),
        '<row><c t="inlineStr"><is><t>P1</t></is></c><c t="inlineStr"><is><t>baseline</t></is></c>'
        "<c><f>30+5</f></c></row>",
    )
    with pytest.raises(SheetError, match="row 2, column task_time: found a formula"):
        read(build_trial(), path)


def test_two_sheets_with_the_arm_column_are_refused(write_book: WriteBook) -> None:
    rows = [HEADER, ("P1", "baseline", 35)]
    message = refusal(write_book(uge3=rows, uge4=rows))
    assert "found several sheets with the column arm: uge3, uge4" in message


def test_a_hidden_sheet_is_not_read(write_book: WriteBook) -> None:
    rows = [HEADER, ("P1", "baseline", 35)]
    path = write_book(uge3=rows, gammel=rows)
    book = openpyxl.load_workbook(path)
    book["gammel"].sheet_state = "hidden"
    book.save(path)
    assert sheet_of(path).rows == [2]


def test_a_workbook_without_the_arm_column_says_so_for_the_likeliest_sheet(
    write_book: WriteBook,
) -> None:
    path = write_book(
        Vejledning=[("Sådan gør du",)], Data=[("participant", "Arm", "task_time"), ("P1", "x", 1)]
    )
    assert "row 1: found no column arm" in refusal(path)
    assert "Is it Arm?" in refusal(path)


@pytest.mark.parametrize("sheets", [{"Tom": []}, {"Tom": [], "Også": [(None,)]}])
def test_an_empty_workbook_is_refused(write_book: WriteBook, sheets: dict[str, Any]) -> None:
    assert "found an empty sheet" in refusal(write_book(**sheets))


def test_a_stray_cell_in_the_last_corner_does_not_fill_the_memory(write_book: WriteBook) -> None:
    path = write_book(Ark1=[HEADER, ("P1", "baseline", 35)])
    book = openpyxl.load_workbook(path)
    book.active.cell(row=1_048_576, column=16_384, value="x")
    book.save(path)
    message = refusal(path)
    assert 'maalinger.xlsx, sheet "Ark1": found cells in use as far as row 1,048,576' in message
    assert "column 16,384; expected at most 20,000,000 cells" in message


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    write_book: WriteBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    importlib.import_module("htkeval.intake.workbook_xml")  # else its own limit would be this
    monkeypatch.setattr("htkeval.intake.package.LARGEST", 1000)
    assert "once unpacked; expected at most 0 MB" in refusal(
        write_book(Ark1=[HEADER, ("P1", "baseline", 35)])
    )


def test_a_part_that_lies_about_its_size_is_refused(write_book: WriteBook) -> None:
    path = write_book(Ark1=[HEADER, *[("P1", "baseline", 35)] * 50])
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")  # its size once unpacked
    path.write_bytes(content)
    assert "is damaged" in refusal(path)


@pytest.mark.parametrize("name", ["maalinger.xlsx", "maalinger.xls", "maalinger.xlsm"])
@pytest.mark.parametrize(
    "content",
    [b"arm;participant\n", b"PK\x03\x04" + bytes(500), b"\xd0\xcf\x11\xe0" + bytes(4000)],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert "not an Excel workbook, is damaged or has a password" in refusal(path)


def test_a_workbook_cut_short_anywhere_is_refused(write_book: WriteBook) -> None:
    path = write_book(Ark1=[HEADER, ("P1", "baseline", 35)])
    whole = path.read_bytes()
    for length in range(1, len(whole) - 1, 97):
        path.write_bytes(whole[:length])
        assert "is damaged" in refusal(path)


def test_a_workbook_with_any_byte_changed_is_read_or_refused_in_words(
    write_book: WriteBook,
) -> None:
    path = write_book(Ark1=[HEADER, ("P1", "baseline", 35)])
    whole = path.read_bytes()
    outcomes = set()
    for at in (*range(0, len(whole), 53), *range(len(whole) - 22, len(whole))):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            outcomes.add(len(read(build_trial(), path).measurements))
        except SheetError:
            outcomes.add("refused")
    assert outcomes == {1, "refused"}
