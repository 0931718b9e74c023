"""The truth that a scenario states comes out of what is drawn, within Monte Carlo error.

Each bound is four standard errors, worked out beside it; the seeds are fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from htkeval.design.draws import Drawn, draw
from htkeval.design.scenario import Scenario
from htkeval.trial import Trial

Make = Callable[..., Trial]
MakeScenario = Callable[..., Scenario]


def drawn(trial: Trial, scenario: Scenario, *, trials: int = 1, seed: int = 1) -> Drawn:
    return draw(trial, scenario, np.random.default_rng(seed), trials=trials)


def typical_ratio(found: Drawn) -> float:
    """Geometric mean with the tool over that without."""
    log = np.log(found.values["task_time"])
    return float(np.exp(log[found.treated].mean() - log[~found.treated].mean()))


@pytest.mark.parametrize("allocation", ["bernoulli", "complete"])
def test_without_an_effect_the_arms_agree(
    make_trial: Make, make_scenario: MakeScenario, allocation: str
) -> None:
    scenario = make_scenario(relative_effect=0, icc=0.2)
    found = drawn(make_trial(allocation=allocation), scenario, trials=500)
    time = found.values["task_time"]
    # 120,000 tasks, log-SD .55/sqrt(.8) = .615: four s.e. of a log ratio are .0142; of the
    # arithmetic means, whose coefficient of variation is sqrt(exp(.378) - 1) = .678, 0.94 minutes
    assert typical_ratio(found) == pytest.approx(1, abs=0.0142)
    assert time[found.treated].mean() == pytest.approx(time[~found.treated].mean(), abs=0.94)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("within", {"reaction_sd": 0.1, "icc": 0.3}),
        ("within", {"log_sd_treatment": 0.9}),
        ("parallel", {"icc": 0.1, "tasks_each_sd": 3}),
        ("cluster", {"icc": 0.05, "participant_icc": 0.1, "teams": 12, "team_size_cv": 0.5}),
    ],
)
def test_the_typical_task_moves_by_the_stated_effect(
    make_trial: Make, make_scenario: MakeScenario, kind: str, more: dict[str, Any]
) -> None:
    trials = 2000
    found = drawn(make_trial(kind), make_scenario(**more), trials=trials)
    log = np.log(found.values["task_time"])
    with_tool = np.nanmean(np.where(found.treated, log, np.nan), axis=(1, 2))
    without = np.nanmean(np.where(found.treated, np.nan, log), axis=(1, 2))
    each = with_tool - without
    error = 4 * each.std(ddof=1) / math.sqrt(trials)
    assert error < 0.02
    assert each.mean() == pytest.approx(math.log(0.8), abs=error)


def test_the_mean_without_the_tool_is_the_stated_one(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    """Whatever explains the spread, the factors it adds have mean one."""
    trial = make_trial(
        task="task",
        task_type="kind",
        more={"covariates": [{"column": "pages", "scale": "log"}]},
    )
    scenario = make_scenario(
        icc=0.2,
        shared_tasks=20,
        shared_task_sd=0.3,
        covariates={"pages": {"mean": 40, "sd": 20, "elasticity": 0.5}},
        groups={"kind": {"shares": {"easy": 0.7, "hard": 0.3}, "levels": {"hard": 2.0}}},
    )
    trials = 1000
    found = drawn(trial, scenario, trials=trials)
    each = np.nanmean(np.where(found.treated, np.nan, found.values["task_time"]), axis=(1, 2))
    error = 4 * each.std(ddof=1) / math.sqrt(trials)
    # whole pages, at least one, move the covariate's own mean by less than a thousandth
    assert error < 1.5
    assert each.mean() == pytest.approx(60, abs=error + 0.06)


def test_a_wider_spread_with_the_tool_can_eat_the_saving(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    """.85 x exp((1.05^2 - .80^2) / 2) = 1.071: typically 15 % faster, yet 7 % more hours."""
    scenario = make_scenario(log_sd=0.8, log_sd_treatment=1.05, relative_effect=-0.15)
    found = drawn(make_trial(), scenario, trials=4000)
    time = found.values["task_time"]
    ratio = time[found.treated].mean() / time[~found.treated].mean()
    # coefficients of variation sqrt(exp(s^2) - 1): 1.42 and .95, 480,000 tasks each: s.e. .0026
    assert ratio == pytest.approx(1.071, abs=0.0105)
    assert typical_ratio(found) == pytest.approx(0.85, abs=0.007)


def anova_icc(values: np.ndarray) -> float:
    """One-way ANOVA estimator, (MSB - MSW) / (MSB + (k - 1) MSW), of k values a row."""
    k = values.shape[1]
    between = k * values.mean(axis=1).var(ddof=1)
    within = values.var(axis=1, ddof=1).mean()
    return float((between - within) / (between + (k - 1) * within))


def test_the_stated_icc_comes_out_between_participants(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(relative_effect=0, icc=0.3, participants=4000)
    log = np.log(drawn(make_trial(), scenario).values["task_time"][0])
    # Donner 1986: s.e. = sqrt(2 / (k (k-1) N)) (1 - icc) (1 + (k-1) icc) = .0061 at k 10, N 4,000
    assert anova_icc(log) == pytest.approx(0.3, abs=0.0246)
    assert log.var(axis=1, ddof=1).mean() == pytest.approx(0.55**2, rel=0.03)


def test_where_teams_are_drawn_the_icc_is_theirs(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(
        relative_effect=0, icc=0.1, participant_icc=0.2, participants=6000, teams=1500
    )
    log = np.log(drawn(make_trial("cluster"), scenario).values["task_time"][0])
    person = log.mean(axis=1)
    # the means of four people, a tenth of a task's variance left: (.1) / (.1 + .2 + .7 / 10)
    share = 0.1 / (0.1 + 0.2 + 0.07)
    # s.e. at k 4, N 1,500: sqrt(2 / (12 x 1500)) x .73 x 1.81 = .0139
    assert anova_icc(person.reshape(1500, 4)) == pytest.approx(share, abs=0.056)


def test_people_react_as_differently_as_stated(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(participants=5000, tasks_each=20, reaction_sd=0.3, icc=0.4)
    found = drawn(make_trial(allocation="complete"), scenario)
    log = np.log(found.values["task_time"][0])
    arm = found.treated[0]
    each = (log * arm).sum(axis=1) / 10 - (log * ~arm).sum(axis=1) / 10
    # each one's own effect, and the noise of ten tasks with and ten without: .09 + .3025 / 5
    stated = 0.3**2 + 0.55**2 / 5
    # a variance of 5,000 has a relative s.e. of sqrt(2 / 5,000) = .02
    assert each.var(ddof=1) == pytest.approx(stated, rel=0.08)


def test_a_shared_task_is_as_hard_for_everybody(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(
        participants=200, tasks_each=20, shared_tasks=20, shared_task_sd=0.4, relative_effect=0
    )
    found = drawn(make_trial(task="task"), scenario, trials=100)
    log, task = np.log(found.values["task_time"]), found.roster.task
    assert task is not None
    by_task = np.stack([np.where(task == q, log, 0).sum(axis=(1, 2)) / 200 for q in range(20)])
    # 20 tasks in each of 100 trials, each done by 200 people: .16 + .3025 / 200, relative s.e.
    # sqrt(2 / 1,900) = .032
    assert by_task.var(axis=0, ddof=1).mean() == pytest.approx(0.4**2 + 0.0015, rel=0.13)


def test_learning_counts_the_tasks_done_with_the_tool(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(relative_effect=-0.1, learning=-0.05, log_sd=0.1, participants=3000)
    found = drawn(make_trial(), scenario)
    earlier = np.cumsum(found.tool, axis=2) - found.tool
    log = np.log(found.values["task_time"])
    base = log[~found.treated].mean()
    for k in (0, 3):
        chosen = found.treated & (earlier == k)
        stated = math.log(0.9) + k * math.log(0.95)
        error = 4 * 0.1 * math.sqrt(1 / chosen.sum() + 1 / (~found.treated).sum())
        assert log[chosen].mean() - base == pytest.approx(stated, abs=error)


def test_drift_comes_with_the_calendar_not_the_tool(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(relative_effect=0, drift=-0.1, periods=3, participants=4000)
    found = drawn(make_trial(), scenario)
    log = np.log(found.values["task_time"])
    last, first = (found.roster.time >= 2 / 3), (found.roster.time < 1 / 3)
    # about 13,300 tasks in each third: four s.e. are 4 x .55 x sqrt(2 / 13,300) = .027
    assert log[last].mean() - log[first].mean() == pytest.approx(2 * math.log(0.9), abs=0.027)
    assert typical_ratio(found) == pytest.approx(1, abs=0.0221)


def test_who_leaves_takes_half_of_the_tasks_along(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(dropout=0.3, participants=5000)
    roster = drawn(make_trial(), scenario).roster
    lost = 1 - roster.present.sum() / roster.planned.sum()
    # a leaver's lost share is uniform: variance .3 (1/3) - .15^2 = .0775 a person, and of ten
    # tasks; four s.e. are 4 sqrt(.09 / 5000) = .017
    assert lost == pytest.approx(0.15, abs=0.017)
    stayed = roster.present.all(axis=2).mean()
    # a leaver of ten tasks keeps all of them with chance E(U^10) = 1/11
    assert stayed == pytest.approx(0.7 + 0.3 / 11, abs=0.026)


def test_what_goes_wrong_goes_wrong_as_often_as_stated(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    scenario = make_scenario(
        participants=4000, contamination=0.15, refusals=0.05, missing=0.04, relative_effect=-0.5
    )
    found = drawn(make_trial(status="status"), scenario)
    done = ~found.refused
    # 40,000 tasks: four s.e. of a share p are 4 sqrt(p (1 - p) / 40,000), at most .0072
    assert found.refused.mean() == pytest.approx(0.05, abs=0.0044)
    assert (found.tool ^ found.treated)[done].mean() == pytest.approx(0.15, abs=0.0073)
    assert np.isnan(found.values["task_time"][found.refused]).all()
    assert np.isnan(found.values["task_time"][done]).mean() == pytest.approx(0.04, abs=0.004)
    log = np.log(found.values["task_time"])
    seen = np.isfinite(log)
    shown = log[seen & found.treated].mean() - log[seen & ~found.treated].mean()
    # as assigned, .70 of the contrast is left: .85 - .15; four s.e. 4 x .64 x 2 / 190 = .027
    assert shown == pytest.approx(0.7 * math.log(0.5), abs=0.027)


RATE = {
    "id": "errors",
    "label": "Fejl pr. 1.000 ord",
    "kind": "rate",
    "column": "errors",
    "exposure": "words",
    "per": 1000,
    "better": "lower",
    "role": "guardrail",
}


def test_errors_come_at_the_stated_rate(make_trial: Make, make_scenario: MakeScenario) -> None:
    scenario = make_scenario(
        participants=4000,
        metrics={"errors": {"baseline": 2.1, "treatment": 3.0, "log_sd": 0.6, "icc": 0.1}},
        exposures={"words": {"mean": 900, "sd": 300}},
    )
    found = drawn(make_trial(metrics=(RATE,)), scenario)
    errors, words = found.values["errors"], found.values["words"]
    assert (words >= 1).all()
    assert (words == np.rint(words)).all()
    assert words.mean() == pytest.approx(900, abs=6)  # 4 x 300 / sqrt(40,000)
    for arm, rate in ((~found.treated, 2.1), (found.treated, 3.0)):
        shown = 1000 * errors[arm].sum() / words[arm].sum()
        # a task: Poisson of .9 rate and level noise with c.v. .69: s.e. about .021 and, over
        # 4,000 people with c.v. .2, .0032 x rate; four of them
        assert shown == pytest.approx(rate, abs=0.1)


def test_the_chance_of_a_right_answer_is_marginal(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    right = {
        "id": "right",
        "label": "Rigtige svar",
        "kind": "binary",
        "column": "right",
        "better": "higher",
        "role": "guardrail",
    }
    told = {"right": {"baseline": 0.9, "treatment": 0.7, "icc": 0.3}}
    scenario = make_scenario(participants=6000, metrics=told)
    found = drawn(make_trial(metrics=(right,)), scenario)
    value = found.values["right"]
    assert set(np.unique(value)) == {0.0, 1.0}
    # a person's five answers share a propensity: by simulation s.e. .0023 and .0037
    assert value[~found.treated].mean() == pytest.approx(0.9, abs=0.011)
    assert value[found.treated].mean() == pytest.approx(0.7, abs=0.015)
    alone = value.copy()
    alone[found.treated] = np.nan
    spread = np.nanvar(np.nanmean(alone[0], axis=1))
    # independent answers would give p (1 - p) / 5 = .018; sharing a propensity gives more
    assert spread > 0.025


def test_a_share_is_counted_out_of_its_own_column(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    kept = {
        "id": "kept",
        "label": "Andel uændret",
        "kind": "share",
        "column": "kept",
        "exposure": "sentences",
        "better": "higher",
        "role": "secondary",
    }
    scenario = make_scenario(
        participants=2000,
        metrics={"kept": {"baseline": 0.5, "treatment": 0.6}},
        exposures={"sentences": {"mean": 20, "sd": 8}},
    )
    found = drawn(make_trial(metrics=(kept,)), scenario)
    part, whole = found.values["kept"], found.values["sentences"]
    assert (part <= whole).all()
    arm = found.treated
    assert part[arm].sum() / whole[arm].sum() == pytest.approx(0.6, abs=0.0045)
    assert part[~arm].sum() / whole[~arm].sum() == pytest.approx(0.5, abs=0.0045)


def test_a_count_and_a_second_duration_have_their_means(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    count = {"id": "questions", "label": "Spørgsmål", "kind": "count", "column": "questions"}
    check = {"id": "check", "label": "Kontrol", "kind": "duration", "column": "check", "unit": "s"}
    both = {"better": "lower", "role": "secondary"}
    told = {
        "questions": {"baseline": 3, "treatment": 2},
        "check": {"baseline": 90, "treatment": 120, "icc": 0.4},
    }
    trial = make_trial(metrics=(count | both, check | both))
    found = drawn(trial, make_scenario(participants=4000, metrics=told))
    arm = found.treated
    # c.v. of the level sqrt(exp(.25 / .6) - 1) = .72, of a person's part sqrt(exp(.167) - 1) =
    # .43: s.e. of 120 seconds sqrt(.43^2 / 4,000 + .55^2 / 20,000) x 120 = .94, of 3 questions .017
    assert found.values["check"][arm].mean() == pytest.approx(120, abs=3.8)
    assert found.values["check"][~arm].mean() == pytest.approx(90, abs=2.8)
    assert (found.values["check"] >= 1).all()
    alike = np.log(found.values["check"][0] / np.where(arm[0], 120, 90))
    # Donner 1986, as above, at icc .4: s.e. .0060
    assert anova_icc(alike) == pytest.approx(0.4, abs=0.024)
    assert found.values["questions"][arm].mean() == pytest.approx(2, abs=0.06)
    assert found.values["questions"][~arm].mean() == pytest.approx(3, abs=0.07)


def test_a_covariate_explains_as_much_as_stated(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial = make_trial(more={"covariates": [{"column": "pages", "scale": "log"}]})
    pages = {"mean": 400, "sd": 200, "elasticity": 0.6}
    scenario = make_scenario(participants=4000, relative_effect=0, covariates={"pages": pages})
    found = drawn(trial, scenario)
    x = np.log(found.roster.covariates["pages"]).ravel()
    y = np.log(found.values["task_time"]).ravel()
    slope = np.cov(x, y)[0, 1] / x.var(ddof=1)
    # s.e. = .55 / (sd(log pages) .472 x sqrt(40,000)) = .0058
    assert slope == pytest.approx(0.6, abs=0.0233)


def test_the_value_before_the_trial_knows_the_person(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial = make_trial("parallel", primary={"pre_period": "before"})
    scenario = make_scenario(relative_effect=0, icc=0.5, pre_tasks=5, participants=4000)
    found = drawn(trial, scenario)
    before = np.log(found.values["before"][0, :, 0])
    after = np.log(found.values["task_time"][0]).mean(axis=1)
    assert (found.values["before"] == found.values["before"][:, :, :1]).all()
    # both measure the person: var .3025; noise .3025 / 5 before and .3025 / 10 after
    stated = 1 / math.sqrt(1.2 * 1.1)
    assert np.corrcoef(before, after)[0, 1] == pytest.approx(stated, abs=0.02)


def test_tasks_are_drawn_exactly_within_each_participant(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    found = drawn(make_trial(allocation="complete"), make_scenario(), trials=50)
    assert (found.treated.sum(axis=2) == 5).all()
    blocked = drawn(
        make_trial(allocation="blocks", block=4), make_scenario(tasks_each=12), trials=50
    )
    assert (blocked.treated.reshape(50, 24, 3, 4).sum(axis=3) == 2).all()


def test_tasks_are_drawn_within_each_stratum(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial = make_trial(task="task", strata=("kind",), allocation="complete")
    groups = {"kind": {"shares": {"easy": 0.5, "hard": 0.5}}}
    found = drawn(trial, make_scenario(shared_tasks=8, tasks_each=8, groups=groups), trials=20)
    hard = found.roster.groups["kind"] == 1
    assert (hard.sum(axis=2) == 4).all()
    assert ((found.treated & hard).sum(axis=2) == 2).all()


def test_people_and_teams_are_drawn_whole(make_trial: Make, make_scenario: MakeScenario) -> None:
    people = drawn(make_trial("parallel", ratio=(1, 2)), make_scenario(), trials=50).treated
    assert (people == people[:, :, :1]).all()
    assert (people[:, :, 0].sum(axis=1) == 16).all()
    scenario = make_scenario(teams=8, participants=40, team_size_cv=0.6)
    found = drawn(make_trial("cluster", allocation="complete"), scenario, trials=50)
    for each in range(50):
        arms = [found.treated[each, found.roster.team[each] == team] for team in range(8)]
        assert all(arm.size for arm in arms)
        assert all(arm.all() or not arm.any() for arm in arms)
        assert sum(arm.all() for arm in arms) == 4


def test_strata_of_people_are_drawn_apart(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial = make_trial("parallel", strata=("seniority",), allocation="complete")
    groups = {"seniority": {"shares": {"new": 0.4, "old": 0.6}, "of": "participant"}}
    found = drawn(trial, make_scenario(groups=groups), trials=200)
    old = found.roster.groups["seniority"][:, :, 0] == 1
    treated = found.treated[:, :, 0]
    for stratum in (old, ~old):
        half = stratum.sum(axis=1) / 2
        assert (np.abs((treated & stratum).sum(axis=1) - half) <= 0.5).all()


def test_strata_of_teams_are_drawn_apart(make_trial: Make, make_scenario: MakeScenario) -> None:
    trial = make_trial("cluster", strata=("size",), allocation="complete")
    groups = {"size": {"shares": {"small": 0.5, "large": 0.5}, "of": "team"}}
    found = drawn(trial, make_scenario(teams=8, participants=40, groups=groups), trials=100)
    large = found.roster.groups["size"][:, :, 0] == 1
    treated = found.treated[:, :, 0]
    for each in range(100):
        by_team = {
            team: (large[each, at], treated[each, at])
            for at, team in enumerate(found.roster.team[each])
        }
        assert sum(is_large for is_large, _ in by_team.values()) == 4
        assert sum(is_large and arm for is_large, arm in by_team.values()) == 2
        assert sum(arm for _, arm in by_team.values()) == 4


def test_teams_differ_in_size_as_stated(make_trial: Make, make_scenario: MakeScenario) -> None:
    scenario = make_scenario(participants=800, teams=8, team_size_cv=0.5)
    team = drawn(make_trial("cluster"), scenario, trials=300).roster.team
    sizes = np.stack([(team == number).sum(axis=1) for number in range(8)])
    assert (sizes.sum(axis=0) == 800).all()
    # sizes share a fixed sum, so a gamma c.v. of .5 becomes sqrt(.25 / (1 + .25 / 8)) sqrt(8/9)
    shown = np.sqrt(sizes.var(axis=0, ddof=0).mean()) / 100
    assert shown == pytest.approx(0.47, abs=0.06)


def test_many_trials_at_once_are_apart(make_trial: Make, make_scenario: MakeScenario) -> None:
    found = drawn(make_trial(), make_scenario(icc=0.2), trials=3)
    first, second, _ = found.values["task_time"]
    assert not np.array_equal(first, second)
    again = drawn(make_trial(), make_scenario(icc=0.2), trials=3)
    assert np.array_equal(found.values["task_time"], again.values["task_time"])


def test_words_that_are_dealt_go_round_with_those_of_other_columns(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    trial = make_trial(strata=("kind", "day"), allocation="complete")
    turn = {"shares": {"a": 0.5, "b": 0.5}, "dealt": True}
    scenario = make_scenario(groups={"kind": turn, "day": turn}, tasks_each=8)
    found = drawn(trial, scenario).roster
    pairs = np.stack(
        [np.broadcast_to(found.groups[name], found.shape)[0] for name in ("kind", "day")]
    )
    assert pairs[:, 5].T.tolist() == 2 * [[0, 0], [1, 0], [0, 1], [1, 1]]


def test_tasks_that_are_minimised_are_even_as_they_come(
    make_trial: Make, make_scenario: MakeScenario
) -> None:
    """Drawn exactly for each person, four would have the tool of each person's eight."""
    trial = make_trial(allocation="minimisation", favour=0.95)
    found = drawn(trial, make_scenario(tasks_each=8), trials=20)
    assert len(np.unique(found.treated.sum(axis=2))) > 1
    order = np.argsort(found.roster.time.reshape(20, -1), axis=1)
    came = np.take_along_axis(found.treated.reshape(20, -1), order, axis=1)
    assert np.abs(np.cumsum(2 * came - 1, axis=1)).max() <= 6
