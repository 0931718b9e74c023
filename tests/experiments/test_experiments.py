"""The three example trials: whole folders, no measurements, and a story that is not luck."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import pytest

from htkeval import toml_file
from htkeval.analysis import Analysis
from htkeval.decision import Policy, Recommendation, Verdict
from htkeval.design.scenario import Scenario, load_scenario
from htkeval.design.simulate import simulate, to_csv
from htkeval.economics import Assumption
from htkeval.errors import Refused
from htkeval.evaluation import evaluate
from htkeval.intake import rows
from htkeval.recommendation import recommend
from htkeval.resources import bundled
from htkeval.store import snapshots
from htkeval.trial import Trial
from htkeval.trial_file import load

FOLDERS = sorted(path.parent for path in bundled("experiments").glob("*/trial.toml"))
STORY: dict[str, Verdict] = {
    "chatbot-kompetence": "no_go",
    "fagbot": "prolong",
    "tale-til-tekst": "go",
}
each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def told(folder: Path) -> tuple[Trial, Scenario]:
    return load(folder / "trial.toml"), load_scenario(folder / "scenario.toml")


@functools.cache  # several tests ask about the same trial
def weighed(folder: Path, seed: int | None = None) -> tuple[Analysis, Recommendation]:
    """From a scenario to a recommendation, all gates closed, registered in time."""
    trial, scenario = told(folder)
    measured = simulate(trial, scenario, seed=scenario.seed if seed is None else seed)
    analysis = evaluate(
        trial,
        snapshots.table(trial, measured),
        snapshot="0" * 64,
        registration="1" * 64,
        in_time=True,
        simulated=True,
    )
    policy = toml_file.read(bundled("configs") / "policy.toml", Policy, error=Refused)
    closed = {gate.id: "closed" for gate in trial.gates}
    return analysis, recommend(trial, policy, analysis, closed, fingerprint=None)


def met(recommendation: Recommendation) -> dict[str, bool | None]:
    return {requirement.id: requirement.met for requirement in recommendation.requirements}


def test_there_are_three_trials() -> None:
    assert [folder.name for folder in FOLDERS] == sorted(STORY)


@each_folder
def test_a_folder_is_whole(folder: Path) -> None:
    trial, _ = told(folder)
    assert trial.id == folder.name
    assert trial.gates
    assert trial.hard_stops
    assert trial.forecast
    assert trial.exclusions
    assert any(metric.role == "guardrail" for metric in trial.metrics)
    assert sorted((folder / "material").glob("*.md"))


@each_folder
def test_the_readme_says_what_is_measured_and_that_it_is_invented(folder: Path) -> None:
    trial, _ = told(folder)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for metric in trial.metrics:
        assert metric.label in readme
    for gate in trial.gates:
        assert f"`{gate.id}`" in readme
    assert trial.question in readme
    assert "**Simulerede tal.** Der ligger ingen målinger i denne mappe" in readme
    assert "## Den simulerede sandhed" in readme


@each_folder
def test_every_file_that_the_texts_point_to_is_there(folder: Path) -> None:
    for text in (folder / "README.md", *(folder / "material").glob("*.md")):
        targets = [part.split(")")[0] for part in text.read_text(encoding="utf-8").split("](")[1:]]
        for target in targets:
            assert (text.parent / target).is_file(), target


def test_no_measurements_stand_among_the_trials() -> None:
    kinds = {path.suffix for path in bundled("experiments").rglob("*") if path.is_file()}
    assert kinds <= {".toml", ".md"}


@each_folder
def test_every_sum_of_money_says_that_it_is_a_guess(folder: Path) -> None:
    trial, _ = told(folder)
    stated = [getattr(trial.economics, name) for name in type(trial.economics).model_fields]
    known = [one for one in stated if isinstance(one, Assumption)]
    assert known
    for one in known:
        assert one.source.startswith("Skøn")
        assert min(one.low, one.high) <= one.expected <= max(one.low, one.high)


@each_folder
def test_a_simulated_sheet_is_taken_and_is_the_same_rows(folder: Path, tmp_path: Path) -> None:
    trial, scenario = told(folder)
    measured = simulate(trial, scenario, seed=scenario.seed)
    sheet = tmp_path / "maalinger.csv"
    sheet.write_text(to_csv(trial, measured), encoding="utf-8", newline="")
    assert rows.read(trial, sheet).measurements == measured


@each_folder
def test_the_seed_is_the_day_after_the_first(folder: Path) -> None:
    """One rule for all three, as their READMEs say."""
    trial, scenario = told(folder)
    assert scenario.seed == int(f"{trial.starts:%Y%m%d}") + 1


@each_folder
def test_the_truth_lies_inside_what_was_measured(folder: Path) -> None:
    _, scenario = told(folder)
    analysis, _ = weighed(folder)
    effect = analysis.confirmatory
    assert effect is not None
    assert analysis.gaps == () or {gap.metric for gap in analysis.gaps} == {"errors"}
    # contamination takes its share of the contrast twice; learning adds about two per cent
    assert effect.ci[0] < 1 + scenario.relative_effect < effect.ci[1]


def test_the_three_end_in_three_verdicts() -> None:
    verdicts = {folder.name: weighed(folder)[1].verdict for folder in FOLDERS}
    assert verdicts == STORY


def test_speech_to_text_gains_without_more_errors_than_agreed() -> None:
    _, recommendation = weighed(bundled("experiments") / "tale-til-tekst")
    assert set(met(recommendation).values()) == {True}


def test_the_domain_chatbot_is_promising_but_uncertain() -> None:
    analysis, recommendation = weighed(bundled("experiments") / "fagbot")
    effect = analysis.confirmatory
    assert effect is not None
    assert effect.estimate < 0.95
    found = met(recommendation)
    assert found["excludes_no_effect"] is False
    assert found["guardrail_wrong_answer"] is None
    assert recommendation.next.n_more is not None
    assert recommendation.next.n_more > 0


def test_the_course_falls_short_of_its_goal_even_at_best() -> None:
    folder = bundled("experiments") / "chatbot-kompetence"
    analysis, _ = weighed(folder)
    effect = analysis.confirmatory
    goal = told(folder)[0].primary.worthwhile
    assert effect is not None
    assert goal is not None
    assert effect.ci[0] > 1 + goal
    contaminated = next(check for check in analysis.checks if check.name == "contamination")
    assert contaminated.passed is False


@pytest.mark.campaign
@each_folder
def test_the_verdict_is_the_usual_one_of_its_scenario(folder: Path) -> None:
    """The README counts 500 seeds; five of them here, of which most must agree."""
    verdicts = Counter(weighed(folder, seed)[1].verdict for seed in range(1, 6))
    assert verdicts.most_common(1)[0][0] == STORY[folder.name]
