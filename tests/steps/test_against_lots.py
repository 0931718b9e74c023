"""Rows in another arm than was drawn, and strangers, are named while it can still be put right."""

from __future__ import annotations

import pytest

from htkeval.measurement import Batch, Measurement
from htkeval.steps.add import add
from htkeval.steps.allocate import allocate
from htkeval.steps.preview import preview
from htkeval.steps.template import template
from htkeval.text import render
from tests.steps.conftest import WHEN, WHO

ARM = {0: "baseline", 1: "treatment"}


def row(who, arm, period=None):
    keys = {"person": who, **({"uge": period} if period else {})}
    return Measurement.model_validate({"arm": arm, "keys": keys, "values": {"task_time": 9.0}})


def told(case, *rows):
    batch = Batch(trial=case.file.id, name="ark.csv", measurements=rows)
    added = add(case, batch, actor=WHO, now=WHEN, simulated=False)
    return [render(remark, "da") for remark in added.remarks]


def drawn(case, write_list, people=6):
    sheet = write_list("person", *(f"P{n}" for n in range(people)))
    made = allocate(case, sheet, actor=WHO, now=WHEN).listed
    return {name: made.patterns[one] for (name,), one in zip(made.named(), made.drawn, strict=True)}


def test_who_follows_the_draw_is_not_spoken_of(open_case, write_list):
    case = open_case(kind="parallel", allocation="complete")
    lots = drawn(case, write_list)
    assert told(case, *(row(who, ARM[lot[0]]) for who, lot in lots.items())) == []


def test_another_arm_and_a_stranger_are_named_once_each(open_case, write_list):
    case = open_case(kind="parallel", allocation="complete")
    lots = drawn(case, write_list)
    wrong = row("P0", ARM[1 - lots["P0"][0]])
    other = wrong.model_copy(update={"values": {"task_time": 10.0}})
    right = row("P1", ARM[lots["P1"][0]])
    assert told(case, wrong, other, right, row("P99", "baseline")) == [
        "en anden arm end lodtrækningens: P0",
        "ikke på lodtrækningens liste, så intet lod afgjorde deres arm: P99",
    ]


def test_the_preview_says_it_before_anything_is_stored(open_case, write_list, tmp_path):
    case = open_case(kind="parallel", allocation="complete")
    drawn(case, write_list)
    trial, file = case.trial, tmp_path / "ark.csv"
    columns = dict.fromkeys(trial.design.key_columns, "12-01-2026")
    columns |= {trial.design.participant: "P99", trial.design.arm: "baseline"}
    columns |= dict.fromkeys(trial.value_columns, "9")
    file.write_text(";".join(columns) + "\n" + ";".join(columns.values()) + "\n", "utf-8")
    found = preview(case, (file,), practice=False)
    assert not found.refused
    assert [render(one, "da") for one in found.remarks] == [
        "ark.csv: ikke på lodtrækningens liste, så intet lod afgjorde deres arm: P99."
    ]
    assert not case.store.has(case.file.id, "batch")


def test_of_many_only_a_few_are_named(open_case, write_list):
    case = open_case(kind="parallel", allocation="complete")
    drawn(case, write_list)
    (said,) = told(case, *(row(f"X{n}", "baseline") for n in range(8)))
    assert said.endswith("X0, X1, X2, X3, X4 og 3 til")


@pytest.mark.parametrize("period", ["1", "2"])
def test_in_a_crossover_the_period_says_which_arm_was_drawn(open_case, write_list, period):
    case = open_case(kind="crossover", allocation="complete", task=None)
    lots = drawn(case, write_list)
    arm = lots["P0"][int(period) - 1]
    assert told(case, row("P0", ARM[arm], period)) == []
    assert told(case, row("P0", ARM[1 - arm], period)) == ["en anden arm end lodtrækningens: P0"]
    assert told(case, row("P1", "baseline", "marts"), row("P1", "treatment", "9")) == []


def test_without_a_list_and_of_what_was_here_already_nothing_is_said(open_case, write_list):
    case = open_case(kind="parallel", allocation="complete")
    assert told(case, row("P0", "baseline")) == []
    assert told(case, row("P0", "baseline")) == []


def test_the_empty_sheet_has_the_tasks_that_nobody_has_measured_yet(open_case, write_list):
    """A row that is filled in again would be a second one of the same task"""
    case = open_case(kind="within", allocation="bernoulli", task="sag", tasks_each=5)
    sheet = write_list("person;sag", *(f"P1;sag {n}" for n in range(4)))
    allocate(case, sheet, actor=WHO, now=WHEN)
    listed = case.store.allocated(case.file.id)
    first = listed.named()[0]
    arm = ARM[listed.patterns[listed.drawn[0]][0]]
    keys = dict(zip(listed.columns, first, strict=True))
    done = Measurement.model_validate({"arm": arm, "keys": keys, "values": {"task_time": 9.0}})
    assert told(case, done) == []
    empty = template(case, ending=".csv", language="da").decode("utf-8-sig")
    assert first[1] not in empty
    assert all(name in empty for _, name in listed.named()[1:])
