"""A draw is made once, from the promise, and kept: nobody can draw until it suits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from htkeval.errors import Refused, SheetError, StateError
from htkeval.measurement import Batch, Measurement
from htkeval.steps.add import add
from htkeval.steps.allocate import allocate
from htkeval.steps.case import Case
from htkeval.steps.drawn import columns, rows
from htkeval.steps.draws_again import of_trial
from htkeval.store.verify import verify
from tests.steps.conftest import WHEN, WHO, OpenCase, WriteList

PEOPLE = ["person;by;alder", *(f"P{n:02d};{'AB'[n % 2]};{30 + n}" for n in range(16))]


def draw(case: Case, path: Any):
    return allocate(case, path, actor=WHO, now=WHEN)


def told(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.message("en")


def measured(case: Case, arm: str, **keys: str) -> None:
    row = Measurement.model_validate({"arm": arm, "keys": keys, "values": {"task_time": 9.0}})
    add(case, Batch(trial=case.trial.id, name="m", measurements=(row,)), actor=WHO, now=WHEN,
        simulated=False)  # fmt: skip


def test_the_same_promise_and_list_give_the_same_arms_in_another_workspace(
    open_case: OpenCase, write_list: WriteList, tmp_path: Any
) -> None:
    plan = {"kind": "parallel", "allocation": "minimisation", "strata": ["by"]}
    one = draw(open_case(**plan), write_list(*PEOPLE)).listed.drawn
    (tmp_path / "store.db").rename(tmp_path / "gemt.db")
    case = open_case(**plan)
    assert case.store.allocated(case.trial.id) is None
    assert draw(case, write_list(*PEOPLE)).listed.drawn == one


def test_another_promise_gives_other_arms(
    open_case: OpenCase, write_list: WriteList, tmp_path: Any
):
    drawn = set()
    for n, favour in enumerate((0.7, 0.75, 0.8)):
        case = open_case(kind="parallel", allocation="bernoulli", favour=favour)
        drawn.add(draw(case, write_list(*[line.split(";")[0] for line in PEOPLE])).listed.drawn)
        (tmp_path / "store.db").rename(tmp_path / f"gemt{n}.db")
    assert len(drawn) == 3


def test_what_is_stored_comes_back_and_holds_no_pseudonym(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="parallel", strata=["by"])
    made = draw(case, write_list(*PEOPLE))
    assert case.store.allocated(case.trial.id) == made.listed == made.whole
    payload = json.dumps(made.event.payload)
    assert "P01" not in payload
    assert made.event.payload["registration"] == case.fingerprint
    assert made.event.payload["balance"][0] == {"column": "", "level": "", "counts": [8, 8]}
    assert set(made.event.payload["differences"]) == {"alder"}
    assert all(len(token) == 64 for token in made.event.payload["units"][0])


def test_a_forgotten_person_keeps_a_place_without_a_name(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="parallel")
    made = draw(case, write_list("person", "P1", "P2", "P3", "P4"))
    case.store.erase(
        case.trial.id, "P2", why="Bad om det.", actor=made.event.actor, now=made.event.at
    )
    listed = case.store.allocated(case.trial.id)
    assert listed is not None
    assert listed.units[0] == ("P1", made.event.payload["units"][0][1], "P3", "P4")
    assert all(check.passed for check in verify(case.store, case.blobs, definitions={}))


def test_a_list_that_was_changed_in_the_store_is_found(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="parallel")
    made = draw(case, write_list("person", "P1", "P2", "P3", "P4"))
    other = json.dumps({**made.event.payload, "drawn": [1, 1, 0, 0]})
    with case.store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER event_refuses_update"))
        connection.execute(
            text("UPDATE event SET payload = :other WHERE kind = 'allocation'"), {"other": other}
        )
    failed = {c.name for c in verify(case.store, case.blobs, definitions={}) if c.passed is False}
    assert {"chain", "guards"} <= failed


def test_a_second_allocation_of_a_unit_is_refused_and_nothing_is_stored(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="parallel")
    first = draw(case, write_list("person", "P1", "P2", "P3", "P4"))
    with pytest.raises(SheetError) as refused:
        draw(case, write_list("person", "P5", "P4", "P3"))
    assert refused.value.total == 2
    assert "a lot is drawn once" in told(refused)
    assert case.store.allocated(case.trial.id) == first.listed


def test_later_units_go_on_where_the_list_ended(open_case: OpenCase, write_list: WriteList) -> None:
    case = open_case(kind="parallel", allocation="blocks", block=4)
    draw(case, write_list("person", *(f"P{n}" for n in range(6))))
    made = draw(case, write_list("person", *(f"P{n}" for n in range(6, 12))))
    assert made.listed.entry == (2,) * 6
    assert made.whole.units[0] == tuple(f"P{n}" for n in range(12))
    assert [sum(made.whole.drawn[at : at + 4]) for at in (0, 4, 8)] == [2, 2, 2]


def test_measured_units_are_not_drawn_any_more(open_case: OpenCase, write_list: WriteList) -> None:
    case = open_case(kind="parallel")
    measured(case, "baseline", person="P2")
    with pytest.raises(SheetError) as refused:
        draw(case, write_list("person", "P1", "P2", "P3", "P4"))
    assert "expected allocation before measurement" in told(refused)
    assert case.store.allocated(case.trial.id) is None


def test_work_measured_beforehand_by_plan_is_no_hindrance(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="parallel", baseline_tasks=1)
    measured(case, "baseline", person="P2")
    measured(case, "treatment", person="P9")
    assert draw(case, write_list("person", "P1", "P2", "P3", "P4")).listed.entry == (1,) * 4
    with pytest.raises(SheetError, match="allocation before measurement"):
        draw(case, write_list("person", "P8", "P9"))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"kind": "before_after", "randomised": False}, "a plan in which nothing is drawn"),
        ({"kind": "within"}, "no column of the task"),
        ({"kind": "parallel", "allocation": "blocks", "block": 3}, "block = 3 with ratio 1:1"),
        ({"kind": "stepped_wedge", "allocation": "blocks", "block": 4}, "blocks in a roll-out"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused_with_a_way_out(
    open_case: OpenCase, write_list: WriteList, plan: dict[str, Any], said: str
) -> None:
    case = open_case(**plan)
    with pytest.raises(StateError) as refused:
        draw(case, write_list("person", "P1", "P2"))
    assert said in told(refused)
    assert refused.value.problems[0].next_step
    assert case.store.events(case.trial.id, "allocation") == ()


def test_without_a_promise_nothing_is_drawn_and_all_reasons_are_told(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="within", registered=False)
    with pytest.raises(StateError) as refused:
        draw(case, write_list("person", "P1", "P2"))
    assert refused.value.total == 2
    assert "Run `htkeval register` first" in told(refused)


@pytest.mark.parametrize(
    ("plan", "units", "said"),
    [
        ({"kind": "parallel"}, 3, "at least 4, so that no arm has only one unit"),
        ({"kind": "parallel", "ratio": [1, 3]}, 7, "at least 8"),
        ({"kind": "parallel", "allocation": "blocks", "block": 8}, 7, "fewer than a block"),
        ({"kind": "stepped_wedge", "steps": 4, "participant": "hold"}, 3, "one for each start"),
    ],
)
def test_too_few_units_are_refused(
    open_case: OpenCase, write_list: WriteList, plan: dict[str, Any], units: int, said: str
) -> None:
    case = open_case(**plan)
    head = "hold" if plan["kind"] == "stepped_wedge" else "person"
    with pytest.raises(StateError, match=said):
        draw(case, write_list(head, *(f"U{n}" for n in range(units))))
    assert case.store.events(case.trial.id, "allocation") == ()


def test_a_crossover_gives_orders_and_the_arm_of_each_period(
    open_case: OpenCase, write_list: WriteList
) -> None:
    made = draw(open_case(kind="crossover"), write_list("person", "P1", "P2", "P3", "P4"))
    assert columns(made.trial, made.listed) == ["person", "sequence", "uge_1", "uge_2"]
    by_order = {(r["sequence"], r["uge_1"], r["uge_2"]) for r in rows(made.trial, made.listed)}
    assert by_order == {("AB", "baseline", "treatment"), ("BA", "treatment", "baseline")}


def test_a_roll_out_gives_starts(open_case: OpenCase, write_list: WriteList) -> None:
    case = open_case(kind="stepped_wedge", steps=3, sequence="start_i")
    made = draw(case, write_list("hold", *(f"H{n}" for n in range(6))))
    listed = rows(made.trial, made.listed)
    assert sorted(row["start_i"] for row in listed) == ["2", "2", "3", "3", "4", "4"]
    one = next(row for row in listed if row["start_i"] == "3")
    arms = ["baseline", "baseline", "treatment", "treatment"]
    assert [one[f"uge_{n}"] for n in range(1, 5)] == arms
    assert made.event.payload["units"] == [[f"H{n}" for n in range(6)]]  # teams are no people


def test_another_order_or_another_name_is_another_draw(
    open_case: OpenCase, write_list: WriteList, tmp_path: Any
) -> None:
    """Nobody can put a favourite in a place that is known to get the tool: of twelve lists in
    which one name changes, all others have other lots too (equal by chance once in 2^15)."""
    drawn = set()
    for n in range(12):
        case = open_case(kind="parallel", allocation="bernoulli")
        people = [f"P{k:02d}" for k in range(16)]
        people[n] = "Yndling"
        drawn.add(tuple(draw(case, write_list("person", *people)).listed.drawn))
        (tmp_path / "store.db").rename(tmp_path / f"gemt{n}.db")
    assert len(drawn) == 12


def test_the_place_of_a_favourite_says_nothing_of_his_lot(
    open_case: OpenCase, write_list: WriteList, tmp_path: Any
) -> None:
    """First on 24 lists with other people behind him: 12 lots with the tool, +- 4 SE of 2.4."""
    lots = 0
    for n in range(24):
        case = open_case(kind="parallel", allocation="complete")
        lots += draw(
            case, write_list("person", "Yndling", *(f"{n}-{k}" for k in range(5)))
        ).listed.drawn[0]
        (tmp_path / "store.db").unlink()
    assert abs(lots - 12) < 10


def test_a_list_of_before_digests_were_kept_is_drawn_again_as_before(
    open_case: OpenCase, write_list: WriteList, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hashlib import sha256

    from htkeval.steps import allocate as step

    case = open_case(kind="parallel", allocation="bernoulli")
    old = "{} allocation {}".format
    with monkeypatch.context() as past:
        past.setattr(step, "seed_of", lambda registration, number, _: int(
            sha256(old(registration, number).encode()).hexdigest(), 16))  # fmt: skip
        past.setattr(step, "digest_of", lambda _: None)
        draw(case, write_list(*[line.split(";")[0] for line in PEOPLE]))
    (check,) = of_trial(case, case.store.events(case.trial.id, "allocation"))
    assert check.passed is True


def test_a_list_is_drawn_again_also_when_somebody_on_it_was_forgotten(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="parallel")
    draw(case, write_list("person", *(f"P{n}" for n in range(12))))
    with case.store.engine.begin() as connection:
        connection.execute(
            text("UPDATE subject SET pseudonym = NULL, salt = NULL WHERE pseudonym = 'P2'")
        )
    (check,) = of_trial(case, case.store.events(case.trial.id, "allocation"))
    assert check.passed is True


def test_strata_written_in_two_ways_are_refused(open_case: OpenCase, write_list: WriteList) -> None:
    case = open_case(kind="parallel", strata=["by"])
    lines = [f"P{n};{town}" for n, town in enumerate(["Høje", "Høje", "høje", "Taastrup"] * 2)]
    with pytest.raises(StateError) as refused:
        draw(case, write_list("person;by", *lines))
    assert 'column by: found "høje"' in told(refused)
    assert 'Another unit has "Høje"' in told(refused)
    assert case.store.allocated(case.trial.id) is None
