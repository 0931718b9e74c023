"""Set a trial up from a page: its definition is made or changed whole, by one person at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from tomllib import TOMLDecodeError, loads

from htkeval.errors import Problem, StateError, TrialError, UsageError
from htkeval.event import WATCHED
from htkeval.intake.free_text import refuse, refuse_listed, texts_of
from htkeval.steps.begin import begin, refuse_draft
from htkeval.steps.draft import Draft
from htkeval.steps.start import unwritable
from htkeval.store.store import Store
from htkeval.text import say
from htkeval.toml_file import parsed, text_of
from htkeval.trial import Trial
from htkeval.workspace import Workspace

_OWN_NAMES = frozenset({"economics.owner"})
"""Whoever answers for the gain is named there, on purpose."""
_ONE_AT_A_TIME = Lock()
"""Between the look at what stands in the file and the new one in its place."""


@dataclass(frozen=True)
class Written:
    """What stands in a `trial.toml`."""

    file: Path
    """Where."""
    text: str
    """All of it."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text: another one was changed by somebody."""
        return sha256(self.text.encode()).hexdigest()


def written(workspace: Workspace, name: str) -> Written:
    """What the file of a trial says now.

    Raises:
        UsageError: No trial of this workspace has that name; a path is none.
        TrialUnreadable: It is not to be read as text.
    """
    file = workspace.trial_file(name) if not {"/", "\\"} & set(name) else Path(name)
    if file not in workspace.trial_files:
        found, place = say("no such trial"), say("trial {name}", name=name)
        raise UsageError(Problem(place, found, say("a trial of this workspace")))
    return Written(file, text_of(file))


def read(text: str, file: Path) -> Trial:
    """The definition that a text would be.

    Raises:
        TrialUnreadable: It is no TOML.
        TrialError: An unknown key, a missing one or a contradiction; all of them at once.
    """
    return parsed(text, file, Trial, error=TrialError)


def make(
    workspace: Workspace, store: Store, draft: Draft, files: Mapping[str, str], *,
    names: frozenset[str],
) -> Path:  # fmt: skip
    """The folder of a new trial.

    Args:
        workspace: Where its `experiments` stand.
        store: The record, which may know a trial of that name whose folder is gone.
        draft: What was asked for; names the folder.
        files: What stands in it, by path.
        names: Words of names that nothing that is kept may hold.

    Raises:
        Refused: The name, the title or the design cannot be; or a text names a person.
        TrialError: The definition is not right yet.
        StateError: Something of that name is there already; it is left alone.
        NotAllowed: Whoever opened the store by a login does not lead a trial of that name.
        EnvironmentFailed: The folder cannot be written.
    """
    folder = workspace.root / "experiments" / draft.slug
    refuse_draft(draft)
    store.refuse_defining(draft.slug)
    if any(event.kind not in WATCHED for event in store.events(draft.slug)):
        raise StateError(
            Problem(
                say("trial {name}", name=draft.slug),
                say("a trial of that name in the record, though its folder is gone"),
                say("a name that was never in use"),
                say("Nothing was touched."),
            )
        )
    store.refuse_defining(_may_be(files["trial.toml"], folder / "trial.toml", names).id)
    return begin(workspace, draft, files)


def change(
    workspace: Workspace, store: Store, name: str, text: str, *, seen: str, names: frozenset[str]
) -> Path:
    """Put another text in the place of a trial's definition, whole or not at all.

    Args:
        workspace: Whose trial it is.
        store: The record, which says whether the definition was promised.
        name: The trial.
        text: What it is to say.
        seen: Fingerprint of what it said when somebody began to change it.
        names: Words of names that nothing that is kept may hold.

    Raises:
        Refused: A text names a person.
        TrialError: The definition is not right yet.
        StateError: It is registered, has another id, or somebody else changed it meanwhile.
        NotAllowed: Whoever opened the store by a login does not lead this trial, or not the one
            that the text would make of it.
        EnvironmentFailed: The file cannot be written.
    """
    found = written(workspace, name)
    file = found.file
    store.refuse_defining(_id_in(found))
    trial = _may_be(text, file, names)
    store.refuse_defining(trial.id)
    with _ONE_AT_A_TIME:
        now = written(workspace, name)
        if now.fingerprint != seen:
            raise StateError(
                Problem(
                    say("trial {name}", name=name),
                    say("a trial.toml that somebody else has changed since you opened it"),
                    say("what you saw when you began"),
                    say("Nothing was written: read it again, and make your changes once more."),
                )
            )
        for one in {trial.id, _id_in(now)}:
            refuse_promised(store, one)
        _replace(file, text)
    return file


def _id_in(found: Written) -> str:
    """Which trial a file says that it is; by its folder where it says nothing."""
    try:
        return str(loads(found.text).get("id", found.file.parent.name))
    except TOMLDecodeError:
        return found.file.parent.name


def refuse_promised(store: Store, trial: str) -> None:
    """Raises `StateError` where the definition was promised: it is changed by a deviation only."""
    if store.latest(trial, "registration") is not None:
        raise StateError(
            Problem(
                say("trial {name}", name=trial),
                say("a trial that is registered: its promise is locked"),
                say("one that is not"),
                say("A change is told with a reason: htkeval deviate {trial}", trial=trial),
            )
        )


def _may_be(text: str, file: Path, names: frozenset[str]) -> Trial:
    """The definition, where it is right and names nobody."""
    trial = read(text, file)
    texts = dict(texts_of(trial.model_dump(mode="json")))
    refuse(texts)
    refuse_listed({key: told for key, told in texts.items() if key not in _OWN_NAMES}, names)
    return trial


def _replace(file: Path, text: str) -> None:
    """Whatever stops the machine, no half of it stands there."""
    try:
        handle, part = tempfile.mkstemp(prefix=".htkeval-", suffix=".part", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as new:
                new.write(text.encode())
                new.flush()
                os.fsync(new.fileno())
            Path(part).chmod(file.stat().st_mode & 0o777)
            Path(part).replace(file)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as failed:
        raise unwritable(file.parent, failed) from failed
