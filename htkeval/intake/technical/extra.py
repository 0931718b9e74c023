"""A library that only some need: where it is absent, how to get it."""

from __future__ import annotations

import importlib
from typing import Any

from htkeval.errors import EnvironmentFailed, Problem
from htkeval.text import say


def needed(module: str, *, extra: str) -> Any:
    """A module of an optional dependency.

    Args:
        module: Its name, such as `jiwer`.
        extra: The extra of this package that brings it.

    Raises:
        EnvironmentFailed: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as absent:
        library = module.partition(".")[0]
        raise EnvironmentFailed(
            Problem(
                library,
                say("a library that is not installed ({what})", what=str(absent.name)),
                say("what the extra {extra} brings", extra=extra),
                say('Install it: pip install "htkeval[{extra}]".', extra=extra),
            )
        ) from absent
