"""The rows in groups: what they show is right, and nobody can be read from it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from htkeval.effect import Effect
from htkeval.evaluation import in_groups
from htkeval.evaluation.apart.residuals import left_over
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.effects import answer
from htkeval.evaluation.estimating import primary_model
from htkeval.in_groups import InGroups
from htkeval.stats.shrinkage import shrink
from htkeval.text import render

ZERO = "0" * 64


def columns(people: int = 20, each: int = 12, *, gain: float = -0.3, seed: int = 3):
    """Each person's tasks over six weeks, a draw for each; four teams of five."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(people), each)
    arm = rng.integers(0, 2, len(who))
    level = rng.normal(0, 0.3, people)
    time = np.exp(3.4 + level[who] + gain * arm + rng.normal(0, 0.4, len(who)))
    first = date(2026, 1, 12)
    day = [(first + timedelta(days=int(k))).isoformat() for k in rng.integers(0, 42, len(who))]
    return {
        "participant": [f"p{k:02d}" for k in who],
        "team": [f"hold {k % 4}" for k in who],
        "arm": arm.tolist(),
        "date": day,
        "minutes": time.tolist(),
    }


def found(make_trial, make_table, kind="within", table=None, **changes) -> InGroups:
    trial = make_trial(kind, {}, design={"date": "date", "period": None}, **changes)
    return in_groups(trial, make_table(**(table or columns())), snapshot=ZERO)


def why(groups: InGroups, part: str) -> str:
    return render(groups.missing[part], "en")


def test_a_full_trial_has_every_picture(make_trial, make_table) -> None:
    groups = found(make_trial, make_table)
    assert [one.arm for one in groups.curves] == ["baseline", "treatment"]
    assert groups.curves[1].median < groups.curves[0].median  # faster with the tool
    assert len(groups.paired) == 4  # twenty people, five in each
    assert len(groups.residuals) >= 10
    assert groups.missing.keys() <= {"teams", "weeks"}


def test_the_same_bytes_give_the_same_pictures_whatever_the_order_of_rows(
    make_trial, make_table
) -> None:
    table = columns()
    order = np.random.default_rng(1).permutation(len(table["arm"]))
    mixed = {name: [cells[k] for k in order] for name, cells in table.items()}
    assert found(make_trial, make_table, table=mixed) == found(make_trial, make_table, table=table)


def test_a_curve_is_rounded_coarsely_where_the_number_of_rows_is_not_told(
    make_trial, make_table
) -> None:
    whole = found(make_trial, make_table).curves
    assert {share % 1 for _, share in whole[0].points} == {0.0}
    table = columns()
    table["minutes"][0] = None  # one row of one person does not count
    coarse = found(make_trial, make_table, table=table).curves
    assert {share % 5 for one in coarse for _, share in one.points} == {0.0}


def test_pairs_are_means_of_people_in_order_and_agree_with_a_table_made_by_hand(
    make_trial, make_table
) -> None:
    import pandas as pd

    table = columns()
    frame = pd.DataFrame(table)
    means = frame.groupby(["participant", "arm"])["minutes"].mean().unstack()
    means = means.loc[means.mean(axis=1).sort_values().index]
    by_hand = [means.iloc[k : k + 5].mean() for k in range(0, 20, 5)]
    groups = found(make_trial, make_table, table=table).paired
    for one, wanted in zip(groups, by_hand, strict=True):
        assert (one.baseline, one.treatment) == pytest.approx((wanted[0], wanted[1]), rel=5e-3)


def test_weeks_lie_beside_one_another_and_are_shrunken_by_the_same_rule(
    make_trial, make_table
) -> None:
    weeks = found(make_trial, make_table).weeks
    spans = [one.value for one in weeks]
    assert spans[0].startswith("1")
    assert spans[-1].endswith("6")
    # errors are not told: an interval of a common width shows that the best guess is between
    middle = np.exp(np.mean([np.log(one.estimate) for one in weeks]))
    for one in weeks:
        ends = sorted((one.estimate, middle))
        assert ends[0] * 0.93 <= one.shrunken <= ends[1] * 1.07
    assert shrink(np.array([0.0, 4.0]), np.array([1.0, 1.0])).values == pytest.approx((0.25, 3.75))


