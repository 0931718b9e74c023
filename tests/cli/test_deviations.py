"""A change of the promise: told, it is followed and shown; untold, it costs a level."""

import json

import pytest

from htkeval.cli.options import now, who
from htkeval.steps.analyse import _store, newest
from htkeval.steps.case import open_case
from htkeval.workspace import at
from tests.cli.test_verify import failed
from tests.examples import TO_COME, sheet


def edit(place, old, new):
    file = place / "experiments" / "proeve" / "trial.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def analysed(call):
    found = json.loads(call("analyse", "proeve", "--format", "json").out)
    return found, {check["name"]: check for check in found["checks"]}


def state(call):
    return json.loads(call("status", "proeve", "--format", "json").out)["trials"][0]


def events(place, kind=None):
    with open_case(at(place, {}), "proeve") as case:
        return case.store.events("proeve", kind)


GATE = 'role = "guardrail"\nmargin = 0.50'


def test_a_change_that_nobody_tells_is_not_followed_and_costs_a_level(measured, call):
    assert analysed(call)[0]["evidence_level"] == "E4"
    edit(measured, "worthwhile = -0.15", "worthwhile = -0.01")
    answer = call("analyse", "proeve")
    assert "(metrics.task_time.worthwhile); the registered one counts" in answer.err
    assert "htkeval deviate proeve" in answer.err
    found, checks = analysed(call)
    assert (found["evidence_level"], checks["as_registered"]["passed"]) == ("E3", False)
    assert found["registration"] == events(measured, "registration")[0].payload["fingerprint"]
    assert state(call)["untold"] == ["metrics.task_time.worthwhile"]


def test_a_change_of_words_costs_nothing(measured, call):
    edit(measured, 'title = "En prøve"', 'title = "En anden prøve"')
    found, checks = analysed(call)
    assert (found["evidence_level"], "as_registered" in checks) == ("E4", False)
    assert state(call)["untold"] == ["title"]


def test_a_file_that_is_put_back_costs_nothing_again(measured, call):
    edit(measured, "worthwhile = -0.15", "worthwhile = -0.01")
    assert analysed(call)[0]["evidence_level"] == "E3"
    edit(measured, "worthwhile = -0.01", "worthwhile = -0.15")
    assert state(call)["stale"] is True
    assert analysed(call)[0]["evidence_level"] == "E4"


def test_a_told_change_is_followed_and_costs_no_level(measured, call):
    before, _ = analysed(call)
    edit(measured, GATE, GATE.replace("0.50", "0.60"))
    answer = call(
        "deviate", "proeve", "--what", "metrics.errors.margin", "--why", "Fejlene er små.",
        "--as", "Ida",
    )  # fmt: skip
    assert answer.code == 0
    assert "the accepted worsening (metrics.errors.margin) from 0.5 to 0.6" in answer.out
    found, checks = analysed(call)
    (told,) = found["deviations"]
    assert (told["why"], told["by"], told["seen"]) == ("Fejlene er små.", "Ida", "treatment")
    assert told["changes"] == [{"key": "metrics.errors.margin", "before": 0.5, "after": 0.6}]
    assert found["evidence_level"] == "E4"
    assert found["registration"] == told["fingerprint"] != before["registration"]
    assert "as_registered" not in checks
    with open_case(at(measured, {}), "proeve") as case:
        assert case.trial.metrics[1].margin == 0.6
        assert case.registration.payload["definition"]["metrics"][1]["margin"] == 0.5


def test_the_newest_of_two_changes_counts_and_each_builds_on_the_one_before(measured, call):
    for old, new in (("0.50", "0.60"), ("0.60", "0.70")):
        edit(measured, f"margin = {old}", f"margin = {new}")
        assert call("deviate", "proeve", "--what", "metrics", "--why", "x").code == 0
    first, second = events(measured, "deviation")
    promise = events(measured, "registration")[0]
    assert first.payload["promise"]["amends"] == promise.payload["fingerprint"]
    assert second.payload["promise"]["amends"] == first.payload["fingerprint"]
    assert second.payload["changes"][0]["before"] == 0.6
    assert analysed(call)[0]["registration"] == second.payload["fingerprint"]
    assert failed(call) == set()


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "dpia"\n', 'id = "dpia"\n\n[analysis]\nseed = 4\n', "analysis.seed"),
        ('id = "dpia"\n', 'id = "dpia"\n\n[analysis]\nmethod = "cr2"\n', "analysis.method"),
    ],
)
def test_the_seed_or_the_method_after_figures_with_the_tool_stands_in_red(
    measured, call, old, new, key
):
    edit(measured, old, new)
    assert call("deviate", "proeve", "--what", key, "--why", "x").code == 0
    found, checks = analysed(call)
    assert checks["changed_blind"]["passed"] is False
    assert "could have seen where the result was going" in checks["changed_blind"]["text"]
    assert key in checks["deviations"]["text"]
    assert found["evidence_level"] == "E4"
    if key == "analysis.method":
        assert found["effects"][0]["method"] == "cr2"
        assert [c["key"] for c in found["deviations"][0]["changes"]] == [key, "method"]


