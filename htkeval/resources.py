"""The only finder of what travels with the package: experiments, configs, dashboards, templates.

In a checkout the first three stand beside the package, in an installed wheel under
`htkeval/_bundled`; the templates of a new trial always stand in the package itself.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """The folder `experiments`, `configs` or `dashboards`.

    Example:
        >>> (bundled("configs") / "policy.toml").is_file()
        True
    """
    checkout = PACKAGE.parent
    root = checkout if (checkout / "pyproject.toml").is_file() else PACKAGE / "_bundled"
    return root / name


def templates(language: str) -> Path:
    """The folder of what a new trial is written from, in a language.

    Example:
        >>> (templates("da") / "speech_to_text" / "trial.toml").is_file()
        True
    """
    return PACKAGE / "templates" / language
