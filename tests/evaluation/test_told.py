"""How many tasks lack something is told only where five people stand behind them, and the rest."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest

from htkeval.evaluation import arm_figures, evaluate
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.data.told import told
from htkeval.text import render

TASKS = 6


def sheet(lost, *, people=8):
    """So many people an arm; some people have so many tasks without a time."""
    who = [f"P{n:02d}" for n in range(2 * people) for _ in range(TASKS)]
    task = list(range(TASKS)) * 2 * people
    arm = ["baseline" if int(name[1:]) < people else "treatment" for name in who]
    rng = np.random.default_rng(3)
    minutes = np.round(40 + rng.normal(0, 5, len(who)), 2)
    return pa.table({
        "arm": arm,
        "participant": who,
        "task": [f"T{n}" for n in range(len(who))],
        "kind": ["brev" if n % 2 else "notat" for n in task],
        "status": ["abandoned" if n < lost.get(name, 0) else "done"
                   for name, n in zip(who, task, strict=True)],
        "realised": ["treatment" if n < lost.get(name, 0) else of
                     for name, n, of in zip(who, task, arm, strict=True)],
        "minutes": [None if n < lost.get(name, 0) else float(m)
                    for name, n, m in zip(who, task, minutes, strict=True)],
    })  # fmt: skip


@pytest.fixture
def found(make_trial):
    def weigh(lost):
        trial = make_trial(
            "parallel",
            exclusions=[{"rule": "minutes > 900", "reason": "glemt ur"}],
            design={
                **{"team": None, "period": None, "task": "task", "status": "status"},
                **{"task_type": "kind", "realised_arm": "realised"},
            },
        )
        return evaluate(trial, sheet(lost), snapshot="0" * 64)

    return weigh


COUNTED = ("missing", "unfinished", "contamination")


def test_of_tasks_that_one_person_lacks_no_number_is_told_and_none_follows(found):
    """Three tasks of one person: rows in all are told, so no effect tells its tasks."""
    seen = found({"P00": 3})
    for effect in seen.effects:
        assert (effect.baseline.tasks, effect.treatment.tasks) == (None, None)
        assert effect.baseline.clusters == effect.treatment.clusters == 8
        assert effect.baseline.mean is not None
    assert seen.subgroups
    assert {group.tasks for group in seen.subgroups} == {None}
    told = {check.name: check.message.values for check in seen.checks}
    for name in COUNTED:
        assert "3" not in str(told[name]).replace("0.3", "")
        assert not any(isinstance(value, int) for value in told[name].values()), name


def test_where_five_people_of_an_arm_lack_tasks_and_nobody_else_does_all_is_told(found):
    seen = found({f"P{n:02d}": 1 for n in range(5)})
    for effect in seen.effects:
        assert (effect.baseline.tasks, effect.treatment.tasks) == (43, 48)
    assert sum(group.tasks for group in seen.subgroups) == 91
    told = {check.name: check.message.values for check in seen.checks}
    assert (told["missing"]["n"], told["missing"]["all"]) == (5, 96)


def test_what_one_person_lacks_does_not_follow_from_what_all_lack_and_what_was_given_up(make_trial):
    """Five give a task up; a sixth has two cells empty: seven less five are his."""
    trial = make_trial(
        "parallel", design={"team": None, "period": None, "task": "task", "status": "status"}
    )
    lacking = sheet({f"P{n:02d}": 1 for n in range(5)})
    whose = lacking.column("participant").to_pylist()
    mine = [n for n, name in enumerate(whose) if name == "P05"][:2]
    minutes = lacking.column("minutes").to_pylist()
    more = pa.array([None if n in mine else one for n, one in enumerate(minutes)])
    one_more = lacking.set_column(lacking.schema.get_field_index("minutes"), "minutes", more)

    def told_of(table):
        checks = evaluate(trial, table, snapshot="0" * 64).checks
        return {one.name: one.message.values["told"].values for one in checks
                if one.name == "unfinished"}["unfinished"]  # fmt: skip

    assert (told_of(lacking)["without"], told_of(lacking)["all_without"]) == (5, 48)
    assert "without" not in told_of(one_more)


def test_five_people_of_both_arms_are_few_in_each(found):
    seen = found({f"P{n:02d}": 1 for n in range(6, 11)})
    assert {effect.tasks for effect in seen.effects} == {None}


def test_a_part_of_rows_that_are_not_all_is_told_only_where_the_others_are_of_five(make_trial):
    """Eight people an arm, P00 to P07 in one."""
    trial = make_trial("parallel", design={"team": None, "period": None})
    rows = read(trial, sheet({}))
    codes = rows.words("participant").codes
    assert not told(trial, rows, codes >= 5)  # three of an arm
    assert not told(trial, rows, (codes < 5) | (codes >= 8))  # three of it are left
    assert told(trial, rows, codes < 8)
    assert not told(trial, rows, codes < 5, codes != 7)
    assert told(trial, rows, codes >= 0)
    assert told(trial, rows, codes < 0)


def test_how_many_rows_stand_twice_is_not_told_of_one_person(make_trial):
    trial = make_trial("parallel", design={"team": None, "period": None, "task": "task"})
    once = sheet({})
    twice = pa.concat_tables([once, once.slice(0, 2)])
    (check,) = (one for one in evaluate(trial, twice, snapshot="0" * 64).checks
                if one.name == "repeated")  # fmt: skip
    assert check.passed is False
    assert "n" not in check.message.values


def test_a_rule_whose_column_is_missing_is_named_also_where_no_number_is_told(make_trial):
    rules = [
        {"rule": "minutes > 47", "reason": "glemt ur"},
        {"rule": "weather == rain", "reason": "regn"},
    ]
    trial = make_trial("parallel", design={"team": None, "period": None}, exclusions=rules)
    found = evaluate(trial, sheet({}), snapshot="0" * 64).checks
    (check,) = (one for one in found if one.name == "excluded")
    said = render(check.message, "en")
    assert "not told" in said
    assert "regn: cannot be told, its column is missing" in said


def test_an_effect_does_not_say_that_one_person_of_the_result_is_not_in_it(make_trial):
    """All 16 have a time and P15 alone has no count of errors: 8 and 7 beside 8 and 8."""
    errors = {"id": "errors", "label": "Fejl", "kind": "share", "column": "wrong",
              "exposure": "checked", "better": "lower", "role": "secondary"}  # fmt: skip
    trial = make_trial("parallel", design={"team": None, "period": None, "task": "task"})
    more = [*(metric.model_dump() for metric in trial.metrics), errors]
    trial = trial.model_validate({**trial.model_dump(), "metrics": more})
    sizes = {}
    for lacking in (("P15",), tuple(f"P{n:02d}" for n in range(5))):
        table = sheet({}, people=12 if len(lacking) > 1 else 8)
        who = table.column("participant").to_pylist()
        wrong = [None if name in lacking else (7 * n + n // 5) % 4 for n, name in enumerate(who)]
        whole = table.append_column("wrong", pa.array(wrong, pa.int64()))
        whole = whole.append_column("checked", pa.array([5] * len(who), pa.int64()))
        for effect in evaluate(trial, whole, snapshot="0" * 64).effects:
            arms = (effect.baseline, effect.treatment)
            assert None not in {arm.mean for arm in arms}
            sizes[len(lacking), effect.metric] = tuple(arm.clusters for arm in arms)
            degrees = any(one.df is not None for one in effect.inference)
            assert degrees == (arms[0].clusters is not None)  # 13 and not 14 would say it too
    assert sizes == {
        (1, trial.primary.id): (8, 8),
        (1, "errors"): (None, None),
        (5, trial.primary.id): (12, 12),
        (5, "errors"): (7, 12),
    }


def within(lost=(), *, left_out=()):
    """Each of 17 does six tasks in both arms; some have none with the tool, or none that counts."""
    who = [f"P{n:02d}" for n in range(17) for _ in range(2 * TASKS)]
    arm = ["baseline" if n % 2 else "treatment" for n in range(len(who))]
    minutes = np.round(40 + np.random.default_rng(4).normal(0, 5, len(who)), 2)
    gone, out = (
        [name in some and of == "treatment" for name, of in zip(who, arm, strict=True)]
        for some in (lost, left_out)
    )
    minutes = np.where(out, 1000, minutes)
    table = pa.table({"arm": arm, "participant": who, "minutes": minutes})
    return table.filter(pa.array([not one for one in gone]))


def first(n):
    return {f"P{k:02d}" for k in range(n)}


@pytest.fixture
def each_in_both(make_trial):
    rule = {"rule": "minutes > 900", "reason": "glemt ur"}
    columns = dict.fromkeys(("team", "period", "task"))
    return make_trial("within", exclusions=[rule], design=columns)


@pytest.mark.parametrize("way", ["lost", "left_out"])
@pytest.mark.parametrize("lacking", [1, 4])
def test_where_each_is_in_both_arms_no_number_says_that_one_is_in_one_alone(
    each_in_both, lacking, way
):
    """Seventeen without and sixteen with the tool would say that one has none."""
    seen = evaluate(each_in_both, within(**{way: first(lacking)}), snapshot="0" * 64)
    assert {one.scale for one in seen.effects} == {"ratio", "difference"}
    for effect in seen.effects:
        assert effect.baseline.mean is not None
        assert (effect.baseline.clusters, effect.treatment.clusters) == (None, None)
        assert {one.df for one in effect.inference} == {None}
    said = {one.name: render(one.message, "en") for one in seen.checks}
    left = 17 - lacking
    degrees = rf"{left}|{left - 1}(\.\d+)?"
    assert not re.search(rf"\b(17|{degrees})\b", " ".join(said.values()))
    assert "rests on 10 or more participants" in said["few_clusters"]


@pytest.mark.parametrize(("lacking", "told_of"), [(0, (17, 17)), (5, (17, 12))])
def test_where_nobody_or_five_are_in_one_arm_alone_both_numbers_are_told(
    each_in_both, lacking, told_of
):
    seen = evaluate(each_in_both, within(first(lacking)), snapshot="0" * 64)
    for effect in seen.effects:
        assert (effect.baseline.clusters, effect.treatment.clusters) == told_of
        assert any(one.df is not None for one in effect.inference)
    said = {one.name: render(one.message, "en") for one in seen.checks}
    assert f"rests on {min(told_of)} participants" in said["few_clusters"]
    assert "degrees of freedom" in said["few_clusters"]


@pytest.mark.parametrize(("lacking", "told_of"), [(1, (None, None)), (5, (17, 12))])
def test_a_snapshots_figures_do_not_say_it_either(each_in_both, lacking, told_of):
    figures = arm_figures(each_in_both, within(first(lacking)))
    assert tuple(figures[arm].get("clusters") for arm in ("baseline", "treatment")) == told_of
    assert figures["treatment"]["rows"] == TASKS * (17 - lacking)
