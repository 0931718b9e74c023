"""The command line: the contract that people script against."""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import TextIO


def main() -> None:
    """Entry point. Every expected failure ends here as a sentence and an exit code."""
    _ask_for_no_plugins()
    _take_closed_streams()
    from htkeval.cli.root import run

    sys.exit(run(sys.argv[1:]))


def _take_closed_streams() -> None:
    """A standard stream that was closed leaves its number to the next file: it might be the store.

    Whoever closes one wants to hear nothing on it.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdout = sys.stdout or _unheard()
    sys.stderr = sys.stderr or _unheard()


def _unheard() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # until the program ends


def _ask_for_no_plugins() -> None:
    """Pydantic reads the metadata of every installed package for plugins: a third of a start-up.

    We use none. Should pydantic move this module, the line below has no effect and costs nothing.
    """
    loader = ModuleType("pydantic.plugin._loader")
    loader.get_plugins = lambda: ()  # type: ignore[attr-defined]  # a module takes any name
    sys.modules.setdefault(loader.__name__, loader)
