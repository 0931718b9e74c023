"""The one way to write a value as JSON."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.canonical import canonical, canonical_rows, fingerprint

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def test_keys_are_sorted_and_letters_stay_as_they_are():
    assert canonical({"ø": 1, "a": 0.1, "Z": (1, 2)}) == '{"Z":[1,2],"a":0.1,"ø":1}'


def test_a_fingerprint_is_the_sha256_of_the_utf8_bytes():
    assert fingerprint(["æ"]) == hashlib.sha256('["æ"]'.encode()).hexdigest()


@given(JSON)
def test_what_is_read_back_is_written_the_same(value):
    once = canonical(value)
    assert canonical(json.loads(once)) == once


@given(st.dictionaries(st.text(), st.integers(), max_size=6))
def test_the_order_of_keys_does_not_matter(value):
    backwards = dict(reversed(value.items()))
    assert canonical(backwards) == canonical(value)


SIGNS = st.text(st.sampled_from('{},"[]: a'), max_size=8)
CELLS = st.none() | SIGNS | st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.dictionaries(SIGNS, CELLS, max_size=3), max_size=6))
def test_rows_written_together_are_written_as_one_by_one(rows):
    assert canonical_rows(rows) == [canonical(row) for row in rows]


@pytest.mark.parametrize("cell", ["},{", "}},{{", '"},{"', "\\},{", "{", "},"])
def test_a_cell_like_what_stands_between_two_rows_cuts_none(cell):
    rows = [{"a": cell}, {cell: 1.0}, {}] * 700  # more than are written at once
    assert canonical_rows(rows) == [canonical(row) for row in rows]


def test_what_json_does_not_have_is_refused_among_many_rows_too():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_rows([{"a": 1.0}, {"a": float("nan")}])


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_json_does_not_have_is_refused(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"x": [number]})


@pytest.mark.parametrize("value", [{1: "a"}, [{"a": {None: 1}}], {"a": ({True: 1},)}])
def test_a_key_that_is_not_text_is_refused(value):
    with pytest.raises(TypeError, match="a key must be text"):
        canonical(value)
