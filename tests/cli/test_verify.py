"""verify from the shell: what was changed is found, wherever it was changed."""

import json
import sqlite3
from contextlib import closing

from htkeval.steps.analyse import _store, newest
from htkeval.steps.case import open_case
from htkeval.workspace import at


def failed(call) -> set[str]:
    answer = call("verify", "--no-runs", "--format", "json")
    found = {c["name"] for c in json.loads(answer.out)["checks"] if c["passed"] is False}
    assert answer.code == (1 if found else 0)
    return found


def test_what_was_not_touched_is_clean(analysed, call):
    assert failed(call) == set()


def test_an_analysis_that_its_snapshot_does_not_give_is_found(analysed, call):
    from htkeval.cli.options import now, who

    with open_case(at(analysed, {}), "proeve") as case:
        kept = newest(case).analysis
        better = kept.effects[0].model_copy(update={"estimate": 0.5, "ci": (0.4, 0.6)})
        forged = kept.model_copy(update={"effects": (better, *kept.effects[1:])})
        _store(case, forged, actor=who("x"), now=now())
    assert failed(call) == {"analysis:proeve"}


def test_a_trigger_that_only_bears_the_name_is_found(analysed, call):
    with closing(sqlite3.connect(analysed / ".htkeval" / "store.db")) as raw:
        raw.execute("drop trigger event_refuses_update")
        raw.execute(
            "create trigger event_refuses_update before update on event when 0 begin select 1; end"
        )
        raw.commit()
    assert failed(call) == {"guards"}


def test_files_without_a_record_are_a_record_that_was_lost(analysed, call):
    for file in (analysed / ".htkeval").glob("store.db*"):
        file.unlink()
    assert "record" in failed(call)


def test_another_trial_that_cannot_be_read_does_not_stop_the_proof(analysed, call):
    broken = analysed / "experiments" / "andet"
    broken.mkdir()
    (broken / "trial.toml").write_text("id = ", encoding="utf-8")
    assert failed(call) == set()
