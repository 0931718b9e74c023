"""How far a trial is: counts that add up, are those of the analysis, and give nobody away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from htkeval.cli.options import who
from htkeval.design.scenario import Scenario
from htkeval.design.simulate import simulate
from htkeval.evaluation import evaluate
from htkeval.measurement import Batch, Measurement
from htkeval.query import Query
from htkeval.steps.add import add
from htkeval.steps.allocate import allocate
from htkeval.steps.case import Case
from htkeval.steps.correct import exclude
from htkeval.steps.participation import record
from htkeval.steps.progress import _by_rule, _many, progress
from htkeval.steps.queries import kept_rows
from htkeval.store import snapshots
from htkeval.store.store import open_store
from htkeval.text import say
from tests.intake.trials import build_trial
from tests.often import often
from tests.steps.conftest import WHEN, WHO

LATER = datetime(2026, 5, 1, tzinfo=UTC)
DESIGNS = (
    "parallel",
    "within",
    "crossover",
    "cluster",
    "stepped_wedge",
    "before_after",
    "difference_in_differences",
    "interrupted_time_series",
)
MANY = {
    "cluster": {"teams": 12, "participants": 96, "tasks_each": 3},
    "difference_in_differences": {"teams": 12, "participants": 96, "tasks_each": 3},
    "interrupted_time_series": {"periods": 30},
}
"""What such a design needs to be answered at all."""
COLUMNS = {"participant": "person", "team": "hold", "period": "uge", "date": "dato",
           "task": "opgave", "status": "status"}  # fmt: skip
TRUTH = {
    "seed": 1,
    "participants": 48,
    "teams": 6,
    "tasks_each": 6,
    "periods": 4,
    "baseline_mean": 40,
    "log_sd": 0.4,
    "relative_effect": -0.2,
    "refusals": 0.1,
    "missing": 0.1,
    "dropout": 0.1,
    "covariates": {"pages": {"mean": 30, "sd": 30, "elasticity": 0.5}},
}


def simulated(kind, *, seed=1, **truth):
    drawn = {"randomised": kind in ("parallel", "within", "crossover", "cluster", "stepped_wedge")}
    day = {"interruption": "2026-02-20"} if kind == "interrupted_time_series" else {}
    trial = build_trial(
        {"cap": 400},
        design={**COLUMNS, "kind": kind, **drawn, **day, "wash_in_days": 0 if day else 2},
        exclusions=[{"rule": "task_time > 90", "reason": "glemt ur"}],
        covariates=[{"column": "pages", "scale": "log"}],
    )
    return trial, simulate(trial, Scenario.model_validate({**TRUTH, **truth}), seed=seed)


@pytest.fixture
def case_of(tmp_path):
    """A case that holds some rows."""
    stores = []

    def opened(trial, rows):
        store = open_store(f"sqlite:///{(tmp_path / f'{len(stores)}.db').as_posix()}")
        stores.append(store)
        case = Case(store=store, blobs=tmp_path / "blobs", file=trial)
        if rows:
            batch = Batch(trial=trial.id, name="ark", measurements=tuple(rows))
            add(case, batch, actor=WHO, now=WHEN, simulated=False)
        return case

    yield opened
    for store in stores:
        store.close()


def by_fate(found):
    return {step.fate: (step.baseline, step.treatment) for step in found.flow.steps}


def adds_up(found):
    """Every row of an arm has one fate, and both arms are all."""
    came, steps = found.flow.came_in, found.flow.steps
    for arm in ("rows", "baseline", "treatment"):
        told = [n for step in steps if (n := getattr(step, arm)) is not None]
        assert not told or sum(told) == getattr(came, arm)
    for one in (came, *steps):
        apart = (one.baseline, one.treatment)
        assert None in (one.rows, *apart) or one.rows == sum(apart)
        assert (one.baseline is None) == (one.treatment is None)


@pytest.mark.parametrize("kind", often(DESIGNS, ("within", "stepped_wedge")))
def test_the_counts_of_every_design_add_up_and_are_those_of_the_analysis(case_of, kind):
    """Invented trials with refusals, gaps, a rule, and rows left out by hand. The analysis says how
    many tasks it counted; one is enough for that, and it takes its time."""
    fates, compared = set(), 0
    for seed in (1, 2, 3):
        trial, rows = simulated(kind, seed=seed, **MANY.get(kind, {}))
        case = case_of(trial, rows)
        for row in (3, 7):
            exclude(case, row, why="Prøve", called="-", actor=WHO, now=WHEN)
        found = progress(case, now=LATER)
        adds_up(found)
        assert found.flow.came_in.rows == len(kept_rows(case)) == len(rows)
        counting = tuple(r.measurement for r in kept_rows(case) if r.counts)
        ratios = []
        if seed == 1:
            analysis = evaluate(trial, snapshots.table(trial, counting), snapshot="0" * 64)
            ratios = [effect for effect in analysis.effects if effect.scale == "ratio"]
        for effect in ratios:
            tasks = (effect.baseline.tasks, effect.treatment.tasks)
            assert tasks == by_fate(found)["analysed"]  # not told, the both of them or neither
        compared += len(ratios)
        fates |= set(by_fate(found))
        (whole, *_) = found.parts
        assert whole.rows == len(counting)
        for of in ("arm", "week", "team"):
            parts = [p for p in found.parts if p.of == of]
            if not any(p.withheld for p in parts):
                assert sum(p.rows for p in parts) == whole.rows, of
        assert not any(p.withheld for p in found.parts if p.of in ("arm", "team"))
    assert compared
    assert fates >= {"by_hand", "rule", "refused", "missing", "analysed"}
    assert ("wash_in" in fates) == (kind != "interrupted_time_series")


ROWS_OF = {"Q00": (3, "refused"), "Q01": (2, "abandoned")}


def with_fates(of=ROWS_OF, *, people=8):
    """So many people an arm with six tasks each; some tasks of some people were not done."""
    left, rows = {name: list(its) for name, its in of.items()}, []
    for n in range(2 * people):
        name, arm = f"Q{n:02d}", "baseline" if n < people else "treatment"
        for row in some(name, 6, arm=arm):
            n_left, status = left.get(name, (0, "done"))
            if n_left:
                left[name][0] -= 1
                keys = {**row.keys, "status": status}
                rows.append(row.model_copy(update={"keys": keys, "values": {"task_time": None}}))
            else:
                rows.append(row)
    return rows


def test_what_few_people_did_not_do_is_told_neither_apart_nor_by_what_is_left(case_of):
    """Three refused tasks are one person's, two given up another's: with all 96 rows told, the
    rows that count would tell of two people, so all three are one sum."""
    found = progress(case_of(build_trial(design=COLUMNS), with_fates()), now=LATER)
    adds_up(found)
    told = {step.fate: step.rows for step in found.flow.steps}
    assert told == {"refused": None, "abandoned": None, "analysed": None, "together": 96}
    assert found.refused is None


def test_where_five_people_stand_behind_those_not_told_the_rows_that_count_are(case_of):
    who = {f"Q{n:02d}": (1, "refused") for n in range(5)}
    whole = progress(case_of(build_trial(design=COLUMNS), with_fates(who)), now=LATER)
    assert {step.fate: step.rows for step in whole.flow.steps} == {"refused": 5, "analysed": 91}
    assert whole.refused == 5
    who["Q05"] = (2, "abandoned")
    found = progress(case_of(build_trial(design=COLUMNS), with_fates(who)), now=LATER)
    adds_up(found)
    told = {step.fate: step.rows for step in found.flow.steps}
    assert told == {"refused": None, "abandoned": None, "analysed": 89, "together": 7}
    assert found.refused is None  # seven less them would be one person's


def test_in_no_trial_does_the_flow_give_a_fate_of_few_people_away(case_of):
    """Whatever is not told, the sum of it is of five people in each column that is told, of none,
    or of all; by arm only what came in is told where else what counts could not be."""
    rng = np.random.default_rng(5)
    for _ in range(12):
        who = {
            f"Q{n:02d}": (int(rng.integers(1, 4)), str(rng.choice(["refused", "abandoned"])))
            for n in rng.choice(16, size=int(rng.integers(0, 14)), replace=False)
        }
        found = progress(case_of(build_trial(design=COLUMNS), with_fates(who)), now=LATER)
        adds_up(found)
        steps = {step.fate: step for step in found.flow.steps}
        for status in ("refused", "abandoned"):
            people = [name for name, (_, what) in who.items() if what == status]
            if small(people, arms := steps["analysed"].baseline is not None):
                assert steps[status].rows is None, who
        held = [fate for fate, step in steps.items() if step.rows is None]
        assert len(held) != 1
        assert arms == (not small(who, True))
        assert (steps["analysed"].rows is None) == (not arms and small(who, False))


def small(people, by_arm):
    """Whether some people, by arm or in both arms, are one to four."""
    first = sum(name < "Q08" for name in people)
    return any(0 < n < 5 for n in ((first, len(people) - first) if by_arm else (len(people),)))


def test_no_number_of_people_says_how_many_are_known_and_have_no_rows(case_of):
    case = case_of(build_trial(design=COLUMNS), with_fates({}))
    assert progress(case, now=LATER).parts[0].people == 16
    record(case, ("Q98", "Q99"), "informed", actor=WHO, now=WHEN)
    assert {part.people for part in progress(case, now=LATER).parts} == {None}


def test_a_number_of_people_does_not_say_that_one_of_all_has_no_row_in_a_part(case_of):
    """Nine work without the tool, all of them but one with it too: 9 and 8 would say who is 1."""
    rows = [row for n in range(9) for row in some(f"Q{n}", 2)]
    rows += [row for n in range(8) for row in some(f"Q{n}", 2, arm="treatment")]
    found = progress(case_of(build_trial(design=COLUMNS), rows), now=LATER)
    people = {part.name: part.people for part in found.parts if part.of in ("all", "arm")}
    assert people == {None: 9, "baseline": 9, "treatment": None}
    assert {part.rows for part in found.parts if part.of == "arm"} == {18, 16}


def test_numbers_of_people_do_not_say_that_one_was_in_two_teams(case_of):
    """Eleven in either team and 21 in all: one has rows in both."""
    for both, told in ((1, (None, None)), (5, (11, 15)), (0, (11, 10))):
        rows = [m for n in range(21) for m in some(f"Q{n}", 2, team="A" if n < 11 else "B")]
        rows += [m for n in range(both) for m in some(f"Q{n}", 2, team="B")]
        found = progress(case_of(build_trial(design=COLUMNS), rows), now=LATER)
        assert tuple(part.people for part in found.parts if part.of == "team") == told
        assert found.parts[0].people == 21


def test_how_many_queries_there_are_is_told_where_five_people_are_behind_them(case_of):
    """What is missing is a fate in the flow and a query beside it: one may not tell the other."""

    def asked(people):
        rows = with_fates({f"Q{n:02d}": (1, "done") for n in range(people)})  # without a time
        found = progress(case_of(build_trial(design=COLUMNS), rows), now=LATER)
        assert set(found.open_by_rule) == {"missing"}
        return found.open_queries, found.open_by_rule["missing"]

    assert asked(1) == asked(4) == (None, None)
    assert asked(5) == (5, 5)


def test_a_query_about_many_rows_does_not_tell_how_many_are_about_one_persons():
    """Two in all, less the one about many rows, would be one person's."""

    def query(rule, row):
        return Query(
            id="a", rule=rule, row=row, column=None, status="open", message=say("Look at it.")
        )

    asked = [query("digit_preference", None), query("missing", 1)]
    whose = {1: frozenset({"P1"})}
    assert _many(asked, whose) is None
    assert set(_by_rule(asked, whose).values()) == {None}
    assert _many(asked[:1], whose) == 1


