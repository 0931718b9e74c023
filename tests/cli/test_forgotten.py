"""A sheet that holds somebody who was forgotten does not bring the person back unseen."""

import pytest

from tests.cli.test_corrections import rows_of
from tests.cli.test_verify import failed
from tests.examples import TRIAL, sheet, write_workspace

PAST = TRIAL.replace("2026-", "2020-")
HEAD, *LINES = sheet(year=2020).splitlines()
MINE = [line for line in LINES if line.startswith("M01;")]
OTHERS = [line for line in LINES if not line.startswith("M01;")]


@pytest.fixture
def forgot(tmp_path, monkeypatch, call):
    """48 measurements of six people, of whom M01 was forgotten."""
    root = write_workspace(tmp_path / "place", PAST)
    monkeypatch.chdir(root)
    assert bring(root, call, *LINES, name="maal.csv").code == 0
    assert call("erase", "proeve", "--participant", "M01", "--why", "bedt om det").code == 0
    return root


def bring(root, call, *lines, name="igen.csv", head=HEAD, more=()):
    (root / name).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    answer = call("add", "proeve", name, *more)
    (root / name).unlink()
    return answer


def test_the_old_sheet_under_another_name_is_refused_with_a_way_to_go_on(forgot, call):
    answer = bring(forgot, call, *LINES)
    assert (answer.code, len(rows_of(forgot))) == (1, 40)
    told = " ".join(answer.err.split())
    assert "igen.csv, participant M01" in told
    assert "somebody who was forgotten" in told
    assert "htkeval participant proeve M01 --state consented" in told
    assert "M00" not in told
    assert failed(call) == set()


@pytest.mark.parametrize(
    "lines",
    [
        [*LINES, "M01;uden;27-03-2020;33;0"],  # it grew
        [MINE[0].replace(";0", ";1"), *MINE[1:], *OTHERS],  # one row was put right
        MINE[::-1],  # these alone, sorted otherwise
        [line.replace("M01;", "P99;") for line in MINE],  # under another pseudonym
    ],
)
def test_so_is_a_sheet_that_grew_was_put_right_or_names_the_person_otherwise(forgot, call, lines):
    assert bring(forgot, call, *lines).code == 1
    assert len(rows_of(forgot)) == 40


def test_a_preview_says_so_and_a_queue_puts_it_aside(forgot, call):
    assert bring(forgot, call, *LINES, more=("--preview",)).code == 1
    folder = forgot / "ind"
    folder.mkdir()
    (folder / "igen.csv").write_text("\n".join([HEAD, *LINES]) + "\n", encoding="utf-8")
    import os

    os.utime(folder / "igen.csv", (1, 1))
    assert call("add", "proeve", "ind", "--watch", "--once").code == 1
    assert (folder / "afvist" / "igen.csv").exists()
    assert len(rows_of(forgot)) == 40


def test_without_these_rows_it_comes_in(forgot, call):
    assert bring(forgot, call, *OTHERS, "M07;uden;27-03-2020;33;0").code == 0


@pytest.mark.campaign
def test_whoever_agreed_to_be_known_again_comes_in(forgot, call):
    agreed = ("participant", "proeve", "M01", "--state", "consented", "--date", "2020-06-01")
    assert call(*agreed).code == 0
    assert bring(forgot, call, *MINE).code == 0
    assert len(rows_of(forgot)) == 48
    assert failed(call) == set()


def test_somebody_else_with_less_than_half_of_the_rows_alike_comes_in(forgot, call):
    """Three of eight are alike; four of eight would be half."""
    theirs = [line.replace("M01;", "M07;") for line in MINE]
    other = [line.replace("-02-2020", "-03-2020") for line in theirs]
    assert bring(forgot, call, *theirs[:4], *other[4:]).code == 1
    assert bring(forgot, call, *theirs[:3], *other[3:]).code == 0


def test_where_rows_name_neither_task_nor_day_one_alike_may_be_chance(tmp_path, monkeypatch, call):
    root = write_workspace(tmp_path / "place", PAST.replace('date = "dato"\n', ""))
    monkeypatch.chdir(root)
    head = "medarbejder;arm;minutter;fejl"
    assert bring(root, call, "M01;uden;20;0", "M02;uden;21;0", name="a.csv", head=head).code == 0
    assert call("erase", "proeve", "--participant", "M01", "--why", "bedt om det").code == 0
    assert bring(root, call, "M01;uden;20;0", name="a.csv", head=head).code == 1
    assert bring(root, call, "M09;uden;20;0", name="b.csv", head=head).code == 0


def test_after_everybody_was_forgotten_no_old_sheet_comes_in(tmp_path, monkeypatch, call):
    root = write_workspace(tmp_path / "place", PAST + "\n[retention]\nuntil = 2021-12-31\n")
    monkeypatch.chdir(root)
    assert bring(root, call, *LINES, name="maal.csv").code == 0
    assert call("erase", "proeve", "--due").code == 0
    assert bring(root, call, *LINES).code == 1
    assert rows_of(root) == ()


def test_no_pseudonym_of_whoever_was_forgotten_is_kept(forgot, call):
    assert bring(forgot, call, *LINES).code == 1
    assert [f for f in forgot.rglob("*") if f.is_file() and b"M01" in f.read_bytes()] == []
