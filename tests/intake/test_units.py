"""The list of units as an office sends it: all that is wrong is told at once, with its row."""

from __future__ import annotations

import pytest

from htkeval.errors import SheetError
from htkeval.intake.units import one_unit, read_units, unit_columns
from htkeval.steps.may_draw import DRAWN_ALREADY
from tests.intake.trials import WriteSheet, build_trial

WITHIN = build_trial(design={"task": "møde"})
TEAMS = build_trial(
    design={"kind": "cluster", "team": "hold", "strata": ["størrelse", "by"], "participant": None}
)


def told(refused: pytest.ExceptionInfo[SheetError]) -> str:
    return refused.value.message("en")


def test_a_danish_sheet_is_read_in_its_own_order(write_sheet: WriteSheet) -> None:
    path = write_sheet("hold;by;størrelse;erfaring", "B;Å;lille;1,5", "A;Ø;stor;2,25",
                       encoding="utf-8-sig")  # fmt: skip
    units = read_units(TEAMS, path, refused={})
    assert units.columns == ("hold",)
    assert units.units == (("B", "A"),)
    assert dict(units.strata) == {"størrelse": ("lille", "stor"), "by": ("Å", "Ø")}
    assert dict(units.numbers) == {"erfaring": (1.5, 2.25)}
    assert len(units) == 2


def test_tasks_are_named_by_participant_and_task(write_sheet: WriteSheet) -> None:
    path = write_sheet("møde,participant", "1,P1", "1,P2", "2,P1")
    assert read_units(WITHIN, path, refused={}).units == (("P1", "P2", "P1"), ("1", "1", "2"))
    assert unit_columns(WITHIN) == ("participant", "møde")


def test_all_that_is_wrong_is_told_at_once(write_sheet: WriteSheet) -> None:
    path = write_sheet(
        "hold;by;størrelse;navn",
        "A;Å;lille;Bo Hansen",
        "A;Å;lille;",
        "A;Ø;lille;",
        ";Ø;stor;",
        "C;;stor;",
        "D;Ø;stor;bo@eksempel.dk",
        "E;Ø;stor;",
    )
    with pytest.raises(SheetError) as refused:
        read_units(TEAMS, path, refused={("E",): DRAWN_ALREADY})
    assert refused.value.total == 7
    text = told(refused)
    assert "row 1, column navn: found words in a column that the trial does not name" in text
    assert 'row 3, column hold: found "A"; expected each unit once. It stands in row 2' in text
    assert 'row 4, column hold: found "A"; expected each unit in one stratum' in text
    assert "row 5, column hold: found nothing; expected a name" in text
    assert "row 6, column by: found nothing; expected a value" in text
    assert 'row 7, column navn: found "xxxx@eksempel.dk"' in text
    assert 'row 8, column hold: found "E"; expected a unit that is not on the list yet' in text


def test_a_column_that_the_plan_names_may_be_missing_from_no_list(write_sheet: WriteSheet) -> None:
    with pytest.raises(SheetError) as refused:
        read_units(TEAMS, write_sheet("hold;storrelse", "A;lille"), refused={})
    assert "no column størrelse" in told(refused)
    assert "no column by" in told(refused)


def test_words_in_a_column_of_the_trials_own_are_passed_over(write_sheet: WriteSheet) -> None:
    trial = build_trial(design={"kind": "parallel", "task_type": "slags"})
    path = write_sheet("participant;slags;arm;tom", "P1;kort;;", "P2;lang;;")
    assert dict(read_units(trial, path, refused={}).numbers) == {}


def test_one_unit_is_read_as_a_row_would_be() -> None:
    unit = one_unit(TEAMS, ["A"], {"by": "Å", "størrelse": " lille "}, refused={})
    assert (unit.units, dict(unit.strata)) == ((("A",),), {"størrelse": ("lille",), "by": ("Å",)})
    with pytest.raises(SheetError) as refused:
        one_unit(WITHIN, ["0102031234", None], {"by": "Å"}, refused={})
    assert refused.value.total == 3
    assert "010203-xxxx" in told(refused)
    assert "0102031234" not in told(refused)
    assert "found a column that is no stratum; expected no strata" in told(refused)
