"""What `htkeval analyse` prints for people: the answer first, and nothing that drowns it."""

import csv
import io

import pytest

from htkeval.analysis import Analysis
from htkeval.cli.findings import print_analysis
from htkeval.effect import Bounds, Check, Inference, Sensitivity, Subgroup
from htkeval.text import say
from tests.dashboards import examples as x

WIDEST = 118


@pytest.fixture
def printed(capsys):
    """Print an analysis in English, as it stands on the screen."""

    def printing(found: Analysis) -> str:
        print_analysis(found)
        return capsys.readouterr().out

    return printing


@pytest.fixture(autouse=True)
def english(monkeypatch):
    from htkeval.cli import speech

    monkeypatch.setattr(speech, "language", lambda: "en")


def found(**changes) -> Analysis:
    return x.go().analysis.model_copy(update=changes)


def other(model: str, **changes) -> Sensitivity:
    plain = {
        "metric": "task_time",
        "scale": "ratio",
        "model": model,
        "estimate": 0.82,
        "ci": (0.71, 0.93),
        "p_value": 0.04,
        "flips": False,
    }
    return Sensitivity.model_validate({**plain, **changes})


def row(text: str, start: str) -> str:
    (line,) = (line for line in text.splitlines() if line.startswith(start))
    return line


def test_a_model_of_the_primary_metric_is_one_line_with_every_scale(printed):
    text = printed(
        found(
            sensitivity=(
                other("unit_weights"),
                other("no_covariates", flips=True),
                other("unit_weights", scale="difference", estimate=-11, ci=(-16, -6)),
                other("no_covariates", scale="difference", estimate=-9, ci=(-15, -3)),
            )
        )
    )
    assert row(text, "every person or team").split("  ")[-1] == "no"
    assert "0.820 (0.710 to 0.930)  −11.00 (−16.00 to −6.00)" in text
    assert row(text, "without the explaining").endswith("yes: ratio")


def test_other_metrics_have_a_line_each_that_names_what_turns(printed):
    text = printed(
        found(
            sensitivity=(
                other("unit_weights", metric="errors", scale="difference", ci=(-1, 1)),
                other("two_way", metric="errors", scale="difference", ci=(-1, 1), flips=True),
            )
        )
    )
    assert (
        "errors, difference: 1 of 2 other calculations turn it (uncertainty from both people and "
        "tasks)." in text.replace("\n  ", " ")
    )
    calm = printed(found(sensitivity=(other("two_way", metric="errors", scale="difference"),)))
    assert "errors, difference: the other calculation does not turn it." in calm


def test_what_is_for_comparison_only_is_in_brackets_last_and_not_counted(printed):
    text = printed(
        found(
            sensitivity=(
                other("as_treated", flips=True),
                other("unit_weights"),
                other("as_treated", metric="errors", scale="difference", flips=True),
                other("unit_weights", metric="errors", scale="difference"),
            )
        )
    )
    assert row(text, "by who in fact used AI").endswith("(yes)")
    assert text.index("every person or team") < text.index("by who in fact used AI")
    assert "errors, difference: the other calculation does not turn it." in text
    assert "Figures in brackets do not count" in text
    assert "In brackets" not in printed(found(sensitivity=(other("unit_weights"),)))


def test_an_exact_test_without_an_interval_has_a_dash_and_its_p(printed):
    text = printed(found(sensitivity=(other("boschloo", scale="difference", ci=None),)))
    assert "0.820 (–), p 0.040" in row(text, "Boschloo's exact test")


@pytest.mark.parametrize(
    ("exact", "words"),
    [
        (True, "in how many of all 924 ways the draw can fall"),
        (False, "the draw was repeated 924 times"),
    ],
)
def test_the_repeated_draw_says_how_often(printed, exact, words):
    first = x.SAVED[0]
    drawn = Inference(
        method="rerandomisation",
        estimate=-0.22,
        ci=(-0.3, -0.1),
        p_value=0.001,
        draws=924,
        exact=exact,
    )
    effect = first.model_copy(update={"method": "rerandomisation", "inference": (drawn,)})
    assert words in " ".join(printed(found(effects=(effect,))).split())
    assert words not in printed(found())