def test_the_same_before_figures_with_the_tool_is_in_order_and_told(place, call):
    assert call("register", "proeve").code == 0
    edit(place, 'id = "dpia"\n', 'id = "dpia"\n\n[analysis]\nseed = 4\n')
    assert call("deviate", "proeve", "--what", "analysis.seed", "--why", "x").code == 0
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    found, checks = analysed(call)
    assert found["deviations"][0]["seen"] == "nothing"
    assert checks["changed_blind"]["passed"] is True
    assert "before any measurement with AI" in checks["changed_blind"]["text"]


def test_a_word_of_ones_own_changes_no_definition(measured, call):
    before = analysed(call)[0]["registration"]
    answer = call(
        "deviate", "proeve", "--what", "deltagere", "--to", "to nye", "--why", "to rejste",
    )  # fmt: skip
    assert "deltagere, instead: to nye" in answer.out
    assert state(call)["stale"] is True
    found, checks = analysed(call)
    assert found["registration"] == before
    assert found["deviations"][0]["to"] == "to nye"
    assert "None of it changes how the result is found." in checks["deviations"]["text"]


REFUSED = [
    (("--what", "title", "--why", "x"), "the same in trial.toml"),
    (("--what", "title", "--why", " "), "--why: found nothing"),
    (("--what", " ", "--why", "x"), "--what: found nothing"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_a_deviation_from_nothing_or_for_no_reason_is_refused(measured, call, arguments, words):
    answer = call("deviate", "proeve", *arguments)
    assert (answer.code, words in answer.err) == (1, True), answer.err
    assert events(measured, "deviation") == ()


@pytest.mark.parametrize("word", ["seed", "analysis.seeds", "margin"])
def test_a_word_that_is_part_of_a_changed_key_is_no_word_of_ones_own(measured, call, word):
    """`seed` alone would be kept as words, and the seed in the file would not be followed."""
    edit(measured, "margin = 0.50", "margin = 0.60")
    edit(measured, 'id = "dpia"\n', 'id = "dpia"\n\n[analysis]\nseed = 4\n')
    answer = call("deviate", "proeve", "--what", word, "--why", "x")
    assert answer.code == 1
    meant = {"seed": "analysis.seed", "margin": "metrics.errors.margin"}.get(word)
    assert meant is None or f"did you mean {meant}?" in answer.err
    assert events(measured, "deviation") == ()


def test_words_beside_the_keys_that_changed_are_kept(measured, call):
    """The key is named too, so nothing is lost; and a word that fits no changed key is a word."""
    edit(measured, "margin = 0.50", "margin = 0.60")
    named = ("--what", "metrics.errors.margin", "--what", "margin", "--what", "clusters")
    answer = call("deviate", "proeve", *named, "--why", "x")
    assert answer.code == 0, answer.err
    assert state(call)["untold"] == []


def test_a_change_that_is_not_named_is_refused_with_its_key(measured, call):
    edit(measured, "margin = 0.50", "margin = 0.60")
    edit(measured, "worthwhile = -0.15", "worthwhile = -0.01")
    one = call("deviate", "proeve", "--what", "metrics.errors.margin", "--why", "x")
    assert one.code == 1
    assert "other changes too: metrics.task_time.worthwhile" in one.err
    assert events(measured, "deviation") == ()
    both = ("--what", "metrics.errors.margin", "--what", "metrics.task_time")
    assert call("deviate", "proeve", *both, "--why", "x").code == 0
    assert state(call)["untold"] == []


def test_before_the_registration_there_is_nothing_to_deviate_from(place, call):
    answer = call("deviate", "proeve", "--what", "title", "--why", "x")
    assert answer.code == 1
    assert "htkeval register proeve" in answer.err
    assert events(place) == ()


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('participant = "medarbejder"', 'participant = "person"', "design.participant"),
        ('date = "dato"', "", "design.date"),
        ('column = "minutter"', 'column = "minutter_i_alt"', "metrics.task_time.column"),
        ('value = "med"', 'value = "ai"', "arms.treatment.value"),
    ],
)
def test_what_stored_rows_were_read_by_cannot_be_renamed(measured, call, before, after, key):
    edit(measured, before, after)
    answer = call("deviate", "proeve", "--what", key.partition(".")[0], "--why", "x")
    assert answer.code == 1
    assert f"other columns: {key}" in answer.err
    assert events(measured, "deviation") == ()


