"""A snapshot's columns as numbers and words, whatever Arrow type they came in."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.evaluation.data.columns import NONE, numbers, words

NAN = math.nan


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([1, None, 3], pa.int8()), [1, NAN, 3]),
        (pa.array([1.5, NAN, math.inf]), [1.5, NAN, NAN]),
        (pa.array([True, None, False]), [1, NAN, 0]),
        (pa.array(["2.5", "many", None]), [2.5, NAN, NAN]),
        (pa.array(["1", "inf", "nan"]).dictionary_encode(), [1, NAN, NAN]),
        (pa.nulls(3), [NAN, NAN, NAN]),
        (pa.array([datetime.date(2026, 1, 12)] * 3), [NAN, NAN, NAN]),
    ],
)
def test_numbers_are_finite_or_missing(column: pa.Array, expected: list[float]) -> None:
    table = pa.table({"x": column})
    np.testing.assert_array_equal(numbers(table, "x"), expected)
    twice = pa.concat_tables([table, table]).slice(1, 4)
    np.testing.assert_array_equal(numbers(twice, "x"), [*expected[1:], *expected[:2]])
    assert numbers(table.slice(0, 0), "x").tolist() == []


@pytest.mark.parametrize(
    ("column", "labels", "codes"),
    [
        (pa.array(["b", None, "a", "b"]), ("a", "b"), [1, NONE, 0, 1]),
        (pa.array(["b", None, "a", "b"]).dictionary_encode(), ("a", "b"), [1, NONE, 0, 1]),
        (pa.array([3, 1, None, 3]), ("1", "3"), [1, 0, NONE, 1]),
        (pa.nulls(4), (), [NONE] * 4),
    ],
)
def test_words_are_sorted_and_empty_cells_have_no_code(
    column: pa.Array, labels: tuple[str, ...], codes: list[int]
) -> None:
    table = pa.table({"x": column})
    read = words(table, "x")
    assert (read.labels, read.codes.tolist()) == (labels, codes)
    last_two: list[Any] = words(table.slice(2, 2), "x").codes.tolist()
    assert [code == NONE for code in last_two] == [code == NONE for code in codes[2:]]


def test_a_column_that_is_not_there_is_empty_throughout() -> None:
    table = pa.table({"x": pa.array([1, 2])})
    assert np.isnan(numbers(table, "y")).all()
    assert np.isnan(numbers(table, None)).all()
    assert words(table, "y").codes.tolist() == [NONE, NONE]
    assert not words(table, "y").are("done").any()


def test_a_word_is_the_same_in_capitals() -> None:
    read = words(pa.table({"x": pa.array(["Done", None, "other"])}), "x")
    assert read.are("done").tolist() == [True, False, False]
