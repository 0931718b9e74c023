"""Pictures of frozen rows: never between looks, never from live tables; files without people."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest

from htkeval.errors import StateError
from htkeval.in_groups import InGroups, told
from htkeval.stats.sequential import boundary
from htkeval.steps.in_groups import BETWEEN, GONE, NOT_YET, in_groups
from htkeval.steps.take_away import COLUMNS, figures, take_away
from htkeval.steps.trace import trace
from htkeval.store import blobs
from htkeval.text import render
from tests.dashboards import examples as x
from tests.reporting.test_analyst_pictures import group
from tests.steps.test_when_to_look import AFTER, Open, measure, opened, see

__all__ = ["opened"]
PEOPLE = [f"M{k:02d}" for k in range(12)]


def test_before_an_analysis_there_is_nothing(opened: Open) -> None:
    case = opened("[1.0]")
    assert in_groups(case) == NOT_YET
    measure(case, 0, 24)
    assert in_groups(case) == NOT_YET
    with pytest.raises(StateError, match="not analysed yet"):
        take_away(case, "csv")


def test_between_looks_nothing_is_shown_and_nothing_can_be_taken_away(opened: Open) -> None:
    case = opened()
    measure(case, 0, 24)
    assert see(case).between_looks
    assert in_groups(case) == BETWEEN
    with pytest.raises(StateError, match="between looks"):
        take_away(case, "parquet")
    measure(case, 24, 48)
    assert not see(case, 1).between_looks
    first = in_groups(case)
    assert isinstance(first, InGroups)
    measure(case, 48, 60)
    assert see(case).between_looks  # after a look the next one is waited for
    assert in_groups(case) == BETWEEN


def test_a_look_is_shown_with_its_limits_which_are_those_of_the_method(opened: Open) -> None:
    case = opened()
    measure(case, 0, 48)
    analysis = see(case, 1)
    groups = in_groups(case)
    assert isinstance(groups, InGroups)
    (look,) = groups.looks
    main = analysis.confirmatory
    assert main is not None
    assert main.look is not None
    assert (look.k, look.of, look.rows, look.estimate) == (1, 2, 48, main.estimate)
    low, high = look.bounds
    assert low < 1 < high
    outside = not low < main.estimate < high
    assert look.crossed == outside == (main.p_value <= main.look["nominal_level"])
    # half of the interval, on the logarithm, to both sides of no effect
    assert math.log(high) == pytest.approx(math.log(main.estimate) - math.log(main.ci[0]))
    taken = case.store.events(case.file.id, "look")[0].payload["fraction"]
    assert main.look["nominal_level"] == pytest.approx(
        boundary((taken,), final=False).looks[0].nominal
    )


def test_pictures_are_of_the_frozen_rows_and_not_of_what_came_later(opened: Open) -> None:
    case = opened("[1.0]")
    measure(case, 0, 60)
    see(case, now=AFTER)
    before = in_groups(case)
    measure(case, 60, 96)
    assert in_groups(case) == before
    assert isinstance(before, InGroups)
    blobs.path(case.blobs, before.snapshot).unlink()
    assert in_groups(case) == GONE


def test_files_hold_every_table_with_a_codebook_and_nobodys_rows(opened: Open) -> None:
    case = opened("[1.0]")
    measure(case, 0, 96)
    analysis = see(case, now=AFTER)
    files = take_away(case, "csv")
    assert files == take_away(case, "csv")  # byte for byte
    assert {"effects.csv", "methods.csv", "checks.csv", "codebook.csv"} <= files.keys()
    text = {name: content.decode("utf-8-sig") for name, content in files.items()}
    assert not [who for who in PEOPLE for one in text.values() if who in one]
    book = list(csv.DictReader(io.StringIO(text["codebook.csv"])))
    told = {(row["table"], row["column"]) for row in book}
    for name, content in text.items():
        if name != "codebook.csv":
            head = next(csv.reader(io.StringIO(content)))
            assert {(name.removesuffix(".csv"), column) for column in head} <= told
    assert all(row["meaning_da"] and row["meaning_en"] for row in book)
    first = next(csv.DictReader(io.StringIO(text["effects.csv"])))
    assert float(first["estimate"]) == analysis.effects[0].estimate


def test_parquet_files_hold_the_same_as_csv(opened: Open) -> None:
    import pyarrow.parquet as pq

    case = opened("[1.0]")
    measure(case, 0, 96)
    analysis = see(case, now=AFTER)
    tables = figures(analysis, None)
    files = take_away(case, "parquet")
    whole = pq.read_table(io.BytesIO(files["effects.parquet"]))
    assert whole.to_pylist() == tables["effects"].to_pylist()


def test_a_group_that_would_give_another_away_is_in_no_file() -> None:
    big, few = group("1-2", 0.9), group("3", 0.7).model_copy(update={"clusters": 4})
    assert told((big, few)) == ()
    assert told((big, group("3", 0.7))) == (big, group("3", 0.7))
    analysis = x.analysis(x.trial(), x.SAVED, subgroups=(big, few))
    assert "groups" not in figures(analysis, None)


def test_every_column_means_something_in_danish_too() -> None:
    for text in COLUMNS.values():
        assert render(text, "da") != render(text, "en")


def test_a_trace_names_promise_rows_and_analysis_by_their_fingerprints(
    opened: Open, tmp_path: Path
) -> None:
    case = opened("[1.0]")
    measure(case, 0, 96)
    analysis = see(case, now=AFTER)
    found = trace(case)
    by_kind = {one.kind: one for one in found.kept}
    assert by_kind["registration"].content == analysis.registration
    assert by_kind["snapshot"].content == analysis.snapshot
    assert blobs.read(case.blobs, str(by_kind["analysis"].content))
    assert [one.seq for one in found.kept] == sorted(one.seq for one in found.kept)
    assert by_kind["analysis"].state == "pending"
    assert by_kind["analysis"].run is None
    assert found.policy is not None
