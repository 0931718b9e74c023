"""What others tell: noted, sent to areas, seen and answered; and that nothing of it is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from htkeval.errors import Refused, StateError
from htkeval.event import ELSEWHERE
from htkeval.municipality import Municipality
from htkeval.steps.notes import follow, notes, record
from htkeval.steps.participation import record as record_participation
from htkeval.store.store import open_store
from htkeval.store.verify import verify
from tests.steps.conftest import WHEN, WHO, OpenCase

WHOSE = Municipality(
    name="Høje-Taastrup Kommune",
    committee="Økonomiudvalget",
    updated=date(2026, 1, 1),
    areas=[
        {"name": "Borgerservice", "owner": "Borgerservicechef"},
        {"name": "Social", "owner": "Socialchef"},
    ],
)
SAID = {
    "source": "KL, gode eksempler",
    "day": date(2026, 1, 2),
    "claim": "Telefonbot tog hvert tredje opkald",
    "areas": ["borgerservice "],
}


@pytest.fixture
def store(tmp_path):
    with open_store(f"sqlite:///{(tmp_path / 'store.db').as_posix()}") as opened:
        yield opened


def noted(store, **changes):
    return record(store, **{"municipality": WHOSE, "actor": WHO, "now": WHEN, **SAID, **changes})


def went(store, name, **said):
    return follow(store, name, **{"actor": WHO, "now": WHEN, **said})


def test_a_note_is_numbered_and_sent_to_the_owner_that_the_municipality_names(store):
    first = noted(store)
    second = noted(store, areas=["Social", "SOCIAL", "Teknik"], owner=" Projektleder ", level="E2")
    assert notes(store) == (first, second)
    assert [one.id for one in notes(store)] == ["N1", "N2"]
    assert [(to.area, to.owner, to.state) for to in first.sent] == [
        ("Borgerservice", "Borgerservicechef", "sent")
    ]
    assert [(to.area, to.owner) for to in second.sent] == [
        ("Social", "Projektleder"),
        ("Teknik", "Projektleder"),
    ]
    assert (first.level, second.level, first.measured) == ("E1", "E2", False)
    assert [event.trial for event in store.events()] == [ELSEWHERE, ELSEWHERE]
    assert store.outbox() == ()


def test_each_area_sees_and_answers_for_itself_and_the_history_stays(store):
    noted(store, areas=["Social", "Borgerservice"])
    went(store, "n1", area="social")
    went(store, "N1", area="Social", answer=" Vi prøver det i maj ")
    after, to = went(store, "N1", area="Social", answer="Først til august")
    assert notes(store) == (after,)
    assert [(one.state, one.answer) for one in to.history] == [
        ("sent", None),
        ("seen", None),
        ("answered", "Vi prøver det i maj"),
        ("answered", "Først til august"),
    ]
    assert [(one.by, one.at) for one in to.history] == [("Ida", WHEN)] * 4
    assert [one.area for one in after.waiting] == ["Borgerservice"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"level": "E3"}, "--level"),
        ({"level": "E5"}, "--level"),
        ({"level": "e2"}, "--level"),
        ({"day": date(2026, 1, 6)}, "--date"),
        ({"areas": []}, "--area"),
        ({"areas": ["Teknik"]}, "--owner"),
        ({"areas": [" "], "owner": "Chef"}, "--area"),
        ({"claim": "  "}, "--claim"),
        ({"claim": "x" * 2001}, "--claim"),
        ({"source": "ring 51 23 45 67"}, "--source"),
        ({"claim": "Bo 010203-1234 tog den"}, "--claim"),
        ({"owner": "bo@eksempel.dk"}, "--owner"),
        ({"technology": "hammer"}, "--technology"),
        ({"claim": "Sofie fandt på det", "names": frozenset({"sofie"})}, "--claim"),
    ],
)
def test_what_cannot_be_kept_is_refused_where_it_stands(store, changes, place):
    with pytest.raises(Refused) as caught:
        noted(store, **changes)
    assert str(caught.value.problems[0].place) == place
    assert store.events() == ()


def test_above_e2_it_is_said_why(store):
    with pytest.raises(Refused, match="worth E2 at most: nobody here measured it"):
        noted(store, level="E4")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"name": "N2"}, StateError),
        ({"name": "N1"}, Refused),
        ({"name": "N1", "area": "Teknik"}, Refused),
        ({"name": "N1", "area": "Social", "answer": " "}, Refused),
        ({"name": "N1", "area": "Social", "answer": "Spørg Bo på bo@eksempel.dk"}, Refused),
        ({"name": "N1", "area": "Borgerservice"}, StateError),
        ({"name": "N1", "area": "Borgerservice", "answer": "Nej tak"}, StateError),
    ],
)
def test_a_step_that_is_none_or_cannot_be_is_refused(store, said, error):
    noted(store, areas=["Social", "Borgerservice"])
    went(store, "N1", area="Borgerservice", answer="Nej tak")
    before = store.events()
    with pytest.raises(error) as caught:
        went(store, said.pop("name"), **said)
    assert caught.value.problems[0].expected
    assert store.events() == before


def test_two_at_the_same_moment_do_not_get_one_number(store, monkeypatch):
    from htkeval.steps import notes as module

    read = module.notes

    def meanwhile(of):
        found = read(of)
        monkeypatch.setattr(module, "notes", read)
        noted(store, claim="En anden kom først")
        return found

    monkeypatch.setattr(module, "notes", meanwhile)
    with pytest.raises(StateError):
        noted(store)
    assert [one.claim for one in notes(store)] == ["En anden kom først"]


def test_no_word_of_a_note_names_somebody_whom_any_trial_knows(open_case: OpenCase):
    case = open_case(kind="within")
    record_participation(case, ("P017",), "informed", actor=WHO, now=WHEN)
    for changes in ({"claim": "p017 var glad"}, {"source": "P017"}, {"owner": "P017"}):
        with pytest.raises(Refused, match="the pseudonym itself"):
            noted(case.store, **changes)
    noted(case.store)
    with pytest.raises(Refused, match="--answer"):
        went(case.store, "N1", answer="P017's teknik")


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["N1", "N2", "N3"]),
            st.sampled_from(["Social", "Borgerservice"]),
            st.sampled_from([None, "ja", "nej"]),
        ),
        max_size=8,
    )
)
def test_whatever_is_done_each_area_has_its_last_word_and_its_whole_history(tmp_path, done):
    """Held against a plain dictionary of lists."""
    with open_store(f"sqlite:///{tmp_path.as_posix()}/{datetime.now(UTC).timestamp()}.db") as store:
        for number in range(2):
            noted(store, areas=["Social", "Borgerservice"], claim=f"Nummer {number}")
        plain = {(f"N{n}", area): ["sent"] for n in (1, 2) for area in ("Social", "Borgerservice")}
        for place, (name, area, answer) in enumerate(done):
            known = plain.get((name, area))
            new = known is not None and (
                known[-1] == "sent" if answer is None else known[-1] != answer
            )
            try:
                went(store, name, area=area, answer=answer, now=WHEN + timedelta(minutes=place))
            except StateError:
                assert not new
            else:
                assert new
                known.append(answer or "seen")
        kept = {
            (one.id, to.area): [step.answer or step.state for step in to.history]
            for one in notes(store)
            for to in one.sent
        }
        assert kept == plain
        assert all(check.passed for check in verify(store, tmp_path, definitions={}))
