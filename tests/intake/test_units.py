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


@pytest.mark.parametrize(
    ("one", "other"),
    [("P017", "p017"), ("P017", "Ｐ０１７"), ("SØREN", "Søren"), ("P 17", "P  17"), ("ﬁn", "fin")],
)
def test_one_name_in_two_spellings_is_refused_with_both_and_the_row(
    write_sheet: WriteSheet, one: str, other: str
) -> None:
    trial = build_trial(design={"kind": "parallel"})
    with pytest.raises(SheetError) as refused:
        read_units(
            trial, write_sheet("participant;alder", f"{one};1", "P9;2", f"{other};3"), refused={}
        )
    assert refused.value.total == 1
    assert f'row 4, column participant: found "{other}"; expected each unit' in told(refused)
    assert f'Row 2 has "{one}", the same name' in told(refused)


def test_a_task_may_be_called_alike_for_another_person_and_not_for_the_same(
    write_sheet: WriteSheet,
) -> None:
    path = write_sheet("møde,participant", "t1,P1", "T1,P2")
    assert len(read_units(WITHIN, path, refused={})) == 2
    with pytest.raises(SheetError) as refused:
        read_units(WITHIN, write_sheet("møde,participant", "t1,P1", "T1,P1", "t2,p1"), refused={})
    assert refused.value.total == 2
    assert 'Row 2 has "P1 / t1"' in told(refused)
    assert 'Row 2 has "P1", the same name' in told(refused)


def test_a_unit_drawn_under_another_spelling_is_refused(write_sheet: WriteSheet) -> None:
    trial = build_trial(design={"kind": "parallel"})
    with pytest.raises(SheetError, match='as "P1"; if it is another unit'):
        read_units(trial, write_sheet("participant", "p1", "P2"), refused={("P1",): DRAWN_ALREADY})


@pytest.mark.parametrize("sign", "=+-@")
def test_a_name_that_excel_would_take_for_a_formula_is_refused(
    write_sheet: WriteSheet, sign: str
) -> None:
    path = write_sheet("hold;by;størrelse", f"{sign}SUM(A1);{sign}x;lille", "B;Ø;stor")
    with pytest.raises(SheetError) as refused:
        read_units(TEAMS, path, refused={})
    assert refused.value.total == 2
    assert "Excel takes it for a formula" in told(refused)


def test_a_number_below_zero_is_no_formula(write_sheet: WriteSheet) -> None:
    path = write_sheet("hold;by;størrelse", "-1;+2,5;lille", "B;Ø;stor")
    assert read_units(TEAMS, path, refused={}).units == (("-1", "B"),)


def test_a_column_of_numbers_is_not_called_by_a_header_that_may_name_somebody(
    write_sheet: WriteSheet,
) -> None:
    trial = build_trial(design={"kind": "parallel"})
    path = write_sheet("participant;Løn for Hanne Jensen;alder", "P1;1;2", "P2;3;4")
    assert set(read_units(trial, path, refused={}).numbers) == {"[B]", "alder"}
    with pytest.raises(SheetError) as refused:
        read_units(trial, write_sheet("participant;sag 010203-1234", "P1;1", "P2;2"), refused={})
    assert "row 1, column B" in told(refused)
    assert "010203-1234" not in told(refused)


def test_nobody_is_asked_for_a_persons_name(write_sheet: WriteSheet) -> None:
    trial = build_trial(design={"kind": "parallel"})
    with pytest.raises(SheetError, match="expected a pseudonym, such as P017"):
        read_units(trial, write_sheet("participant;alder", ";1", "P2;2"), refused={})
