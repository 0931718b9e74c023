"""The lines that the analyst's page offers are run here, and give the page's own figures."""

from __future__ import annotations

import io
import json
import shlex
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from dashboards import working
from htkeval.reporting import analyst
from htkeval.steps.analyse import newest
from htkeval.steps.case import read_case
from htkeval.workspace import find
from tests.cli.conftest import Answer


def stored(place: Path):
    with read_case(find(place), "proeve") as case:
        kept = newest(case)
        assert kept is not None
        return case.trial, kept.analysis


def test_the_shell_commands_give_the_same_numbers(
    analysed: Path, place: Path, call: Callable[..., Answer]
) -> None:
    trial, analysis = stored(place)
    first, second = analyst.commands(trial).splitlines()
    told = json.loads(call(*shlex.split(first)[1:]).out)
    assert [(e["estimate"], *e["ci"], e["p_value"]) for e in told["effects"]] == [
        (e.estimate, *e.ci, e.p_value) for e in analysis.effects
    ]
    assert call(*shlex.split(second)[1:]).code == 0
    assert stored(place)[1] == analysis  # nothing else was stored


def test_the_python_lines_give_the_same_numbers(analysed: Path, place: Path) -> None:
    trial, analysis = stored(place)
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(analyst.python(trial), "page", "exec"), {})
    assert said.getvalue().splitlines() == [
        " ".join(map(str, (e.metric, e.scale, e.estimate, *e.ci, e.p_value)))
        for e in analysis.effects
    ]


def test_what_is_taken_away_is_a_zip_of_each_kind_and_names_nobody(
    analysed: Path, place: Path
) -> None:
    here = find(place)
    for form in ("csv", "svg"):
        content = working.figures_file(here, "proeve", form, "da")
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            names = folder.namelist()
            every = b"".join(folder.read(name) for name in names)
        assert all(name.endswith(f".{form}") for name in names)
        assert names == sorted(names)
        assert names
        assert not [k for k in range(6) if f"M{k:02d}".encode() in every]
    with zipfile.ZipFile(io.BytesIO(working.figures_file(here, "proeve", "csv", "da"))) as folder:
        assert {"effects.csv", "codebook.csv"} <= set(folder.namelist())


def test_the_app_reads_groups_and_trace_through_its_cache(analysed: Path, place: Path) -> None:
    here = find(place)
    assert working.in_groups(here, "proeve") == working.in_groups(here, "proeve")
    assert {one.kind for one in working.trace(here, "proeve").kept} >= {"registration", "analysis"}
    assert all(check.passed is not False for check in working.proof(here))
