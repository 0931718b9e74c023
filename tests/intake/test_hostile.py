"""Files that were made to fill the memory, to be read in two ways, or to speak to a terminal."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from htkeval.errors import SheetError, UsageError
from htkeval.intake.rows import read
from tests.intake.hostile import SHEET, Change, changed, instead, with_words, workbook
from tests.intake.trials import WriteSheet, build_trial

TRIAL = build_trial()
NAMES = "participant;arm;task_time"
DAMAGED = "not an Excel workbook, is damaged or has a password"
MIB = 2**20


def refusal(path: Path) -> str:
    with pytest.raises(SheetError) as caught:
        read(TRIAL, path)
    return caught.value.message("en")


def peak(act: Callable[[], object]) -> int:
    """Bytes that Python held at once while something was done."""
    tracemalloc.start()
    act()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_a_csv_of_a_gigabyte_is_refused_before_a_byte_of_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.csv"
    with path.open("wb") as file:
        file.write(f"{NAMES}\nP1;baseline;35\n".encode())
        file.truncate(2**30)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("it was opened"))
    assert "found a file of 1,024 MB; expected at most 512 MB" in refusal(path)


@pytest.mark.parametrize(
    "rest", ["x;" * 200_000, '"' + '\n";"' * 100_000, "ø" * 400_000], ids=["cells", "lines", "one"]
)
def test_a_row_without_end_is_refused_while_little_of_it_is_held(
    write_sheet: WriteSheet, monkeypatch: pytest.MonkeyPatch, rest: str
) -> None:
    monkeypatch.setattr("htkeval.intake.delimited.LONGEST_ROW", 100_000)
    path = write_sheet(NAMES, "P1;baseline;35", rest)
    assert "row 3: found a row of more than 100,000 characters" in refusal(path)


def test_ten_million_separators_in_a_row_are_read_or_refused_within_memory(
    write_sheet: WriteSheet,
) -> None:
    path = write_sheet(NAMES, "P1;baseline;35" + ";" * 17_000_000)
    message: list[str] = []
    assert peak(lambda: message.append(refusal(path))) < 400 * MIB
    assert "row 2: found a row of more than 16,777,216 characters" in message[0]


def test_empty_rows_without_end_are_refused(
    write_sheet: WriteSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("htkeval.intake.sheet.MOST_ROWS", 5_000)
    path = write_sheet(NAMES, "P1;baseline;35", "\n" * 6_000)
    assert "found more than 5,000 rows" in refusal(path)
    few = write_sheet(NAMES, "P1;baseline;35", "\n" * 2_000)
    assert len(read(TRIAL, few).measurements) == 1


def test_a_file_that_grows_while_it_is_read_gives_rows_or_a_refusal(
    write_sheet: WriteSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    from htkeval.intake import delimited

    path = write_sheet(NAMES, "P1;baseline;35")
    seen = delimited._decodes

    def grow(file: Path, encoding: str) -> bool:
        with file.open("ab") as more:
            more.write(b"P2;treatment;30\nP3;base")
        return seen(file, encoding)

    monkeypatch.setattr(delimited, "_decodes", grow)
    assert 'row 4, column arm: found "base"' in refusal(path)


def test_a_link_to_a_sheet_is_the_sheet_and_a_pipe_or_device_is_none(
    write_sheet: WriteSheet, tmp_path: Path
) -> None:
    path = write_sheet(NAMES, "P1;baseline;35")
    (tmp_path / "link.csv").symlink_to(path)
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    assert read(TRIAL, tmp_path / "link.csv").measurements == read(TRIAL, path).measurements
    for name in ("loop.csv", "zero.csv", "pipe.csv"):
        with pytest.raises(UsageError):
            read(TRIAL, tmp_path / name)


@pytest.mark.parametrize("letter", ["\n", "\x1b", "\x9b", "\u202e", "\u2028", "\udcff"])
def test_a_files_name_that_a_terminal_would_obey_is_refused(
    write_sheet: WriteSheet, letter: str
) -> None:
    path = write_sheet(NAMES, "P1;baseline;35", name=f"uge{letter}3.csv")
    message = refusal(path)
    assert "found a name with characters that cannot be seen" in message
    assert letter not in message
    message.encode()


def test_a_cell_of_control_characters_is_refused_and_not_repeated(write_sheet: WriteSheet) -> None:
    message = refusal(write_sheet(NAMES, "P1;base\x9b31mline;35", "P\x852;baseline;1"))
    assert "\x9b" not in message
    assert "row 2, column arm" in message
    assert "row 3, column participant" in message


def test_a_formula_in_a_csv_is_a_word_and_nothing_else(write_sheet: WriteSheet) -> None:
    path = write_sheet(NAMES, "=cmd|'/c calc'!A0;baseline;35")
    assert read(TRIAL, path).measurements[0].keys["participant"] == "=cmd|'/c calc'!A0"
    assert 'found "=35"' in refusal(write_sheet(NAMES, "P1;baseline;=35"))


@pytest.mark.parametrize(
    "spelt",
    [b"3&#53;", b"3<!-- -->5", b"<![CDATA[35]]>", b"3<?x y?>5", b"&nothing;", b"&#xD800;"],
)
def test_a_number_that_two_programs_would_read_differently_is_refused(
    tmp_path: Path, spelt: bytes
) -> None:
    """The reader of values gives 3 or nothing for each of these, Excel 35 or a complaint."""
    change = instead(b"<v>35</v>", b"<v>" + spelt + b"</v>")
    assert DAMAGED in refusal(changed(workbook(tmp_path / "m.xlsx"), {SHEET: change}))


ENTITIES = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"])
def test_entities_are_refused_in_whatever_part_they_stand(tmp_path: Path, part: str) -> None:
    path = changed(workbook(tmp_path / "m.xlsx"), {part: lambda old: ENTITIES + old})
    assert DAMAGED in refusal(path)


def test_a_part_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "m.xlsx")
    with pytest.warns(UserWarning, match="Duplicate"):
        changed(path, more={SHEET: b"<worksheet/>"})
    assert DAMAGED in refusal(path)


def test_no_room_is_made_for_a_part_that_says_it_is_larger_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entry in the directory says two gigabytes; to read it would ask for as much at once."""
    path = workbook(tmp_path / "m.xlsx")
    whole = bytearray(path.read_bytes())
    entry = whole.index(b"xl/workbook.xml", whole.index(b"PK\x01\x02")) - 46
    assert whole[entry : entry + 4] == b"PK\x01\x02"
    whole[entry + 20 : entry + 24] = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(bytes(whole))
    monkeypatch.setattr("zipfile.ZipExtFile.read", lambda *_: pytest.fail("it was read"))
    assert DAMAGED in refusal(path)


