"""Rows that carry an id of their own."""

from __future__ import annotations

import pytest

from htkeval.errors import SheetError
from htkeval.intake.rows import read
from htkeval.measurement import CLIENT_ID
from tests.intake.trials import WriteSheet, build_trial

TRIAL = build_trial()
HEADER = "participant;arm;task_time;htkeval_id"


def test_an_id_stays_with_its_row_and_a_row_without_one_is_taken(write_sheet: WriteSheet) -> None:
    path = write_sheet(HEADER, "P1;baseline;35;uuid:ab-12", "P1;baseline;35;")
    first, second = read(TRIAL, path).measurements
    assert first.keys[CLIENT_ID] == "uuid:ab-12"
    assert CLIENT_ID not in second.keys


def test_a_sheet_without_the_column_is_as_before(write_sheet: WriteSheet) -> None:
    (row,) = read(TRIAL, write_sheet("participant;arm;task_time", "P1;baseline;35")).measurements
    assert CLIENT_ID not in row.keys


@pytest.mark.parametrize("bad", ["kort", "med mellemrum", "x" * 65, "=1+1abcd"])
def test_what_is_no_id_is_refused(write_sheet: WriteSheet, bad: str) -> None:
    with pytest.raises(SheetError, match="an id of 6 to 64"):
        read(TRIAL, write_sheet(HEADER, f"P1;baseline;35;{bad}"))


def test_two_tasks_never_share_an_id(write_sheet: WriteSheet) -> None:
    with pytest.raises(SheetError, match="an id of its own"):
        read(TRIAL, write_sheet(HEADER, "P1;baseline;35;abcdef", "P1;baseline;36;abcdef"))