def test_a_trial_without_rows_has_counts_of_nought(case_of):
    found = progress(case_of(build_trial(design=COLUMNS), ()), now=LATER)
    adds_up(found)
    assert (found.flow.came_in.rows, found.open_queries, found.refused) == (0, 0, 0)


def test_the_plan_is_spread_over_arms_and_working_days(case_of):
    """24 people with 10 tasks from Monday 12 January to Friday 10 April 2026; Easter is in it.

    13 weeks of five days are 65; without Maundy Thursday (2 April), Good Friday and Easter Monday
    (6 April) 62 are left.
    """
    trial = build_trial(design={**COLUMNS, "clusters": 24, "tasks_each": 10, "ratio": (1, 2)})
    found = progress(case_of(trial, ()), now=LATER)
    planned = {(p.of, p.name): p.planned for p in found.parts}
    assert planned["all", None] == 240
    assert (planned["arm", "baseline"], planned["arm", "treatment"]) == (80, 160)
    assert planned["week", "2026-W03"] == pytest.approx(240 * 5 / 62)
    assert planned["week", "2026-W14"] == pytest.approx(240 * 3 / 62)
    assert sum(p.planned for p in found.parts if p.of == "week") == pytest.approx(240)
    early = progress(case_of(trial, ()), now=datetime(2026, 1, 20, tzinfo=UTC))
    assert [p.name for p in early.parts if p.of == "week"] == ["2026-W03", "2026-W04"]


