"""The command line: the contract that people script against."""

from __future__ import annotations

import sys
from types import ModuleType


def main() -> None:
    """Entry point. Every expected failure ends here as a sentence and an exit code."""
    _ask_for_no_plugins()
    from htkeval.cli.root import run

    sys.exit(run(sys.argv[1:]))


def _ask_for_no_plugins() -> None:
    """Pydantic reads the metadata of every installed package for plugins: a third of a start-up.

    We use none. Should pydantic move this module, the line below has no effect and costs nothing.
    """
    loader = ModuleType("pydantic.plugin._loader")
    loader.get_plugins = lambda: ()  # type: ignore[attr-defined]  # a module takes any name
    sys.modules.setdefault(loader.__name__, loader)
