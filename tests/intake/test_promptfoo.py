"""What results of promptfoo say, and which of it is kept."""

from __future__ import annotations

import json

import pytest

from htkeval.errors import SheetError
from htkeval.intake.technical.promptfoo import read_results
from tests.intake.evaluated import SECRET, promptfoo


@pytest.fixture
def read(tmp_path):
    def it(document):
        file = tmp_path / "results.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return read_results(file)

    return it


def scores(found):
    return {(one.scorer, one.name): one.value for one in found.scores}


def test_tests_are_counted_in_all_and_by_provider(read):
    found = scores(read(promptfoo()))
    assert [found[None, name] for name in ("passes", "failures", "errors")] == [4, 3, 1]
    assert found["openai:gpt-4o, prompt 1", "passes"] == 3
    assert found["agent.py, prompt 2", "errors"] == 1
    assert found[None, "tokens.total"] == 900
    assert found[None, "assertion_tokens.total"] == 120
    assert found[None, "cost_usd"] == 0.75


def test_a_named_score_is_its_sum_by_how_many_gave_it(read):
    found = read(promptfoo())
    named = next(one for one in found.scores if one.name == "namedScores.tone")
    assert (round(named.value, 10), named.n) == (0.8, 3)


def test_neither_prompts_nor_answers_nor_folders_are_kept(read):
    kept = read(promptfoo()).model_dump_json()
    assert SECRET not in kept
    assert "ida" not in kept


def test_a_prompts_own_short_label_is_kept_and_a_part_of_the_prompt_is_not(read):
    document = promptfoo()
    document["results"]["prompts"][0]["label"] = "venlig"
    document["results"]["prompts"][1]["label"] = SECRET[:20]
    wheres = {one.scorer for one in read(document).scores}
    assert wheres == {None, "openai:gpt-4o, venlig", "agent.py, prompt 2"}


def test_tests_in_error_make_it_incomplete_and_are_told(read):
    found = read(promptfoo())
    assert not found.complete
    assert [one.name for one in found.flags] == ["failed_tests"]


def test_counts_that_do_not_add_up_are_told(read):
    stats = {"successes": 5, "failures": 3, "errors": 0}
    assert [one.name for one in read(promptfoo(stats=stats)).flags] == ["sums"]


@pytest.mark.parametrize("version", [2, 4, "3", None])
def test_another_version_is_refused_with_the_reason(read, version):
    with pytest.raises(SheetError, match=r"version"):
        read(promptfoo(version=version))


@pytest.mark.parametrize(
    "document",
    [[], {}, {"results": {"version": 3}}, promptfoo(prompts=[]), promptfoo(prompts=[SECRET])],
)
def test_what_is_no_such_file_is_refused(read, document):
    with pytest.raises(SheetError):
        read(document)


@pytest.mark.parametrize("count", [-1, 0.5, True, "3", None, 10**400])
def test_a_count_that_is_none_is_refused(read, count):
    with pytest.raises(SheetError, match="no number of tests"):
        read(promptfoo(stats={"successes": count, "failures": 3, "errors": 1}))