def some(person, n, *, team="Nord", arm="baseline", day="2026-02-02"):
    base = date.fromisoformat(day)
    return [
        Measurement(
            arm=arm,
            keys={"person": person, "hold": team, "uge": "1", "opgave": f"{person}-{i}",
                  "dato": (base + timedelta(i % 5)).isoformat(), "status": "done"},
            values={"task_time": 30.0 + i + len(person) / 7},
        )
        for i in range(n)
    ]  # fmt: skip


def test_rows_of_one_to_four_people_are_not_told_nor_what_would_give_them_away(case_of):
    people = {"Nord": 3, "Syd": 6, "Vest": 9}
    who_is = [(team, i) for team, n in people.items() for i in range(n)]
    arms = ("baseline", "treatment")
    rows = [m for team, i in who_is for m in some(f"{team}{i}", 2, team=team, arm=arms[i % 2])]
    found = progress(case_of(build_trial(design=COLUMNS), rows), now=LATER)
    teams = {p.name: p for p in found.parts if p.of == "team"}
    assert (teams["Nord"].rows, teams["Nord"].people) == (None, None)
    assert teams["Nord"].withheld == "derivable"  # as of Syd: which is small is not told
    assert (teams["Syd"].rows, teams["Syd"].withheld) == (None, "derivable")
    assert (teams["Vest"].rows, teams["Vest"].people) == (18, 9)


