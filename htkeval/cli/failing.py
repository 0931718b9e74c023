"""What is told when a command fails in a way that no step foresaw, and when nobody listens."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from htkeval.cli.speech import language, words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from datetime import datetime

    from htkeval.decision import Actor
    from htkeval.errors import HtkevalError
    from htkeval.event import Event

SHOWN = 200
"""Characters of an unexpected failure's own words: enough to know it again."""


@contextmanager
def told_if_stored(actor: Actor, since: datetime) -> Iterator[None]:
    """A step that is stored stays so when its answer cannot be shown: say both.

    Raises:
        EnvironmentFailed: The answer could not be shown, and something was stored before that.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # nobody wants to read the rest
    except OSError as failed:
        event = _stored(actor, since)
        if event is None:
            raise
        raise stored_but(event, _what(failed)) from failed


def stored_but(event: Event, what: Text | str) -> HtkevalError:
    """That an event is in the record although what followed failed."""
    from htkeval.errors import EnvironmentFailed, Problem

    found = say(
        "stored as event {seq} ({kind}); it could not be shown or written: {what}",
        seq=event.seq,
        kind=event.kind,
        what=what,
    )
    return EnvironmentFailed(Problem(say("trial {name}", name=event.trial), found))


def _stored(actor: Actor, since: datetime) -> Event | None:
    """The newest event, if it is this command's."""
    from htkeval.cli.options import here
    from htkeval.errors import HtkevalError
    from htkeval.steps.case import read_workspace_store

    with suppress(HtkevalError, OSError), read_workspace_store(here()) as store:
        newest = store.last()
        if newest and newest.actor == actor and newest.at >= since:
            return newest
    return None


def refused_by_machine(failed: OSError) -> HtkevalError:
    """A full disk, a folder that is gone, a file that may not be written, as a sentence."""
    from htkeval.errors import EnvironmentFailed, Problem

    return EnvironmentFailed(
        Problem(
            str(failed.filename) if failed.filename else say("this computer"),
            say("that the machine refused ({what})", what=_what(failed)),
            say("room, and a place where this account may read and write"),
            say("Look at the disk and the place, then try again; `htkeval doctor` shows both."),
        )
    )


def unexpected(failed: Exception) -> HtkevalError:
    """A fault of ours, as a sentence with the next step; no trace, which nobody can act on."""
    from htkeval.errors import EnvironmentFailed, Problem
    from htkeval.intake.privacy import masked

    own = " ".join(masked(f"{type(failed).__name__}: {failed}").split())
    return EnvironmentFailed(
        Problem(
            "htkeval",
            say("something that it was not made for ({what})", what=own[:SHOWN]),
            say("none of that: it is a fault in the program, or a store changed from outside"),
            say(
                "Run `htkeval verify`. To see where it happened, set HTKEVAL_DEBUG=1 and run the "
                "same again; send that to whoever looks after htkeval."
            ),
        )
    )


def tell(failed: HtkevalError) -> int:
    """Say it on standard error, if anybody can be told; returns the exit code."""
    complain(failed.message(language()))
    return failed.exit_code


def complain(text: Text | str) -> None:
    """A line on standard error. That may be full or closed as well: then the code must do."""
    with suppress(OSError):
        click.echo(words(text), err=True)


def flush() -> None:
    """Say what is still held back while a failure can be told. Raises `OSError`."""
    if sys.stdout is not None:
        sys.stdout.flush()


def hush() -> None:
    """Drop what could not be said: Python would try once more at its end, and complain."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _what(failed: OSError) -> Text:
    from htkeval.errors import machine_says

    return machine_says(failed)
