"""One lot at a time: shown once it is kept, and known to nobody before."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from sqlalchemy import text

from htkeval.canonical import canonical
from htkeval.errors import EnvironmentFailed, Refused, SheetError, StateError
from htkeval.steps.allocate import allocate
from htkeval.steps.case import Case
from htkeval.steps.draws_again import of_trial
from htkeval.steps.next_lot import lots_again, next_lot
from htkeval.steps.participation import record
from htkeval.store import chain, concealment
from htkeval.store.append_only import GENESIS
from htkeval.store.verify import verify
from htkeval.text import render
from tests.steps.conftest import WHEN, WHO, OpenCase, WriteList

WITHIN = {"kind": "within", "task": "sag", "allocation": "blocks", "block": 4}


def ask(case: Case, *names: str, **strata: str) -> int:
    made = next_lot(case, names, strata, actor=WHO, now=WHEN)
    return made.listed.drawn[0]


def stored(case: Case) -> tuple[int, ...]:
    listed = case.store.allocated(case.trial.id)
    return () if listed is None else listed.drawn


def test_what_is_shown_is_what_is_kept_also_after_a_restart(open_case: OpenCase) -> None:
    case, shown = open_case(**WITHIN), []
    for n in range(12):
        if n % 3 == 0:  # another process: nothing lives on but the store and the key
            case.store.close()
            case = open_case(**WITHIN)
        shown.append(ask(case, f"P{n % 2}", f"sag {n}"))
        assert stored(case)[-1] == shown[-1]
    assert stored(case) == tuple(shown)
    for person in (0, 1):
        mine = shown[person::2]
        assert sum(mine[:4]) == 2


def test_the_key_gives_all_lots_again(open_case: OpenCase) -> None:
    case = open_case(**WITHIN)
    for n in range(10):
        ask(case, f"P{n % 3}", f"sag {n}")
    listed = case.store.allocated(case.trial.id)
    key = concealment.read_key(concealment.key_file(case.blobs, case.trial.id))
    assert listed is not None
    assert key is not None
    assert case.fingerprint is not None
    again = lots_again(case.trial.design, listed, key=key, registration=case.fingerprint)
    assert again == listed.drawn
    others = {
        lots_again(case.trial.design, listed, key=bytes([n] * 32), registration=case.fingerprint)
        for n in range(5)
    }
    assert len(others) > 1


def test_a_task_is_drawn_once_and_whoever_asks_again_is_told_what_it_was(
    open_case: OpenCase,
) -> None:
    case = open_case(**WITHIN)
    arm = ("baseline", "treatment")[ask(case, "P1", "sag 1")]
    with pytest.raises(SheetError) as refused:
        ask(case, "P1", "sag 1")
    assert f"It was drawn before: {arm}." in refused.value.message("en")
    assert len(stored(case)) == 1


def test_the_store_holds_no_key_and_no_lot_to_come(open_case: OpenCase, tmp_path: Any) -> None:
    case = open_case(**WITHIN)
    ask(case, "P1", "sag 1")
    file = concealment.key_file(case.blobs, case.trial.id)
    key = concealment.read_key(file)
    assert key is not None
    case.store.close()
    bytes_kept = b"".join(f.read_bytes() for f in tmp_path.glob("store.db*"))
    assert key not in bytes_kept
    assert key.hex().encode() not in bytes_kept
    case = open_case(**WITHIN)
    (event,) = case.store.events(case.trial.id, "allocation")
    assert event.payload["commitment"] == concealment.commitment(key)
    assert len(event.payload["drawn"]) == 1
    assert "P1" not in json.dumps(event.payload)
    if os.name != "nt":
        assert file.stat().st_mode & 0o077 == 0


def test_without_its_key_or_with_another_nothing_more_is_drawn(open_case: OpenCase) -> None:
    case = open_case(**WITHIN)
    ask(case, "P1", "sag 1")
    file = concealment.key_file(case.blobs, case.trial.id)
    kept = file.read_text(encoding="ascii")
    file.unlink()
    with pytest.raises(StateError, match="a new key would be a new draw"):
        ask(case, "P1", "sag 2")
    file.write_text("ab" * 32, encoding="ascii")
    with pytest.raises(StateError, match="another key"):
        ask(case, "P1", "sag 2")
    file.write_text(kept, encoding="ascii")
    ask(case, "P1", "sag 2")
    assert len(stored(case)) == 2


@pytest.mark.parametrize("keys", [400, pytest.param(4000, marks=pytest.mark.campaign)])
def test_half_of_all_first_lots_are_the_tools(open_case: OpenCase, keys: int) -> None:
    """Within four standard errors of the share: of 4,000 keys one is .0079."""
    case = open_case(kind="within", task="sag", allocation="bernoulli")
    ask(case, "P1", "sag 1")
    listed = case.store.allocated(case.trial.id)
    assert listed is not None
    first = [
        lots_again(case.trial.design, listed, key=n.to_bytes(32, "big"), registration="x")[0]
        for n in range(keys)
    ]
    assert sum(first) / keys == pytest.approx(0.5, abs=4 * 0.5 / keys**0.5)


def test_people_who_come_one_by_one_are_minimised_with_all_before(open_case: OpenCase) -> None:
    plan: dict[str, Any] = {
        "kind": "parallel",
        "allocation": "minimisation",
        "favour": 0.99,
        "strata": ["by"],
    }
    case = open_case(**plan)
    drawn = [ask(case, f"P{n}", by="AB"[n // 2 % 2]) for n in range(20)]
    # six apart takes four coins of .01 in a row or nearly: about one key in ten million. By single
    # lots 20 people are six or more apart for every fourth key (binomial: .263)
    assert abs(2 * sum(drawn) - 20) < 6
    for town in (0, 1):
        ours = [one for n, one in enumerate(drawn) if n // 2 % 2 == town]
        assert abs(2 * sum(ours) - 10) < 6


def test_exact_counts_within_a_participant_follow_the_planned_tasks(open_case: OpenCase) -> None:
    case = open_case(kind="within", task="sag", tasks_each=6)
    drawn = [ask(case, "P1", f"sag {n}") for n in range(12)]
    assert (sum(drawn[:6]), sum(drawn[6:])) == (3, 3)


@pytest.mark.parametrize(
    ("plan", "names", "said"),
    [
        ({"kind": "cluster"}, ("A",), "Teams are known beforehand"),
        ({"kind": "parallel"}, ("P1",), "blocks, bernoulli or minimisation"),
        ({"kind": "within", "task": "sag"}, ("P1", "1"), "tasks_each is enough"),
        ({"kind": "within", "task": "sag", "registered": False}, ("P1", "1"), "no registration"),
    ],
)
def test_what_cannot_be_drawn_one_at_a_time_is_refused(
    open_case: OpenCase, plan: dict[str, Any], names: tuple[str, ...], said: str
) -> None:
    case = open_case(**plan)
    with pytest.raises(Refused, match=said):
        ask(case, *names)
    assert stored(case) == ()


def proved(case: Case) -> tuple[bool | None, str]:
    (check,) = of_trial(case, case.store.events(case.trial.id, "allocation"))
    assert check.name == "lots:referater"
    return check.passed, render(check.message, "en")


def resealed(case: Case, place: int, **changes: Any) -> None:
    """A lot changed by somebody who may write to the store and makes the chain whole again."""
    events = list(case.store.events())
    lots = [n for n, event in enumerate(events) if event.kind == "allocation"]
    previous = GENESIS
    for n, event in enumerate(events):
        payload = {**event.payload, **(changes if n == lots[place] else {})}
        open_one = event.model_copy(update={"payload": payload, "previous": previous})
        events[n] = open_one.model_copy(update={"hash": chain.seal(open_one)})
        previous = events[n].hash
    with case.store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER event_refuses_update"))
        for event in events:
            connection.execute(
                text("UPDATE event SET payload = :p, previous = :q, hash = :h WHERE seq = :s"),
                {"p": canonical(event.payload), "q": event.previous, "h": event.hash,
                 "s": event.seq},
            )  # fmt: skip


def test_lots_one_by_one_are_drawn_again_and_a_turned_one_is_found(open_case: OpenCase) -> None:
    case = open_case(**WITHIN)
    drawn = [ask(case, f"P{n % 2}", f"sag {n}") for n in range(8)]
    assert proved(case) == (True, "referater: the lots come out of their key again.")
    resealed(case, 7, drawn=[1 - drawn[7]])
    failed = {c.name for c in verify(case.store, case.blobs, definitions={}) if c.passed is False}
    assert "chain" not in failed  # sealed again: only the key tells
    assert proved(case) == (False, "referater: the lots do not come out of their key.")


def test_lots_of_a_key_that_is_lost_or_another_cannot_be_told(open_case: OpenCase) -> None:
    case = open_case(**WITHIN)
    ask(case, "P1", "sag 1")
    file = concealment.key_file(case.blobs, case.trial.id)
    file.write_text("ab" * 32, encoding="ascii")
    assert proved(case)[0] is None
    file.unlink()
    assert proved(case) == (None, "referater: without its key no lot can be drawn again.")


def test_a_lot_of_another_key_than_the_others_is_found(open_case: OpenCase) -> None:
    case = open_case(**WITHIN)
    for n in range(3):
        ask(case, "P1", f"sag {n}")
    resealed(case, 2, commitment=concealment.commitment(b"x" * 32))
    assert proved(case) == (False, "referater: lots were drawn from more than one key.")


def test_lots_of_somebody_forgotten_are_left_as_they_are(open_case: OpenCase) -> None:
    case = open_case(**WITHIN)
    for n in range(12):
        ask(case, f"P{n % 3}", f"sag {n}")
    with case.store.engine.begin() as connection:
        connection.execute(
            text("UPDATE subject SET pseudonym = NULL, salt = NULL WHERE pseudonym = 'P1'")
        )
    assert proved(case)[0] is True


def test_an_empty_key_is_refused_and_nothing_is_drawn(open_case: OpenCase) -> None:
    case = open_case(**WITHIN)
    file = concealment.key_file(case.blobs, case.trial.id)
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.raises(EnvironmentFailed, match="something else than a whole key"):
        ask(case, "P1", "sag 1")
    assert stored(case) == ()


@pytest.mark.parametrize(
    ("person", "task", "other"),
    [
        ("p1", "sag 1", '"P1"'),
        ("p1", "sag 2", '"P1"'),
        ("P1", "Sag  1", '"P1 / sag 1"'),
        ("Ｐ１", "sag 1", '"P1"'),
    ],
)
def test_the_same_name_written_otherwise_gets_no_second_lot(
    open_case: OpenCase, person: str, task: str, other: str
) -> None:
    case = open_case(**WITHIN)
    ask(case, "P1", "sag 1")
    with pytest.raises(SheetError) as refused:
        ask(case, person, task)
    assert f"It has a lot, or measurements, as {other}" in refused.value.message("en")
    assert len(stored(case)) == 1


def test_whoever_withdrew_is_given_no_new_lot_one_by_one_or_in_a_list(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(**WITHIN)
    ask(case, "P1", "T1")
    record(case, ("P1",), "withdrawn", on=WHEN.date(), actor=WHO, now=WHEN)
    before = stored(case)
    with pytest.raises(StateError, match="somebody who withdrew"):
        ask(case, "P1", "T2")
    listed = write_list("person;sag", "P2;T1", "P1;T3")
    with pytest.raises(StateError, match="participant P1: found somebody who withdrew"):
        allocate(case, listed, actor=WHO, now=WHEN)
    assert stored(case) == before
    ask(case, "P2", "T1")


def test_a_withdrawal_while_a_lot_is_drawn_stops_it(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(**WITHIN)
    ask(case, "P1", "T1")
    draw = case.store.allocate

    def late(*arguments: Any, **named: Any) -> Any:
        record(case, ("P1",), "withdrawn", on=WHEN.date(), actor=WHO, now=WHEN)
        return draw(*arguments, **named)

    monkeypatch.setattr(case.store, "allocate", late)
    with pytest.raises(StateError, match="participation"):
        ask(case, "P1", "T2")
    assert len(stored(case)) == 1
