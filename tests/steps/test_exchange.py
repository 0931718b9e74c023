"""Packages in the record: whose they are, what stands beside them, and two who take them in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from htkeval.canonical import fingerprint
from htkeval.errors import Refused, StateError
from htkeval.event import ELSEWHERE, PUBLISHED
from htkeval.evidence_package import as_written
from htkeval.intake.evidence_file import Incoming
from htkeval.steps.exchange import kept, take
from htkeval.steps.register import content_of
from htkeval.store.store import open_store
from htkeval.store.verify import verify
from htkeval.trial import Trial
from tests.intake.trials import build_trial
from tests.packages import QUESTION, digest, package
from tests.steps.conftest import POLICY, WHEN, WHO

LATER = WHEN.replace(year=2027)
MORE = {"directions": {}, "actor": WHO, "now": LATER}


def coming(*packages):
    return [Incoming(f"{i}.evidence.json", one, as_written(one)) for i, one in enumerate(packages)]


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{(tmp_path / 'store.db').as_posix()}") as opened:
        yield opened


def test_what_is_kept_is_what_came(store, tmp_path):
    packages = [package(i, simulated=bool(i % 2)) for i in range(4)]
    taken = take(store, coming(*packages), **MORE)
    assert [one.became for one in taken] == ["new"] * 4
    assert kept(store) == tuple(packages)
    events = store.events()
    assert [event.seq for event in events] == [one.event for one in taken]
    assert {(event.trial, event.kind, event.simulated) for event in events} == {
        (ELSEWHERE, "package", False)
    }
    assert store.outbox() == ()
    assert "package" not in PUBLISHED
    assert {check.passed for check in verify(store, tmp_path / "blobs")} <= {True, None}


def test_no_trial_can_be_called_as_what_belongs_to_none():
    with pytest.raises(ValidationError, match="id"):
        Trial.model_validate({**build_trial().model_dump(), "id": ELSEWHERE})


def test_one_that_cannot_be_taken_leaves_all_outside(store):
    packages = [package("a"), package("b", analysed="2999-01-01"), package("c")]
    with pytest.raises(Refused, match="a day to come"):
        take(store, coming(*packages), **MORE)
    assert store.events() == ()


def test_the_same_twice_in_one_go_is_stored_once(store):
    one = package("a")
    assert [t.became for t in take(store, coming(one, one), **MORE)] == ["new", "known"]
    assert len(store.events()) == 1


def test_the_direction_of_our_own_trial_counts(store):
    with pytest.raises(Refused, match="of which less is better"):
        take(store, coming(package()), **{**MORE, "directions": {QUESTION: "higher"}})
    assert take(store, coming(package()), **{**MORE, "directions": {QUESTION: "lower"}})


def test_of_two_at_once_one_is_told_and_nothing_is_stored_twice(store, tmp_path):
    address, ready = f"sqlite:///{(tmp_path / 'store.db').as_posix()}", Barrier(2)

    def one_of_two(_):
        with open_store(address) as mine:
            ready.wait(timeout=30)
            try:
                return take(mine, coming(package("a")), **MORE)[0].became
            except StateError:
                return "told"

    with ThreadPoolExecutor(2) as pool:
        became = sorted(pool.map(one_of_two, range(2)))
    assert became in (["new", "told"], ["known", "new"])
    assert len(store.events(kind="package")) == 1


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), min_size=1, max_size=6))
def test_whatever_comes_in_whatever_order_the_newest_of_each_trial_counts(
    tmp_path_factory: pytest.TempPathFactory, order: list[tuple[str, int]]
):
    file = tmp_path_factory.mktemp("any") / "store.db"
    with open_store(f"sqlite:///{file.as_posix()}") as store:
        for word, day in order:
            one = package(word, -0.1 * day, analysed=f"2026-05-0{day}")
            take(store, coming(one), **MORE)
        found = {one.origin: one.analysed.day for one in kept(store)}
    newest = {digest(word): max(d for w, d in order if w == word) for word, _ in order}
    assert found == newest


def test_a_promise_without_a_question_has_the_fingerprint_it_always_had():
    """What is frozen has no such key, so that the hash of a promise made before is the same."""
    trial = build_trial()
    frozen = content_of(trial, policy="1", policy_fingerprint=POLICY.fingerprint)
    assert "question_id" not in frozen["definition"]
    asked = trial.model_copy(update={"question_id": QUESTION})
    other = content_of(asked, policy="1", policy_fingerprint=POLICY.fingerprint)
    assert other["definition"].pop("question_id") == QUESTION
    assert fingerprint(other) == fingerprint(frozen)


def test_an_incoming_file_is_named_as_it_was_given(store):
    one = replace(coming(package())[0], file="brev/x.json")
    assert take(store, [one], **MORE)[0].file == "brev/x.json"
    assert Path(one.file).name not in str(store.events()[0].payload)
