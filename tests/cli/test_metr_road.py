"""A real trial from the shell: the published numbers, and a recommendation that is not go."""

import json

import pytest

from tests.examples import write_trial, write_workspace
from tests.metr import DATA, TRIAL, write_sheet

pytestmark = pytest.mark.skipif(
    not DATA.is_file(), reason="the METR measurements are not beside this checkout"
)

# R: lm(log(total) ~ 0 + factor(dev_id) + log(predicted_time_no_ai) + ai_treatment), and the same
# with total; coef_test(m, vcov = "CR2", cluster = dev_id, test = "Satterthwaite"), clubSandwich.
LOG = (0.13911542718, 0.08978324804, 12.10877269, 0.14700170846)
MINUTES = (26.277410857, 12.964149971, 12.10877269, 0.06527187169)


def figures(analysis: dict, scale: str) -> tuple[float, ...]:
    (effect,) = (e for e in analysis["effects"] if e["scale"] == scale)
    (cr2,) = (one for one in effect["inference"] if one["method"] == "cr2")
    return tuple(cr2[name] for name in ("estimate", "se", "df", "p_value"))


def test_a_sheet_gives_the_published_numbers(tmp_path, call, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = write_trial(tmp_path / "metr", TRIAL)
    write_sheet(tmp_path / "metr.csv")
    answer = call("analyse", file, "--data", "metr.csv", "--format", "json")
    analysis = json.loads(answer.out)
    assert figures(analysis, "ratio") == pytest.approx(LOG, rel=1e-8)
    assert figures(analysis, "difference") == pytest.approx(MINUTES, rel=1e-8)
    assert analysis["rows"] == 246
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metr", "metr.csv"]


def test_the_stored_road_gives_the_same_numbers_and_does_not_advise_go(tmp_path, call, monkeypatch):
    root = write_workspace(tmp_path / "w", TRIAL, slug="metr")
    monkeypatch.chdir(root)
    write_sheet(root / "metr.csv")
    for command in (("register", "metr"), ("add", "metr", "metr.csv"), ("snapshot", "metr")):
        assert call(*command).code == 0
    analysis = json.loads(call("analyse", "metr", "--format", "json").out)
    assert figures(analysis, "ratio") == pytest.approx(LOG, rel=1e-8)
    assert figures(analysis, "difference") == pytest.approx(MINUTES, rel=1e-8)
    assert analysis["evidence_level"] in ("E4", "E5")
    advice = json.loads(call("recommend", "metr", "--format", "json").out)
    assert advice["verdict"] == "no_go"
    assert {r["id"]: r["met"] for r in advice["requirements"]}["excludes_no_effect"] is False
