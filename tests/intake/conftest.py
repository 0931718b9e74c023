"""Sheets as offices write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.trials import WriteSheet


@pytest.fixture
def write_sheet(tmp_path: Path) -> WriteSheet:
    """Writes lines, or bytes, to a file and gives its path."""

    def write(*lines: str, name: str = "maalinger.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join([*lines, ""]).encode(encoding))
        return path

    return write
