"""What a trial would be worth and what of the budget is carried, as they are read in a terminal."""

import csv
import io
import json

import jsonschema
import pytest

from htkeval.resources import PACKAGE

WORTH = """
[economics]
tasks_a_year = { low = 3000, expected = 3000, high = 3000, source = "ESDH", date = 2025-11-01 }
eligible = { low = 0.7, expected = 0.7, high = 0.7, source = "Skøn", date = 2025-11-01 }
adoption = { low = 0.6, expected = 0.6, high = 0.6, source = "Skøn", date = 2025-11-01 }
"""


@pytest.fixture
def weighed(ready, place, call):
    """The trial with three assumptions stated, registered, measured and analysed."""
    return ready("worth", lambda: stated(place, call, WORTH))


def stated(place, call, words, **measured):
    from tests.examples import sheet

    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8") + words, encoding="utf-8")
    (place / "maal.csv").write_text(sheet(year=2099, **measured), encoding="utf-8")
    for step in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
        assert call(*step).code == 0


@pytest.fixture
def spoken(monkeypatch):
    def in_language(code):
        from htkeval.cli import output, speech

        for module in (output, speech):
            monkeypatch.setattr(module, "language", lambda: code)

    return in_language


def test_minutes_become_hours_as_far_as_somebody_stated_the_rest(weighed, call, spoken):
    answer = call("business", "proeve")
    assert answer.code == 0, answer.err
    assert "Minutes saved a task, as measured" in answer.out
    assert "not known" in answer.out
    assert "Not stated:" in answer.out
    assert "Share of them that is taken out of the budget" in " ".join(answer.out.split())
    spoken("da")
    danish = call("business", "proeve").out
    assert "Hvad det er værd om året, vides ikke." in " ".join(danish.split())


REST = """
realisable = { low = 1, expected = 1, high = 1, source = "Skøn", date = 2025-11-01 }
cashable = { low = 1, expected = 1, high = 1, source = "Skøn", date = 2025-11-01 }
checking_minutes = { low = 0, expected = 0, high = 0, source = "Målt", date = 2025-11-01 }
extra_minutes = { low = 0, expected = 0, high = 0, source = "Målt", date = 2025-11-01 }
licence_kr = { low = 12000, expected = 12000, high = 12000, source = "Skøn", date = 2025-11-01 }
support_kr = { low = 0, expected = 0, high = 0, source = "Skøn", date = 2025-11-01 }
training_hours = { low = 0, expected = 0, high = 0, source = "Skøn", date = 2025-11-01 }
trial_kr = { low = 40000, expected = 40000, high = 40000, source = "Skøn", date = 2025-11-01 }
price_level = 2025
"""


@pytest.fixture
def priced(ready, place, call):
    """The trial with every assumption stated, a gain that is unsure, registered and analysed."""
    return ready("priced", lambda: stated(place, call, WORTH + REST, gain=0.93))


