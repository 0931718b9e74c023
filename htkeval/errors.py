"""Everything that can go wrong, as one small tree.

HtkevalError
├── UsageError            called wrongly: unknown trial, missing file          exit code 2
│   ├── TrialUnreadable   trial.toml is missing or is not TOML
│   └── StoreLost         no store where it is looked for, though files of one are there
├── Refused               input or state refused, nothing was stored           exit code 1
│   ├── TrialError        trial.toml has an unknown key, a missing one, a contradiction
│   ├── SheetError        a sheet of measurements has bad rows
│   ├── StateError        this cannot be done now: not registered, already there, newer store
│   │   └── Locked        the trial's measurements are final until somebody unlocks them
│   └── NotAllowed        whoever is logged in may not do or see this
└── EnvironmentFailed     store locked, disk full, server away                 exit code 3
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass

from htkeval.text import Language, Text, render, say


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was found, what was expected, what to do next."""

    place: Text | str
    """The file, row and column, or the key: `maalinger.xlsx, row 14, column task_time`."""
    found: Text | str
    """What stood there."""
    expected: Text | str = ""
    """What should have stood there; empty where `found` says it all: `ends is before starts`."""
    next_step: Text | str = ""
    """What to do now; empty where the expectation says it."""

    @property
    def sentence(self) -> Text:
        """The problem as one sentence."""
        parts = {"place": self.place, "found": self.found, "expected": self.expected}
        if not self.expected:
            return say("{place}: {found}.", place=self.place, found=self.found)
        if not self.next_step:
            return say("{place}: found {found}; expected {expected}.", **parts)
        return say(
            "{place}: found {found}; expected {expected}. {next}", **parts, next=self.next_step
        )

    def line(self, language: Language) -> str:
        """The same in a language."""
        return render(self.sentence, language)


MACHINE: dict[int, Text] = {
    errno.ENOENT: say("No such file or directory"),
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"),
    errno.ENOSPC: say("No space left on device"),
    errno.EROFS: say("Read-only file system"),
    errno.EISDIR: say("Is a directory"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EEXIST: say("File exists"),
    errno.ENAMETOOLONG: say("File name too long"),
    errno.EADDRINUSE: say("Address already in use"),
}
"""What the operating system says most often, in its own English."""


def machine_says(failed: OSError) -> Text:
    """Why the machine refused; in its own words where it is a rare reason."""
    rare = say("{what}", what=failed.strerror or type(failed).__name__)
    return MACHINE.get(failed.errno or 0, rare)


SHOWN = 20
"""How many problems of one file are written out before the rest are only counted."""


class HtkevalError(Exception):
    """The root. Carries problems, never a bare string."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem], *, total: int | None = None) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.total = len(self.problems) if total is None else total
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """All that a person is told: the first problems, a line each, and how many there are."""
        lines = [problem.line(language) for problem in self.problems[:SHOWN]]
        if self.total > len(lines):
            more = say("… and {n:#,##0} more problems.", n=self.total - len(lines))
            lines.append(render(more, language))
        return "\n".join(lines)


class UsageError(HtkevalError):
    """The command was called wrongly."""

    exit_code = 2


class TrialUnreadable(UsageError):
    """trial.toml is missing, is not UTF-8 or is not TOML."""


class StoreLost(UsageError):
    """There is no store where it is looked for, though files of one are there."""


class Refused(HtkevalError):
    """Input or state was refused; nothing was stored."""


class TrialError(Refused):
    """trial.toml has an unknown key, a missing one, or contradicts itself."""


class SheetError(Refused):
    """A sheet of measurements cannot be taken as it is."""


class StateError(Refused):
    """What was asked for cannot be done in the present state."""


class Locked(StateError):
    """The measurements of a trial are final; what comes waits until somebody unlocks them."""


class NotAllowed(Refused):
    """Whoever is logged in may not do or see this."""

    def __init__(self, problem: Problem, *, reason: str) -> None:
        super().__init__(problem)
        self.reason = reason
        """The reason as one word, as it is kept in the record."""


class EnvironmentFailed(HtkevalError):
    """The machine failed: a locked store, a full disk, a server that is away."""

    exit_code = 3
