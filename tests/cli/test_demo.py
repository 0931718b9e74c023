"""The story in small: no delivery to MLflow, no proof. `test_wheel.py` tells the whole of it."""

import json


def test_the_story_ends_in_a_table_with_a_recommendation_for_each_trial(
    tmp_path, call, monkeypatch
):
    monkeypatch.setattr("htkeval.steps.deliver.deliver_from", lambda *_: None)
    monkeypatch.setattr("htkeval.steps.prove.prove", lambda *_, **__: ())
    monkeypatch.chdir(tmp_path)
    told = call("demo")
    assert told.code == 0, told.err
    assert told.out.startswith("SIMULATED")
    assert "Kept in htkeval-demo." in told.out
    state = call("status", "--workspace", "htkeval-demo", "--format", "json").out
    verdicts = {trial["trial"]: trial["verdict"] for trial in json.loads(state)["trials"]}
    assert verdicts == {"tale-til-tekst": "go", "fagbot": "prolong", "chatbot-kompetence": "no_go"}
