"""The examples in the statistics' docstrings are run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import htkeval.stats

MODULES = [
    module.name.removeprefix("htkeval.stats.")
    for module in pkgutil.walk_packages(htkeval.stats.__path__, "htkeval.stats.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    module = importlib.import_module(f"htkeval.stats.{name}")
    assert doctest.testmod(module).failed == 0


def test_there_are_examples_to_run() -> None:
    modules = (importlib.import_module(f"htkeval.stats.{name}") for name in MODULES)
    assert sum(doctest.testmod(module).attempted for module in modules) >= 5
