"""The glossary knows every code that an analysis can hold; the lists are read from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from htkeval.effect import Check, Method, Scale, Sensitivity
from htkeval.reporting import check_words, labels
from htkeval.reporting.words import (
    BOUNDS,
    CHECKS,
    COMPARISON_ONLY,
    ESTIMANDS,
    METHODS,
    MODELS,
    NEVER_JUDGED,
    SCALES,
    bounds_name,
    check_name,
    model_name,
    outcome,
)
from htkeval.resources import PACKAGE
from htkeval.stats.classic import Error
from htkeval.text import render, say

SOURCES = sorted((PACKAGE / "evaluation").rglob("*.py"))


def calls(file: Path, name: str) -> Iterator[ast.Call]:
    """Every call of a function by its bare name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name:
            yield node


def literals(node: ast.expr) -> set[str]:
    """The names that an expression can be; a name that is only passed on gives none."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    if isinstance(node, ast.JoinedStr):  # f"pooled_{error}"
        (start, part) = node.values
        assert isinstance(start, ast.Constant)
        assert ast.unparse(part.value) == "error"
        return {start.value + error for error in get_args(Error)}
    assert isinstance(node, ast.Name), ast.unparse(node)
    return set()


def keyword(call: ast.Call, name: str) -> ast.expr:
    (found,) = (one.value for one in call.keywords if one.arg == name)
    return found


def yielded(file: Path) -> set[str]:
    """First halves of the pairs that a file's generators yield, and keys of dicts of answers."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            found |= literals(node.value.elts[0])
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            keys = [key for key in node.value.keys if key is not None]
            if ast.unparse(node.targets[0]) == "found":
                found |= set().union(*map(literals, keys))
    return found


def models() -> set[str]:
    """Every model that the panel of sensitivity can hold."""
    made: set[str] = set()
    for file in SOURCES:
        for call in calls(file, "Sensitivity"):
            made |= literals(keyword(call, "model"))
    for name in ("sensitivity", "compliance"):
        file = PACKAGE / "evaluation" / "panel" / f"{name}.py"
        made |= yielded(file)
        for call in (*calls(file, "_named"), *calls(file, "_of_series")):
            made |= literals(call.args[0])
    return made


def bounds() -> set[str]:
    return set().union(
        *(
            literals(call.args[1])
            for call in calls(PACKAGE / "evaluation" / "panel" / "unknown.py", "_named")
        )
    )


def checks() -> set[str]:
    made: set[str] = set()
    for file in SOURCES:
        for call in calls(file, "Check"):
            made |= literals(keyword(call, "name"))
    return made


def test_every_model_has_a_word_and_no_word_is_left_of_one_that_is_gone():
    assert models() == set(MODELS)


def test_every_kind_of_bounds_has_a_word():
    assert bounds() == set(BOUNDS)


def test_every_check_has_a_word_and_what_it_looks_at():
    made = checks()
    assert made == set(CHECKS)
    looked = [name for _, looks in check_words.GROUPS for name in looks]
    assert len(looked) == len(set(looked))
    assert set(looked) == made


def test_every_method_scale_and_average_has_a_word():
    assert set(get_args(Method)) == set(METHODS) == set(labels.METHODS)
    scales = {*get_args(Scale), "odds_ratio"}
    assert {str(one) for one in get_args(Sensitivity.model_fields["scale"].annotation)}
    assert scales == set(SCALES) == set(labels.SCALES)
    assert set(ESTIMANDS) == {"effect", "exposure_average"}


def test_what_people_did_of_themselves_is_called_an_association():
    assert "association, not an effect" in render(model_name("per_protocol"), "en")
    assert "en sammenhæng, ikke en effekt" in render(model_name("per_protocol"), "da")


def test_what_is_for_comparison_only_are_models_that_there_are():
    assert set(COMPARISON_ONLY) <= set(MODELS)
    assert {f"pooled_{error}" for error in get_args(Error)} <= set(COMPARISON_ONLY)


def test_models_are_told_in_both_languages_and_a_later_code_by_its_name():
    assert render(model_name("no_covariates"), "da") == "uden de forklarende kolonner"
    assert render(model_name("no_covariates"), "en") == "without the explaining columns"
    assert model_name("own_way") == bounds_name("own_way") == check_name("own_way") == "own way"


@pytest.mark.parametrize(
    ("name", "passed", "word"),
    [
        ("missing", True, "I orden"),
        ("missing", None, "Kan ikke afgøres"),
        ("baseline_differences", None, "Til orientering"),
        ("tipping_point", None, "Til orientering"),
        ("tipping_point", False, "Ikke i orden"),
    ],
)
def test_a_figure_that_no_limit_judges_is_not_called_untellable(name, passed, word):
    check = Check(name=name, passed=passed, message=say("So."))
    assert render(outcome(check).word, "da") == word


def test_only_checks_that_never_pass_or_fail_are_for_information():
    for file in SOURCES:
        for call in calls(file, "Check"):
            if literals(keyword(call, "name")) & set(NEVER_JUDGED):
                assert ast.unparse(keyword(call, "passed")) == "None"
