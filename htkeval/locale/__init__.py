"""The catalogues: one `.po` file an area in `<language>/LC_MESSAGES`, compiled to `htkeval.mo`."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