def whose(rows, arm, told, column):
    """Whose rows of an arm are in no part that is told."""
    return {row.keys["person"] for row in rows if row.arm == arm and row.keys[column] not in told}


def week_of(row):
    year, week, _ = date.fromisoformat(row.keys["dato"]).isocalendar()
    return f"{year}-W{week:02d}"


def test_an_arm_less_the_teams_that_are_told_is_of_no_small_group(case_of):
    """Teams are in one arm each: 33 rows without the tool, 24 of them Syd's, would say that Nord
    has nine, of 11 - 8 = 3 people."""
    teams = {"Nord": ("baseline", 3), "Syd": ("baseline", 8),
             "Vest": ("treatment", 5), "Fjord": ("treatment", 8)}  # fmt: skip
    rows = [m for team, (arm, n) in teams.items() for i in range(n)
            for m in some(f"{team}{i}", 3, team=team, arm=arm)]  # fmt: skip
    found = progress(case_of(build_trial(design=COLUMNS), rows), now=LATER)
    assert [part.rows for part in found.parts if part.of == "arm"] == [33, 39]
    told = {part.name for part in found.parts if part.of == "team" and part.rows is not None}
    for arm in ("baseline", "treatment"):
        assert not 0 < len(whose(rows, arm, told, "hold")) < 5, told
    assert "Fjord" in told  # no more is withheld than must be


def test_an_arm_less_the_weeks_that_are_told_is_of_no_small_group(case_of):
    weeks = (("2026-02-02", "baseline", 3), ("2026-02-09", "baseline", 8),
             ("2026-03-02", "treatment", 5), ("2026-03-09", "treatment", 8))  # fmt: skip
    rows = [m for day, arm, n in weeks for i in range(n)
            for m in some(f"{arm}{i}", 2, arm=arm, day=day)]  # fmt: skip
    found = progress(case_of(build_trial(design=COLUMNS), rows), now=LATER)
    parts = {part.name: part.rows for part in found.parts if part.of == "week" and part.rows != 0}
    told = {name for name, n in parts.items() if n is not None}
    by_week = [row.model_copy(update={"keys": {**row.keys, "uge": week_of(row)}}) for row in rows]
    for arm in ("baseline", "treatment"):
        assert not 0 < len(whose(by_week, arm, told, "uge")) < 5, told
    assert "2026-W11" in told


