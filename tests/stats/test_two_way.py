"""Two-way clustered errors, against R's sandwich and against a calculation by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence
from htkeval.stats.two_way import TwoWay, two_way
from tests.oracles.sheets import answers, columns

R = answers("two_way")
D = columns("two_way")
ARM = np.array(D["arm"], float)
WORDY = {"length": np.log(D["length"]), "arm": ARM}


def codes(words: list[Any]) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


PERSON, QUESTION = codes(D["participant"]), codes(D["question"])


def found(y: np.ndarray, x: dict[str, np.ndarray], **more: Any) -> TwoWay:
    asked: dict[str, Any] = {"column": "arm", "first": PERSON, "second": QUESTION}
    answer = two_way(y, x, **(asked | more))
    assert isinstance(answer, TwoWay)
    return answer


@pytest.mark.parametrize(
    ("case", "outcome", "x", "absorb"),
    [
        ("pooled", "score", {"arm": ARM}, None),
        ("length", "score", WORDY, None),
        ("absorbed", "score", WORDY, PERSON),
        ("even", "even", {"arm": ARM}, None),
    ],
)
def test_the_error_is_sandwichs_or_the_larger_one_way_error_where_that_is_negative(
    case: str, outcome: str, x: dict[str, np.ndarray], absorb: np.ndarray | None
) -> None:
    """R: `sandwich::vcovCL(lm(...), ~ participant + question)["arm", "arm"]`, two_way.R."""
    answer, expected = found(np.array(D[outcome]), x, absorb=absorb), R[case]
    assert answer.one_way is (case == "even")
    assert answer.one_way is (expected["variance"] < 0)
    variance = expected["variance"]
    if answer.one_way:
        variance = max(expected["participant"], expected["question"])
    assert answer.value == pytest.approx(expected["estimate"], rel=1e-10)
    assert answer.se**2 == pytest.approx(variance, rel=1e-9)
    assert answer.df == 8


def test_by_hand_two_people_and_two_questions_twice() -> None:
    """Arm means 1 and 4; residuals -1 -1 1 1 and -3 1 1 1, which pull by -1/4 and 1/4.

    By cell (1 - 3)/4, (1 + 1)/4, (-1 + 1)/4, (-1 + 1)/4 = -1/2, 1/2, 0, 0; by person 0 and 0; by
    question -1/2 and 1/2. Squares 0, 1/2 and 1/2; factors 2/1, 2/1 and 4/3, all times 7/6:
    (0 + 1 - 2/3) x 7/6 = 7/18.
    """
    y = np.array([0.0, 0, 2, 2, 1, 5, 5, 5])
    person, question = np.array([0, 0, 1, 1] * 2), np.array([0, 1, 0, 1] * 2)
    arm = np.repeat([0.0, 1.0], 4)
    answer = found(y, {"arm": arm}, first=person, second=question)
    assert (answer.value, answer.se**2, answer.df) == pytest.approx((3, 7 / 18, 1), rel=1e-13)


def test_where_every_question_is_put_to_one_person_it_is_the_persons_error() -> None:
    """Questions within people: V_question cancels against V_both, which is the same cells."""
    y, question = np.array(D["score"]), np.arange(len(PERSON))
    answer = found(y, {"arm": ARM}, second=question)
    assert answer.se**2 == pytest.approx(R["pooled"]["participant"], rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), unit=st.sampled_from([1e-200, 60.0, 1e250]))
def test_unit_row_order_and_which_clustering_is_first_change_nothing(
    seed: int, unit: float
) -> None:
    y, turn = np.array(D["score"]), np.random.default_rng(seed).permutation(len(ARM))
    one = found(y, WORDY, absorb=PERSON)
    other = found(
        unit * y[turn],
        {"arm": 1 - ARM[turn], "length": WORDY["length"][turn]},
        first=QUESTION[turn],
        second=PERSON[turn],
        absorb=PERSON[turn],
    )
    assert (other.value / unit, other.se / unit) == pytest.approx((-one.value, one.se), rel=1e-9)


@pytest.mark.parametrize("absorb", [None, PERSON])
def test_one_question_or_person_that_alone_tells_the_arms_apart_gives_no_answer(
    absorb: np.ndarray | None,
) -> None:
    y = np.array(D["score"])
    within = np.where(QUESTION == 4, PERSON % 2, 0.0)
    by = {"first": PERSON, "second": QUESTION, "absorb": absorb, "column": "arm"}
    assert two_way(y, {"arm": within}, **by) == Absence("lone_cluster")
    assert two_way(y, {"arm": np.where(PERSON == 3, ARM, 0.0)}, **by) == Absence("lone_cluster")
    both = np.where(QUESTION <= 4, PERSON % 2, 0.0)
    assert isinstance(two_way(y, {"arm": both}, **by), TwoWay)


def test_what_cannot_be_computed_has_its_reason() -> None:
    y = np.array(D["score"])

    def reason(y: np.ndarray, rows: int = len(y), **more: Any) -> str:
        asked = {"x": {"arm": ARM}, "first": PERSON, "second": QUESTION} | more
        x = {name: values[:rows] for name, values in asked.pop("x").items()}
        asked = {name: values[:rows] for name, values in asked.items()}
        answer = two_way(y[:rows], x, column="arm", **asked)
        assert isinstance(answer, Absence)
        return answer.reason

    assert reason(y, rows=0) == "no_rows"
    assert reason(y, first=np.zeros(len(y), int)) == "one_cluster"
    assert reason(y, second=np.zeros(len(y), int)) == "one_cluster"
    assert reason(y, x={"arm": np.full(len(y), 0.1 + 0.2)}) == "not_identified"
    assert reason(y, absorb=np.arange(len(y))) == "not_identified"
    assert reason(y, rows=2) in {"saturated", "not_identified"}
    assert reason(np.full(len(y), 5.1)) == "no_spread"
    assert reason(2.2 + 0.1 * ARM) == "no_spread"
    assert reason(y * 1e300, x={"arm": ARM * 1e-300}) == "too_large"
    assert math.isfinite(found(y * 1e300, {"arm": ARM}).se)
