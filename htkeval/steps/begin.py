"""Begin a trial: its folder, written from a template, or nothing."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from htkeval.errors import Problem, Refused, StateError, UsageError
from htkeval.steps.draft import Draft
from htkeval.steps.proposal import KINDS
from htkeval.steps.start import unwritable
from htkeval.text import Text, say
from htkeval.workspace import Workspace, find_trial

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""What may be the name of a folder, an address and a trial's id at once."""

RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])")
"""Names that one common system keeps for itself: no folder can be called so there."""

_SPELT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ü": "u", "ö": "o", "ä": "a", "é": "e"})

WHY_NOT: dict[bool, Text] = {
    True: say("one that makes sense for this kind of tool: {keys}"),
    False: say("{keys}: what was learnt in training cannot be un-learnt, so nobody can go back"),
}
"""What is expected instead of a design that is not offered, by whether the tool is reversible."""


def refuse_draft(draft: Draft) -> None:
    """Raises `Refused` where the slug, the title or the design cannot be."""
    found = []
    if not SLUG.fullmatch(draft.slug):
        found.append(
            Problem(
                say("SLUG"),
                repr(draft.slug),
                say("small letters a-z, digits and hyphens, at most 64 of them, no hyphen first"),
                say("For example {name}.", name=suggestion(draft.slug)),
            )
        )
    elif RESERVED.fullmatch(draft.slug):
        expected = say("a name that no system keeps for itself")
        found.append(Problem(say("SLUG"), repr(draft.slug), expected))
    if not draft.title.strip() or not draft.title.isprintable():
        found.append(Problem("--title", repr(draft.title), say("a name on one line")))
    kind = KINDS[draft.kind]
    if draft.design not in kind.designs:
        why = WHY_NOT[kind.reversible].template
        keys = ", ".join(kind.designs)
        found.append(Problem("--design", draft.design, Text(why, {"keys": keys})))
    if found:
        raise Refused(found)


def suggestion(slug: str) -> str:
    """A slug near what was typed.

    Example:
        >>> suggestion("Børn & Unge"), suggestion("…")
        ('boern-unge', 'mit-forsoeg')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", slug.casefold().translate(_SPELT)).strip("-")
    plain = plain[:64].strip("-")
    if not plain or RESERVED.fullmatch(plain):
        return "mit-forsoeg"
    return plain


def begin(workspace: Workspace, draft: Draft, files: Mapping[str, str]) -> Path:
    """Write the folder of a new trial, whole or not at all.

    Args:
        workspace: Where its `experiments` stand.
        draft: What was asked for; names the folder.
        files: What stands in it, by path.

    Raises:
        Refused: The slug, the title or the design cannot be.
        StateError: Something of that name is there already; it is left alone.
        EnvironmentFailed: The folder cannot be written.
    """
    refuse_draft(draft)
    folder = workspace.root / "experiments" / draft.slug
    _refuse_twin(workspace, folder)
    try:
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".htkeval-", dir=folder.parent) as room:
            made = Path(room) / draft.slug
            for name, text in files.items():
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).write_text(text, encoding="utf-8", newline="\n")
            made.rename(folder)
    except OSError as failed:
        raise unwritable(folder, failed) from failed
    return folder


def _refuse_twin(workspace: Workspace, folder: Path) -> None:
    """Neither the folder nor another trial's id may be the same."""
    try:
        twin = folder if folder.exists() else find_trial(folder.name, workspace).parent
    except UsageError:
        return
    raise StateError(
        Problem(
            say("trial {name}", name=folder.name),
            say("something of that name already: {folder}", folder=str(twin)),
            say("a name that is not in use"),
            say("Nothing was touched."),
        )
    )
