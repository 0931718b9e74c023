"""Holm's adjustment, against R and against what it promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.stats.multiplicity import holm
from tests.oracles.sheets import answers

R = answers("multiplicity")
FAMILY = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@pytest.mark.parametrize("family", list(R))
def test_adjusted_p_values_are_rs(family: str) -> None:
    """R: `p.adjust(p, "holm")`, multiplicity.R."""
    p, adjusted = (
        [value for name, value in R[family].items() if name.startswith(start)]
        for start in ("p", "holm")
    )
    assert holm(p).tolist() == pytest.approx(adjusted, rel=1e-15)


def test_by_hand_the_smallest_counts_threefold_and_the_next_cannot_be_smaller() -> None:
    """3 x 0.01; 2 x 0.03 = 0.06; 1 x 0.04 is less than 0.06, so 0.06."""
    assert holm([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06])


@given(FAMILY)
def test_an_adjusted_value_is_never_smaller_never_above_one_and_never_out_of_order(
    p: list[float],
) -> None:
    adjusted = holm(p)
    assert (adjusted >= np.array(p)).all()
    assert adjusted.max() <= 1
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


@given(FAMILY, st.integers(0, 1000))
def test_the_order_of_the_questions_does_not_matter(p: list[float], seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(len(p))
    assert holm(np.array(p)[shuffled]).tolist() == holm(p)[shuffled].tolist()


@given(FAMILY, st.floats(0.001, 0.2))
def test_the_smallest_is_rejected_exactly_where_bonferroni_rejects_it(
    p: list[float], alpha: float
) -> None:
    assert (holm(p).min() <= alpha) == (len(p) * min(p) <= alpha)


def test_one_question_is_left_alone_and_none_gives_none() -> None:
    assert holm([0.03]).tolist() == [0.03]
    assert holm([]).tolist() == []
