"""How long a task took, from presses of two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from htkeval.timing import Heard, Kind, Press, Timing, elapsed

BEGAN = datetime(2026, 3, 10, 8, tzinfo=UTC)
LIVES = ("a" * 16, "b" * 16)


def at(
    kind: Kind,
    true: float,
    *,
    life: int = 0,
    clock: float = 0.0,
    slept: float = 0.0,
    wait: float = 0,
) -> Heard:
    """A press `true` seconds after the beginning.

    The wall clock is `clock` seconds fast, the monotonic one stood still for `slept` seconds, and
    the store heard of the press after `wait` seconds.
    """
    born = (0.0, 50.0)[life]
    press = Press(
        id="p" * 16,
        timing="t" * 16,
        kind=kind,
        life=LIVES[life],
        monotonic=max(0.0, 1000 * (true - born - slept)),
        clock=1000 * (BEGAN.timestamp() + true + clock),
    )
    return Heard(press=press, at=BEGAN + timedelta(seconds=true + wait))


def test_pauses_do_not_count() -> None:
    presses = [at("start", 0), at("pause", 60), at("resume", 600), at("stop", 690)]
    assert elapsed(presses) == elapsed(presses).model_copy(
        update={"seconds": 150.0, "resumed": False, "apart": None}
    )


def test_within_one_life_of_the_page_a_clock_that_is_set_changes_nothing_and_is_told() -> None:
    takes = elapsed([at("start", 0), at("stop", 300, clock=-3600)])
    assert takes.seconds == 300
    assert takes.apart == pytest.approx(3600)


def test_across_lives_the_wall_clock_counts_and_that_is_told() -> None:
    takes = elapsed([at("start", 0), at("stop", 300, life=1)])
    assert (takes.seconds, takes.resumed, takes.apart) == (300, True, None)


def test_across_lives_a_wall_clock_that_was_set_is_seen_by_the_store() -> None:
    takes = elapsed([at("start", 0), at("stop", 300, life=1, clock=900)])
    assert (takes.seconds, takes.apart) == (1200, 900)
    assert elapsed([at("start", 0), at("stop", 300, life=1, clock=-900)]).seconds == 0


def test_a_computer_that_slept_is_asked_about() -> None:
    takes = elapsed([at("start", 0), at("stop", 1800, slept=1200)])
    assert (takes.seconds, takes.apart) == (600, 1200)


def test_a_press_that_waited_for_the_network_is_as_long_as_it_was() -> None:
    takes = elapsed([at("start", 0), at("stop", 300, wait=7200)])
    assert (takes.seconds, takes.apart) == (300, None)


def test_a_task_that_was_only_begun_has_taken_nothing() -> None:
    assert elapsed([at("start", 0)]).seconds == 0


@given(
    st.lists(st.tuples(st.floats(0, 5000), st.sampled_from((0, 1))), min_size=2, max_size=12),
)
def test_however_often_it_is_paused_and_reloaded_the_working_time_is_the_sum(
    steps: list[tuple[float, int]],
) -> None:
    """An oracle without stretches: a second counts where the last press before it set it going."""
    kinds: list[Kind] = ["start", *(("pause", "resume")[n % 2] for n in range(len(steps) - 1))]
    times, now = [], 100.0
    for wait, _ in steps:
        now += wait
        times.append(now)
    presses = [at(k, t, life=life) for k, t, (_, life) in zip(kinds, times, steps, strict=True)]
    expected = sum(times[n + 1] - times[n] for n in range(0, len(times) - 1, 2))
    takes = elapsed(presses)
    assert takes.seconds == pytest.approx(expected, abs=0.01)
    assert takes.apart is None


DAY = 86_400


@pytest.mark.parametrize(
    ("clock", "wait", "days"),
    [
        (0, 0, 0),
        (0, 3 * DAY, 0),  # pressed without a connection, sent three days later
        (0, 31 * DAY, 0),
        (0, 32 * DAY, 32),  # so long no page waits: the clock was never set
        (-40 * 365 * DAY, 2, 0),
        (4, 2, 0),
        (2 * DAY, DAY, 1),  # ahead of the store's: nobody pressed tomorrow
    ],
)
def test_a_task_began_when_its_device_says_unless_that_cannot_be(
    clock: float, wait: float, days: float
) -> None:
    timing = Timing(
        id="t" * 16, participant="P1", arm="baseline", keys={},
        heard=(at("start", 0, clock=clock, wait=wait),),
    )  # fmt: skip
    assert abs(timing.started - BEGAN - timedelta(days=days)) < timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["start", "pause", "stop", "drop"])
def test_no_press_takes_the_id_under_which_it_is_kept_that_the_task_is_saved(kind: Kind) -> None:
    """The store keeps one event for each id: with it taken, the task would stay open for ever."""
    told = at(kind, 0).press.model_dump()
    with pytest.raises(ValidationError):
        Press.model_validate({**told, "id": told["timing"]})
    assert Press.model_validate({**told, "id": told["timing"], "kind": "saved"}).kind == "saved"


def test_a_clock_beyond_all_years_is_a_wrong_one() -> None:
    heard = at("start", 0)
    wild = heard.model_copy(update={"press": heard.press.model_copy(update={"clock": 1e300})})
    timing = Timing(id="t" * 16, participant=None, arm="baseline", keys={}, heard=(wild,))
    assert timing.started == BEGAN
