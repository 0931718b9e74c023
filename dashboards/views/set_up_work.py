"""What somebody has filled in of a trial's definition, before any of it is written."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from htkeval.blank import blanks
from htkeval.outlook import Glance
from htkeval.steps.draft import Draft
from htkeval.steps.set_up import Written
from htkeval.text import Text
from htkeval.toml_edit import Path as Place
from htkeval.toml_edit import Value, edited
from htkeval.trial import Trial

OF_THE_PLAN = ("metrics", "design")
"""What another kind of tool or design has otherwise."""


@dataclass(frozen=True)
class Bench:
    """What the page reads and writes with."""

    templates: Callable[[Draft], dict[str, str]]
    """The files of a new trial's folder."""
    written: Callable[[str], Written]
    """What stands in a trial's file."""
    registered: Callable[[str], bool]
    """Whether a trial's definition was promised."""
    read: Callable[[str, Path], Trial]
    """The definition that a text would be; raises where it is none."""
    remarks: Callable[[Trial, Path], Sequence[Text]]
    """What `htkeval check` says of it."""
    glance: Callable[[Trial], Glance | None]
    """What its plan could see; None where it cannot be told yet."""
    make: Callable[[Draft, dict[str, str]], object]
    """Writes a new trial's folder."""
    change: Callable[[str, str, str], object]
    """Writes a trial's file: its name, the text, and the fingerprint of what was read."""
    experiments: Path
    """Where new trials come."""
    today: date
    """The day here."""


@dataclass
class Work:
    """One trial's definition as it would be written now."""

    name: str
    """The trial's id; empty: a new one."""
    draft: Draft | None = None
    """What a new one is asked to be."""
    before: Written | None = None
    """What stood in the file when it was read."""
    values: dict[Place, Value] = field(default_factory=dict)
    """What was changed."""
    wrong: dict[str, Text] = field(default_factory=dict)
    """Fields that cannot be read, by their key."""

    def files(self, bench: Bench) -> dict[str, str]:
        """What would be written, by path in the trial's folder."""
        if self.draft is None:
            assert self.before is not None
            return {"trial.toml": edited(self.before.text, self.values)}
        made = bench.templates(self.sized)
        return {**made, "trial.toml": edited(made["trial.toml"], self.values)}

    @property
    def sized(self) -> Draft:
        """The draft with the days and the size that were filled in: its texts tell them too."""
        assert self.draft is not None
        known: dict[str, Any] = {
            "first": self.values.get(("starts",)),
            "last": self.values.get(("ends",)),
            "units": self.values.get(("design", "clusters")),
            "unit_tasks": self.values.get(("design", "tasks_each")),
        }
        return replace(self.draft, **known)

    def file(self, bench: Bench) -> Path:
        """Where the definition stands, or would."""
        if self.before is not None:
            return self.before.file
        slug = self.draft.slug if self.draft else "-"
        return bench.experiments / slug / "trial.toml"

    def put(self, place: Place, value: Value, stands: Any) -> None:
        """Fill a value in; what stands there already is no change."""
        if value == stands:
            self.values.pop(place, None)
        else:
            self.values[place] = value

    def another(self, draft: Draft) -> None:
        """Another kind, design, name or title; what belonged to the plan before is forgotten."""
        old = self.draft
        self.draft = draft
        if old and (old.kind, old.design) != (draft.kind, draft.design):
            kept = {k: v for k, v in self.values.items() if k[0] not in OF_THE_PLAN}
            self.values = kept


class Standing:
    """What a text says, looked up by place."""

    def __init__(self, text: str) -> None:
        self.document = tomllib.loads(text)

    def at(self, place: Place) -> Any:
        """The value; None where there is none."""
        here: Any = self.document
        for part in place:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def asked(self, place: Place) -> str | None:
        """What somebody is asked to fill in there; None where it is filled in."""
        found = self.at(place)
        marks = blanks(found) if isinstance(found, str) else ()
        return marks[0] if marks else None
