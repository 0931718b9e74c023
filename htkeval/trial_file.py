"""Reads a `trial.toml`."""

from __future__ import annotations

from pathlib import Path

from htkeval import toml_file
from htkeval.errors import TrialError
from htkeval.trial import Trial


def load(path: Path) -> Trial:
    """Read and check a trial's definition.

    Raises:
        TrialUnreadable: The file is missing or is not TOML.
        TrialError: An unknown key, a missing one or a contradiction; all of them at once.
    """
    return toml_file.read(path, Trial, error=TrialError)
