"""new and letter from the shell: a trial in a few minutes, and what people are told of it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace

import pytest
from icalendar import Calendar

from htkeval.blank import MARK, blanks
from htkeval.planning.weighing import weigh
from htkeval.steps.plan import question
from htkeval.steps.proposal import KINDS
from htkeval.trial_file import load
from htkeval.workspace import at
from tests.often import often


def everything(folder):
    return {
        p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and ".htkeval" not in p.parts
    }


@pytest.mark.parametrize("kind", often(KINDS, ("chatbot",)))
def test_a_lead_has_a_right_trial_and_an_answer_from_invented_rows(place, call, kind):
    made = call("new", "nyt-forsoeg", "--kind", kind, "--lang", "en")
    assert made.code == 0, made.err
    assert "htkeval check nyt-forsoeg" in made.out.splitlines()[-1]
    checked = json.loads(call("check", "nyt-forsoeg", "--format", "json").out)
    small = [one for one in checked["remarks"] if "would see the goal" in one]
    assert [f"Note: {one}." for one in small] == [
        one for one in made.out.splitlines() if one.startswith("Note: ")
    ]
    assert bool(small) == (kind in ("chatbot", "other"))
    [unknown] = [one for one in checked["remarks"] if "still to be filled in" in one]
    assert "administration" in unknown
    told = dict(re.findall(r"^  (\S+): places to fill in: (\d+)$", made.out, re.M))
    for name, n in told.items():
        text = (place / "experiments" / "nyt-forsoeg" / name).read_text(encoding="utf-8")
        assert len(re.findall(r"\[FILL IN: ", text)) == int(n)
        if name != "trial.toml":
            assert f"{name}: places to fill in: {n}" in checked["remarks"]
    assert {"README.md", "trial.toml"} <= set(told)
    assert call("simulate", "nyt-forsoeg", "-o", "p.csv").code == 0
    told = call("analyse", "nyt-forsoeg", "--data", "p.csv", "--format", "json")
    assert told.code == 0
    analysis = json.loads(told.out)
    assert analysis["simulated"]
    assert any(effect["confirmatory"] for effect in analysis["effects"])


def test_a_new_series_can_be_planned_and_says_where_its_chance_is_counted(place, call):
    series = ("--kind", "other", "--design", "interrupted_time_series", "--lang", "en")
    made = call("new", "nyt", *series)
    assert "would see the goal, `htkeval plan` counts" in made.out
    trial = load(place / "experiments" / "nyt" / "trial.toml")
    asked = question(trial, at(place).policy, draws=99)  # refused without a size
    assert (asked.units, asked.tasks_each) == (40, 30)
    told = weigh(replace(asked.task(0.0), number=20))
    assert told.reported == 1.0


def test_check_says_that_a_small_draw_can_show_nothing(place, call):
    assert call("new", "nyt", "--kind", "other", "--design", "cluster", "--lang", "en").code == 0
    file = place / "experiments" / "nyt" / "trial.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("clusters = 16", "clusters = 6"), encoding="utf-8")
    said = call("check", "nyt", "--lang", "en")
    assert said.code == 0
    assert "With 6 teams the smallest p-value that this draw can give is 0.100" in said.out
    assert "htkeval plan" not in said.out


def test_check_holds_a_size_against_what_the_policy_wants(place, call):
    assert call("new", "nyt", "--kind", "speech_to_text", "--lang", "en").code == 0
    assert "would see the goal" not in call("check", "nyt", "--lang", "en").out
    policy = place / "configs" / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("power = 0.8", "power = 0.9"), encoding="utf-8")
    said = call("check", "nyt", "--lang", "en").out
    assert "about 84 of 100 trials of this size would see the goal of −15 %" in said
    assert "the policy wants 90" in said
    policy.write_text("power = ", encoding="utf-8")
    assert call("check", "nyt").code == 0


def test_a_new_trial_can_be_registered_and_comes_into_the_portfolio(place, call):
    assert call("new", "nyt", "--kind", "other", "--title", 'Et "nyt" forsøg').code == 0
    refused = call("register", "nyt")
    assert refused.code == 1
    assert "the part of the administration where the gain would arise" in refused.err
    file = place / "experiments" / "nyt" / "trial.toml"
    written = file.read_text(encoding="utf-8")
    file.write_text(MARK.sub("Borgerservice", written), encoding="utf-8")
    assert call("register", "nyt").code == 0
    found = json.loads(call("status", "nyt", "--format", "json").out)["trials"][0]
    assert found["title"] == 'Et "nyt" forsøg'
    assert found["registered"]


def test_the_folder_is_in_the_language_of_its_workspace(place, call, monkeypatch):
    monkeypatch.delenv("HTKEVAL_LANG", raising=False)
    assert call("new", "dansk", "--kind", "other").code == 0
    assert call("new", "engelsk", "--kind", "other", "--lang", "en").code == 0
    rules = place / "configs" / "municipality.toml"
    rules.write_text(rules.read_text().replace('language = "da"', 'language = "en"'))
    assert call("new", "engelsk-2", "--kind", "other").code == 0
    heads = {
        folder.name: (folder / "trial.toml").read_text(encoding="utf-8").splitlines()[0]
        for folder in (place / "experiments").iterdir()
    }
    assert heads["dansk"].startswith("# Skrevet af")
    assert heads["engelsk"].startswith("# Written by")
    assert heads["engelsk-2"].startswith("# Written by")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("new", "Børn & unge", "--kind", "other"), 1),
        (("new", "../ude", "--kind", "other"), 1),
        (("new", "proeve", "--kind", "other"), 1),
        (("new", "nyt", "--kind", "other", "--title", " "), 1),
        (("new", "nyt", "--kind", "chatbot", "--design", "crossover"), 1),
        (("new", "nyt", "--kind", "nope"), 2),
        (("new", "nyt", "--kind", "other", "--design", "nope"), 2),
        (("new", "nyt"), 2),
        (("new", "--kind", "other"), 2),
        (("new", "nyt", "--kind", "other", "--workspace", "findes-ikke"), 2),
        (("letter", "proeve"), 2),
        (("letter", "proeve", "--to", "pressen"), 2),
        (("letter", "nope", "--to", "staff"), 2),
        (("letter", "../x", "--to", "staff"), 2),
        (("letter", "proeve", "--to", "staff", "-o", "experiments/proeve/trial.toml"), 1),
        (("letter", "proeve", "--to", "staff", "-o", "ingen/brev.md"), 3),
        (("letter", "proeve", "--to", "staff", "-o", "x", "--ics", "x"), 1),
        (("letter", "proeve", "--to", "med", "--ics", "experiments/proeve/trial.toml"), 1),
    ],
)
def test_a_refusal_touches_nothing(place, call, arguments, code):
    before = everything(place)
    answer = call(*arguments)
    assert answer.code == code, answer
    assert answer.err.strip()
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert everything(place) == before


def test_new_outside_a_workspace_says_how_to_make_one(tmp_path, call, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = call("new", "nyt", "--kind", "other")
    assert answer.code == 2
    assert "htkeval init" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_letter_stands_alone_on_standard_output_and_what_is_missing_on_standard_error(
    place, call
):
    answer = call("letter", "proeve", "--to", "staff", "--lang", "da")
    assert answer.code == 0
    assert answer.out.startswith("# Til dig, der er med i forsøget »En prøve«\n")
    for what in blanks(answer.out):
        assert f"  - {what}" in answer.err
    assert len(blanks(answer.out)) == answer.err.count("  - ")


@pytest.mark.parametrize(("form", "start"), [("markdown", "# "), ("html", "<!doctype html>")])
def test_a_letter_and_its_dates_go_to_files(place, call, form, start):
    names = ("-o", "brev", "--ics", "datoer.ics")
    assert call("letter", "proeve", "--to", "med", "--format", form, *names).code == 0
    assert (place / "brev").read_text(encoding="utf-8").startswith(start)
    calendar = Calendar.from_ical((place / "datoer.ics").read_bytes())
    assert len(calendar.walk("VEVENT")) == 6


def test_the_registered_definition_counts_and_its_moment_is_the_stamp(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    os.utime(file, (1_700_000_000, 1_700_000_000))  # 14 November 2023, 22:13:20 UTC
    assert call("letter", "proeve", "--to", "staff", "--ics", "a.ics").code == 0
    assert b"DTSTAMP:20231114T221320Z" in (place / "a.ics").read_bytes()
    assert call("register", "proeve").code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("En prøve", "Noget andet"))
    told = [call("letter", "proeve", "--to", "staff", "--ics", name) for name in ("b.ics", "c.ics")]
    assert "Noget andet" not in told[0].out
    first, second = ((place / name).read_bytes() for name in ("b.ics", "c.ics"))
    assert first == second
    assert b"DTSTAMP:20231114T221320Z" not in first


def test_a_letter_needs_no_workspace(place, call, monkeypatch, tmp_path):
    file = place / "experiments" / "proeve" / "trial.toml"
    away = tmp_path / "ude"
    away.mkdir()
    (away / "trial.toml").write_bytes(file.read_bytes())
    monkeypatch.chdir(away)
    answer = call("letter", "trial.toml", "--to", "staff", "--lang", "en")
    assert answer.code == 0
    assert "who decides" in blanks(answer.out)