def test_the_second_average_and_likeness_are_named(printed):
    first = x.SAVED[0].model_copy(update={"icc_ci": (0.1, 0.4), "cluster_autocorrelation": 0.8})
    second = first.model_copy(update={"estimand": "exposure_average", "confirmatory": False})
    text = printed(found(effects=(first, second)))
    assert "ratio (by length of use)" in text
    assert "(ICC): task_time 0.21 (0.10 to 0.40)." in text
    assert "where the same period is 1: task_time 0.80." in text
    assert "By length of use" not in printed(found())


def test_p_after_holm_has_a_column_only_where_there_is_one(printed):
    last = x.SAVED[-1].model_copy(update={"p_adjusted": 0.0321})
    assert "p (Holm)" in printed(found(effects=(*x.SAVED[:-1], last)))
    assert "p (Holm)" not in printed(found())


def test_bounds_and_groups_stand_only_where_there_are_some(printed):
    bounds = Bounds(
        metric="errors", scale="difference", model="lee", low=0.1, high=0.4, ci=(-0.5, 0.9)
    )
    group = Subgroup(
        metric="task_time",
        scale="ratio",
        column="kind",
        value="long",
        tasks=60,
        clusters=12,
        estimate=0.7,
        ci=(0.5, 0.98),
        shrunken=0.78,
    )
    text = printed(found(bounds=(bounds,), subgroups=(group,)))
    assert "0.100 to 0.400" in row(text, "only tasks that would be measured")
    assert row(text, "kind: long").split() == [
        "kind:",
        "long",
        "60",
        "12",
        "0.700",
        "(0.500",
        "to",
        "0.980)",
        "0.780",
    ]
    bare = printed(found())
    assert "Bounds" not in bare
    assert "Best guess" not in bare


def test_what_is_not_in_order_comes_first_and_what_is_by_name_only(printed):
    checks = (
        Check(name="missing", passed=True, message=say("All are there.")),
        Check(name="drift", passed=None, message=say("Nobody knows.")),
        Check(name="baseline_differences", passed=None, message=say("They lie apart by 0.1.")),
        Check(name="influence", passed=False, message=say("One turns it.")),
    )
    text = printed(found(checks=checks))
    told = [line for line in text.splitlines() if line.endswith(("turns it.", "knows.", "by 0.1."))]
    assert [line.split("  ")[0] for line in told] == [
        "No single one decides",
        "Stable without AI",
        "Alike beforehand",
    ]
    assert "For information" in told[-1]
    assert "All are there." not in text
    assert "In order (1 of 4 checks; --format json tells each): Missing measurements." in text


def test_no_line_is_wider_than_the_page(printed):
    ways = tuple(
        other(model, scale=scale, estimate=-10.8, ci=(-15.7, -5.9))
        for model in ("complier_anderson_rubin", "per_protocol", "restricted_censored")
        for scale in ("ratio", "difference")
    )
    checks = tuple(
        Check(name=name, passed=True, message=say("So.")) for name in ("missing", "drift") * 12
    )
    text = printed(found(sensitivity=ways, checks=checks))
    assert max(map(len, text.splitlines())) <= WIDEST


def test_csv_has_its_old_columns_first_and_the_new_ones_after(measured, call):
    answer = call("analyse", "proeve", "--format", "csv")
    head, *rows = csv.reader(io.StringIO(answer.out))
    assert head[-6:] == ["simulated", "estimand", "icc", "icc_low", "icc_high", "p_adjusted"]
    assert head[:3] == ["metric", "role", "confirmatory"]
    first = dict(zip(head, rows[0], strict=True))
    assert first["estimand"] == "effect"
    assert float(first["icc_low"]) <= float(first["icc"]) <= float(first["icc_high"])
    assert first["p_adjusted"] == ""
