"""What leaves the house can be read again, runs nowhere, and shows nobody."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.resources import bundled
from htkeval.steps.export import csv_of
from htkeval.steps.export_tables import counts_table
from htkeval.steps.kept_back import keep_back
from htkeval.toml_text import as_toml
from htkeval.trial_file import load
from tests.examples import TRIAL, write_trial
from tests.intake.trials import build_trial

FILES = sorted(bundled("experiments").glob("*/trial.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_definition_written_as_toml_is_read_as_the_same(file, tmp_path):
    trial = load(file)
    again = write_trial(tmp_path, as_toml(trial.model_dump(mode="python")))
    assert load(again) == trial


@given(st.text())
def test_any_text_comes_back_from_toml_as_it_was(value):
    import tomllib

    text = value.encode("utf-8", "ignore").decode()
    assert tomllib.loads(as_toml({"a": {"b c": text}})) == {"a": {"b c": text}}


def cells(column):
    table = pa.table({"x": pa.array(column)})
    return [
        row[0] for row in csv.reader(io.StringIO(csv_of(table).decode("utf-8-sig"), newline=""))
    ][1:]


@given(st.lists(st.text(min_size=1, alphabet="=+-@\t\r\n;,\"'a1æ|"), min_size=1))
def test_no_text_of_an_exported_csv_begins_as_a_formula_and_none_is_lost(words):
    found = cells(words)
    plain = re.compile(r"-|[-+]1+(,1+)?")  # a dash and a number run nothing
    begins = ("=", "+", "-", "@", "\t", "\r")
    assert not any(cell.startswith(begins) and not plain.fullmatch(cell) for cell in found)
    for cell, word in zip(found, words, strict=True):
        assert cell in (word, f"'{word}")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_stay_numbers_to_the_last_digit_also_below_nought(numbers):
    assert [float(cell) for cell in cells(numbers)] == numbers


def test_a_heading_that_is_a_formula_runs_nowhere_either():
    assert csv_of(pa.table({"=cmd|'/C calc'!A0": [1.0]})).startswith("\ufeff'=cmd".encode())


DAY = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 1))
ROW = st.tuples(
    st.integers(1, 14), st.sampled_from(["nord", "syd", "øst", "vest"]), DAY, st.booleans()
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=60))
def test_no_word_and_no_day_is_left_that_fewer_than_five_people_have(rows):
    trial = build_trial(design={"participant": "person", "team": "hold", "date": "dato"})
    table = pa.table(
        {
            "arm": ["treatment" if ai else "baseline" for *_, ai in rows],
            "person": [f"P{who:03d}" for who, *_ in rows],
            "hold": [team for _, team, *_ in rows],
            "dato": [day.isoformat() for _, _, day, _ in rows],
        }
    )
    out = keep_back(trial, table).table
    assert out.column("person") == table.column("person")
    for name in ("hold", "dato"):
        have, lack = defaultdict(set), set()
        for who, word in zip(out["person"].to_pylist(), out[name].to_pylist(), strict=True):
            (lack if word is None else have[word]).add(who)
        assert all(len(people) >= 5 for people in have.values()), name
        if lack and have:
            assert len(lack) >= 5


def test_days_are_told_by_the_finest_that_shows_nobody():
    trial = build_trial(design={"participant": "person", "date": "dato"})

    def told(*days):
        table = pa.table(
            {
                "arm": ["baseline"] * len(days),
                "person": [f"P{n:03d}" for n in range(len(days))],
                "dato": list(days),
            }
        )
        return set(keep_back(trial, table).table["dato"].to_pylist())

    week = [f"2026-03-0{n}" for n in (2, 3, 4, 5, 6)]
    assert told(*["2026-03-04"] * 5) == {"2026-03-04"}
    assert told(*week) == {"2026-03-02"}  # Monday
    assert told(*week[:4], "2026-03-20") == {"2026-03-01"}
    assert told("2026-03-02", "2026-04-02") == {None}


def test_the_trial_of_the_examples_is_written_with_its_own_words_for_arms(tmp_path):
    trial = load(write_trial(tmp_path / "a", TRIAL))
    assert load(write_trial(tmp_path / "b", as_toml(trial.model_dump(mode="python")))) == trial
    assert 'value = "med"' in as_toml(trial.model_dump(mode="python"))


def test_counts_of_people_do_not_say_that_one_has_no_row_in_an_arm():
    trial = build_trial(design={"kind": "within", "participant": "person"})
    for with_tool, told in ((8, [9, None]), (9, [9, 9])):
        who = [f"P{n}" for n in (*range(9), *range(with_tool))]
        arms = ["baseline"] * 9 + ["treatment"] * with_tool
        counts = counts_table(trial, pa.table({trial.design.arm: arms, "person": who}))
        assert counts.column("people").to_pylist() == told
        assert counts.column("tasks").to_pylist() == [9, with_tool]
