"""The register of findings: what is told, what is changed, and that nothing of it is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from htkeval.errors import Refused, StateError
from htkeval.finding import Finding
from htkeval.steps.findings import change, findings, record
from htkeval.steps.lock import lock
from htkeval.steps.states import state
from tests.steps.conftest import POLICY, WHEN, WHO, OpenCase
from tests.steps.test_when_to_look import DURING, Open, measure, opened  # noqa: F401  (a fixture)

TODAY = date(2026, 1, 5)


def told(case, **changes) -> Finding:
    said = {"kind": "security", "text": "Lyd sendes ud af EU", "owner": "Sikkerhedschef", **changes}
    return record(case, **{"actor": WHO, "now": WHEN, **said})[1]


def turned(case, name, **changes) -> Finding:
    return change(case, name, **{"why": "Aftalt", "actor": WHO, "now": WHEN, **changes})[1]


def test_findings_are_numbered_as_they_come_and_kept_with_all_that_was_said(open_case: OpenCase):
    case = open_case()
    first = told(case, measure="  Flyt serveren ", due=date(2026, 3, 1), areas=["Social", "social"])
    second = told(case, kind="experience", text="Referater bliver kortere")
    assert [one.id for one in findings(case)] == ["F1", "F2"]
    assert findings(case) == (first, second)
    assert (first.measure, first.due, first.areas) == (
        "Flyt serveren",
        date(2026, 3, 1),
        ("Social",),
    )
    assert (first.status, first.closed, first.unsolved) == ("open", None, True)
    assert state(case, policy=POLICY).findings == (first, second)
    assert state(case, policy=POLICY).unsolved == (first,)


def test_a_change_keeps_what_was_before_it(open_case: OpenCase):
    case = open_case()
    told(case)
    turned(case, "f1", status="in_progress", measure="Flyt serveren")
    after = turned(case, "F1", status="solved", owner="Drift", why="Flyttet")
    assert (after.status, after.closed, after.measure, after.owner) == (
        "solved",
        TODAY,
        "Flyt serveren",
        "Drift",
    )
    assert [(one.status, one.owner, one.measure) for one in after.history] == [
        ("open", "Sikkerhedschef", None),
        ("in_progress", "Sikkerhedschef", "Flyt serveren"),
        ("solved", "Drift", "Flyt serveren"),
    ]
    assert [(one.by, one.at, one.why) for one in after.history][1:] == [
        ("Ida", WHEN, "Aftalt"),
        ("Ida", WHEN, "Flyttet"),
    ]
    assert state(case, policy=POLICY).unsolved == ()
    again = turned(case, "F1", status="open")
    assert (again.closed, again.unsolved, len(again.history)) == (None, True, 4)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"kind": "nope"}, "--kind"),
        ({"status": "done"}, "--status"),
        ({"text": " "}, "--text"),
        ({"owner": ""}, "--owner"),
        ({"measure": "\n"}, "--measure"),
        ({"areas": ["Social", " "]}, "--area"),
        ({"text": "Ring til 51 23 45 67"}, "--text"),
        ({"owner": "ida@kommune.dk"}, "--owner"),
        ({"measure": "Spørg 010203-1234"}, "--measure"),
        ({"areas": ["bo@eksempel.dk"]}, "--area"),
        ({"status": "solved"}, "--measure"),
        ({"status": "solved", "why": "x", "on": TODAY + timedelta(1)}, "--date"),
        ({"on": TODAY}, "--date"),
    ],
)
def test_what_cannot_be_kept_is_refused_where_it_stands(open_case: OpenCase, changes, place):
    case = open_case()
    before = case.store.events()
    with pytest.raises(Refused) as refused:
        told(case, **changes)
    (problem,) = refused.value.problems
    assert str(problem.place) == place
    assert str(problem.found)
    assert str(problem.expected)
    assert case.store.events() == before


@pytest.mark.parametrize(
    ("name", "changes", "kind"),
    [
        ("F2", {"status": "solved"}, StateError),
        ("F0", {"status": "solved"}, StateError),
        ("", {"status": "solved"}, StateError),
        ("F1", {"status": "open"}, StateError),
        ("F1", {}, StateError),
        ("F1", {"owner": "Sikkerhedschef "}, StateError),
        ("F1", {"status": "solved", "why": " "}, Refused),
        ("F1", {"status": "solved", "on": TODAY + timedelta(1)}, Refused),
        ("F1", {"status": "in_progress", "on": TODAY}, Refused),
        ("F1", {"status": "done"}, Refused),
        ("F1", {"owner": " "}, Refused),
        ("F1", {"measure": "Spørg 010203-1234"}, Refused),
    ],
)
def test_a_change_that_is_none_or_cannot_be_is_refused(open_case: OpenCase, name, changes, kind):
    case = open_case()
    told(case)
    before = case.store.events()
    with pytest.raises(kind) as refused:
        turned(case, name, **changes)
    (problem,) = refused.value.problems
    assert str(problem.expected)
    assert case.store.events() == before


def test_an_experience_is_closed_with_neither_measure_nor_reason(open_case: OpenCase):
    assert told(open_case(), kind="experience", status="accepted").closed == TODAY


def test_a_finding_of_another_trial_has_numbers_of_its_own(open_case: OpenCase):
    case = open_case()
    told(case)
    other = case.file.model_copy(update={"id": "andet"})
    beside = type(case)(store=case.store, blobs=case.blobs, file=other)
    assert told(beside).id == "F1"
    assert len(findings(case)) == 1


def test_two_at_the_same_moment_do_not_get_one_number(open_case: OpenCase, monkeypatch):
    from htkeval.steps import findings as steps

    case, read = open_case(), steps.findings

    def meanwhile(again):
        found = read(again)
        monkeypatch.setattr(steps, "findings", read)
        told(again, text="Den anden")
        return found

    monkeypatch.setattr(steps, "findings", meanwhile)
    with pytest.raises(StateError, match="a moment ago"):
        told(case, text="Den første")
    assert [one.text for one in findings(case)] == ["Den anden"]


def test_a_locked_trial_still_takes_findings(opened: Open):  # noqa: F811
    case = opened("[1.0]")
    measure(case, 0, 96)
    lock(case, actor=WHO, now=DURING)
    assert told(case, now=DURING).id == "F1"
    assert turned(case, "F1", status="in_progress", now=DURING).status == "in_progress"


STATUS = st.sampled_from(["open", "in_progress", "solved", "accepted"])
WORDS = st.one_of(st.none(), st.sampled_from(["a", "b"]))
STEP = st.one_of(
    st.tuples(st.just("new"), STATUS, WORDS, WORDS),
    st.tuples(st.integers(1, 4), st.one_of(st.none(), STATUS), WORDS, WORDS),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=12))
def test_whatever_is_done_each_has_its_last_status_and_its_whole_history(open_case, steps):
    """Each example goes on in a trial of its own: one store holds them all."""
    base = open_case(registered=False)
    number = len(base.store.events())
    file = base.file.model_copy(update={"id": f"nr-{number}"})
    case = type(base)(store=base.store, blobs=base.blobs, file=file)
    model: dict[str, list[tuple[str, str, str | None]]] = {}
    for which, status, owner, what in steps:
        if which == "new":
            one = told(case, status=status, owner=owner or "x", measure=what, why="w")
            assert one.id == f"F{len(model) + 1}"
            model[one.id] = [(status, owner or "x", what)]
            continue
        name = f"F{which}"
        last = model[name][-1] if name in model else None
        wanted = last and (status or last[0], owner or last[1], what or last[2])
        if wanted is None or wanted == last:
            with pytest.raises(StateError):
                turned(case, name, status=status, owner=owner, measure=what)
            continue
        turned(case, name, status=status, owner=owner, measure=what)
        model[name].append(wanted)
    found = {
        one.id: [(step.status, step.owner, step.measure) for step in one.history]
        for one in findings(case)
    }
    assert found == model
    for one in findings(case):
        assert (one.status, one.owner, one.measure) == model[one.id][-1]
        assert (one.closed is None) == one.unsolved == (one.status in ("open", "in_progress"))


def test_the_day_of_closing_is_today_until_another_is_said_and_stays_while_the_status_does(
    open_case: OpenCase,
):
    case, later = open_case(), WHEN + timedelta(10)
    told(case)
    assert turned(case, "F1", status="solved", on=TODAY).closed == TODAY
    assert turned(case, "F1", owner="Drift", now=later).closed == TODAY
    assert turned(case, "F1", on=TODAY - timedelta(3), now=later).closed == TODAY - timedelta(3)
    assert turned(case, "F1", status="accepted", now=later).closed == TODAY + timedelta(10)