def test_where_an_arm_has_few_people_no_count_of_an_arm_is_told(case_of):
    rows = [m for i in range(3) for m in some(f"A{i}", 2)]
    rows += [m for i in range(8) for m in some(f"B{i}", 2, arm="treatment")]
    found = progress(case_of(build_trial(design=COLUMNS), rows), now=LATER)
    assert found.flow.came_in.rows == 22
    for one in (found.flow.came_in, *found.flow.steps):
        assert (one.baseline, one.treatment) == (None, None)
    assert [p.rows for p in found.parts if p.of == "arm"] == [None, None]


def test_units_that_were_drawn_are_measured_or_not(open_case, write_list, tmp_path):
    case = open_case(kind="cluster", task="opgave", date="dato", participant="person")
    names = [f"Hold {n}" for n in range(10)]
    allocate(case, write_list("hold", *names), actor=WHO, now=WHEN)
    listed = case.store.allocated(case.file.id)
    arm = {u[0]: ("baseline", "treatment")[listed.patterns[d][0]]
           for u, d in zip(listed.named(), listed.drawn, strict=True)}  # fmt: skip
    rows = [m for team in names[:7] for i in range(5)
            for m in some(f"{team}-{i}", 1, team=team, arm=arm[team])]  # fmt: skip
    batch = Batch(trial=case.file.id, name="ark", measurements=tuple(rows))
    add(case, batch, actor=WHO, now=WHEN, simulated=False)
    flow = progress(case, now=LATER).flow
    assert flow.unit == "hold"
    assert [one.units for one in flow.drawn] == [5, 5]
    assert sum(one.measured for one in flow.drawn) == 7
    assert all(one.units == one.measured + one.unmeasured for one in flow.drawn)


def test_of_people_who_were_drawn_a_few_without_rows_are_not_told(open_case, write_list):
    case = open_case(kind="parallel", task="opgave", date="dato")
    names = [f"P{n:02d}" for n in range(40)]
    allocate(case, write_list("person", *names), actor=WHO, now=WHEN)
    listed = case.store.allocated(case.file.id)
    arm = {u[0]: ("baseline", "treatment")[listed.patterns[d][0]]
           for u, d in zip(listed.named(), listed.drawn, strict=True)}  # fmt: skip
    late = [name for name in names if arm[name] == "treatment"][:2]
    rows = [m for name in names if name not in late for m in some(name, 1, arm=arm[name])]
    batch = Batch(trial=case.file.id, name="ark", measurements=tuple(rows))
    add(case, batch, actor=WHO, now=WHEN, simulated=False)
    drawn = {one.drawn: one for one in progress(case, now=LATER).flow.drawn}
    few = drawn["treatment"]
    assert (few.measured, few.unmeasured, few.withheld) == (None, None, "derivable")


def test_no_number_of_people_says_how_many_of_those_drawn_were_not_measured(open_case, write_list):
    """Forty were drawn, as the list says; 38 with rows anywhere would say that two have none."""
    case, late = open_case(kind="parallel", task="opgave", date="dato"), 2
    names = [f"P{n:02d}" for n in range(40)]
    allocate(case, write_list("person", *names), actor=WHO, now=WHEN)
    rows = [m for name in names[late:] for m in some(name, 1)]
    batch = Batch(trial=case.file.id, name="ark", measurements=tuple(rows))
    add(case, batch, actor=WHO, now=WHEN, simulated=False)
    found = progress(case, now=LATER)
    assert {part.people for part in found.parts} == {None}
    assert found.parts[0].rows == 38


def test_who_was_forgotten_is_in_none_of_it(case_of):
    rows = [m for i in range(8) for m in some(f"A{i}", 2)]
    case = case_of(build_trial(design=COLUMNS), rows)
    case.store.erase(case.file.id, "A0", why="-", actor=who("Ida"), now=WHEN)
    found = progress(case, now=LATER)
    assert (found.flow.came_in.rows, found.parts[0].people) == (14, 7)
