"""What the rules stated beforehand leave out, row by row: what every analysis leaves out."""

import csv
import io
import json
import re

import pytest

from htkeval.cli.documents import schema
from htkeval.cli.printed.lists import Exclusions
from tests.cli.test_deviations import events
from tests.examples import TO_COME, sheet, write_workspace

RULES = """
[[exclusions]]
rule = "minutter > 25"
reason = "Uret er glemt"
[[exclusions]]
rule = "minutter >= 24"
reason = "Også lange"
[[exclusions]]
rule = "afbrudt == 1"
reason = "Afbrudt"
"""


@pytest.fixture
def ruled(tmp_path, monkeypatch, call):
    root = write_workspace(tmp_path / "place", TO_COME + RULES)
    monkeypatch.chdir(root)
    head, *lines = sheet(year=2099).splitlines()
    rows = [f"{line};{int(n == 40)}" for n, line in enumerate(lines, 1)]
    (root / "maal.csv").write_text("\n".join([f"{head};afbrudt", *rows]) + "\n", encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    return root


def shown(call):
    answer = call("exclude", "proeve", "--rules", "--format", "json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def test_each_rule_names_its_rows_and_stores_nothing(ruled, call):
    rows = json.loads(call("rows", "proeve", "--format", "json").out)["rows"]
    minutes = {row["id"]: row["values"]["minutter"] for row in rows}
    over = [n for n, value in minutes.items() if value > 25]
    long = [n for n, value in minutes.items() if value >= 24]
    assert 0 < len(over) < len(long)
    found = shown(call)
    assert [one["rows"] for one in found["rules"]] == [over, long, [40]]
    assert [one["new"] for one in found["rules"]] == [
        len(over),
        len(long) - len(over),
        int(40 not in long),
    ]
    assert (found["rows"], found["left_out"]) == (48, len({*long, 40}))
    (promise,) = events(ruled, "registration")
    assert found["registration"] == promise.payload["fingerprint"]
    assert events(ruled, "exclusion") == ()


def test_it_is_what_an_analysis_leaves_out(ruled, call, monkeypatch):
    few = "htkeval.evaluation.data.told.few_people"  # of few people the analysis tells no number
    monkeypatch.setattr(few, lambda *_: False)
    found = json.loads(call("analyse", "proeve", "--format", "json").out)
    (check,) = (one for one in found["checks"] if one["name"] == "excluded")
    counted = [int(n) for n in re.findall(r": (\d+)", check["text"])]
    assert counted[0] == shown(call)["left_out"]
    assert counted[1:] == [one["new"] for one in shown(call)["rules"]]


def test_a_row_that_was_put_right_or_left_out_is_seen_at_once(ruled, call):
    before = shown(call)["rules"][0]["rows"]
    first, second = (str(n) for n in before[:2])
    put = call("correct", "proeve", "--row", first, "--set", "minutter=20", "--why", "slåfejl")
    assert put.code == 0, put.err
    assert call("exclude", "proeve", "--row", second, "--why", "prøverække").code == 0
    assert shown(call)["rules"][0]["rows"] == before[2:]
    assert shown(call)["rows"] == 47


def test_as_a_table_and_as_csv(ruled, call):
    out = call("exclude", "proeve", "--rules").out
    total = shown(call)["left_out"]
    assert "minutter >= 24" in out
    assert f"{total} of 48 rows are left out by every analysis" in out
    flat = list(
        csv.DictReader(io.StringIO(call("exclude", "proeve", "--rules", "--format", "csv").out))
    )
    assert len(flat) == sum(len(one["rows"]) for one in shown(call)["rules"])
    assert set(flat[0]) == {"rule", "reason", "row"}


def test_without_rows_or_rules_nothing_is_left_out(place, call):
    assert (shown(call)["rules"], shown(call)["registration"]) == ([], None)
    assert "0 of 0 rows" in call("exclude", "proeve", "--rules").out


def test_the_document_keeps_its_schema(ruled, call):
    import jsonschema

    jsonschema.validate(shown(call), schema(Exclusions))


@pytest.mark.parametrize(
    "more", [("--rules", "--row", "3"), ("--rules", "--why", "x"), (), ("--row", "3")]
)
def test_half_a_command_is_called_wrongly(ruled, call, more):
    assert call("exclude", "proeve", *more).code == 2
    assert events(ruled, "exclusion") == ()
