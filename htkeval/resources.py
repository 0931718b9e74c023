"""The only finder of what travels with the package: experiments, configs, dashboards.

In a checkout they stand beside the package; in an installed wheel under `htkeval/_bundled`.
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
