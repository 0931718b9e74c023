"""What a frame of ragas says, from each kind of file that pandas writes."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from htkeval.errors import SheetError
from htkeval.intake.technical.ragas import read_frame
from tests.intake.evaluated import RAGAS, SECRET

WRITERS = {
    "frame.csv": lambda frame, file: frame.to_csv(file),
    "plain.csv": lambda frame, file: frame.to_csv(file, index=False),
    "frame.parquet": lambda frame, file: frame.to_parquet(file),
    "frame.json": lambda frame, file: frame.to_json(file),
    "rows.json": lambda frame, file: frame.to_json(file, orient="records"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_each_kind_of_file_gives_pandas_own_means(tmp_path, name):
    frame = pd.read_csv(io.StringIO(RAGAS))
    frame["retrieved_contexts"] = [[SECRET]] * 3
    WRITERS[name](frame, tmp_path / name)
    found = read_frame(tmp_path / name)
    numbers = frame[["faithfulness", "answer_relevancy"]]
    assert [(one.name, one.value, one.n, one.missing) for one in found.scores] == [
        (c, pytest.approx(numbers[c].mean()), numbers[c].count(), numbers[c].isna().sum())
        for c in numbers
    ]
    assert {one.name for one in found.flags} == {"failed_scorers", "left_out"}
    assert SECRET not in found.model_dump_json()


def test_a_frame_that_excel_saved_in_danish_is_the_same(tmp_path):
    file = tmp_path / "frame.csv"
    rows = "user_input;faithfulness\nhej;0,5\nhej;0,75\n"
    file.write_text(rows, encoding="cp1252")
    assert [(one.value, one.n) for one in read_frame(file).scores] == [(0.625, 2)]


def test_small_numbers_as_python_writes_them_are_numbers(tmp_path):
    file = tmp_path / "frame.csv"
    file.write_text("user_input,faithfulness\na,1e-05\nb,nan\n", encoding="utf-8")
    (one,) = read_frame(file).scores
    assert (one.value, one.n, one.missing) == (1e-05, 1, 1)


def test_a_metric_without_a_value_is_told_and_is_no_zero(tmp_path):
    file = tmp_path / "frame.csv"
    file.write_text("user_input,faithfulness\na,\nb,\n", encoding="utf-8")
    found = read_frame(file)
    assert (found.scores, found.complete) == ((), False)
    assert [one.name for one in found.flags] == ["no_scores", "no_value"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("frame.csv", b"a,b\n1,2\n"),
        ("frame.csv", b""),
        ("frame.csv", b"user_input\nhej\n"),
        ("frame.csv", b"\x00\x01"),
        ("frame.parquet", b"PAR1PAR1"),
        ("frame.json", b'{"user_input": {"0": "a"}, "f": {"0": NaN}}'),
        ("frame.json", b"[" * 200_000),
        ("frame.pkl", b"x"),
    ],
)
def test_what_is_no_frame_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SheetError):
        read_frame(tmp_path / name)


@pytest.mark.parametrize("name", WRITERS)
def test_a_frame_that_is_too_large_is_refused_in_words(tmp_path, monkeypatch, name):
    monkeypatch.setattr("htkeval.intake.technical.ragas.MOST_CELLS", 5)
    WRITERS[name](pd.read_csv(io.StringIO(RAGAS)), tmp_path / name)
    with pytest.raises(SheetError, match="more than 5 cells"):
        read_frame(tmp_path / name)


def test_a_file_without_any_column_of_numbers_is_no_frame(tmp_path):
    file = tmp_path / "tale.csv"
    file.write_text("id,speaker,reference,recognised\n1,a,hej med dig,hej med dem\n")
    with pytest.raises(SheetError, match="no such columns"):
        read_frame(file)
