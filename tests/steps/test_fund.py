"""The pool: what is applied for, granted and spent, and that none of it is ever too much."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.errors import HtkevalError, Refused, StateError
from htkeval.fund import Pool, kroner
from htkeval.steps.applications import fund
from htkeval.steps.case import Case
from htkeval.steps.fund import apply, grant, refuse, spend
from htkeval.store.store import open_store
from htkeval.store.verify import verify
from tests.intake.trials import build_trial
from tests.steps.conftest import WHEN, WHO

POOL = Pool(name="Puljen", amount_kr=600_000, price_level=2025, source="sag", date=date(2026, 1, 1))
TODAY = WHEN.date()
MORE = {"actor": WHO, "now": WHEN}


@pytest.fixture
def case(open_case):
    return open_case()


def applied(case, amount=300_000):
    return apply(case, area="Borgerservice", amount=amount, purpose="Licenser", **MORE)


def granted(case, number, amount):
    return grant(case.store, number, pool=POOL, amount=amount, why="God sag", **MORE)


def spent(case, number, amount, *, on=TODAY, text="Faktura"):
    return spend(case.store, number, amount=amount, text=text, on=on, **MORE)


def kept(case):
    return len(case.store.events())


def test_an_application_a_grant_and_spendings_are_events_of_the_trial(case):
    assert applied(case).id == "A1"
    granted(case, "A1", 200_000)
    one = spent(case, "a1", 50_000)
    assert (one.granted_kr, one.spent_kr, one.remaining_kr) == (200_000, 50_000, 150_000)
    told = [(e.trial, e.kind, e.payload["amount_kr"]) for e in case.store.events()[1:]]
    name = case.file.id
    assert told == [
        (name, "application", 300_000),
        (name, "grant", 200_000),
        (name, "spending", 50_000),
    ]
    whole = fund(case.store, POOL)
    assert (whole.granted_kr, whole.spent_kr, whole.remaining_kr) == (200_000, 50_000, 400_000)


def test_applications_are_numbered_over_all_trials(case):
    other = replace(case, file=case.file.model_copy(update={"id": "andet"}))
    assert [applied(case).id, applied(other).id, applied(case).id] == ["A1", "A2", "A3"]
    assert [one.trial for one in fund(case.store, POOL).ranked] == [
        case.file.id, "andet", case.file.id,
    ]  # fmt: skip


def test_the_grants_of_all_trials_together_never_exceed_the_pool(case):
    other = replace(case, file=case.file.model_copy(update={"id": "andet"}))
    applied(case, 500_000)
    applied(other, 500_000)
    granted(case, "A1", 500_000)
    before = kept(case)
    with pytest.raises(StateError) as told:
        granted(case, "A2", 100_001)
    assert kept(case) == before
    assert str(told.value).startswith(
        "--amount: found 100,001 kr., of a pool with 100,000 kr. left"
    )
    assert granted(case, "A2", 100_000).granted_kr == 100_000
    assert fund(case.store, POOL).remaining_kr == 0


def test_no_application_is_granted_more_than_it_asked_for(case):
    applied(case, 100)
    granted(case, "A1", 60)
    with pytest.raises(StateError, match=r"at most 40 kr\."):
        granted(case, "A1", 41)
    assert granted(case, "A1", 40).state == "granted"


def test_a_smaller_pool_takes_nothing_back_and_grants_nothing_more(case):
    applied(case)
    granted(case, "A1", 100_000)
    small = POOL.model_copy(update={"amount_kr": 50_000})
    assert fund(case.store, small).remaining_kr == -50_000
    with pytest.raises(StateError, match=r" 0 kr\. left"):
        grant(case.store, "A1", pool=small, amount=1, why="x", **MORE)


def test_a_refused_application_takes_no_grant_and_one_with_a_grant_is_not_refused(case):
    applied(case)
    assert refuse(case.store, "A1", why="Ikke nu", **MORE).state == "refused"
    for again in (
        lambda: granted(case, "A1", 1),
        lambda: refuse(case.store, "A1", why="x", **MORE),
    ):
        with pytest.raises(StateError, match="refused"):
            again()
    applied(case)
    granted(case, "A2", 10)
    with pytest.raises(StateError, match="granted"):
        refuse(case.store, "A2", why="x", **MORE)
    assert fund(case.store, POOL).granted_kr == 10


def test_spending_stays_between_nought_and_the_grant(case):
    applied(case)
    with pytest.raises(StateError):
        spent(case, "A1", 1)
    granted(case, "A1", 100)
    spent(case, "A1", 70)
    for wrong in (31, -71):
        before = kept(case)
        with pytest.raises(StateError):
            spent(case, "A1", wrong)
        assert kept(case) == before
    assert spent(case, "A1", -70, text="Kreditnota").spent_kr == 0
    assert spent(case, "A1", 100).state == "spent"


@pytest.mark.parametrize(
    "step",
    [
        lambda case: applied(case, 0),
        lambda case: applied(case, -1),
        lambda case: applied(case, 10**13),
        lambda case: granted(case, "A1", 0),
        lambda case: granted(case, "A1", -5),
        lambda case: granted(case, "A7", 5),
        lambda case: granted(case, "", 5),
        lambda case: spent(case, "A1", 0),
        lambda case: spent(case, "A9", 5),
        lambda case: spent(case, "A1", 5, on=TODAY + timedelta(days=1)),
        lambda case: spent(case, "A1", 5, text="  "),
        lambda case: spent(case, "A1", 5, text="Ring 51 23 45 67"),
        lambda case: grant(case.store, "A1", pool=POOL, amount=5, why=" ", **MORE),
        lambda case: refuse(case.store, "A1", why="", **MORE),
        lambda case: apply(case, area=" ", amount=5, purpose="x", **MORE),
        lambda case: apply(case, area="x", amount=5, purpose="bo@eksempel.dk", **MORE),
    ],
)
def test_bad_input_is_refused_and_nothing_is_stored(case, step):
    applied(case)
    granted(case, "A1", 100)
    before = case.store.events()
    with pytest.raises(Refused) as told:
        step(case)
    assert all(problem.expected for problem in told.value.problems)
    assert case.store.events() == before


def test_a_name_of_the_list_is_refused_in_every_text(case):
    listed = replace(case, names=frozenset({"mette"}))
    applied(case)
    granted(case, "A1", 100)
    before = kept(case)
    names, store = listed.names, case.store
    for step in (
        lambda: apply(listed, area="Mette", amount=5, purpose="x", **MORE),
        lambda: grant(store, "A1", pool=POOL, amount=5, why="Mette", names=names, **MORE),
        lambda: spend(store, "A1", amount=5, text="Mette", on=TODAY, names=names, **MORE),
    ):
        with pytest.raises(Refused, match="list of names"):
            step()
    assert kept(case) == before


def test_the_record_of_them_verifies(case):
    applied(case)
    granted(case, "A1", 100)
    spent(case, "A1", 100)
    applied(case)
    refuse(case.store, "A2", why="Ikke nu", **MORE)
    checks = verify(case.store, case.blobs)
    assert [check.name for check in checks if check.passed is False] == []
    assert len(case.store.outbox()) == 1, "the registration alone"


def test_what_is_known_to_be_worth_more_comes_first_and_what_is_unknown_last(case):
    for _ in range(5):
        applied(case)
    whole = fund(case.store, POOL)
    assert [one.value_kr for one in whole.applications] == [None] * 5
    values = (None, 10.0, None, 20.0, 0.0)
    known = whole.model_copy(
        update={
            "applications": tuple(
                one.model_copy(update={"value_kr": value})
                for one, value in zip(whole.applications, values, strict=True)
            )
        }
    )
    assert [one.id for one in known.ranked] == ["A4", "A2", "A5", "A1", "A3"]


@pytest.mark.parametrize("again", range(3))
@pytest.mark.parametrize("step", ["grant", "spend", "apply"])
def test_of_two_at_once_only_what_there_is_room_for_is_stored(case, step, again):
    """Each has a connection of its own, as two programs have."""
    applied(case, 600_000)
    applied(case, 600_000)
    if step == "spend":
        granted(case, "A1", 400_000)
    ready = Barrier(2, timeout=60)

    def one(number):
        with open_store(str(case.store.engine.url)) as store:
            ready.wait()
            try:
                if step == "grant":
                    grant(store, f"A{number}", pool=POOL, amount=400_000, why="x", **MORE)
                elif step == "spend":
                    spend(store, "A1", amount=400_000, text="x", on=TODAY, **MORE)
                else:
                    return applied(replace(case, store=store)).id
            except StateError:
                return "refused"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(one, (1, 2), timeout=120))
    whole = fund(case.store, POOL)
    if step == "apply":
        assert sorted(told) == ["A3", "A4"]
    else:
        assert sorted(told, key=str) == [None, "refused"]
        assert whole.granted_kr == 400_000
    assert whole.spent_kr == (400_000 if step == "spend" else 0)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("150.000", 150_000), ("150000", 150_000), ("1.250.000", 1_250_000), (" 500 ", 500),
        ("150 000", 150_000), ("150\u00a0000", 150_000), ("-500", -500), ("−1.500", -1_500),
        ("0", 0),
    ],
)  # fmt: skip
def test_kroner_are_read_as_people_write_them(text, amount):
    assert kroner(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "1.234,5", "150,000", "1.5", "15.00", "1.0000", "0.500", "", "-", "kr", "1e6", "nan",
        "150.00.000", "--5", "٣", "9" * 13, "9" * 5000, "1_000",
    ],
)  # fmt: skip
def test_what_is_no_whole_number_of_kroner_is_not_read(text):
    with pytest.raises(ValueError, match="kroner"):
        kroner(text)


AMOUNT = st.integers(-300, 700)
STEP = st.tuples(
    st.sampled_from(["apply", "grant", "grant", "refuse", "spend", "spend"]),
    st.integers(1, 4),
    AMOUNT,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A store with nothing in it, to be copied: making one takes longer than using it."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(f"sqlite:///{path.as_posix()}").close()
    return path


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(STEP, min_size=4, max_size=25))
def test_whatever_is_tried_no_sum_is_ever_too_large(empty, steps):
    pool = POOL.model_copy(update={"amount_kr": 1000})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        shutil.copyfile(empty, path)
        with open_store(f"sqlite:///{path.as_posix()}") as store:
            case = Case(store=store, blobs=Path(folder), file=build_trial())
            for kind, number, amount in steps:
                _tried(case, pool, kind, f"A{number}", amount)


def _tried(case, pool, kind, number, amount):
    before, stood = kept(case), fund(case.store, pool)
    try:
        if kind == "apply":
            apply(case, area="x", amount=amount, purpose="x", **MORE)
        elif kind == "grant":
            grant(case.store, number, pool=pool, amount=amount, why="x", **MORE)
        elif kind == "refuse":
            refuse(case.store, number, why="x", **MORE)
        else:
            spend(case.store, number, amount=amount, text="x", on=TODAY, **MORE)
    except HtkevalError:
        assert kept(case) == before
        assert fund(case.store, pool) == stood
    else:
        assert kept(case) == before + 1
    after = fund(case.store, pool)
    events = case.store.events(kind="grant")
    assert after.granted_kr == sum(event.payload["amount_kr"] for event in events) <= 1000
    assert after.remaining_kr == pool.amount_kr - after.granted_kr
    for one in after.applications:
        assert 0 <= one.spent_kr <= one.granted_kr <= one.amount_kr
        assert one.remaining_kr == one.granted_kr - one.spent_kr
