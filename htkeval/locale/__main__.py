"""Compiles the catalogues, and lists every sentence that has no translation.

python -m htkeval.locale          merge the areas' .po files into htkeval.mo
python -m htkeval.locale --check  change nothing; fail where a sentence is missing or stale
"""

from __future__ import annotations

import ast
import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from htkeval.locale import FOLDER
from htkeval.resources import PACKAGE, bundled

MAKERS = ("say", "Contradiction")
"""Calls whose first argument is a template."""


def templates(root: Path) -> Iterator[tuple[str, Path, int]]:
    """Every template in the Python files under a folder, with its file and line."""
    for file in sorted(root.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in MAKERS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, file, node.lineno


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def merged(language: str) -> dict[str, str]:
    """All translations of a language, by template. A template is translated in one area only."""
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    for file in sorted((FOLDER / language / "LC_MESSAGES").glob("*.po")):
        with file.open("rb") as source:
            for message in read_po(source, locale=language):
                if message.id and message.string:
                    found.setdefault(str(message.id), str(message.string))
    return found


def compiled(language: str) -> bytes:
    """The merged catalogue in gettext's binary form, the same bytes each time."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    never = datetime(1970, 1, 1, tzinfo=UTC)  # the hour of compiling is nobody's business
    catalogue = Catalog(locale=language, fuzzy=False, creation_date=never, revision_date=never)
    catalogue.mime_headers = [("Content-Type", "text/plain; charset=utf-8")]
    for template, words in sorted(merged(language).items()):
        catalogue.add(template, words)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def problems(language: str) -> list[str]:
    """What is missing or does not fit, a line each."""
    translations = merged(language)
    used = [*templates(PACKAGE), *templates(bundled("dashboards"))]
    lines = []
    for template, file, line in used:
        words = translations.get(template)
        if not any(character.isalpha() for character in _plain(template)):
            continue
        if words is None:
            lines.append(f"{file.name}:{line}: no {language} for {template!r}")
        elif _fields(words) != _fields(template):
            lines.append(f"{file.name}:{line}: other placeholders in {language}: {template!r}")
    known = {template for template, _, _ in used}
    lines += [f"nobody says {template!r}" for template in translations if template not in known]
    return lines


def _plain(template: str) -> str:
    """What stands outside the braces."""
    return "".join(text for text, _, _, _ in string.Formatter().parse(template))


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def main(arguments: list[str]) -> int:
    """Compile, or check."""
    code = 0
    for language in ("da",):
        target = FOLDER / language / "LC_MESSAGES" / "htkeval.mo"
        content = compiled(language)
        for line in problems(language):
            print(line)  # noqa: T201 - this is a command
            code = 1
        if "--check" not in arguments:
            target.write_bytes(content)
        elif not target.is_file() or target.read_bytes() != content:
            print(f"{target.name} is not compiled from these .po files")  # noqa: T201 - a command
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