@pytest.mark.parametrize(
    "change",
    [
        instead(b'<row r="2"', b'<row r="x"'),
        instead(b'<row r="2"', b'<row r="0"'),
        instead(b'r="C2"', b'r="C"'),
        instead(b'r="C2"', b'r="ZZZZZZZ2"'),
    ],
)
def test_a_formula_whose_place_is_none_is_refused(tmp_path: Path, change: Change) -> None:
    formula = instead(b"<v>35</v>", b"<f>1</f><v></v>")
    path = changed(workbook(tmp_path / "m.xlsx"), {SHEET: lambda old: change(formula(old))})
    assert DAMAGED in refusal(path) or "cells in use as far as" in refusal(path)


def test_cells_without_places_are_counted_before_they_are_read(tmp_path: Path) -> None:
    wide = instead(b"</sheetData>", b"<row>" + b"<c><v>1</v></c>" * 17_000 + b"</row></sheetData>")
    assert DAMAGED in refusal(changed(workbook(tmp_path / "m.xlsx"), {SHEET: wide}))


def test_sheets_together_hold_no_more_than_one_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "m.xlsx")
    monkeypatch.setattr("htkeval.intake.workbook_xml.MOST_CELLS", 5)
    assert "expected at most 5 cells" in refusal(path)
    monkeypatch.setattr("htkeval.intake.workbook_xml.MOST_CELLS", 6)
    assert len(read(TRIAL, path).measurements) == 1


