"""Every test that a promise names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {
    file.name: file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py")
}
KNOWN = set(re.findall(r"def (test_\w+)", "\n".join(FILES.values())))


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs/traceability").glob("*.md")), ids=lambda p: p.stem
)
def test_the_tests_that_a_page_names_exist(page: Path) -> None:
    shown = " ".join(re.findall(r"`([^`]+)`", page.read_text(encoding="utf-8")))
    named = set(re.findall(r"\btest_\w+(?:\.py)?", shown))
    files = {name for name in named if name.endswith(".py") or f"{name}.py" in FILES}
    assert {name for name in files if name.removesuffix(".py") + ".py" not in FILES} == set()
    # a long name may be cut short with an ellipsis
    unknown = {name for name in named - files if not any(k.startswith(name) for k in KNOWN)}
    assert unknown == set()
