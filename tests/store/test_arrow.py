"""Arrays laid out by hand are those that Arrow itself makes."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.store import arrow


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=9)), max_size=40))
def test_words_are_arrows_own(words: list[str | None]) -> None:
    found = arrow.texts(words)
    found.validate(full=True)
    assert found.equals(pa.array(words, pa.string()))


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), max_size=40))
def test_numbers_are_arrows_own(cells: list[float | None]) -> None:
    found = arrow.numbers(cells)
    found.validate(full=True)
    assert found.equals(pa.array(cells, pa.float64()))


def test_nothing_of_it_loads_pandas() -> None:
    code = (
        "import sys; from htkeval.store import arrow;"
        "arrow.texts(['a', None]); arrow.numbers([1.0, None]); print('pandas' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
