"""No cell that we write is a formula, and numbers stay numbers; one writer of CSV for all."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.csv_text import csv_text, guarded, is_formula, unguarded

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "-uden AI", "--1"],
)
def test_what_excel_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert csv_text([text], [[text]]).count("'") >= 2
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("cell", ["-1", "-1,5", "+2.5", "-3e-05", "-5 %", -1, -0.5, None, "-", "a"])
def test_numbers_below_zero_and_dashes_stay_what_they_are(cell: object) -> None:
    assert guarded(cell) == cell


@settings(max_examples=60)
@given(st.text(alphabet="=+-@'\t 19,%aæ", max_size=6))
def test_whatever_is_written_begins_with_no_sign_and_is_read_back(text: str) -> None:
    written = io.StringIO(csv_text(["x"], [[text, "end"]]), newline="")
    cell = list(csv.reader(written))[1][0]
    assert not is_formula(cell)
    if not text.startswith("'"):
        assert unguarded(cell) == text


def test_nobody_else_writes_csv() -> None:
    """A second writer would be one without the guard."""
    for file in [*(ROOT / "htkeval").rglob("*.py"), *(ROOT / "dashboards").rglob("*.py")]:
        if file.name == "csv_text.py":
            continue
        text = file.read_text(encoding="utf-8")
        if "csv" not in text:  # as every name below has it; to look through a file takes longer
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute):
                if node.attr in ("writer", "DictWriter"):
                    assert ast.unparse(node.value) != "csv", file
                assert not (node.attr == "to_csv" and "simulate" not in str(file)), file
