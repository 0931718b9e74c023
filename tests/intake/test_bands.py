"""A survey that asked in bands: bounds of its mean, and no more than that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.errors import SheetError, UsageError
from htkeval.evaluation.banded_answers import mean_bounds
from htkeval.intake.technical.bands import read_bands
from tests.intake.evaluated import BANDS
from tests.recognised import DATA

GDS = DATA / "gds-copilot-bands" / "bands.csv"


@pytest.fixture
def read(tmp_path):
    def it(text, cap=None):
        file = tmp_path / "svar.csv"
        file.write_text(text, encoding="utf-8")
        return read_bands(file, cap=cap)

    return it


def bounds(found):
    made = mean_bounds(found.low, found.high, found.weights, cap=found.cap)
    return {one.name.removeprefix("mean."): one.value for one in made}


def names(found):
    return [one.name for one in found.flags]


def test_an_open_top_band_gives_no_upper_bound_and_says_so(read):
    found = read(BANDS)
    assert bounds(found) == {"at_least": 1, "of_middles": 3.5}
    assert names(found) == ["open_band"]


def test_a_cap_gives_one_and_is_told(read):
    found = read(BANDS, cap=60)
    assert bounds(found)["at_most"] == 11
    assert "60" in str(next(found.flags).message)


@pytest.mark.skipif(not GDS.is_file(), reason="gds-copilot-bands is not beside this checkout")
def test_the_published_survey_has_its_published_bounds():
    found = read_bands(GDS, cap=120)
    # by hand: .05 x 5 + .13 x 10 + .28 x 30 + .23 x 60 + .14 x 120 = 40.55, and likewise below
    by_hand = {"at_least": 19.4, "of_middles": 25.845, "at_most": 40.55}
    assert bounds(found) == pytest.approx(by_hand)
    assert names(found) == ["open_band", "shares"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=1, max_size=30))
def test_the_bounds_hold_the_mean_of_whatever_was_meant(answers):
    """Each answer anywhere in its band of ten minutes."""
    meant = [10 * band + part for band, part in answers]
    low = [10.0 * band for band, _ in answers]
    high: list[float | None] = [10.0 * band + 10 for band, _ in answers]
    made = {one.name: one.value for one in mean_bounds(low, high, [1.0] * len(low), cap=None)}
    mean = sum(meant) / len(meant)
    assert made["mean.at_least"] - 1e-9 <= mean <= made["mean.at_most"] + 1e-9


@pytest.mark.parametrize("cap", [5, 9.99])
def test_a_cap_below_the_open_band_is_a_wrong_call(read, cap):
    with pytest.raises(UsageError, match="--cap"):
        read(BANDS, cap=cap)


def test_a_cap_for_closed_bands_is_a_wrong_call(read):
    with pytest.raises(UsageError, match="--cap"):
        read("nedre;øvre;antal\n0;5;3\n5;10;4\n", cap=60)


@pytest.mark.parametrize(
    "rows",
    [
        "lower,upper,n\n0,5,2\n5,10,2\n",
        "lower,upper,n\n0,6,3\n5,10,4\n",
        "lower,upper,n\n0,,3\n5,10,4\n",
        "lower,upper,n\n5,0,3\n5,10,4\n",
        "lower,upper,n\n,5,3\n5,10,4\n",
        "lower,upper,n\n0,5,-3\n5,10,14\n",
        "lower,upper,n\n0,5,2.5\n5,10,4\n",
        "lower,upper,n\n0,5,\n5,10,9\n",
        "lower,upper,share\n0,5,0.5\n5,10,0.4\n",
        "lower,upper,n\n0,fem,3\n5,10,4\n",
        "a,b\n1,2\n",
        "",
    ],
)
def test_what_is_no_such_table_is_refused(read, rows):
    with pytest.raises(SheetError):
        read(rows)


def test_shares_in_per_cent_are_shares(read):
    assert bounds(read("lower,upper,share\n0,5,60\n5,10,40\n"))["at_least"] == 2