def test_one_part_that_stands_for_many_sheets_is_refused(tmp_path: Path) -> None:
    again = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(2, 99))
    change = instead(b"</sheets>", again + b"</sheets>")
    assert DAMAGED in refusal(changed(workbook(tmp_path / "m.xlsx"), {"xl/workbook.xml": change}))


def test_a_long_text_that_many_cells_share_is_refused_where_their_copies_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = '<c r="D{n}" t="s"><v>5</v></c>'
    path = with_words(tmp_path / "m.xlsx", b"x" * 1000, rows=40, last=note)
    monkeypatch.setattr("htkeval.intake.workbook_xml.LARGEST", 40 * 1000)
    assert "texts that take more than" in refusal(path)
    once = with_words(tmp_path / "n.xlsx", b"x" * 1000, rows=40)  # long, but no cell shows it
    assert len(read(TRIAL, once).measurements) == 40


def test_a_text_of_ten_megabytes_in_a_workbook_is_refused(tmp_path: Path) -> None:
    path = with_words(tmp_path / "m.xlsx", b"x" * 10_000_000)
    assert "a cell of more than 131,072 characters" in refusal(path)
    inline = instead(b"baseline", b"x" * 10_000_000)
    path = changed(workbook(tmp_path / "n.xlsx"), {SHEET: inline})
    assert "texts that take more than 512 MB" in refusal(path) or DAMAGED in refusal(path)


def test_a_text_with_the_marks_of_xml_in_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    change = instead(b"P1", b"P&amp;&lt;1")
    path = changed(workbook(tmp_path / "m.xlsx"), {SHEET: change})
    assert read(TRIAL, path).measurements[0].keys == {"participant": "P&<1"}


def test_links_to_other_workbooks_are_not_followed_and_their_stored_values_are_read(
    tmp_path: Path,
) -> None:
    change = instead(b"<v>35</v>", b"<f>[1]Ark1!A1</f><v>35</v>")
    link = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    path = changed(workbook(tmp_path / "m.xlsx"), {SHEET: change}, more=link)
    assert read(TRIAL, path).measurements[0].values == {"task_time": 35.0}


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (pa.timestamp("us"), 2**63 - 1),
        (pa.date32(), 2**31 - 1),
        (pa.duration("s"), 2**63 - 1),
        (pa.timestamp("us", tz="Mars/Olympus"), 0),
    ],
)
def test_times_beyond_any_calendar_are_refused(
    tmp_path: Path, kind: pa.DataType, number: int
) -> None:
    width = pa.int32() if kind == pa.date32() else pa.int64()
    times = pa.array([number], width).cast(kind)
    path = tmp_path / "m.parquet"
    columns = {"participant": ["P1"], "arm": ["baseline"], "task_time": times}
    pq.write_table(pa.table(columns), path)
    refusal(path)


def test_a_long_text_that_stands_in_every_row_of_a_parquet_file_is_held_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.parquet"
    n, text = 2_000, "x" * 100_000
    note = pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), pa.array([text]))
    columns = {"participant": ["P1"] * n, "arm": ["baseline"] * n, "task_time": [1.0] * n}
    pq.write_table(pa.table({**columns, "note": note}), path)
    monkeypatch.setattr("htkeval.intake.parquet.LARGEST_GROUP", 50 * MIB)
    message: list[str] = []
    assert peak(lambda: message.append(refusal(path))) < 20 * MIB
    assert "texts that take more than 50 MB" in message[0]


def test_a_parquet_file_that_unpacks_to_too_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.parquet"
    columns = {"participant": ["P1"], "arm": ["baseline"], "task_time": [1.0]}
    pq.write_table(pa.table(columns), path)
    monkeypatch.setattr("htkeval.intake.parquet.LARGEST_GROUP", 10)
    assert "rows of 0 MB once unpacked" in refusal(path)


def test_a_parquet_cell_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    columns = {"participant": ["P1"], "arm": ["baseline"], "task_time": ["x" * 10_000_000]}
    pq.write_table(pa.table(columns), path)
    assert "a cell of more than 131,072 characters" in refusal(path)
