"""Published figures come out here as they were published; what is stored is what is computed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calibration import published as computed
from htkeval.reporting import published
from htkeval.text import render

DATA = Path(__file__).parents[3] / "shared" / "data"


def test_every_stored_figure_is_the_published_one_and_has_its_words():
    stored = published.figures()
    assert len(stored) >= 7
    assert all(computed.same(one) for one in stored)
    assert {one["id"] for one in stored} == set(published.STUDIES)


@pytest.mark.campaign
@pytest.mark.skipif(not DATA.is_dir(), reason="the studies' measurements are not beside us")
def test_what_is_stored_comes_out_again(tmp_path, monkeypatch):
    target = tmp_path / "published.json"
    monkeypatch.setattr("sys.argv", ["published", str(DATA), "-o", str(target)])
    assert computed.main() == 0
    again = json.loads(target.read_text("utf-8"))["figures"]
    stored = published.figures()
    # Another machine's linear algebra adds in another order: the last digit is its own.
    assert [one.pop("ours") for one in again] == [
        pytest.approx(one["ours"], rel=1e-12) for one in stored
    ]
    assert again == [{k: v for k, v in one.items() if k != "ours"} for one in stored]


@pytest.mark.parametrize(
    ("language", "words"),
    [("da", ("1,188 (1,013 til 1,395)", "−30,7")), ("en", ("1.188 (1.013 to 1.395)", "−30.7"))],
)
def test_the_table_tells_both_with_as_many_decimals_as_were_published(language, words):
    cells = [render(cell, language) for row in published.table().rows for cell in row]
    for one in words:
        assert cells.count(one) == 2


def test_another_figure_than_the_published_one_is_not_the_same():
    one = {"published": [1.188], "ours": [1.1874], "decimals": 3}
    assert not computed.same(one)