def test_weeks_of_four_people_stand_with_the_next(make_trial, make_table) -> None:
    table = columns()
    early = {f"p{k:02d}" for k in range(4)}
    table["date"] = [
        "2026-01-05" if who in early and k % 3 == 0 else day
        for k, (who, day) in enumerate(zip(table["participant"], table["date"], strict=True))
    ]
    weeks = found(make_trial, make_table, table=table).weeks
    assert weeks[0].value.startswith("1-")


def test_teams_of_four_are_not_shown_nor_those_that_would_give_them_away(
    make_trial, make_table
) -> None:
    table = columns(24, 20)
    six = found(make_trial, make_table, table=table).teams
    assert [one.value for one in six] == ["hold 0", "hold 1", "hold 2", "hold 3"]
    table["team"] = [
        "hold 9" if who in ("p00", "p04", "p08", "p12") else team
        for who, team in zip(table["participant"], table["team"], strict=True)
    ]
    shown = {one.value for one in found(make_trial, make_table, table=table).teams}
    assert "hold 9" not in shown
    assert "hold 0" not in shown  # two people are left in it
    assert len(shown) < 3 or shown == {"hold 1", "hold 2", "hold 3"}


def test_whole_teams_have_no_effect_of_their_own(make_trial, make_table) -> None:
    table = columns()
    table["arm"] = [int(team in ("hold 1", "hold 2")) for team in table["team"]]
    groups = found(make_trial, make_table, "cluster", table)
    assert why(groups, "teams").startswith("Whole teams have the tool or not")
    assert groups.paired == ()


def test_what_was_followed_ends_at_the_interval_of_all_rows(make_trial, make_table) -> None:
    from htkeval.evaluation.between import seen_so_far

    trial = make_trial("within", {}, design={"date": "date", "period": None})
    table = make_table(**columns())
    groups = in_groups(trial, table, snapshot=ZERO)
    last = groups.followed[-1]
    all_rows = seen_so_far(Basis(trial, read(trial, table), None, "cr2"), trial.primary, "ratio")
    assert (last.estimate, last.ci) == all_rows
    assert last.rows == 240
    counts = [one.rows for one in groups.followed]
    assert counts == sorted(set(counts))
    assert min(np.diff(counts)) >= 5


def test_what_the_model_leaves_over_is_that_of_a_regression_with_a_column_for_each_person(
    make_trial, make_table
) -> None:
    trial = make_trial("within", {}, design={"date": "date", "period": None})
    basis = Basis(trial, read(trial, make_table(**columns())), None, "cr2")
    model = primary_model(basis)
    assert model is not None
    dummies = (model.cluster[:, None] == np.unique(model.cluster)).astype(float)
    x = np.column_stack([model.arm, dummies])
    plain = model.y - x @ np.linalg.lstsq(x, model.y, rcond=None)[0]
    assert left_over(model) == pytest.approx(plain, abs=1e-10)
    one = answer(basis, trial.primary, "ratio").result
    assert isinstance(one, Effect)


@pytest.mark.parametrize(
    ("change", "part", "words"),
    [
        ({"arm": 0}, "curves", "no usable measurement"),
        ({"participant": "few"}, "curves", "fewer than five people"),
        ({"participant": "few"}, "paired", "fewer than five people"),
        ({"participant": "few"}, "residuals", "fewer than five people"),
        ({"participant": "few"}, "followed", "fewer than five people"),
        ({"participant": None}, "curves", ""),
        ({"date": None}, "weeks", "No column says on which day"),
        ({"minutes": None}, "curves", "no usable measurement"),
        ({"minutes": 7.0}, "residuals", "leaves nothing over"),
    ],
)
def test_where_nothing_may_be_shown_the_reason_is_told(
    make_trial, make_table, change, part, words
) -> None:
    table = columns(8)
    for name, value in change.items():
        n = len(table["arm"])
        table[name] = [f"p{k % 4}" for k in range(n)] if value == "few" else [value] * n
    groups = found(make_trial, make_table, table=table)
    assert getattr(groups, part) == ()
    assert words in why(groups, part)


def test_a_share_has_no_curve(make_trial, make_table) -> None:
    table = {**columns(), "right": [k % 2 for k in range(240)]}
    trial = make_trial(
        "within",
        {
            "id": "right",
            "kind": "binary",
            "column": "right",
            "unit": None,
            "worthwhile": None,
            "source": None,
        },
        design={"date": "date", "period": None},
    )
    groups = in_groups(trial, make_table(**table), snapshot=ZERO)
    assert groups.curves == ()
    assert "no distribution" in why(groups, "curves")
