"""Whoever opened the store by a login can do what his roles allow; what is refused is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from htkeval.decision import Actor
from htkeval.errors import NotAllowed, StateError
from htkeval.event import ELSEWHERE, EVERY_KIND, PUBLISHED, WATCHED
from htkeval.measurement import Batch, Measurement
from htkeval.rights import WRITES, Identity
from htkeval.steps import papers
from htkeval.steps.case import open_workspace_store
from htkeval.steps.start import make_workspace
from htkeval.store import watch
from htkeval.store.guard import as_told
from htkeval.store.proof_of_chain import chain_of, links
from htkeval.store.store import open_store, read_store
from htkeval.store.verify import verify

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def address(tmp_path):
    found = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(found).close()
    return found


def somebody(*roles, trials=(), name="lone@example.dk"):
    return Identity(actor=Actor(name=name, known_by="oidc"), roles=roles, trials=trials)


def write(address, who, kind="finding", trial="a", actor=None):
    with open_store(address, who=who) as store:
        return store.append(trial, kind, {"x": 1}, actor=actor or who.actor, now=NOW)


def kept(address, kind=None):
    with read_store(address) as store:
        return [event for event in store.events() if kind in (None, event.kind)]


@pytest.mark.parametrize(
    ("who", "kind", "trial", "reason"),
    [
        (somebody("reader"), "finding", "a", "role"),
        (somebody("reader"), "decision", "a", "signing"),
        (somebody("lead", trials=("a",)), "finding", "b", "trial"),
        (somebody("lead", trials=("a",)), "decision", "a", "signing"),
        (somebody("analyst"), "registration", "a", "role"),
        (somebody("analyst"), "look", "a", "role"),
        (somebody("admin"), "decision", "a", "signing"),
        (somebody("decider"), "deviation", "a", "role"),
        (somebody("analyst", "lead", trials=("a",)), "gate", "b", "trial"),
    ],
)
def test_what_a_role_may_not_write_is_refused_and_the_refusal_is_kept(
    address, who, kind, trial, reason
):
    with pytest.raises(NotAllowed):
        write(address, who, kind, trial)
    (event,) = kept(address)
    assert (event.kind, event.trial) == ("refusal", trial)
    assert (event.payload["reason"], event.payload["what"]) == (reason, kind)
    assert event.actor == who.actor


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        (somebody("lead", trials=("a",)), "finding"),
        (somebody("lead", trials=("a",)), "registration"),
        (somebody("analyst"), "analysis"),
        (somebody("decider"), "decision"),
        (somebody("admin"), "unlock"),
        (somebody("admin", "decider"), "decision"),
    ],
)
def test_what_a_role_may_write_is_written(address, who, kind):
    assert write(address, who, kind).actor.known_by == "oidc"
    assert [event.kind for event in kept(address)] == [kind]


def test_nobody_acts_in_the_name_of_another(address):
    boss = Actor(name="boss@example.dk", known_by="oidc")
    with pytest.raises(NotAllowed, match="yourself"):
        write(address, somebody("decider"), "decision", actor=boss)


def test_without_a_role_the_store_is_not_even_opened(address):
    for open_it in (open_store, read_store):
        with pytest.raises(NotAllowed, match="no role"):
            open_it(address, who=somebody())


def test_one_who_sits_at_the_computer_writes_everything(address):
    with open_store(address) as store:
        actor = Actor(name="os", known_by="os")
        store.append("a", "decision", {}, actor=actor, now=NOW)


def test_only_a_decider_may_sign_whatever_other_role_there_is():
    assert [role for role, kinds in WRITES.items() if "decision" in kinds] == ["decider"]
    assert WRITES["reader"] == frozenset()
    assert WRITES["analyst"] == {"analysis", "snapshot"}


ASKED = [
    "people",
    "participations",
    "timings",
    "timing",
    "lines",
    "measurements",
    "allocated",
    "unknown",
]


@pytest.mark.parametrize("asked", ASKED)
def test_single_people_are_read_by_some_roles_only_and_kept_once_a_day(address, asked):
    how = {
        "timings": ("P1",), "timing": ("P1", "x"), "unknown": (["P1"],)
    }.get(asked, ())  # fmt: skip
    named = {"arm": "arm"} if asked == "lines" else {}
    for who in (somebody("reader"), somebody("decider"), somebody("lead", trials=("b",))):
        with read_store(address, who=who) as store, pytest.raises(NotAllowed):
            getattr(store, asked)("a", *how, **named)
    for _ in range(3):
        with read_store(address, who=somebody("analyst")) as store:
            getattr(store, asked)("a", *how, **named)
    (event,) = kept(address, "access")
    assert (event.trial, event.payload["what"]) == ("a", "rows")
    assert event.actor.name == "lone@example.dk"


def test_a_question_of_the_store_that_takes_a_trial_asks_the_guard_or_stands_here():
    """A new way of reading people must ask; what is told without asking are events and sums."""
    import inspect

    from htkeval.store.reading import Reading

    sums = {
        "locked", "refuse_locked", "timed", "forgotten", "people_known", "counts",
        "people_by_arm", "events", "latest", "has", "newest", "is_simulated", "unpublished",
    }  # fmt: skip
    asking = {
        name
        for name, one in vars(Reading).items()
        if not name.startswith("_")
        and inspect.isfunction(one)
        and {"trial_id", "batch"} & set(inspect.signature(one).parameters)
        and "guard.people(" not in inspect.getsource(one)
    }
    assert asking == sums


def test_events_tell_of_no_single_row_to_who_sees_sums_only(address):
    own = Actor(name="tester", known_by="os")
    change = {"column": "minutter", "before": 40.9, "after": 41.9}
    payload, left = (
        {"changes": [change], "why": "x"},
        {"changes": [{"column": "minutter"}], "why": "x"},
    )
    with open_store(address) as store:
        put_right = store.append("a", "correction", payload, actor=own, now=NOW)
    press = put_right.model_copy(update={"kind": "press", "payload": {"token": "n"}})
    for who, sees in (
        (somebody("reader"), False),
        (somebody("decider"), False),
        (somebody("lead", trials=("b",)), False),
        (somebody("lead", trials=("a",)), True),
        (somebody("analyst"), True),
        (somebody("admin"), True),
    ):
        with read_store(address, who=who) as store:
            told = [
                *store.events("a"),
                *store.events(),
                store.latest("a", "correction"),
                store.last(),
            ]
            assert [one.payload for one in told] == [payload if sees else left] * 4, who.roles
            with store.reading() as connection:
                assert as_told(connection, press).payload == ({"token": "n"} if sees else {})
                assert chain_of(links(connection)).passed  # proved on what stands there


PROBES = {
    "erase": lambda store, who, person: store.erase("a", person, why="x", actor=who.actor, now=NOW),
    "deliver again": lambda store, who, person: store.add_batch(
        delivery(person), actor=who.actor, now=NOW, participant="medarbejder"
    ),
    "take part": lambda store, who, person: store.participate(
        "a", lambda _: ((person,), {"status": "informed"}), actor=who.actor, now=NOW
    ),
}


def delivery(person):
    row = {"arm": "baseline", "keys": {"medarbejder": person}, "values": {"minutter": 20.0}}
    return Batch(trial="a", name="ark.csv", measurements=(Measurement.model_validate(row),))


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("who", [somebody("reader"), somebody("lead", trials=("b",))])
def test_who_may_not_write_is_not_told_whom_a_trial_knows(address, probe, who):
    """Of somebody who is there and somebody who is not he hears the same, and both are kept."""
    with open_store(address) as store:
        own = Actor(name="tester", known_by="os")
        store.add_batch(delivery("M01"), actor=own, now=NOW, participant="medarbejder")
    for person in ("M01", "M99"):
        with open_store(address, who=who) as store, pytest.raises(NotAllowed):
            PROBES[probe](store, who, person)
    assert kept(address, "refusal")


@pytest.mark.parametrize("kind", WATCHED)
def test_nobody_forges_what_is_kept_of_refusals_and_reading(address, kind):
    for who in (somebody("admin"), somebody("lead", trials=("a",))):
        with pytest.raises(NotAllowed):
            write(address, who, kind)


def test_only_its_lead_and_an_admin_say_what_a_trial_is_and_what_is_refused_is_kept(address):
    for who, reason in (
        (somebody("reader"), "role"),
        (somebody("analyst"), "role"),
        (somebody("decider"), "role"),
        (somebody("lead", trials=("b",)), "trial"),
        (somebody("analyst", "lead", trials=("b",)), "trial"),
    ):
        with open_store(address, who=who) as store, pytest.raises(NotAllowed):
            store.refuse_defining("a")
        event = kept(address, "refusal")[-1]
        assert (event.trial, event.payload["what"]) == ("a", "definition")
        assert event.payload["reason"] == reason
        watch._HERE.clear()
    for who in (somebody("lead", trials=("a",)), somebody("admin"), None):
        with open_store(address, who=who) as store:
            store.refuse_defining("a")


def test_what_is_kept_for_everybody_of_a_role_names_nobody(address):
    shared = somebody("analyst").for_sums()
    with read_store(address, who=shared) as store, pytest.raises(NotAllowed):
        store.people("a")
    assert kept(address) == []


def test_a_flood_of_refusals_is_bounded(address, monkeypatch):
    monkeypatch.setattr(watch, "MOST_AN_HOUR", 5)
    for n in range(20):
        actor = Actor(name=f"a{n}", known_by="proxy")
        watch.refused(address, actor, "no_role", trial=None, what="page", now=NOW)
    for _ in range(50):
        watch.refused(address, actor, "no_role", trial=None, what="other", now=NOW)
    events = kept(address)
    assert len(events) == 6
    assert events[-1].payload["reason"] == "flood"
    watch.refused(address, actor, "no_role", trial=None, what="page", now=NOW + timedelta(hours=1))
    assert len(kept(address)) == 7
    assert {event.trial for event in events} == {ELSEWHERE}


def test_another_process_does_not_keep_it_twice(address):
    for _ in range(3):
        watch.read(address, somebody("admin").actor, trial="a", now=NOW)
        watch._HERE.clear()
    assert len(kept(address)) == 1


def test_what_is_kept_of_reading_changes_nothing_and_the_chain_verifies(address, tmp_path):
    write(address, somebody("lead", trials=("a",)))
    watch.read(address, somebody("admin").actor, trial="a", now=NOW)
    watch.refused(address, watch.NOBODY, "header", trial=None, what="/", now=NOW)
    with read_store(address) as store:
        assert store.outbox() == ()
        assert all(check.passed for check in verify(store, tmp_path) if check.passed is not None)
    assert not set(WATCHED) & set(PUBLISHED)
    assert set(WATCHED) <= EVERY_KIND


def test_where_there_is_no_store_nothing_is_made_and_nothing_is_forgotten_afterwards(tmp_path):
    file = tmp_path / "none.db"
    address, who = f"sqlite:///{file}", somebody("admin")
    watch.refused(address, watch.NOBODY, "header", trial=None, what="/", now=NOW)
    with read_store(address, who=who) as store:
        assert store.people("a") == ()
    assert not file.exists()
    open_store(address).close()
    watch.refused(address, watch.NOBODY, "header", trial=None, what="/", now=NOW)
    with read_store(address, who=who) as store:
        store.people("a")
    assert [event.kind for event in kept(address)] == ["refusal", "access"]


def test_rows_of_a_store_that_takes_nothing_more_are_not_read_unseen(address, tmp_path):
    from htkeval.store.moving import move

    write(address, somebody("lead", trials=("a",)))
    move(address, f"sqlite:///{tmp_path / 'new.db'}")
    with read_store(address, who=somebody("admin")) as store, pytest.raises(StateError):
        store.people("a")


def test_who_may_not_keep_a_paper_leaves_no_file_of_it(tmp_path):
    place = make_workspace(tmp_path)
    with open_workspace_store(place) as store:
        store.append("a", "finding", {"x": 1}, actor=Actor(name="t", known_by="os"), now=NOW)
    before = sorted(place.blobs.rglob("*"))
    who = somebody("reader")
    said = {
        "kind": "portfolio", "trial": None, "form": "pdf", "language": "da", "fingerprint": "f",
        "title": "t", "day": NOW.date(), "since": None, "public": False, "simulated": False,
        "analyses": (), "actor": who.actor, "now": NOW,
    }  # fmt: skip
    with open_store(place.store, who=who) as store, pytest.raises(NotAllowed):
        papers.keep(store, place, b"here", **said)
    assert sorted(place.blobs.rglob("*")) == before
    assert kept(place.store, "refusal")