def test_the_number_behind_prolong_stands_in_the_recommendation(priced, call, spoken):
    found = json.loads(call("recommend", "proeve", "--format", "json").out)
    schema = json.loads((PACKAGE / "schemas" / "recommendation.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    known = found["next"]["knowing"]
    assert known["samples"][0]["tasks"] == (found["next"]["n_more"] or 48)
    assert known["perfect_kr"] >= known["samples"][0]["value_kr"] > 0
    assert (known["prior"], known["prior_registered"]) == ({"mean": 0, "sd": 0.2}, True)
    assert known["partial"] is True
    told = " ".join(call("recommend", "proeve").out.split())
    assert " ".join(known["summary"].split()) in told
    spoken("da")
    assert "Er mere forsøg prisen værd?" in call("business", "proeve").out


def test_the_prior_is_frozen_and_no_later_word_moves_it(priced, call):
    from tests.cli.test_deviations import events

    (promise,) = events(priced, "registration")
    assert promise.payload["prior"] == {"mean": 0, "sd": 0.2}
    file = priced / "experiments" / "proeve" / "trial.toml"
    text = file.read_text("utf-8") + "\n[analysis]\nprior_sd = 0.9\n"
    file.write_text(text, encoding="utf-8")
    call("deviate", "proeve", "--what", "analysis.prior_sd", "--why", "Vi tror mere på det")
    call("analyse", "proeve")
    known = json.loads(call("business", "proeve", "--format", "json").out)["knowing"]
    assert known["prior"]["sd"] == 0.2


def test_a_stated_prior_is_frozen(place, call):
    from tests.cli.test_deviations import events

    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8") + "\n[analysis]\nprior_sd = 0.4\n", encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert events(place, "registration")[0].payload["prior"]["sd"] == 0.4


def test_without_the_municipalitys_figures_there_is_still_a_recommendation(priced, call):
    (priced / "configs" / "economics.toml").unlink()
    found = json.loads(call("recommend", "proeve", "--format", "json").out)
    assert found["next"]["knowing"] is None


def test_the_pool_is_ranked_by_what_the_information_is_worth(priced, call):
    apply = ("fund", "apply", "proeve", "--area", "Social", "--amount", "50000", "--purpose")
    call(*apply, "Flere opgaver")
    found = json.loads(call("fund", "status", "--format", "json").out)["applications"]
    known = json.loads(call("business", "proeve", "--format", "json").out)["knowing"]
    assert found[0]["value_kr"] == pytest.approx(known["samples"][0]["value_kr"])


def test_a_trial_that_is_only_planned_is_valued_by_its_plan(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    span = "{ low = 20, expected = 25, high = 30"
    stated = f'minutes_a_task = {span}, source = "S", date = 2025-11-01 }}\n'
    sized = "[design]\nclusters = 8\ntasks_each = 10\n"
    plan = file.read_text("utf-8").replace("[design]\n", sized)
    apply = ("fund", "apply", "proeve", "--area", "Social", "--amount", "50000", "--purpose", "x")

    def value():
        return json.loads(call("fund", "status", "--format", "json").out)["applications"][0]

    file.write_text(plan + WORTH + REST, encoding="utf-8")
    assert call(*apply).code == 0
    assert value()["value_kr"] is None  # nobody says how long a task takes
    file.write_text(plan + WORTH + REST + stated, encoding="utf-8")
    assert value()["value_kr"] > 0


@pytest.mark.parametrize("command", ["business", "budget"])
def test_a_document_fits_its_schema(weighed, call, command):
    arguments = ("proeve",) if command == "business" else ()
    answer = call(command, *arguments, "--format", "json")
    found = json.loads(answer.out)
    schema = json.loads((PACKAGE / "schemas" / f"{command}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["schema"] == 1


def test_the_measured_line_is_the_analysis_own(weighed, call):
    effects = json.loads(call("analyse", "proeve", "--format", "json").out)["effects"]
    one = next(e for e in effects if (e["scale"], e["role"]) == ("difference", "primary"))
    steps = csv.DictReader(io.StringIO(call("business", "proeve", "--format", "csv").out))
    first = next(iter(steps))
    assert first["id"] == "measured_minutes"
    assert float(first["expected"]) == pytest.approx(-one["estimate"])
    assert float(first["low"]) == pytest.approx(-one["ci"][1])


def test_the_budget_is_shown_in_its_own_form_and_signs(weighed, call, spoken):
    english = " ".join(call("budget").out.split())
    spoken("da")
    answer = call("budget")
    assert answer.code == 0, answer.err
    said = " ".join(answer.out.split())
    assert "1.000 kr., 2025-priser 2025 2026 2027 2028" in said
    assert "Effektivisering 0 −275 −550 −550" in said
    assert "Ændring i antal årsværk 0,0 −0,5 −1,0 −1,0" in said
    assert "I alt −775; −675,20 med 3,5 pct. om året fra 2025. Tjent hjem i august 2027" in said
    assert "In all −775; −675.20 at 3.5 % a year from 2025. Even in August 2027" in english


STATED = """
checking_minutes = { low = 1, expected = 0.5, high = 0, source = "Skøn", date = 2025-11-01 }
extra_minutes = { low = 0, expected = 0, high = 0, source = "Skøn", date = 2025-11-01 }
realisable = { low = 0.5, expected = 0.7, high = 0.8, source = "Skøn", date = 2025-11-01 }
cashable = { low = 0.5, expected = 0.5, high = 0.9, source = "Skøn", date = 2025-11-01 }
licence_kr = { low = 9000, expected = 8000, high = 7000, source = "Tilbud", date = 2025-11-01 }
support_kr = { low = 0, expected = 0, high = 0, source = "Ingen", date = 2025-11-01 }
training_hours = { low = 9, expected = 8, high = 7, source = "Skøn", date = 2025-11-01 }
price_level = 2025
takes_effect = 2026-07-01
"""


def test_the_annex_has_draws_of_a_seed_and_a_tornado(place, call):
    from tests.examples import sheet

    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8") + WORTH + STATED, encoding="utf-8")
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    for step in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
        assert call(*step).code == 0
    asked = ("business", "proeve", "--annex", "--draws", "2000", "--seed", "7")
    found = json.loads(call(*asked, "--format", "json").out)
    again = json.loads(call(*asked, "--format", "json").out)
    assert (found["draws"], found["seed"], found) == (2000, 7, again)
    schema = json.loads((PACKAGE / "schemas" / "business_annex.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    said = call(*asked).out
    assert "the table without --annex is the answer" in " ".join(said.split())
    first = csv.DictReader(io.StringIO(call(*asked, "--format", "csv").out))
    assert [row["id"] for row in first] == [one["id"] for one in found["swings"]]


def test_the_annex_of_the_budget_fits_its_schema(weighed, call):
    asked = ("budget", "--annex", "--draws", "1000")
    found = json.loads(call(*asked, "--format", "json").out)
    schema = json.loads((PACKAGE / "schemas" / "budget_annex.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert [one["year"] for one in found["years"]] == [2026, 2027, 2028]
    assert "Chance of reaching what is booked" in call(*asked).out


def test_where_something_is_not_stated_there_is_no_annex_and_what_is_named(weighed, call):
    answer = call("business", "proeve", "--annex")
    assert answer.code == 1
    assert "Share of them that is taken out of the budget" in answer.err


def test_without_an_analysis_the_next_step_is_told(measured, call):
    answer = call("business", "proeve")
    assert answer.code == 1
    assert "htkeval analyse proeve" in answer.err


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("budget", "2026 = -275", "2026 = 275", "a saving is negative in the budget's signs"),
        ("budget", "2028 = -550", "2029 = -550", "2029 is outside the budget's years"),
        ("economics", "hours = 1649", "hours = -1", "posts"),
        ("economics", "low = 286", "low = -286", "hour_kr"),
        ("economics", "low = 286", "low = nan", "hour_kr"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_with_its_place(
    weighed, call, file, old, new, said
):
    path = weighed / "configs" / f"{file}.toml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    answer = call("budget")
    assert answer.code == 1
    assert f"{file}.toml" in answer.err
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_budget_in_other_prices_without_an_index_is_refused(weighed, call):
    path = weighed / "configs" / "budget.toml"
    path.write_text(path.read_text("utf-8").replace("price_level = 2025", "price_level = 2024"))
    answer = call("budget")
    assert answer.code == 1
    assert "no index of the prices of 2024" in answer.err


def test_a_workspace_without_the_files_says_which_it_lacks(weighed, call):
    (weighed / "configs" / "economics.toml").unlink()
    answer = call("business", "proeve")
    assert answer.code == 2
    assert "economics.toml" in answer.err


OLD = 'licence_kr = { low = 1, expected = 2, high = 3, source = "Tilbud", date = 2025-11-01 }\n'


def test_what_cannot_be_is_told_by_check_and_no_promise_is_made_on_it(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8") + WORTH + OLD, encoding="utf-8")
    checked = call("check", "proeve")
    assert checked.code == 0
    assert "licence_kr: low is the least favourable, the largest" in checked.out
    assert "price_level: kroner are in the prices of a year" in checked.out
    refused = call("register", "proeve")
    assert refused.code == 1
    assert "licence_kr: low is the least favourable, the largest" in refused.err
    assert call("status", "proeve").out.count("no") > 0


def test_a_promise_made_before_anybody_asked_for_a_price_level_stays_readable(
    place, call, monkeypatch
):
    """Every workspace made before has kroner without one: its trials are not to vanish."""
    from tests.examples import sheet

    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8") + WORTH + OLD, encoding="utf-8")
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    with monkeypatch.context() as before:
        before.setattr("htkeval.steps.register.faults", lambda _: ())
        assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    assert call("analyse", "proeve").code == 0
    (told,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert told["registered"] is True
    steps = json.loads(call("business", "proeve", "--format", "json").out)["steps"]
    licence = next(one for one in steps if one["id"] == "licence_kr")
    assert (licence["expected"], licence["missing"]) == (None, ["price_level"])
    assert call("verify", "--no-runs").code == 0


def test_figures_that_cannot_be_read_are_told_and_never_dropped_in_silence(priced, call):
    (priced / "configs" / "economics.toml").write_text("xx = [", encoding="utf-8")
    answer = call("recommend", "proeve")
    assert answer.code in (1, 2)
    assert "economics.toml" in answer.err
    checks = json.loads(call("doctor", "--format", "json").out)["checks"]
    assert {c["name"]: c["passed"] for c in checks}["money"] is False
