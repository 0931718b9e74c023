"""What a sheet's cells are searched for. Every number and name here is invented."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.design.scenario import load_scenario
from htkeval.design.simulate import simulate, to_csv
from htkeval.errors import SheetError, UsageError
from htkeval.intake import names, search
from htkeval.intake.cells import Raw, plain
from htkeval.intake.rows import read
from htkeval.intake.search import as_texts
from htkeval.trial_file import load
from tests.intake.trials import WriteSheet, build_trial

ROOT = Path(__file__).parents[2]
HEAD = "arm;participant;task_time"


def refusal(path: Path, *listed: str) -> SheetError:
    with pytest.raises(SheetError) as refused:
        read(build_trial(), path, names=names.words("\n".join(listed)))
    return refused.value


def test_a_cpr_number_over_two_cells_is_found(write_sheet: WriteSheet) -> None:
    path = write_sheet(f"{HEAD};a;b", "baseline;P1;35;010203;1234", "baseline;P2;36;;")
    error = refusal(path)
    assert error.total == 1
    assert "row 2, column a: found a day of birth" in str(error)
    assert "1234" not in str(error)


def test_it_is_found_over_two_cells_of_an_excel_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["arm", "participant", "task_time", "a", "b"])
    book.active.append(["baseline", "P1", 35, 311285, 1234])
    book.save(tmp_path / "a.xlsx")
    assert "row 2, column a" in str(refusal(tmp_path / "a.xlsx"))


def test_measured_columns_and_six_digits_that_are_mostly_no_days_pass(
    write_sheet: WriteSheet,
) -> None:
    trial = build_trial({}, {"id": "t2", "column": "t2", "role": "secondary"})
    path = write_sheet(f"{HEAD};t2", "baseline;P1;010203;1234")
    assert len(read(trial, path).measurements) == 1
    rows = [f"baseline;P{n};35;{450000 + 7919 * n};{1000 + n}" for n in range(60)]
    assert len(read(build_trial(), write_sheet(f"{HEAD};a;b", *rows)).measurements) == 60


def test_a_telephone_number_is_refused_without_an_echo(write_sheet: WriteSheet) -> None:
    path = write_sheet(f"{HEAD};note", "baseline;P1;35;Bo 23456789", "baseline;+45 23456789;3;")
    error = refusal(path)
    assert error.total == 2
    assert "column note: found a Danish telephone number" in str(error)
    assert "23456789" not in str(error)


def test_eight_digits_alone_are_a_telephone_number_where_the_column_says_so(
    write_sheet: WriteSheet,
) -> None:
    assert refusal(write_sheet(f"{HEAD};Tlf. nr.", "baseline;P1;35;23456789")).total == 1
    assert read(build_trial(), write_sheet(f"{HEAD};sagsnr", "baseline;23456788;35;23456789"))


def test_a_name_of_the_list_is_refused_in_every_column_and_never_echoed(
    write_sheet: WriteSheet,
) -> None:
    path = write_sheet(
        f"{HEAD};note", "baseline;METTE;35;", "baseline;P2;Holm;", "baseline;P3;3;hos Mettes"
    )
    error = refusal(path, "Mette Holm", "Bo")
    assert error.total == 2
    assert "METTE" not in str(error)
    assert "Holm" not in str(error)
    assert read(build_trial(), write_sheet(HEAD, "baseline;Bo;35")).measurements


def test_a_name_of_the_list_is_refused_in_the_name_of_the_file_or_of_a_sheet(
    write_sheet: WriteSheet, tmp_path: Path
) -> None:
    path = write_sheet(HEAD, "baseline;P1;35")
    error = refusal(path.rename(path.with_name("Mette Holm.csv")), "Mette Holm")
    book = openpyxl.Workbook()
    book.active.append(["arm", "participant", "task_time"])
    book.active.append(["baseline", "P1", 35])
    book.create_sheet("hos METTE")
    book.save(tmp_path / "a.xlsx")
    for refused in (error, refusal(tmp_path / "a.xlsx", "Mette Holm")):
        assert "a name of the list of names" in str(refused)
        assert "mette" not in str(refused).casefold()


def test_a_list_is_read_from_the_workspace_or_where_it_is_named(tmp_path: Path) -> None:
    assert names.listed(tmp_path, None) == frozenset()
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs/names.txt").write_bytes("Søren Å\nIda".encode("cp1252"))
    assert names.listed(tmp_path, None) == {"søren", "ida"}
    with pytest.raises(UsageError, match="one name a line"):
        names.listed(tmp_path, tmp_path / "none.txt")


def test_a_cpr_number_in_the_name_of_an_excel_sheet_is_refused_and_masked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["arm", "participant", "task_time"])
    book.active.append(["baseline", "P1", 35])
    book.create_sheet("sag 010203-1234")
    book.save(tmp_path / "a.xlsx")
    error = refusal(tmp_path / "a.xlsx")
    assert "010203-xxxx" in str(error)
    assert "1234" not in str(error)


def test_a_number_whose_check_digit_fits_is_said_to_be_one(write_sheet: WriteSheet) -> None:
    path = write_sheet(HEAD, "baseline;070761-4285;35", "baseline;070761-4286;35")
    told = str(refusal(path))
    assert "It is a CPR number" in told
    assert "It is shaped like a CPR number" in told


def test_a_large_sheet_is_searched_as_a_small_one(
    write_sheet: WriteSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"baseline;P{n};35;møde {n}" for n in range(40)]
    rows[7], rows[33] = "baseline;P7;35;010203-1234", "baseline;P33;35;Bo 23456789"
    rows[20], rows[25] = "baseline;P20;35;med STRAUß", "baseline;P25;35;med Weisßtein"
    names = "Mette Strauss\nBo Weissstein"
    small = str(refusal(write_sheet(f"{HEAD};note", *rows), names))
    monkeypatch.setattr(search, "LARGE", 10)
    assert str(refusal(write_sheet(f"{HEAD};note", *rows), names)) == small
    assert all(f"row {number}" in small for number in (9, 22, 27, 35))


@pytest.mark.parametrize("name", ["tale-til-tekst", "fagbot", "chatbot-kompetence"])
def test_nothing_is_found_in_a_simulated_sheet(name: str, tmp_path: Path) -> None:
    folder = ROOT / "experiments" / name
    trial = load(folder / "trial.toml")
    path = tmp_path / "a.csv"
    rows = simulate(trial, load_scenario(folder / "scenario.toml"), seed=7)
    path.write_text(to_csv(trial, rows), encoding="utf-8")
    assert len(read(trial, path).measurements) == len(rows)


CELLS = st.none() | st.text("ab1|", max_size=4) | st.booleans() | st.integers(-(10**8), 10**8)
CELLS |= st.floats(0, 10**8) | st.dates() | st.just(float("nan")) | st.just(float("inf"))


@given(st.lists(st.lists(CELLS, min_size=3, max_size=4), max_size=5) | st.lists(
    st.tuples(st.integers(0, 2000), st.text("ab", max_size=2), st.none() | st.floats(0, 2000)),
    max_size=5))  # fmt: skip
def test_rows_are_searched_column_by_column_as_they_were_one_by_one(rows: list[list[Raw]]) -> None:
    """Texts, and whole numbers from a thousand; of other cells nothing, for nothing hides there."""
    alone = [
        "|".join(
            cell if isinstance(cell, str)
            else plain(cell) if isinstance(cell, int | float) and cell >= 1000 and cell % 1 == 0
            else ""
            for cell in row
        )
        for row in rows
    ]  # fmt: skip
    assert as_texts(rows) == alone
