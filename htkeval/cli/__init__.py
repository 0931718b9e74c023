"""The command line: the contract that people script against."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point. Every expected failure ends here as a sentence and an exit code."""
    # Looking for pydantic plugins reads the metadata of every installed package; we use none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from htkeval.cli.root import run

    sys.exit(run(sys.argv[1:]))
