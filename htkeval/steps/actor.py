"""Who acts, and how that is known."""

from __future__ import annotations

import os

from htkeval.decision import Actor


def actor(given: str | None, *, option: str = "HTKEVAL_USER") -> Actor:
    """Who acts: whoever is named, else `HTKEVAL_USER`, else the operating system's account.

    Args:
        given: The name that was given, if any.
        option: Where it was given, for an error.

    Raises:
        SheetError: A name that gives a citizen away.
    """
    if name := (given or os.environ.get("HTKEVAL_USER", "")).strip():
        from htkeval.intake.free_text import refuse

        refuse({option if given else "HTKEVAL_USER": name})
        return Actor(name=name, known_by="declared")
    import getpass

    try:
        account = getpass.getuser()
    except (OSError, KeyError, ImportError):
        account = ""
    return Actor(name=account or "?", known_by="os")
