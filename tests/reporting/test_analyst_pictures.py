"""The analyst's charts: what decides is first, every figure is told, nothing runs out of room."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from htkeval.effect import Inference, Sensitivity, Subgroup
from htkeval.in_groups import ArmCurve, Followed, InGroups, PairedGroup, Passed, Residual
from htkeval.reporting import analyst, bundle, charts, course, lines, ways
from htkeval.reporting.charts import files
from htkeval.text import render
from tests.dashboards import examples as x
from tests.often import often

TRIAL = x.trial()


def group(value: str, estimate: float, column: str = "week") -> Subgroup:
    """A week in which the effect was so large."""
    return Subgroup(
        metric="task_time",
        scale="ratio",
        column=column,
        value=value,
        tasks=40,
        clusters=12,
        estimate=estimate,
        ci=(estimate * 0.8, estimate * 1.25),
        shrunken=0.5 * (estimate + 0.8),
    )


FOUND = InGroups(
    trial=TRIAL.id,
    snapshot="9e02" * 16,
    metric="task_time",
    scale="ratio",
    curves=(
        ArmCurve("baseline", ((30.0, 10.0), (60.0, 52.0), (90.0, 80.0), (140.0, 96.0)), 58.5),
        ArmCurve("treatment", ((20.0, 8.0), (40.0, 44.0), (60.0, 70.0), (120.0, 97.0)), 44.6),
    ),
    paired=(PairedGroup(40.0, 33.0), PairedGroup(60.0, 47.5)),
    weeks=(group("1-2", 0.9), group("3", 0.7), group("?", 0.8)),
    teams=(group("Team <b>", 0.7, "team"), group("hold 2", 0.9, "team")),
    followed=(Followed(80, 0.9, (0.5, 1.6)), Followed(200, 0.82, (0.66, 1.02))),
    looks=(
        Passed(1, 2, 160, 0.84, (0.72, 1.39), crossed=False),
        Passed(2, 2, 331, 0.80, (0.90, 1.11), crossed=True),
    ),
    residuals=(Residual(-1.5, -1.4), Residual(0.0, 0.1), Residual(1.5, 1.6)),
)


def with_ways(n: int = 12, **changes):
    """The trial of the story with so many other models, the last of which turns it."""
    others = tuple(
        Sensitivity(
            metric="task_time",
            scale="ratio",
            model=f"model {k}",
            estimate=0.82,
            ci=(0.71, 1.03 if k == n - 1 else 0.93),
            p_value=0.04,
            flips=k == n - 1,
        )
        for k in range(n)
    )
    return x.analysis(TRIAL, x.SAVED, sensitivity=others, **changes)


def rows(picture, language="da"):
    return [[render(cell, language) for cell in row] for row in picture.table().rows]


def test_what_decides_is_the_first_row_and_the_only_thick_one() -> None:
    picture = ways.sensitivity(TRIAL, with_ways())
    assert picture is not None
    assert [one.main for one in picture.rows] == [True] + [False] * 12
    assert rows(picture)[0] == ["Som planlagt", "−20,0", "−27,0", "−12,0", "–"]
    assert rows(picture)[-1] == ["model 11", "−18,0", "−29,0", "+3,0", "ja"]


def test_a_way_that_turns_it_is_an_open_diamond_in_the_drawing() -> None:
    picture = ways.sensitivity(TRIAL, with_ways(2))
    drawn = json.dumps(charts.draw(picture, "da").to_dict())
    assert drawn.count('"shape": "diamond"') == 1
    assert '"told": "ja"' in drawn


def test_twelve_rows_fit_on_a_screen() -> None:
    assert charts.draw(ways.sensitivity(TRIAL, with_ways()), "da").to_dict()["height"] < 800


def test_methods_leave_their_logarithm_and_say_their_degrees_of_freedom() -> None:
    other = Inference(
        method="kenward_roger", estimate=-0.2, df=22.1, ci=(-0.3, -0.1), p_value=0.001
    )
    main = x.SAVED[0].model_copy(update={"inference": (*x.SAVED[0].inference, other)})
    picture = ways.methods(TRIAL, x.analysis(TRIAL, (main,)))
    assert picture is not None
    assert rows(picture)[1] == [
        "blandet model (Kenward-Roger), df 22,1",
        "−18,1",
        "−25,9",
        "−9,5",
    ]
    assert picture.rows[0].ends == pytest.approx((-27, -12))


def test_a_very_long_interval_is_cut_and_its_figures_are_whole() -> None:
    other = Inference(method="welch", estimate=0.0, ci=(-5.0, 9.0), p_value=0.9)
    main = x.SAVED[0].model_copy(update={"inference": (*x.SAVED[0].inference, other)})
    picture = ways.methods(TRIAL, x.analysis(TRIAL, (main,)))
    assert picture is not None
    assert picture.domain[1] < 200
    assert rows(picture)[1][3] == "+810.208,4"


def test_without_an_effect_that_decides_there_is_no_picture() -> None:
    state = x.only_gaps()
    assert analyst.pictures(state.trial, state.analysis, None) == {}


def test_a_group_tells_its_best_guess_first_and_its_name_is_a_name() -> None:
    picture = analyst.of_weeks(TRIAL, FOUND)
    assert picture is not None
    assert [row[0] for row in rows(picture)] == ["Uge 1 til 2", "Uge 3", "Uden dag"]
    assert render(picture.figures(picture.rows[0]), "da") == "−15,0 (−10,0 [−28,0; +12,5])"


def test_a_course_says_what_each_look_found_and_whether_its_limit_was_passed() -> None:
    picture = course.course(TRIAL, FOUND)
    assert picture is not None
    assert render(picture.alt, "da") == (
        "Ændring i tid pr. referat, pct., efterhånden som målingerne kom: efter 160 målinger −16, "
        "grænsen ikke nået, efter 331 målinger −20, grænsen passeret."
    )
    assert picture.domain[0] <= -28 and picture.domain[1] >= 39  # noqa: PT018 - one range
    assert rows(picture)[-1] == ["331, kig 2", "−20", "–", "–", "−10; +11"]
    assert course.course(TRIAL, replace(FOUND, looks=())) is None


def test_a_distribution_names_both_lines_and_tells_both_medians() -> None:
    picture = lines.distribution(TRIAL, FOUND)
    assert picture is not None
    assert render(picture.note, "da") == "Halvdelen er færdig efter 45 min. med AI, 58 uden."
    drawn = json.dumps(charts.draw(picture, "da").to_dict(), ensure_ascii=False)
    assert '"Med AI"' in drawn
    assert '"Uden AI"' in drawn
    assert '"strokeDash": [7, 5]' in drawn  # without AI is dashed, for grey print
    assert lines.distribution(TRIAL, replace(FOUND, curves=())) is None


@pytest.mark.parametrize("language", often(["da", "en"], ["da"]))
def test_every_picture_has_a_sentence_a_table_and_a_drawing_of_readable_letters(language) -> None:
    made = analyst.pictures(TRIAL, with_ways(3), FOUND)
    assert list(made) == [
        "methods",
        "sensitivity",
        "course",
        "distribution",
        "pairs",
        "weeks",
        "teams",
        "residuals",
    ]
    for picture in made.values():
        drawn = charts.draw(picture, language, simulated=True).to_dict()
        assert drawn["description"] == render(picture.alt, language)
        assert len(picture.table().rows) >= 1
        told = json.dumps(drawn, ensure_ascii=False)
        sizes = [float(part.split(",")[0].split("}")[0]) for part in told.split('"fontSize": ')[1:]]
        assert min(sizes) >= 13
        assert ("Simulerede tal" if language == "da" else "Simulated") in told
        assert "legend" not in told


def test_a_chart_is_a_file_that_says_what_it_shows() -> None:
    svg = files.svg(ways.methods(TRIAL, with_ways(1)), "da", simulated=True)
    assert "mindste gevinst" in svg
    assert "Simulerede tal" in svg
    assert files.png(lines.left_over(FOUND), "da", simulated=False)[:4] == b"\x89PNG"


def test_a_zip_is_the_same_for_the_same_files_in_any_order() -> None:
    assert bundle.zipped({"a": b"1", "b": b"2"}) == bundle.zipped({"b": b"2", "a": b"1"})


def test_the_effects_say_role_means_interval_and_p() -> None:
    table = analyst.effects(TRIAL, x.analysis(TRIAL, x.SAVED))
    told = [[render(cell, "da") for cell in row] for row in table.rows]
    assert told[0] == [
        "Minutter pr. referat",
        "primær, bekræftende",
        "forhold",
        "58,1 minutter",
        "46,5 minutter",
        "0,80 [0,73; 0,88]",
        "< 0,0001",
    ]
    assert told[2][1] == "værn, grænse +1,0"
    assert render(table.head[5], "da") == "Effekt [95 pct.]"


def test_an_arm_of_few_people_has_no_mean_in_the_effects() -> None:
    state = x.few_people()
    told = [
        [render(cell, "da") for cell in row]
        for row in analyst.effects(state.trial, state.analysis).rows
    ]
    assert {row[3] for row in told} == {"vises ikke"}