def test_a_new_explaining_column_that_no_row_has_is_analysed_all_the_same(measured, call):
    edit(measured, "[[gates]]", '[[covariates]]\ncolumn = "sider"\nscale = "log"\n\n[[gates]]')
    assert call("deviate", "proeve", "--what", "covariates", "--why", "x").code == 0
    assert call("analyse", "proeve").code == 0


def test_deviations_stand_in_status_recommendation_and_decision(measured, call):
    edit(measured, "margin = 0.50", "margin = 0.60")
    call("deviate", "proeve", "--what", "metrics", "--why", "Fejlene er små.", "--as", "Ida")
    call("analyse", "proeve")
    for command in ("status", "recommend"):
        said = " ".join(call(command, "proeve").out.split())
        assert "Deviation: Changed on" in said
        assert "by Ida, after the first measurement with AI" in said
        assert "Why: Fejlene er små." in said
    advice = json.loads(call("recommend", "proeve", "--format", "json").out)
    assert advice["deviations"] == ["metrics.errors.margin: Fejlene er små."]
    assert "metrics.errors.margin" in call("status", "proeve", "--format", "csv").out
    assert "deviations told: 1" in call("verify", "--no-runs").out


def test_a_policy_that_changed_since_the_registration_is_told(measured, call):
    call("analyse", "proeve")
    assert "policy in force is another" not in call("recommend", "proeve").err
    policy = measured / "configs" / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("power = 0.8", "power = 0.9"), encoding="utf-8")
    assert policy.read_text(encoding="utf-8") != text
    assert "policy in force is another" in call("recommend", "proeve").err


def test_an_analysis_that_hides_a_deviation_is_found(measured, call):
    edit(measured, "margin = 0.50", "margin = 0.60")
    call("deviate", "proeve", "--what", "metrics", "--why", "x")
    call("analyse", "proeve")
    assert failed(call) == set()
    with open_case(at(measured, {}), "proeve") as case:
        hidden = newest(case).analysis.model_copy(update={"deviations": ()})
        _store(case, hidden, actor=who("x"), now=now())
    assert failed(call) == {"analysis:proeve"}


def test_a_promise_that_leaps_over_a_change_is_found(measured, call):
    edit(measured, "margin = 0.50", "margin = 0.60")
    call("deviate", "proeve", "--what", "metrics", "--why", "x")
    (told,) = events(measured, "deviation")
    with open_case(at(measured, {}), "proeve") as case:
        case.store.append("proeve", "deviation", told.payload, actor=who("x"), now=now())
    assert failed(call) == {"promise:proeve"}


def test_a_deviation_becomes_a_run_and_stands_on_the_run_of_the_analysis(measured, call):
    from htkeval.tracking.from_event import publications

    edit(measured, "margin = 0.50", "margin = 0.60")
    call("deviate", "proeve", "--what", "metrics", "--why", "Fejlene er små.", "--as", "Ida")
    call("analyse", "proeve")
    (told,) = events(measured, "deviation")
    (run,) = publications(told, "En prøve")
    assert run.kind == "deviation"
    assert run.params["changes"] == "metrics.errors.margin"
    assert run.params["why"] == "Fejlene er små."
    assert run.params["amends"] == events(measured, "registration")[0].payload["fingerprint"]
    assert run.tags["htk.sha256"] == told.payload["fingerprint"]
    assert run.tags["mlflow.user"] == "Ida"
    (weighed,) = publications(events(measured, "analysis")[-1], "En prøve")
    assert weighed.params["deviations"] == "metrics.errors.margin: Fejlene er små."
    assert weighed.tags["htk.deviations"] == "1"


def test_a_deviation_is_told_in_danish(measured, call, monkeypatch):
    from htkeval.cli import output, speech

    for module in (output, speech):
        monkeypatch.setattr(module, "language", lambda: "da")
    edit(measured, "margin = 0.50", "margin = 0.60")
    said = call("deviate", "proeve", "--what", "metrics", "--why", "Fejlene er små.").out
    assert "Afvigelse: Ændret" in said
    assert "den accepterede forværring (metrics.errors.margin) fra 0.5 til 0.6" in said
    assert "efter den første måling med AI" in said


assert TO_COME.count(GATE) == 1
