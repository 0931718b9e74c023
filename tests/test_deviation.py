"""Which keys of a definition differ, and which of them decide the result."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.deviation import Change, Deviation, changed, decides
from htkeval.trial import Trial
from tests.dashboards.examples import trial

PLAIN = trial(covariates=[{"column": "pages", "scale": "log"}])


def keys(after: Trial) -> list[str]:
    return [change.key for change in changed(PLAIN, after)]


def dumped() -> dict:
    return PLAIN.model_dump(mode="json")


def test_the_same_definition_differs_in_nothing():
    assert changed(PLAIN, Trial.model_validate(dumped())) == ()


def test_a_key_is_named_by_its_section_and_items_by_their_name():
    definition = dumped()
    definition["design"]["clusters"] = 24
    definition["metrics"][1]["margin"] = 2.0
    definition["covariates"][0]["scale"] = "linear"
    definition["forecast"]["relative_change"] = -0.5
    assert changed(PLAIN, Trial.model_validate(definition)) == (
        Change(key="design.clusters", before=None, after=24),
        Change(key="metrics.errors.margin", before=1.0, after=2.0),
        Change(key="covariates.pages.scale", before="log", after="linear"),
        Change(key="forecast.relative_change", before=-0.25, after=-0.5),
    )


def test_what_is_taken_out_or_put_in_is_one_change():
    definition = dumped()
    definition["covariates"] = []
    definition["exclusions"] = [{"rule": "task_time > 480", "reason": "uret"}]
    found = changed(PLAIN, Trial.model_validate(definition))
    assert [(one.key, one.after is None) for one in found] == [
        ("covariates.pages", True),
        ("exclusions.task_time > 480", False),
    ]


def test_another_order_of_the_metrics_is_no_change():
    definition = dumped()
    definition["metrics"].reverse()
    assert keys(Trial.model_validate(definition)) == []


def test_two_rules_of_one_name_are_compared_as_a_list():
    twice = [{"rule": "errors > 9", "reason": reason} for reason in ("a", "b")]
    assert keys(trial(covariates=[{"column": "pages", "scale": "log"}], exclusions=twice)) == [
        "exclusions"
    ]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "clusters": st.integers(2, 99),
            "tasks_each": st.floats(1, 50),
            "baseline_tasks": st.integers(1, 99),
        },
    ),
    st.integers(0, 10**9),
    st.floats(0.6, 0.99),
)
def test_changing_back_undoes_each_change(design, seed, level):
    definition = dumped()
    definition["design"] |= design
    definition["analysis"] |= {"seed": seed, "level": level}
    other = Trial.model_validate(definition)
    forth, back = changed(PLAIN, other), changed(other, PLAIN)
    assert [(c.key, c.before, c.after) for c in forth] == [(c.key, c.after, c.before) for c in back]
    assert bool(forth) == (other != PLAIN)


@pytest.mark.parametrize(
    ("key", "decide"),
    [
        ("design.clusters", True),
        ("analysis.seed", True),
        ("metrics.errors.margin", True),
        ("metrics.new", True),
        ("covariates.pages", True),
        ("exclusions.task_time > 4.5", True),
        ("hard_stops.wrong", True),
        ("arms.treatment.value", True),
        ("method", True),
        ("arms.treatment.label", False),
        ("metrics.errors.label", False),
        ("exclusions.task_time > 4.5.reason", False),
        ("title", False),
        ("ends", True),
        ("economics.adoption.expected", False),
        ("forecast.relative_change", False),
    ],
)
def test_what_the_result_is_found_from_decides(key, decide):
    assert decides(key) is decide


@pytest.mark.parametrize(
    ("key", "seen", "grave"),
    [
        ("analysis.seed", "treatment", True),
        ("analysis.method", "treatment", True),
        ("analysis.seed", "baseline", False),
        ("title", "treatment", False),
    ],
)
def test_it_is_grave_where_it_decides_and_figures_could_have_been_seen(key, seen, grave):
    one = Deviation(
        what=(key,),
        why="x",
        seen=seen,
        changes=(Change(key=key, before=1, after=2),),
        at=datetime(2026, 2, 1, tzinfo=UTC),
        by="Ida",
    )
    assert one.grave is grave
