"""What stands in a sheet or a name speaks to a person, never to a terminal or to Excel."""

from __future__ import annotations

import csv
import io
import re

import pytest

from htkeval.text import legible, render, say
from tests.examples import sheet

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FORMULA = "=cmd|'/c calc'!A0"


def test_a_value_in_a_sentence_cannot_break_its_line_or_turn_it_round():
    told = render(say("{file}: found", file="a\nb\x1b[2J\x9b31m\u202e\udcff"), "en")
    assert told == "a\\nb\\x1b[2J\\x9b31m\\u202e\\udcff: found"
    assert legible("two\nlines\tand æøå €–") == "two\nlines\tand æøå €–"


@pytest.mark.parametrize("letter", ["\x1b[31m", "\x9b31m", "\u202e", "\x07"])
@pytest.mark.parametrize("where", ["header", "cell", "file", "trial"])
def test_nothing_that_a_terminal_obeys_comes_out_again(place, call, letter, where):
    words = {"header": "x", "cell": "uden", "file": "maal.csv", "trial": "proeve"}
    words[where] = f"a{letter}{words[where]}"
    text = sheet(year=2099).replace("uden", words["cell"], 1)
    first, _, rest = text.partition("\n")
    (place / words["file"]).write_text(f"{first};{words['header']}\n{rest}", encoding="utf-8")
    for more in ((), ("--preview",)):
        answer = call("add", words["trial"], words["file"], *more)
        assert not OBEYED.search(answer.out + answer.err)
        assert "Traceback" not in answer.err
    assert call("status", "proeve", "--format", "json").code == 0


def test_a_person_called_like_a_formula_is_text_in_every_csv_and_himself_in_json(place, call):
    text = sheet(year=2099).replace("M00;", f"{FORMULA};")
    assert FORMULA in text
    (place / "maal.csv").write_text(text, encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    written = call("rows", "proeve", "--format", "csv").out
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert f"'{FORMULA}" in cells
    assert FORMULA not in cells
    assert FORMULA in call("rows", "proeve", "--format", "json").out
    for command in (("status",), ("analyse", "proeve"), ("recommend", "proeve")):
        for row in csv.reader(io.StringIO(call(*command, "--format", "csv").out)):
            assert not any(cell.startswith(("=", "@", "\t")) for cell in row)


def test_a_workbook_with_macros_is_read_and_it_is_said_that_none_was_run(place, call):
    import openpyxl

    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(sheet(year=2099)), delimiter=";"):
        book.active.append(row)
    book.save(place / "maal.xlsm")
    assert call("register", "proeve").code == 0
    answer = call("add", "proeve", "maal.xlsm")
    assert answer.code == 0
    assert "maal.xlsm is a workbook with macros: none was run" in answer.out + answer.err


def test_a_file_too_large_to_attach_is_refused_before_it_is_read(place, call):
    with (place / "tekst.csv").open("wb") as file:
        file.truncate(2**30)
    answer = call("attach", "proeve", "tekst.csv", "--tool", "wer")
    assert answer.code == 1
    assert "1,024 MB" in answer.err or "1.024 MB" in answer.err
