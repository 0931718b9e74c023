"""Tasks on the list of the lots are drawn for a second timing before anybody has done them."""

from __future__ import annotations

from htkeval.measurement import Batch
from htkeval.steps.add import add
from htkeval.steps.allocate import allocate
from htkeval.steps.second import asked
from tests.steps.conftest import WHEN, WHO
from tests.steps.test_progress import some


def test_tasks_to_come_are_named_and_stay_drawn_once_they_are_measured(open_case, write_list):
    case = open_case(kind="within", task="opgave", date="dato", status="status")
    pairs = [("A", f"A-{n}") for n in range(200)]
    lines = [f"{person};{task}" for person, task in pairs]
    allocate(case, write_list("person;opgave", *lines), actor=WHO, now=WHEN)
    coming = asked(case)
    names = {one.keys["opgave"] for one in coming}
    assert all(one.row is None and not one.second for one in coming)
    assert 5 <= len(names) <= 40  # 20 on average; all but one draw in ten thousand
    batch = Batch(trial=case.file.id, name="ark", measurements=tuple(some("A", 200)))
    add(case, batch, actor=WHO, now=WHEN, simulated=False)
    done = asked(case)
    assert {one.keys["opgave"] for one in done} == names
    assert all(one.row is not None for one in done)
