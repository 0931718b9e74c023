"""The glossary knows every code that an analysis can hold."""

import re

from htkeval.reporting.words import MODELS, model_name
from htkeval.resources import PACKAGE
from htkeval.text import render


def test_every_model_of_the_sensitivity_analysis_has_a_name_in_words():
    source = (PACKAGE / "evaluation" / "sensitivity.py").read_text(encoding="utf-8")
    made = set(re.findall(r'"(\w+_(?:weights|covariates|effects))"', source))
    assert len(made) == 4
    assert made == set(MODELS)


def test_models_are_told_in_both_languages_and_a_later_one_by_its_code():
    assert render(model_name("no_covariates"), "da") == "uden de forklarende kolonner"
    assert render(model_name("no_covariates"), "en") == "without the explaining columns"
    assert model_name("own_way") == "own way"
