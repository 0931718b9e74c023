"""Files as offices make them: separators, letters, titles, and what is no sheet at all."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from htkeval.errors import EnvironmentFailed, HtkevalError, SheetError, UsageError
from htkeval.intake.sheet import Sheet, read_sheet
from tests.intake.trials import WriteSheet

WANTED = ("arm", "participant", "task_time")


def sheet_of(path: Path, *, optional: frozenset[str] = frozenset()) -> Sheet:
    return read_sheet(path, wanted=WANTED, optional=optional)


def refusal(path: Path, kind: type[HtkevalError] = SheetError) -> str:
    with pytest.raises(kind) as caught:
        sheet_of(path)
    return caught.value.message("en")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found(write_sheet: WriteSheet, separator: str) -> None:
    lines = ["participant;arm;task_time", 'P1;baseline;"35,5"', "P2;treatment;20"]
    sheet = sheet_of(write_sheet(*(line.replace(";", separator) for line in lines)))
    assert sheet.delimiter == separator
    assert sheet.columns["task_time"] == ["35,5", "20"]
    assert sheet.rows == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_danish_letters_are_read_from_every_encoding(
    write_sheet: WriteSheet, encoding: str
) -> None:
    path = write_sheet("participant;arm;task_time;ø", "Ærø–Ås;baseline;35;€", encoding=encoding)
    assert sheet_of(path).columns["participant"] == ["Ærø–Ås"]


def test_titles_above_and_empty_rows_below_are_passed_over(write_sheet: WriteSheet) -> None:
    path = write_sheet(
        "sep=;",
        "Målinger af referater, uge 3;;",
        ";;",
        "participant; arm ;task_time",
        "P1;baseline;35",
        ";;",
        "P2;treatment;20",
        ";;",
        " ;-;",
    )
    sheet = sheet_of(path)
    assert sheet.rows == [5, 7]
    assert sheet.columns["arm"] == ["baseline", "treatment"]


def test_a_row_that_ends_early_has_empty_cells(write_sheet: WriteSheet) -> None:
    sheet = sheet_of(write_sheet("participant;arm;task_time", "P1;baseline"))
    assert sheet.columns["task_time"] == [None]


def test_a_cell_with_a_line_break_is_one_row_as_in_excel(write_sheet: WriteSheet) -> None:
    path = write_sheet("participant;arm;task_time;x", 'P1;baseline;35;"a', 'b"', "P2;treatment;2;c")
    assert sheet_of(path).rows == [2, 3]


def test_columns_that_the_trial_does_not_name_are_not_kept(write_sheet: WriteSheet) -> None:
    sheet = sheet_of(write_sheet("participant;arm;task_time;noter", "P1;baseline;35;syg i går"))
    assert set(sheet.columns) == set(WANTED)


def test_a_missing_column_is_named_with_what_it_may_be(write_sheet: WriteSheet) -> None:
    message = refusal(write_sheet("arm;participant;Task_time", "baseline;P1;35"))
    assert message == (
        "maalinger.csv, row 1: found no column task_time; expected every column that the trial"
        " names. Is it Task_time?"
    )


def test_every_missing_column_is_named_at_once(write_sheet: WriteSheet) -> None:
    message = refusal(write_sheet("arm;xyz", "baseline;P1"))
    assert message.splitlines() == [
        "maalinger.csv, row 1: found no column participant; expected every column that the trial"
        " names. The sheet has the columns arm, xyz.",
        "maalinger.csv, row 1: found no column task_time; expected every column that the trial"
        " names.",
    ]


def test_a_sheet_without_the_arm_column_is_refused_by_its_likeliest_header(
    write_sheet: WriteSheet,
) -> None:
    message = refusal(write_sheet("Målinger;;", "participant;Arm;task_time", "P1;baseline;35"))
    assert message.startswith("maalinger.csv, row 2: found no column arm;")
    assert message.endswith("Is it Arm?")


def test_a_column_that_stands_twice_is_refused_with_its_letters(write_sheet: WriteSheet) -> None:
    message = refusal(write_sheet("arm;participant;task_time;task_time", "baseline;P1;35;36"))
    assert "row 1: found the column task_time more than once (C, D)" in message


def test_a_column_that_nobody_wants_may_stand_twice(write_sheet: WriteSheet) -> None:
    sheet = sheet_of(write_sheet("arm;participant;task_time;x;x", "baseline;P1;35;1;2"))
    assert sheet.rows == [2]


def test_an_optional_column_may_be_missing(write_sheet: WriteSheet) -> None:
    path = write_sheet("arm;participant", "baseline;P1")
    sheet = sheet_of(path, optional=frozenset({"task_time"}))
    assert "task_time" not in sheet.columns


def test_a_decimal_comma_without_quotes_in_a_comma_separated_file_is_refused(
    write_sheet: WriteSheet,
) -> None:
    sheet = sheet_of(write_sheet("arm,participant,task_time", "baseline,P1,35,5"))
    with pytest.raises(SheetError, match="row 2: found 4 cells; expected no more cells") as caught:
        sheet.findings.refuse()
    assert caught.value.total == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"\n\n;;\n", "an empty sheet"),
        (codecs.BOM_UTF8, "an empty sheet"),
        (b"arm;participant;task_time\n", "column names and no measurements"),
        (b"arm;participant;task_time\n;;\n", "column names and no measurements"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "bytes that are not text"),
        (b"PK\x03\x04" + bytes(200), "an Excel workbook or another file that is not text"),
        (b"arm;participant;task_time\nbaseline;P\x001;35\n", "bytes that are not text"),
        (b"arm;participant;task_time\nbaseline;P\x811;35\n", "neither UTF-8 nor Windows-1252"),
        (b"\xff\xfea", "neither UTF-8 nor Windows-1252"),
        (b'arm;participant;task_time\nbaseline;"P1;35\n', "quotation marks that do not pair up"),
        (b'arm;participant;task_time\nbaseline;"P"1;35\n', "quotation marks that do not pair up"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "maalinger.csv"
    path.write_bytes(content)
    message = refusal(path)
    assert message.startswith("maalinger.csv")
    assert words in message


def test_an_unclosed_quotation_mark_is_found_in_its_row(write_sheet: WriteSheet) -> None:
    message = refusal(write_sheet("arm;participant;task_time", "baseline;P1;3", 'treatment;"P2;3'))
    assert "row 3: found quotation marks that do not pair up" in message


def test_a_cell_of_ten_megabytes_is_refused(write_sheet: WriteSheet) -> None:
    path = write_sheet("arm;participant;task_time", f"baseline;{'x' * 10_000_000};35")
    assert "row 2: found a cell of more than 131,072 characters" in refusal(path)


def test_ten_thousand_columns_are_read(write_sheet: WriteSheet) -> None:
    extra = ";".join(f"c{n}" for n in range(10_000))
    ones = ";".join("1" * 10_000)
    path = write_sheet(f"{extra};arm;participant;task_time", f"{ones};baseline;P1;35")
    assert sheet_of(path).columns["task_time"] == ["35"]


def test_more_columns_than_excel_has_are_refused(write_sheet: WriteSheet) -> None:
    extra = ";".join(f"c{n}" for n in range(16_384))
    message = refusal(write_sheet(f"arm;participant;task_time;{extra}", "baseline;P1;35"))
    assert "found 16,387 columns; expected at most 16,384 columns" in message


def test_more_rows_than_excel_has_are_refused(
    write_sheet: WriteSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("htkeval.intake.sheet.MOST_ROWS", 3)
    path = write_sheet("arm;participant;task_time", *["baseline;P1;35"] * 3)
    assert "found more than 3 rows; expected at most 3 rows" in refusal(path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    write_sheet: WriteSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("htkeval.intake.sheet.LARGEST", 10)
    assert "expected at most 0 MB" in refusal(write_sheet("arm;participant;task_time"))


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    assert "found no such file" in refusal(tmp_path / "findes-ikke.csv", UsageError)


def test_a_folder_is_a_wrong_call(tmp_path: Path) -> None:
    assert "found a folder; expected a CSV, Excel or Parquet file" in refusal(tmp_path, UsageError)


def test_another_kind_of_file_is_a_wrong_call(write_sheet: WriteSheet) -> None:
    message = refusal(write_sheet("arm", name="maalinger.docx"), UsageError)
    assert 'found a file that ends in ".docx"; expected one of .csv' in message


def test_a_cpr_number_in_the_name_of_a_file_is_refused_and_masked(write_sheet: WriteSheet) -> None:
    path = write_sheet("arm;participant;task_time", "baseline;P1;35", name="sag 010203-1234.csv")
    message = refusal(path)
    assert "010203-xxxx" in message
    assert "1234" not in message.replace(str(path.parent), "")


def test_an_unquoted_decimal_comma_is_seen_though_the_cells_beyond_are_empty(
    write_sheet: WriteSheet,
) -> None:
    sheet = sheet_of(write_sheet("arm,participant,task_time,x", "baseline,P1,35,5,"))
    with pytest.raises(SheetError, match="row 2: found 5 cells"):
        sheet.findings.refuse()


def test_separators_too_many_at_the_end_of_a_row_are_no_matter(write_sheet: WriteSheet) -> None:
    sheet = sheet_of(write_sheet("arm;participant;task_time", "baseline;P1;35;;"))
    assert sheet.findings.total == 0


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        (PermissionError(13, "Permission denied"), "this account may not read"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (UnicodeDecodeError("utf-8", b"\xe6", 0, 1, "x"), "changed while it was read"),
    ],
)
def test_a_machine_that_cannot_read_the_file_is_no_fault_of_the_sheet(
    write_sheet: WriteSheet, monkeypatch: pytest.MonkeyPatch, failed: Exception, words: str
) -> None:
    def fail(*_: object) -> None:
        raise failed

    path = write_sheet("arm;participant;task_time", "baseline;P1;35")
    monkeypatch.setattr("htkeval.intake.sheet._open", fail)
    message = refusal(path, EnvironmentFailed)
    assert message.startswith("maalinger.csv: found")
    assert words in message
