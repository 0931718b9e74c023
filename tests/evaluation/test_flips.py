"""When another choice of the plan changes what the answer is read for."""

from __future__ import annotations

import pytest

from htkeval.effect import ArmFigures, Effect, Interval
from htkeval.evaluation.panel.flipping import flips


def effect(scale: str, estimate: float, ci: Interval, base: float | None = 20.0) -> Effect:
    arm = ArmFigures(tasks=9, clusters=9, mean=base, sd=1, adjusted_mean=base)
    return Effect.model_validate(
        {
            "metric": "m",
            "role": "primary",
            "confirmatory": True,
            "scale": scale,
            "weights": "task",
            "unit": "min",
            "better": "lower",
            "estimate": estimate,
            "ci": ci,
            "p_value": 0.5,
            "level": 0.95,
            "method": "cr2",
            "baseline": arm,
            "treatment": arm,
            "inference": (),
        }
    )


@pytest.mark.parametrize(
    ("estimate", "ci", "turned"),
    [
        (0.85, (0.72, 0.97), False),  # the same reading
        (1.02, (0.90, 1.10), True),  # the sign
        (0.95, (0.80, 1.05), True),  # no effect is no longer excluded
        (0.95, (0.90, 0.99), True),  # now even the best end misses 15 % less
    ],
)
def test_a_ratio_flips(estimate: float, ci: Interval, *, turned: bool) -> None:
    reported = effect("ratio", 0.80, (0.70, 0.95))
    assert flips(reported, estimate, ci, -0.15) is turned


@pytest.mark.parametrize(
    ("ci", "goal", "base", "turned"),
    [
        ((-5.0, -2.0), -0.15, 20.0, False),  # -5 of 20 minutes is still 25 % less
        ((-2.5, -0.5), -0.15, 20.0, True),  # -2.5 of 20 is 12.5 % less, short of the goal
        ((-2.5, -0.5), None, 20.0, False),  # without a goal nothing is missed
        ((-2.5, -0.5), -0.15, None, False),  # nor without a baseline to relate to
    ],
)
def test_a_difference_is_held_against_the_goal_as_a_share_of_the_baseline(
    ci: Interval, goal: float | None, base: float | None, *, turned: bool
) -> None:
    reported = effect("difference", -4.0, (-6.0, -1.0), base)
    assert flips(reported, -1.5, ci, goal) is turned


def test_where_higher_is_better_the_upper_end_is_the_best() -> None:
    reported = effect("difference", 4.0, (1.0, 6.0)).model_copy(update={"better": "higher"})
    assert flips(reported, 1.5, (0.5, 2.5), 0.15) is True
    assert flips(reported, 2.0, (0.5, 3.5), 0.15) is False


def test_a_sign_flips_only_where_an_effect_is_shown() -> None:
    nothing = effect("ratio", 0.95, (0.80, 1.10))
    assert flips(nothing, 1.02, (0.84, 1.20), -0.15) is False
    shown = effect("ratio", 0.95, (0.91, 0.99))
    assert flips(shown, 1.05, (1.01, 1.09), None) is True
