"""The interval of a rate of errors, by speakers."""

import numpy as np
import pytest
from scipy import stats

from htkeval.attachment import NoInterval
from htkeval.evaluation.recognition import rate_interval

ERRORS = [12, 30, 7, 22, 41, 9]
WORDS = [100, 180, 90, 200, 260, 70]


def test_it_is_the_ratio_estimators_by_hand():
    """Cochran 1977, (6.13): v = G / (G - 1) * sum((e - R w)^2) / (sum w)^2, and t on G - 1."""
    e, w = np.array(ERRORS), np.array(WORDS)
    ratio = e.sum() / w.sum()
    se = np.sqrt(6 / 5 * ((e - ratio * w) ** 2).sum()) / w.sum()
    reach = stats.t.ppf(0.975, 5) * se
    assert rate_interval(ERRORS, WORDS) == pytest.approx((ratio - reach, ratio + reach), rel=1e-12)


def test_it_is_close_to_leaving_each_speaker_out():
    e, w = np.array(ERRORS), np.array(WORDS)
    left_out = (e.sum() - e) / (w.sum() - w)
    se = np.sqrt(5 / 6 * ((left_out - left_out.mean()) ** 2).sum())
    low, high = rate_interval(ERRORS, WORDS)
    assert high - low == pytest.approx(2 * stats.t.ppf(0.975, 5) * se, rel=0.1)


def test_it_is_the_same_in_whatever_order_and_never_below_zero():
    low, high = rate_interval(ERRORS, WORDS)
    assert rate_interval(ERRORS[::-1], WORDS[::-1]) == pytest.approx((low, high), rel=1e-12)
    assert rate_interval([0, 0, 0, 0, 9], [10] * 5)[0] == 0.0


def test_it_is_wider_than_if_words_were_by_themselves_where_speakers_differ():
    errors, words = [5, 90, 10, 80, 15, 70], [100] * 6
    low, high = rate_interval(errors, words)
    p = sum(errors) / 600
    assert high - low > 3 * 2 * 1.96 * np.sqrt(p * (1 - p) / 600)


@pytest.mark.parametrize(
    ("errors", "words", "reason"),
    [
        ([], [], "tells 0 speakers apart"),
        ([1, 2, 3, 4], [10, 10, 10, 10], "tells under 5 speakers apart, and it takes 5"),
        ([1] * 5, [10] * 5, "every speaker has the same rate"),
        ([1] * 5, [0] * 5, "nothing was said"),
    ],
)
def test_where_there_is_none_it_says_why(errors, words, reason):
    found = rate_interval(errors, words)
    assert isinstance(found, NoInterval)
    assert reason in str(found.message)
