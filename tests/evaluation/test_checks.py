"""Checks that read the rows and the effects; exclusions and hard stops."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Check
from htkeval.text import render
from tests.oracles.sheets import columns

Weigh = Callable[..., Analysis]


def check(analysis: Analysis, name: str) -> Check:
    (found,) = (check for check in analysis.checks if check.name == name)
    return found


def words(analysis: Analysis, name: str) -> str:
    return render(check(analysis, name).message, "en")


@pytest.mark.usefixtures("all_told")
def test_exclusions_take_rows_out_and_are_counted_rule_by_rule(weigh: Weigh) -> None:
    rules = [
        {"rule": "minutes > 60", "reason": "long"},
        {"rule": "words <= 250", "reason": "short"},
        {"rule": "kind == note", "reason": "note"},
    ]
    d = columns("within")
    keep = [
        m <= 60 and w > 250 and k != "note"
        for m, w, k in zip(d["minutes"], d["words"], d["kind"], strict=True)
    ]
    assert 30 < sum(keep) < 90
    analysis = weigh(exclusions=rules)
    effect = next(effect for effect in analysis.effects if effect.scale == "ratio")
    assert effect.baseline.tasks + effect.treatment.tasks == sum(keep)
    excluded = check(analysis, "excluded")
    assert excluded.message.values["n"] == 100 - sum(keep)
    assert "note: " in words(analysis, "excluded")
    assert sum(int(rule.values["n"]) for rule in excluded.message.values["rules"]) == (
        100 - sum(keep)
    )


@pytest.mark.usefixtures("all_told")
def test_an_empty_cell_meets_no_rule_and_a_rule_without_its_column_is_not_known(
    weigh: Weigh,
) -> None:
    words_missing = [None, *columns("within")["words"][1:]]
    other = {"rule": "words != 1", "reason": "all that are known"}
    analysis = weigh(table={"words": words_missing}, exclusions=[other])
    assert check(analysis, "excluded").message.values["n"] == 99
    kinds = [None, *columns("within")["kind"][1:]]
    worded = {"rule": "kind != none of them", "reason": "all that are known"}
    analysis = weigh(table={"kind": kinds}, exclusions=[worded])
    assert check(analysis, "excluded").message.values["n"] == 99
    absent = {"rule": "weather == rain", "reason": "rain"}
    analysis = weigh(exclusions=[absent])
    assert check(analysis, "excluded").passed is None
    assert "its column is missing" in words(analysis, "excluded")
    assert len(analysis.effects) == 2


def test_the_draw_is_believed_unless_chance_would_not_deal_so(weigh: Weigh) -> None:
    drawn = {"design": {"allocation": "bernoulli"}}
    assert check(weigh(**drawn), "arms_counted").passed is True
    uneven = {"arm": [int(i % 5 == 0) for i in range(100)]}
    assert check(weigh(table=uneven, **drawn), "arms_counted").passed is False
    four = {"design": {"allocation": "bernoulli", "ratio": [4, 1]}}
    assert check(weigh(table=uneven, **four), "arms_counted").passed is True
    people = check(weigh("parallel", **drawn), "arms_counted")
    assert people.passed is True
    assert render(people.message, "en").startswith("Baseline 9, treatment 9 (participants).")
    assert check(weigh(), "arms_counted").passed is None
    assert "only its list tells" in words(weigh("cluster", **drawn), "arms_counted")
    assert "no draw" in words(weigh(design={"randomised": False}), "arms_counted")


def test_someone_in_both_arms_of_two_groups_is_told(weigh: Weigh) -> None:
    assert check(weigh("parallel"), "one_arm_each").passed is True
    arm = columns("parallel")["arm"]
    both = check(weigh("parallel", {"arm": [1 - arm[0], *arm[1:]]}), "one_arm_each")
    assert both.passed is False
    assert words(weigh("parallel", {"arm": [1 - arm[0], *arm[1:]]}), "one_arm_each").endswith(
        "in one: under 5."
    )


def test_someone_who_works_in_teams_of_both_arms_is_told(weigh: Weigh) -> None:
    teams, arm = columns("cluster")["team"], columns("cluster")["arm"]
    own = [f"{team} {i % 3}" for i, team in enumerate(teams)]
    assert check(weigh("cluster", {"participant": own}), "one_arm_each").passed is True
    there = [arm.index(0), arm.index(1)]
    moved = ["busy" if i in there else name for i, name in enumerate(own)]
    found = weigh("cluster", {"participant": moved})
    assert check(found, "one_arm_each").passed is False
    assert words(found, "one_arm_each").endswith("but under 5 people worked in teams of both arms.")


def test_one_value_out_of_all_reason_is_named(weigh: Weigh) -> None:
    minutes = columns("within")["minutes"]
    assert [c for c in weigh().checks if c.name == "outliers"] == []
    slow = weigh(table={"minutes": [900 * max(minutes[1:]) / 20, *minutes[1:]]})
    assert [c for c in slow.checks if c.name == "outliers"] == [], "slow, and may well be"
    found = weigh(table={"minutes": [1e300, *minutes[1:]]})
    assert check(found, "outliers").passed is False
    assert "1e+300" in words(found, "outliers")


def test_rows_that_nobody_stands_behind_do_not_count(weigh: Weigh) -> None:
    people = [None, None, *columns("within")["participant"][2:]]
    analysis = weigh(table={"participant": people})
    assert check(analysis, "unit_known").message.values["n"] == 2
    assert check(analysis, "missing").message.values["n"] == 2
    effect = analysis.effects[0]
    assert effect.baseline.tasks + effect.treatment.tasks == 98


@pytest.mark.usefixtures("nothing_held_back")
def test_fewer_than_ten_people_or_four_degrees_of_freedom_are_few(weigh: Weigh) -> None:
    assert check(weigh(), "few_clusters").passed is True
    d = columns("within")
    nine = [p if p <= "p09" else None for p in d["participant"]]
    seen = [{p for p, a in zip(nine, d["arm"], strict=True) if p and a == arm} for arm in (0, 1)]
    assert (len(seen[0] | seen[1]), len(seen[0] & seen[1])) == (9, 8)
    few = weigh(table={"participant": nine})
    assert check(few, "few_clusters").passed is False
    assert "rests on 8 participants" in words(few, "few_clusters"), "one of nine has one arm only"
    assert "rests on 12 teams" in words(weigh("cluster"), "few_clusters")


def test_so_few_on_one_side_that_a_draw_can_alarm_too_often_are_told(weigh: Weigh) -> None:
    assert "holds for few" in words(weigh("cluster"), "few_clusters")
    uneven = {"arm": [int(team in ("t01", "t02", "t03")) for team in columns("cluster")["team"]]}
    found = weigh("cluster", uneven, design={"ratio": [3, 1]})
    assert found.effects[0].method == "rerandomisation"
    assert check(found, "few_clusters").passed is False
    said = words(found, "few_clusters")
    assert "where teams react differently, so few on one side can make it alarm twice" in said
    assert "rests on 12 teams, but some of them have so much of the say" in said
    assert "no single one decides much" not in said, "that would praise what fails"


def test_a_category_is_not_redundant_with_itself(weigh: Weigh) -> None:
    analysis = weigh("parallel", covariates=[{"column": "kind", "scale": "category"}])
    assert check(analysis, "redundant_covariates").passed is True


def test_a_tail_that_tells_another_story_is_red(weigh: Weigh) -> None:
    d = columns("within")
    assert check(weigh(), "tail").passed is True
    long = [m * (20 if arm and i % 12 == 0 else 1) for i, (m, arm) in enumerate(
        zip(d["minutes"], d["arm"], strict=True))]  # fmt: skip
    analysis = weigh(table={"minutes": long})
    assert check(analysis, "tail").passed is False
    typical, average = (effect.relative for effect in analysis.effects)
    assert typical is not None
    assert average is not None
    assert average - typical > 0.10


def test_a_hard_stop_is_seen_even_in_a_row_that_is_excluded(weigh: Weigh) -> None:
    stops = [{"column": "sent", "text": "Sent"}, {"column": "lost", "text": "Lost"}]
    none = {"sent": [0.0] * 100, "lost": [0.0] * 100}
    analysis = weigh(table=none, hard_stops=stops)
    assert (analysis.hard_stops, check(analysis, "hard_stop").passed) == ((), True)
    once = {**none, "lost": [1.0] + [0.0] * 99}
    longest = {"rule": "minutes > 0", "reason": "all"}
    analysis = weigh(table=once, hard_stops=stops, exclusions=[longest])
    assert (analysis.hard_stops, check(analysis, "hard_stop").passed) == (("lost",), False)
    assert words(analysis, "hard_stop") == "A serious incident was recorded: Lost."
    unknown = weigh(table={"sent": [0.0] * 100}, hard_stops=stops)
    assert check(unknown, "hard_stop").passed is None
    assert words(unknown, "hard_stop").endswith("Lost.")


@pytest.mark.usefixtures("all_told")
def test_a_task_that_came_twice_is_counted(weigh: Weigh) -> None:
    people = columns("within")["participant"]
    once = [f"t{n}" for n in range(len(people))]
    design = {"design": {"task": "task"}}
    assert check(weigh(table={"task": once}, **design), "repeated").passed is True
    twice = ["t0", "t0", *once[2:]]
    same = [people[0], people[0], *people[2:]]
    arms = ["baseline", "baseline", *["treatment", "baseline"] * ((len(people) - 2) // 2)]
    found = check(
        weigh(table={"task": twice, "participant": same, "arm": arms}, **design), "repeated"
    )
    assert (found.passed, found.message.values["n"]) == (False, 1)


def test_enough_teams_without_a_figure_neither_pass_nor_fail(weigh: Weigh) -> None:
    """One team of twelve has the tool: no method can tell, so nobody knows whether twelve do."""
    alone = {"arm": [int(team == "t01") for team in columns("cluster")["team"]]}
    found = weigh("cluster", alone, analysis={"method": "cr2"})
    assert not found.effects
    assert check(found, "few_clusters").passed is None
