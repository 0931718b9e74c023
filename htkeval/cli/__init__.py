"""The command line: the contract that people script against."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point. Every expected failure ends here as a sentence and an exit code."""
    from htkeval.cli.root import run

    sys.exit(run(sys.argv[1:]))
