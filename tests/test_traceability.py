"""Every test that a promise names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EVERY = sorted((ROOT / "tests").rglob("test_*.py"))
FILES = {file.name for file in EVERY}
TEXTS = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in EVERY}
KNOWN = set(re.findall(r"def (test_\w+)", "\n".join(TEXTS.values())))


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


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs/traceability").glob("*.md")), ids=lambda p: p.stem
)
def test_a_test_that_is_named_with_its_file_stands_in_it(page: Path) -> None:
    """Also where two files have one name."""
    astray = [
        (file, name)
        for file, name in re.findall(r"([\w/]*test_\w+\.py)::(test_\w+)", page.read_text("utf-8"))
        if not any(
            f"def {name}" in text for key, text in TEXTS.items() if f"/{key}".endswith(f"/{file}")
        )
    ]
    assert astray == []
